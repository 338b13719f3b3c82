"""A curl command becomes the request that it would send."""

import asyncio
import contextlib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.requests.curl import NotCurl, from_curl, is_curl
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.shell_words import words
from refiner_desktop.settings.settings import Patience

BASE = "https://api.refiner.io/v1"
KEY = "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"


def read(command):
    return from_curl(command, BASE)


def draft_of(command):
    imported = read(command)
    assert imported.notes == ()
    return imported.draft


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]),
        ("'it'\\''s' \"say \\\"hi\\\" \\x\"", ["it's", 'say "hi" \\x']),
        (r"$'tab\there \'q\' \x41\101é\n'", ["tab\there 'q' AAé\n"]),
        (r"$'\xc3\xb6 \ud83d\ude00 \U0001F600 \cx'", ["ö 😀 😀 \\cx"]),
        ("a \\\n  b \\\r\n c", ["a", "b", "c"]),
        ("a '' \"\" b", ["a", "", "", "b"]),
        ('"$KEY" ${SURVEY_1} \'$NOT\' "\\$NOT"', ["{{KEY}}", "{{SURVEY_1}}", "$NOT", "$NOT"]),
        ("a b | jq .", ["a", "b"]),
        ("a http://x/?b=1&c=2 && echo", ["a", "http://x/?b=1&c=2"]),
        ("a # b", ["a"]),
        ("a#b", ["a#b"]),
        ("a\n  -b\nnext", ["a", "-b"]),
        ("a `\n -b", ["a", "-b"]),
        ('a ^\r\n  -H ^"A: ^\\^"b^\\^" ^%c^" ^\r\n d', ["a", "-H", 'A: "b" %c', "d"]),
        ('a ^\n "b\\\\" "c ""d"" e" f\\g', ["a", "b\\", 'c "d" e', "f\\g"]),
        ('a ^"one^\n\ntwo^"', ["a", "one\ntwo"]),
    ],
)
def test_a_line_is_taken_apart_as_its_shell_does(line, expected):
    assert words(line) == expected


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), min_size=1))
def test_any_words_that_were_quoted_come_back(parts):
    import shlex

    quoted = ["'" + part.replace("'", "'\"'\"'") + "'" for part in parts]
    line = " ".join(quoted)
    if "^" not in line:
        assert words(line) == parts == shlex.split(line)


@pytest.mark.parametrize(
    "text", ["curl https://x", "  $ curl -X GET x", "curl.exe x", "CURL x", "curl\n x", "curl\tx"]
)
def test_a_command_is_recognised(text):
    assert is_curl(text)


@pytest.mark.parametrize("text", ["contacts", "curly/path", "curl", "/v1/curl x", ""])
def test_a_path_is_no_command(text):
    assert not is_curl(text)


def test_an_address_below_the_base_url_becomes_a_path_with_rows():
    draft = draft_of(f"curl '{BASE}/responses?form_uuids[]=a&form_uuids%5B%5D=b%20c&page=2'")
    assert draft == RequestDraft(
        "GET",
        "responses",
        (Row("form_uuids[]", "a"), Row("form_uuids[]", "b c"), Row("page", "2")),
    )
    assert draft_of(f"curl {BASE}/").path == "/"
    assert draft_of("curl https://api.refiner.io/v1x/contacts").path.startswith("https://")
    assert draft_of("curl api.refiner.io/v1/contacts").path == "contacts"


@pytest.mark.parametrize(
    "command",
    [
        f"curl {BASE}/contacts -H 'Authorization: Bearer {KEY}'",
        f"curl {BASE}/contacts -u {KEY}:",
        f"curl -u{KEY} {BASE}/contacts",
        f"curl https://{KEY}:@api.refiner.io/v1/contacts",
        f"curl {BASE}/contacts --oauth2-bearer {KEY}",
        f"curl '{BASE}/contacts?api_key={KEY}'",
        f"curl -G {BASE}/contacts -d api_key={KEY}",
        f'curl {BASE}/contacts -H "Authorization: Bearer $REFINER_API_KEY"',
    ],
)
def test_our_own_key_is_left_out(command):
    imported = read(command)
    assert imported.had_key
    assert imported.draft == RequestDraft("GET", "contacts")
    assert "key" in imported.notes[0]


def test_our_own_key_is_left_out_of_bodies():
    form = read(f"curl {BASE}/track-event -d api_key={KEY} -d id=7")
    assert form.draft.form == (Row("id", "7"),)
    body = f'{{"api_key":"{KEY}","id":"7"}}'
    command = f"curl {BASE}/track-event --json '{body}'"
    assert read(command).draft.text == '{"id":"7"}'
    assert read(command).had_key


def test_credentials_for_another_server_stay_with_it():
    imported = read("curl https://other.example/x -u ana:secret -b 'a=1; b=2'")
    assert not imported.had_key
    assert imported.draft.path == "https://other.example/x"
    assert imported.draft.headers == (
        Row("Authorization", "Basic YW5hOnNlY3JldA=="),
        Row("Cookie", "a=1; b=2"),
    )


@pytest.mark.parametrize(
    ("options", "draft"),
    [
        ("-X delete", RequestDraft("DELETE", "x")),
        ("-I", RequestDraft("HEAD", "x")),
        ("--json '{\"a\": 1}'", RequestDraft("POST", "x", body=BodyKind.JSON, text='{"a": 1}')),
        (
            "-H 'content-type: application/json' -d '{\"a\":' --data-raw '1}' -X PUT",
            RequestDraft("PUT", "x", body=BodyKind.JSON, text='{"a":&1}'),
        ),
        (
            "-d a=1 -d 'b[]=%20&b[]=' --data-urlencode 'c=ö &'",
            RequestDraft(
                "POST",
                "x",
                body=BodyKind.FORM,
                form=(Row("a", "1"), Row("b[]", " "), Row("b[]", ""), Row("c", "ö &")),
            ),
        ),
        ("-Gd a=1 --data-urlencode b=%", RequestDraft("GET", "x", (Row("a", "1"), Row("b", "%")))),
        ("--url-query 'a=b c'", RequestDraft("GET", "x", (Row("a", "b c"),))),
        (
            "-H 'Content-Type: text/csv' --data-binary $'a,b\\n1,2'",
            RequestDraft(
                "POST",
                "x",
                headers=(Row("Content-Type", "text/csv"),),
                body=BodyKind.TEXT,
                text="a,b\n1,2",
            ),
        ),
        (
            "--data-binary @data.csv -H 'Content-Type: text/csv'",
            RequestDraft("POST", "x", body=BodyKind.FILE, file="data.csv"),
        ),
        ("-T data.csv", RequestDraft("PUT", "x", body=BodyKind.FILE, file="data.csv")),
        (
            "-H 'Accept:' -H 'X-Empty;' -A me -e http://r/ -H 'X-A:1: 2'",
            RequestDraft(
                "GET",
                "x",
                headers=(
                    Row("X-Empty", ""),
                    Row("User-Agent", "me"),
                    Row("Referer", "http://r/"),
                    Row("X-A", "1: 2"),
                ),
                without=("accept",),
            ),
        ),
        ("-m 7.4 --connect-timeout 2", RequestDraft(
            "GET", "x", patience=Patience(connect=2, read=7, total=7))),
        ("-sSfv#i --compressed -o out.json -w '%{http_code}'", RequestDraft("GET", "x")),
    ],
)  # fmt: skip
def test_options_become_parts_of_the_request(options, draft):
    assert draft_of(f"curl {options} {BASE}/x") == draft


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("-k", ["--insecure", "certificate"]),
        ("-L --max-redirs 3", ["--location", "--max-redirs"]),
        ("--what-is-this --proxy http://p", ["--what-is-this", "--proxy"]),
        ("-F name=a -F 'file=@a.png'", ["file", "form-encoded"]),
        ("-b cookies.txt", ["cookies in a file"]),
        ("-H @headers.txt", ["headers in a file"]),
        ("-d '{\"a\": 1}'", ["as a form"]),
        ("--next https://second", ["only the first"]),
    ],
)
def test_what_is_not_taken_over_is_named(options, words):
    imported = read(f"curl {BASE}/x {options}")
    assert imported.draft.path == "x"
    for word in words:
        assert any(word in note for note in imported.notes), imported.notes
    assert all(note.endswith(".") for note in imported.notes)


@pytest.mark.parametrize("command", ["curl ", "curl -X POST", "curl 'https://x", "wget https://x"])
def test_what_is_no_whole_command_says_so(command):
    with pytest.raises(NotCurl, match=r"\."):
        read(command)


@given(st.text(st.sampled_from("curl -XHdFGuTbm'\"\\$^\n@:=&{}[] /http.x1") | st.characters()))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(NotCurl):
        read(f"curl {text}")


COMMANDS = [
    """curl '{base}/identify-user?a=1&b=%20' -H 'X-A: "o"' --data-raw $'{{"id": "it\\'s\\n"}}' """
    """-H 'Content-Type: application/json'""",
    """curl {base}/x -d a=1 -d b=%26 --data-urlencode 'c=ö &=' -X PATCH""",
    """curl -G {base}/x --data-urlencode 'a[]=1 2' -d b=3 -H 'Accept: text/csv'""",
    """curl {base}/x --json '{{"a": [1, 2]}}' -A me -e http://r/""",
    """curl -I {base}/x""",
    """curl {base}/x -d '{{"a": 1}}'""",
    """curl {base}/x -H 'X-Empty;' -H 'Accept:' -b 'a=1'""",
]


@pytest.mark.anyio
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs curl")
async def test_the_draft_sends_what_curl_sends(command, recorder, requests, connection, key):
    import msgspec

    from refiner_desktop.api.client import RefinerClient

    command = command.format(base=recorder.base_url)
    await asyncio.to_thread(
        subprocess.run, ["bash", "-c", command], check=True, timeout=60, capture_output=True
    )
    connection.adopt(msgspec.structs.replace(connection.environment, base_url=recorder.base_url))
    client = RefinerClient(recorder.base_url, key)
    try:
        await client.call((await requests.filled(requests.from_curl(command).draft)).request)
    finally:
        await client.aclose()
    theirs, ours = recorder.arrived
    assert meant(ours) == meant(theirs)


def meant(arrived):
    """What counts of a request: programs differ in how they escape, and in their own headers."""
    from urllib.parse import parse_qsl, urlsplit

    by_themselves = {"host", "content-length", "connection", "accept-encoding", "authorization"}
    headers = {name.lower(): value for name, value in arrived.headers}
    if headers.get("user-agent", "").startswith(("curl", "refiner")):
        del headers["user-agent"]
    if headers.get("accept") in ("*/*", "application/json"):
        del headers["accept"]
    body = arrived.body
    if headers.get("content-type") == "application/x-www-form-urlencoded" and b"=" in body:
        body = parse_qsl(body.decode(), keep_blank_values=True)
    return (
        arrived.method,
        urlsplit(arrived.path).path,
        parse_qsl(urlsplit(arrived.path).query, keep_blank_values=True),
        {name: value for name, value in headers.items() if name not in by_themselves},
        body,
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"regex": "^"}',
        '{"a": "line ^\nnext"}',
        '{"text": "`code`\n next"}',
        '{"text": "a`\nb"}',
        '{"a":\r\n1}',
    ],
)
def test_a_quoted_body_stays_byte_for_byte(body):
    command = f"curl {BASE}/responses --json '{body}'"
    assert draft_of(command).text == body


def test_a_query_that_is_no_utf_8_stays_as_it_was_written():
    assert draft_of(f"curl '{BASE}/contacts?a=%ff'").path == "contacts?a=%ff"
    keyless = read(f"curl '{BASE}/contacts?api_key={KEY}&a=%ff'")
    assert (keyless.had_key, keyless.draft.path) == (True, "contacts?a=%ff")


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('{"n":1.10,"a":1,"a":2,"api_key":"K"}', '{"n":1.10,"a":1,"a":2}'),
        ('{ "api_key" : "K", "deep":{"api_key":"x"} }', '{ "deep":{"api_key":"x"} }'),
        ('{"a": ["api_key", 1], "big": 12345678901234567890.5}', None),
        ('{"api_key": "K"', None),
    ],
)
def test_the_key_leaves_json_as_it_was_written(body, left):
    assert read(f"curl {BASE}/responses --json '{body}'").draft.text == (left or body)

"""Code sends what the console sends, and has no key in it unless asked."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import pytest

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.secret import Secret
from refiner_desktop.services.requests.code import Language, as_code
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row

pytestmark = pytest.mark.anyio

BASE = "https://api.refiner.io/v1"
KEY = "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"

NEEDS = {
    Language.CURL: "curl",
    Language.HTTPX: sys.executable,
    Language.HTTPIE: "http",
    Language.FETCH: "node",
}
RUN = {
    Language.CURL: lambda code: ["bash", "-c", code],
    Language.HTTPX: lambda code: [sys.executable, "-c", code],
    Language.HTTPIE: lambda code: ["bash", "-c", code],
    Language.FETCH: lambda code: ["node", "--input-type=module", "-e", code],
}
ALONE = {
    Language.CURL: "({})".format,
    Language.HTTPIE: "({})".format,
    Language.FETCH: "{{{}}}".format,
}
"""Several pieces of code in one run, which takes a fraction of the time."""

languages = pytest.mark.parametrize(
    "language",
    [
        pytest.param(
            language,
            marks=pytest.mark.skipif(not shutil.which(NEEDS[language]), reason="not at hand"),
        )
        for language in Language
    ],
)

NASTY = 'it\'s "quoted" \\ back $HOME `id` !x %PATH% ö🦆\ttab\nline\n'

REQUESTS = {
    "list": CallRequest("GET", "contacts?a=1", (("form_uuids[]", "x y"), ("b", "'\"$&"))),
    "braces": CallRequest("GET", "contacts?a[]={1,2}&b=[1-3]"),
    "json": CallRequest("POST", "identify-user", body=json.dumps({"id": NASTY}).encode()),
    "lines": CallRequest("PUT", "x", body=b'{\n  "id": "u-1"\n}\n'),
    "quotes": CallRequest("POST", "x", body=b'"""\n\\"'),
    "text": CallRequest(
        "PATCH", "x", headers=(("Content-Type", "text/plain"),), body=NASTY.encode()
    ),
    "bytes": CallRequest("POST", "x", headers=(("Content-Type", "a/b"),), body=bytes(range(256))),
    "no-type": CallRequest("POST", "x", body=b"a", without=("content-type",)),
    "headers": CallRequest(
        "GET",
        "x",
        headers=(("X-A", "$HOME `id` \"'\\!"), ("X-B", ""), ("X-C", "=1"), ("X-C", "@2")),
    ),
    "delete": CallRequest("DELETE", "contact", (("id", "u-1"),)),
    "delete-body": CallRequest("DELETE", "contact", body=b'{"id": "u-1"}'),
    "head": CallRequest("HEAD", "contacts"),
    "options": CallRequest("OPTIONS", "contacts"),
    "own-agent": CallRequest("GET", "x", headers=(("User-Agent", "me"),)),
    "no-key": CallRequest("GET", "x", without=("authorization",)),
    "own-key": CallRequest("GET", "x", headers=(("Authorization", "Bearer of-another-place"),)),
}


async def run(language, code):
    environment = os.environ | {"REFINER_API_KEY": KEY, "AUTHORIZATION": "of-another-place"}
    done = await asyncio.to_thread(
        subprocess.run, RUN[language](code), env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def sent(arrived):
    """What counts; programs have connections, sizes and names of their own."""
    own = {"host", "content-length", "connection", "accept-encoding", "accept-language",
           "sec-fetch-mode"}  # fmt: skip
    headers = [(name.lower(), value) for name, value in arrived.headers]
    tool = ("refiner-desktop", "curl", "python-httpx", "HTTPie", "node")
    kept = [
        (name, value)
        for name, value in headers
        if name not in own and not (name == "user-agent" and value.startswith(tool))
    ]
    merged = {name: ", ".join(v for n, v in kept if n == name) for name, _ in kept}
    return arrived.method, unquote(arrived.path), merged, arrived.body


@languages
async def test_code_sends_what_the_console_sends(language, recorder):
    client = RefinerClient(recorder.base_url, Secret(KEY))
    for request in REQUESTS.values():
        await client.call(request)
    await client.aclose()
    ours = list(map(sent, recorder.arrived))
    recorder.arrived.clear()
    codes = [as_code(language, request, recorder.base_url) for request in REQUESTS.values()]
    assert not any(KEY in code or "of-another-place" in code for code in codes)
    await run(language, "\n".join(map(ALONE.get(language, str), codes)))
    theirs = map(sent, recorder.arrived)
    for name, our, their in zip(REQUESTS, ours, theirs, strict=True):
        assert their == our, name


@languages
async def test_code_works_on_the_service(language, sandbox):
    request = CallRequest("GET", "contacts", (("page_length", "2"),))
    code = as_code(language, request, sandbox.base_url, key=Secret(sandbox.key))
    assert sandbox.key in code
    assert '"items"' in await run(language, code)


@languages
async def test_a_file_is_sent_from_where_it_is(language, recorder, tmp_path):
    file = tmp_path / 'it\'s "here".bin'
    file.write_bytes(bytes(range(256)) * 600)
    request = CallRequest("POST", "x", headers=(("Content-Type", "a/b"),), body=b"-")
    await run(language, as_code(language, request, recorder.base_url, file=str(file)))
    (arrived,) = recorder.arrived
    assert arrived.body == file.read_bytes()
    assert dict(arrived.headers)["Content-Type"] == "a/b"


@languages
async def test_a_body_that_is_too_long_for_an_argument_is_sent_all_the_same(language, recorder):
    body = json.dumps(["x" * 100] * 3_000).encode()
    code = as_code(language, CallRequest("POST", "x", body=body), recorder.base_url)
    await run_from_file(language, code)
    assert recorder.arrived[0].body == body


async def run_from_file(language, code):
    """A person pastes code into a shell or a file, where no argument limits it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("code.mjs" if language is Language.FETCH else "code")
        path.write_text(code, encoding="utf-8")
        program = {Language.HTTPX: sys.executable, Language.FETCH: "node"}.get(language, "bash")
        done = await asyncio.to_thread(
            subprocess.run, [program, str(path)], env=os.environ | {"REFINER_API_KEY": KEY},
            capture_output=True, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("language", Language)
def test_another_server_gets_no_key_at_all(language):
    code = as_code(language, CallRequest("GET", "https://other.example/x"), BASE, key=Secret(KEY))
    assert KEY not in code
    assert "REFINER_API_KEY" not in code


@pytest.mark.parametrize("language", Language)
def test_what_can_not_be_sent_is_no_code(language):
    with pytest.raises(ValueError, match="header"):
        as_code(language, CallRequest("GET", "x", headers=(("X-A", "1\r\nX-B: 2"),)), BASE)


def test_code_reads_as_a_person_would_write_it():
    request = CallRequest("POST", "identify-user", body=b'{\n  "id": "u-1042"\n}')
    assert as_code(Language.CURL, request, BASE) == (
        "curl https://api.refiner.io/v1/identify-user \\\n"
        "  --header 'Accept: application/json' \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        '  --header "Authorization: Bearer $REFINER_API_KEY" \\\n'
        "  --data-raw '{\n"
        '  "id": "u-1042"\n'
        "}'"
    )
    assert as_code(Language.HTTPX, request, BASE) == (
        "import os\n\nimport httpx\n\n"
        'body = """\\\n{\n  "id": "u-1042"\n}""".encode()\n\n'
        "response = httpx.request(\n"
        "    'POST',\n"
        "    'https://api.refiner.io/v1/identify-user',\n"
        "    headers=[\n"
        "        ('Accept', 'application/json'),\n"
        "        ('Content-Type', 'application/json'),\n"
        "        ('Authorization', 'Bearer ' + os.environ[\"REFINER_API_KEY\"]),\n"
        "    ],\n"
        "    content=body,\n"
        "    timeout=120,\n"
        ")\n"
        "print(response.status_code, response.reason_phrase)\n"
        "print(response.text)\n"
    )


async def test_a_draft_becomes_code_with_the_key_only_when_asked(
    requests, connection, environment, sandbox, mask
):
    await connection.connect(environment, Secret(sandbox.key))
    await requests.enter()
    draft = RequestDraft(
        "POST",
        "identify-user",
        headers=(Row("X-Key", sandbox.key),),
        body=BodyKind.JSON,
        text='{"id": "{{id}}"}',
    )
    await requests.save_variables({"id": "u-1"})
    code = await requests.as_code(Language.CURL, draft)
    assert sandbox.key not in code
    assert "u-1" in code
    assert sandbox.key in await requests.as_code(Language.CURL, draft, with_key=True)


async def test_our_own_code_can_be_imported_again(requests):
    draft = RequestDraft(
        "POST",
        "responses",
        query=(Row("form_uuids[]", "a b"),),
        headers=(Row("X-A", "it's"),),
        body=BodyKind.JSON,
        text='{"a": "it\'s"}',
    )
    imported = requests.from_curl(await requests.as_code(Language.CURL, draft))
    assert imported.draft == draft
    assert imported.had_key


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    "request_with_key",
    [
        CallRequest("GET", "account", query=(("api_key", "not-known-to-us"),)),
        CallRequest("POST", "track-event", body=b'{"api_key": "not-known-to-us"}'),
        CallRequest("GET", "account", headers=(("Api_Key", "not-known-to-us"),)),
    ],
    ids=["query", "json", "header"],
)
def test_a_key_that_was_typed_is_in_the_code_only_when_asked(language, request_with_key):
    base = "https://api.refiner.io/v1"
    assert "not-known-to-us" not in as_code(language, request_with_key, base)
    assert "not-known-to-us" in as_code(language, request_with_key, base, key=Secret("k" * 9))

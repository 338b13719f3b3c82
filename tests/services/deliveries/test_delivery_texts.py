"""A delivery as a command, a fixture, a file: it sends the same once more, without a token."""

import os
import shutil
import subprocess
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.commands import delivery_command
from refiner_desktop.services.deliveries.texts import TOKEN_VARIABLE, TextFormat, as_text
from refiner_desktop.webhooks.delivery import Delivery, Gist, Kind
from refiner_desktop.webhooks.hooks import Hook

URL = "http://127.0.0.1:8787/hooks/surveys?x=1&y='2'"
NASTY = '{"a": "it\'s \\"quoted\\" \\\\ $HOME `id` !x ö🦆",\n "b": """}\n'


def delivery(body, *headers, **changes):
    usual = (
        ("Host", "old.example"),
        ("Content-Type", "application/json"),
        ("Authorization", "Bearer ••••••••"),
        ("Content-Length", "1"),
    )
    return Delivery(
        "Surveys",
        datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC),
        "POST",
        "/hooks/surveys?x=1",
        (*usual, *headers),
        body,
        Kind.SURVEY_COMPLETED,
        id=12,
        gist=Gist(sentence='Ana """Example""" completed NPS\\'),
        **changes,
    )


def fixture_of(text):
    """Run the text and return what the fixture returns."""
    found = {}
    exec(text, found)
    return found["survey_completed_delivery"].__wrapped__()


@pytest.mark.parametrize(
    "body", [NASTY.encode(), b"", bytes(range(256)) * 3, b"x" * 500, "ö".encode("latin-1")]
)
def test_a_fixture_returns_the_delivery_byte_for_byte(monkeypatch, body):
    monkeypatch.setenv(TOKEN_VARIABLE, "of-now")
    kept = delivery(body, ("X-Own", "ö".encode().decode("latin-1")))
    found = fixture_of(as_text(kept, TextFormat.PYTEST, URL))
    assert found == {
        "method": "POST",
        "path": "/hooks/surveys?x=1",
        "headers": [
            ("Content-Type", "application/json"),
            ("Authorization", "Bearer of-now"),
            ("X-Own", "ö"),
        ],
        "body": body,
    }


def test_a_fixture_without_a_token_needs_no_environment():
    text = as_text(Delivery("", datetime.now(UTC), "PUT", "/", (), b""), TextFormat.PYTEST, URL)
    assert "os" not in text.split("import")[1]
    assert "def other_delivery" in text


@pytest.mark.parametrize("text_format", TextFormat)
def test_a_credential_that_is_no_token_of_ours_is_left_out_too(text_format):
    kept = delivery(b"{}", ("Cookie", "session=abcdef"), ("X-Refused", "ok"))
    kept = Delivery(
        *[getattr(kept, name) for name in ("hook", "received_at", "method", "path")],
        (("Authorization", "Bearer of-another-place"), *kept.headers[4:]),
        kept.body,
    )
    text = as_text(kept, text_format, URL)
    assert "of-another-place" not in text
    assert "abcdef" not in text
    assert TOKEN_VARIABLE in text
    assert "••" not in text


NOT_UTF_8, UTF_8 = "caf\xe9 'x' \\ $HOME", "café".encode().decode("latin-1")
"""Header values as they are kept: a character for each byte."""


def run_curl(command_for):
    """Run a command and return path, headers, a character for each byte, and body that came."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers.get("Content-Length") or 0)
            came.append((self.path, dict(self.headers), self.rfile.read(size)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        command = command_for(f"http://127.0.0.1:{server.server_port}/hooks/surveys?x=1")
        environment = os.environ | {TOKEN_VARIABLE: "of-now"}
        subprocess.run(["bash", "-c", command], env=environment, check=True, capture_output=True)
        thread.join()
    return came[0]


@pytest.mark.skipif(not shutil.which("curl"), reason="not at hand")
@pytest.mark.parametrize("body", [NASTY.encode(), b"", bytes(range(256))])
def test_a_curl_command_sends_the_same_bytes_and_headers(body):
    own = ("X-Own", "$HOME 'x'"), ("X-Latin", NOT_UTF_8), ("X-Utf", UTF_8)
    kept = delivery(body, *own)
    path, headers, sent = run_curl(lambda url: as_text(kept, TextFormat.CURL, url))
    assert (path, sent) == ("/hooks/surveys?x=1", body)
    assert headers["Authorization"] == "Bearer of-now"
    assert own == tuple((name, headers[name]) for name, _ in own)
    assert headers["Host"] != "old.example"


@pytest.mark.skipif(not shutil.which("curl"), reason="not at hand")
def test_a_command_with_the_token_sends_the_same_bytes_too():
    kept = delivery(b"{}", ("X-Latin", NOT_UTF_8), ("X-Utf", UTF_8))
    hook = Hook("Surveys", "/hooks/surveys", token=Secret("token-café-of-now"))
    _, headers, _ = run_curl(lambda url: delivery_command(kept, hook, url))
    assert (headers["X-Latin"], headers["X-Utf"]) == (NOT_UTF_8, UTF_8)
    assert headers["Authorization"].encode("latin-1").decode() == "Bearer token-café-of-now"


def test_an_http_file_holds_the_request_with_a_place_for_the_token():
    text = as_text(delivery(b'{"nps": 9}'), TextFormat.HTTP_FILE, URL)
    assert text.splitlines() == [
        '### Ana """Example""" completed NPS\\ (2026-03-04 09:15:02 UTC)',
        f"@{TOKEN_VARIABLE} = paste-the-token-here",
        f"POST {URL}",
        "Content-Type: application/json",
        f"Authorization: Bearer {{{{{TOKEN_VARIABLE}}}}}",
        "",
        '{"nps": 9}',
    ]


@pytest.mark.parametrize("body", [b"\xff\x00", b"a\n### b", b'{"a": "{{b}}"}', b"< ./other", b" "])
def test_a_body_that_an_http_file_would_misread_is_taken_from_a_file(body):
    text = as_text(delivery(body), TextFormat.HTTP_FILE, URL)
    *_, empty, remark, file = text.splitlines()
    assert (empty, file) == ("", "< ./delivery-12.bin")
    assert remark.startswith("# Save the body")


def test_without_a_body_there_is_none():
    assert as_text(delivery(b""), TextFormat.HTTP_FILE, URL).endswith("}}\n\n")


def test_nothing_in_an_http_file_is_filled_in_that_came_so():
    braces = delivery(b"{}", ("X-Template", "{{secret}}"), ("X-Own", "1"))
    text = as_text(braces, TextFormat.HTTP_FILE, "http://127.0.0.1/x?a={{b}}")
    assert "{{secret}}" not in text
    assert "# Without X-Template" in text
    assert "X-Own: 1" in text
    assert "POST http://127.0.0.1/x?a=%7B%7Bb%7D%7D" in text


@pytest.mark.parametrize("line", ["> {% client.log() %}", "> ./run.js", "<> old.json", "< ./x"])
def test_no_line_of_a_body_runs_as_a_script(line):
    text = as_text(delivery(f"a\n{line}\nb".encode()), TextFormat.HTTP_FILE, URL)
    assert line not in text
    assert "< ./delivery-12.bin" in text

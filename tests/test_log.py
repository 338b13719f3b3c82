"""The log holds no key, no token and no e-mail address."""

import logging
import traceback
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from refiner_desktop import log
from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret

KEY = "b5d1f7a0-0000-4000-8000-123456789abc"


@pytest.fixture
def written(tmp_path):
    handler = log.set_up(tmp_path, Mask())
    yield lambda: (tmp_path / "refiner-desktop.log").read_text("utf-8")
    log.tear_down(handler)


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {KEY}",
        "Authorization: bearer hook-token-123456",
        f"GET /contacts?api_key={KEY}&page=1",
        f"the key {KEY.upper()} was refused",
        "GET /contact?email=ana.lopez%40example.org",
        "contact ana.lopez+x@mail.example.org",
        r'{"email": "ana.lopez\u0040example.org"}',
    ],
)
def test_what_identifies_somebody_is_blanked(written, text):
    logging.getLogger("refiner_desktop.test").warning("call failed: %s", text)
    line = written()
    assert "call failed" in line
    for secret in (KEY, KEY.upper(), "hook-token-123456", "ana.lopez"):
        assert secret not in line


def test_a_traceback_is_blanked_too(written):
    try:
        raise ValueError(f"no contact ana.lopez@example.org for {KEY}")
    except ValueError:
        logging.getLogger("refiner_desktop.test").exception("failed")
    assert "Traceback" in written()
    assert "ana.lopez" not in written()
    assert KEY not in written()


OTHER_KEY = "no-uuid-but/a+secret"


def _forms(key):
    return (
        key,
        quote(key, safe=""),
        "".join(f"%{byte:02X}" for byte in key.encode()),
        "".join(rf"\u{ord(each):04x}" for each in key),
        b64encode(f"{key}:".encode()).decode(),
        b64encode(f"Bearer {key}".encode()).decode(),
    )


@pytest.fixture
def all_written(tmp_path):
    """The log of a program that knows both keys, at the level DEBUG."""
    handler = log.set_up(tmp_path, Mask(Secret(KEY), Secret(OTHER_KEY)))
    loggers = [logging.getLogger(name) for name in ("", "httpx", "httpcore")]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    yield lambda: (tmp_path / "refiner-desktop.log").read_text("utf-8")
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)
    log.tear_down(handler)


@pytest.mark.parametrize("key", [KEY, OTHER_KEY])
@pytest.mark.parametrize("place", range(6))
def test_no_form_of_a_key_is_written_at_any_level(all_written, key, place):
    form = _forms(key)[place]
    for level in (logging.DEBUG, logging.INFO, logging.CRITICAL):
        logging.getLogger("any").log(level, "called with <%s>", form)
    assert all_written().count("called with <") == 3
    assert form not in all_written()


def test_a_traceback_with_its_locals_shows_no_key(all_written):
    headers = {"Authorization": f"Bearer {OTHER_KEY}", "other": [Secret(OTHER_KEY), OTHER_KEY]}
    try:
        raise KeyError(headers["Authorization"])
    except KeyError as exc:
        text = "".join(
            traceback.TracebackException.from_exception(exc, capture_locals=True).format()
        )
        logging.getLogger("any").exception("failed: %s", text)
    assert "headers = " in all_written()
    assert OTHER_KEY not in all_written()


@pytest.mark.anyio
async def test_the_libraries_that_make_calls_may_say_everything(all_written, sandbox):
    key = sandbox.key
    client = RefinerClient(sandbox.base_url, Secret(key))
    request = CallRequest("GET", f"contacts?api_key={key}", headers=(("X-Key", key),))
    await client.call(request)
    await client.account()
    await client.aclose()
    assert "httpcore" in all_written()
    assert not any(form in all_written() for form in _forms(key))


def test_httpx_does_not_log_urls(written):
    logging.getLogger("httpx").info("HTTP Request: GET https://api.refiner.io/v1/contact?id=u-1")
    assert written() == ""


def test_the_log_takes_no_more_room_than_its_files_and_is_read_across_them(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "LOG_BYTES", 1_000)
    monkeypatch.setattr(log, "LOG_FILES", 2)
    handler = log.set_up(tmp_path, Mask())
    for number in range(100):
        logging.getLogger("any").info("line %d", number)
    log.tear_down(handler)
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    assert all(path.stat().st_size <= 1_000 for path in files)
    told = [int(line.rpartition(" ")[2]) for line in log.last_lines(tmp_path, 18)]
    assert told == list(range(82, 100))


def test_a_long_log_is_read_from_its_end_and_no_line_in_part(tmp_path):
    (tmp_path / log.NAME).write_text("".join(f"line {n:08}\n" for n in range(10_000)))
    lines = log.last_lines(tmp_path, 9_000)
    assert lines[-1] == "line 00009999"
    assert 1_000 < len(lines) < 9_000
    assert all(len(line) == 13 for line in lines)


def test_there_need_not_be_a_log(tmp_path):
    assert log.last_lines(tmp_path, 10) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_does_not_keep_the_application_from_ending(tmp_path, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    (tmp_path / "refiner-desktop.log").symlink_to("/dev/full")
    handler = log.set_up(tmp_path, Mask())
    logging.getLogger("any").warning("a line that finds no room")
    log.tear_down(handler)
    assert handler not in logging.getLogger().handlers

"""The log holds no key, no token and no e-mail address."""

import logging

import pytest

from refiner_desktop import log
from refiner_desktop.masking import Mask

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


def test_httpx_does_not_log_urls(written):
    logging.getLogger("httpx").info("HTTP Request: GET https://api.refiner.io/v1/contact?id=u-1")
    assert written() == ""

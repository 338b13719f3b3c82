"""Reports of what nobody foresaw."""

import logging

import pytest

from refiner_desktop import log
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.support import crash_reports
from refiner_desktop.services.support.crash_reports import CrashReports

KEY = "no-uuid-but/a+secret"


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    handler = log.set_up(folder, Mask())
    yield folder
    log.tear_down(handler)


@pytest.fixture
def reports(tmp_path, logs):
    return CrashReports(tmp_path / "crashes", logs, Mask(Secret(KEY)))


def raised(error):
    try:
        raise error
    except Exception as exc:
        return exc


def test_a_report_has_the_traceback_and_the_end_of_the_log(reports):
    logging.getLogger("refiner_desktop").info("this came before")
    report = reports.of_error(raised(LookupError("nobody foresaw this")))
    assert report.path.read_text("utf-8") == report.text
    assert "LookupError: nobody foresaw this" in report.text
    assert "test_crash_reports.py" in report.text
    assert "this came before" in report.text


def test_a_report_holds_no_key_and_no_address(reports):
    logging.getLogger("refiner_desktop").warning("the log names %s", KEY)
    said = f"{KEY} of ana@example.org, 4f9a2f5e-0000-4000-8000-123456789abc"
    text = reports.of_error(raised(LookupError(said))).text
    assert "LookupError" in text
    assert "the log names" in text
    for secret in (KEY, "ana@", "4f9a2f5e"):
        assert secret not in text


def test_the_same_failure_again_makes_no_second_report(reports):
    first, second = [
        reports.of_error(raised(LookupError(f"for the {time}. time"))) for time in (1, 2)
    ]
    assert second == first
    assert reports.listed() == [first.path]


def test_the_oldest_reports_go(reports, monkeypatch):
    monkeypatch.setattr(crash_reports, "MOST_REPORTS", 2)
    written = [reports.of_end(f"session {number}") for number in range(4)]
    assert reports.listed() == [written[3].path, written[2].path]

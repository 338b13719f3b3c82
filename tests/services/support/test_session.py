"""The mark of a running session, and what is made of one that was left."""

import pytest

from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.services.support.session import Session
from refiner_desktop.storage.database import StorageUnavailable

KEY = "no-uuid-but/a+secret"


@pytest.fixture
def begin(tmp_path):
    """Return a function that gives the next session on the same data directory."""
    mask = Mask(Secret(KEY))
    return lambda: Session(CrashReports(tmp_path / "crashes", tmp_path / "logs", mask))


def test_a_clean_end_says_nothing_and_leaves_nothing(begin, tmp_path):
    for _ in range(2):
        with begin() as session:
            assert session.crash is None
    assert list(tmp_path.iterdir()) == []


def test_a_session_without_an_end_is_reported_once(begin):
    begin().__enter__()._file.close()  # as when the process is killed
    with begin() as session:
        assert "ended from outside" in session.crash.text
        assert session.crash.path.exists()
    with begin() as session:
        assert session.crash is None


def test_a_failure_that_ended_the_session_is_reported_with_its_traceback(begin, tmp_path):
    with pytest.raises(LookupError), begin():
        raise LookupError(f"nobody foresaw {KEY} of ana@example.org")
    left = (tmp_path / "crashes" / "running.txt").read_text("utf-8")
    with begin() as session:
        for text in (left, session.crash.text):
            assert "LookupError: nobody foresaw" in text
            assert KEY not in text
            assert "ana@" not in text
        assert "ended from outside" not in session.crash.text


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), PermissionError(13, "no"), StorageUnavailable("f", "full")]
)
def test_what_a_person_did_or_was_told_is_no_crash(begin, error):
    with pytest.raises(type(error)), begin():
        raise error
    with begin() as session:
        assert session.crash is None


def test_another_kind_of_file_in_its_place_is_taken_for_what_it_is(begin, tmp_path):
    (tmp_path / "crashes").mkdir()
    (tmp_path / "crashes" / "running.txt").write_bytes(b"\xff\x00 torn by a power cut")
    with begin() as session:
        assert "torn by a power cut" in session.crash.text

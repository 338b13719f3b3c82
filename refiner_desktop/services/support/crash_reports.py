"""A file for every failure that nobody foresaw, for the person to read, copy and pass on."""

from __future__ import annotations

import platform
import threading
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from refiner_desktop import __version__, log
from refiner_desktop.masking import Mask

MOST_REPORTS = 20
"""The oldest go: a failure that comes back every minute must not fill the disk."""

LOG_LINES = 60

WENT_ON = "Something failed that nobody foresaw; the application went on."


@dataclass(frozen=True, slots=True)
class CrashReport:
    """A report on the disk, without keys and e-mail addresses."""

    path: Path
    text: str


class CrashReports:
    """Writes reports to a folder that is there only while one is in it. It serves any thread."""

    def __init__(self, folder: Path, logs: Path, mask: Mask) -> None:
        self.folder = folder
        self._logs = logs
        self._mask = mask
        self._lock = threading.Lock()
        self._written: dict[object, CrashReport] = {}

    def of_error(self, error: BaseException) -> CrashReport:
        """Report a failure. The same one in the same session has its report already.

        Raises `OSError`.
        """
        place = _place(error)
        with self._lock:
            if place not in self._written:
                trace = "".join(traceback.format_exception(error))
                self._written[place] = self._write([heading(), f"{WENT_ON}\n", trace])
            return self._written[place]

    def of_end(self, left: str) -> CrashReport:
        """Report a session that did not end by itself, from what it left. Raises `OSError`."""
        with self._lock:
            return self._write([left])

    def redacted(self, text: str) -> str:
        """Return `text` as it may be written down."""
        return log.redact(self._mask.text(text))

    def listed(self) -> list[Path]:
        """Return the reports that are there, newest first."""
        return sorted(self.folder.glob("report-*.txt"), reverse=True)

    def _write(self, parts: Iterable[str]) -> CrashReport:
        lines = log.last_lines(self._logs, LOG_LINES)
        texts = (part.rstrip() for part in parts)
        text = "\n".join([*texts, "", "The last lines of the log:", *lines, ""])
        report = CrashReport(self._free_path(), self.redacted(text))
        self.folder.mkdir(exist_ok=True)
        report.path.write_text(report.text, "utf-8")
        for old in self.listed()[MOST_REPORTS:]:
            old.unlink(missing_ok=True)
        return report

    def _free_path(self) -> Path:
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        return self.folder / f"report-{moment}.txt"


def heading() -> str:
    """Say which program this is, where it runs, and when it is."""
    return (
        f"Refiner Desktop {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}\n{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    )


def _place(error: BaseException) -> object:
    """Return what two failures of the same cause have in common, whatever values they name."""
    frames = traceback.extract_tb(error.__traceback__)
    return type(error), tuple((frame.filename, frame.lineno) for frame in frames)

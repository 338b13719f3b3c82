"""Notices at the next start that this one did not end by itself.

A file stands in the data directory while the application runs, and a clean end removes it. What
kills the process leaves it: a power cut as it is, a fault in C with the stack of every thread, and
a failure in Python with its traceback.
"""

from __future__ import annotations

import contextlib
import faulthandler
import traceback
from types import TracebackType

from refiner_desktop.services.support.crash_reports import CrashReport, CrashReports, heading
from refiner_desktop.storage.database import StorageUnavailable

NO_WORD = (
    "It was ended from outside, or the computer lost power: the application itself left no word."
)

TOLD = (OSError, StorageUnavailable)
"""What the command line says in a sentence when it ends the application."""


class Session:
    """One run of the application, from its first file to its last. A context manager.

    `crash` reports the run before this one, when it did not end by itself.
    """

    def __init__(self, reports: CrashReports) -> None:
        self._reports = reports
        self._mark = reports.folder / "running.txt"
        self.crash: CrashReport | None = None

    def __enter__(self) -> Session:
        """Take over what the last run left, and begin. Raises `OSError`."""
        self.crash = self._taken_over()
        self._mark.parent.mkdir(exist_ok=True)
        self._file = self._mark.open("w", encoding="utf-8")
        self._file.write(f"{heading()}: the start.\n")
        self._file.flush()
        # Whoever turned it on (`python -X faulthandler`) has a place where he looks for it.
        self._hears_faults = not faulthandler.is_enabled()
        if self._hears_faults:
            faulthandler.enable(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        crashed = isinstance(error, Exception) and not isinstance(error, TOLD)
        if crashed:
            told = "".join(traceback.format_exception(kind, error, trace))
            self._file.write(self._reports.redacted(told))
        if self._hears_faults:
            faulthandler.disable()
        self._file.close()
        if not crashed:
            with contextlib.suppress(OSError):  # there are reports in the folder, or it is gone
                self._mark.unlink(missing_ok=True)
                self._mark.parent.rmdir()

    def _taken_over(self) -> CrashReport | None:
        try:
            left = self._mark.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return None
        told = len(left.splitlines()) > len(heading().splitlines())
        crash = self._reports.of_end(left if told else f"{left}{NO_WORD}")
        self._mark.unlink()
        return crash

"""One application a data directory: two would overwrite each other's settings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile


class AlreadyRunning(Exception):
    """Another copy of the application uses the data directory."""

    def __init__(self, folder: Path, process: int) -> None:
        super().__init__(f"{folder} is in use by process {process}")
        self.folder = folder
        self.process = process


class InstanceLock:
    """Holds the data directory while the application runs; a lock left by a crash is taken over."""

    def __init__(self, path: Path) -> None:
        self._lock = QLockFile(str(path))
        self._lock.setStaleLockTime(0)  # only a process that is gone leaves a stale lock
        if not self._lock.tryLock(0):
            process, _host, _application = self._lock.getLockInfo()
            if process:
                raise AlreadyRunning(path.parent, process)
            path.unlink()  # no lock of ours: it names no process
            if not self._lock.tryLock(0):
                raise AlreadyRunning(path.parent, process)

    def release(self) -> None:
        """Let another copy have the data directory."""
        self._lock.unlock()

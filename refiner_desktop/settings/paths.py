"""Where the application's files go."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

APP_NAME = "refiner-desktop"


class DataDirUnusable(Exception):
    """The data directory can't be made or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DataDir:
    """The folder that holds everything the application writes by itself."""

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def database(self) -> Path:
        return self.root / "refiner.db"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def crashes(self) -> Path:
        return self.root / "crashes"

    @property
    def requests(self) -> Path:
        return self.root / "requests"

    @property
    def handover(self) -> Path:
        return self.root / "handover"

    @property
    def lock(self) -> Path:
        return self.root / "refiner.lock"

    def prepare(self) -> None:
        """Make the folder, for its owner only, and prove it writable. Raises `DataDirUnusable`."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            probe = self.root / ".writable"
            probe.touch()
            probe.unlink()
        except FileExistsError as exc:
            raise DataDirUnusable(Path(exc.filename), "a file is in its place") from exc
        except OSError as exc:
            raise DataDirUnusable(self.root, os.strerror(exc.errno or 0)) from exc


def default_data_dir() -> Path:
    """Return the folder that the operating system sets aside for this application."""
    import platformdirs

    return platformdirs.user_data_path(APP_NAME, appauthor=False)

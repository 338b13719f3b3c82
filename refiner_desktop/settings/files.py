"""Files that survive: written whole or not at all, moved aside when damaged, never deleted."""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file at `path` in one step, so a crash leaves the old or the new content."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def move_aside(path: Path) -> Path:
    """Rename a damaged file and return its new path."""
    aside = aside_name(path)
    path.rename(aside)
    return aside


def aside_name(path: Path) -> Path:
    """Return the name for a damaged file: `<stem>.damaged-<UTC time><suffix>`, not taken yet."""
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    stem = f"{path.stem}.damaged-{moment}"
    numbers = ("", *(f"-{number}" for number in range(2, 1000)))
    names = (path.with_name(f"{stem}{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists())

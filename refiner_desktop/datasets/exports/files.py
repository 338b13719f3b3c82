"""Files that appear only when they are whole."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Name a file to write that takes the place of `path` when the block ends, or vanishes.

    Who may read the old file may read the new one; of a link, the file behind it is replaced. The
    folder of the unfinished one is the writer's own, beside it, readable by nobody else, and goes
    with all that is left in it. Raises `OSError`.
    """
    target = path.resolve()
    with tempfile.TemporaryDirectory(prefix=".export-", dir=target.parent) as folder:
        unfinished = Path(folder) / "unfinished"
        unfinished.touch()
        mode = _mode(target if target.exists() else unfinished)
        yield unfinished
        unfinished.chmod(mode)
        unfinished.replace(target)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)

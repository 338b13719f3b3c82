"""Files that appear only when they are whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Name a file to write that takes the place of `path` when the block ends, or vanishes.

    Its folder is the writer's own, beside `path`, readable by nobody else, and goes with all that
    is left in it. Raises `OSError`.
    """
    with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
        unfinished = Path(folder) / "unfinished"
        unfinished.touch(mode=0o600)
        yield unfinished
        unfinished.chmod(0o600)
        unfinished.replace(path)

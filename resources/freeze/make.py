"""Freezes the application into one folder and lets the frozen program do the tour.

Needs the extra `freeze`: `pip install -e ".[freeze]"`. The folder is `dist/refiner-desktop`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
SPEC = Path(__file__).with_name("refiner-desktop.spec")
FOLDER = ROOT / "dist" / "refiner-desktop"


def main() -> int:
    """Make the folder, say what it takes, start the tour on it and return the tour's status."""
    began = perf_counter()
    freeze()
    print(f"Frozen in {perf_counter() - began:.0f} s: {FOLDER}, {megabytes():.0f} MB.")
    began = perf_counter()
    status = tour()
    print(f"The tour on the frozen program took {perf_counter() - began:.0f} s.")
    return status


def freeze() -> None:
    """Let PyInstaller make the folder anew. Raises `CalledProcessError`."""
    places = ("--distpath", FOLDER.parent, "--workpath", ROOT / "build" / "freeze")
    command = (sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN")
    subprocess.run((*command, *places, SPEC), check=True)


def megabytes() -> float:
    """Return what the folder takes on the disk; a link counts for nothing."""
    files = (path for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def tour() -> int:
    """Run the tour without a screen, far from the sources, and return its status."""
    # PYTHONPATH would be no help to a frozen program, and must not seem to be one.
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    with tempfile.TemporaryDirectory() as place:
        return subprocess.run(
            [FOLDER / "refiner-desktop", "--tour", Path(place) / "tour"],
            cwd=place,
            env=bare | {"QT_QPA_PLATFORM": "offscreen"},
        ).returncode


if __name__ == "__main__":
    sys.exit(main())

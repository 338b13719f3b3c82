"""The frozen program, once `resources/freeze/make.py` has made it: its size, and its start.

Run alone with `python -m tests.benchmarks.frozen [ROUNDS]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib.metadata import files
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from refiner_desktop.app.opening import PAINTED
from refiner_desktop.log import NAME
from tests.benchmarks.lines import Line, milliseconds, report, times
from tests.benchmarks.processes import ROOT

ROUNDS = 5
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.002
FOLDER = ROOT / "dist" / "refiner-desktop"
FROZEN = (str(FOLDER / "refiner-desktop"),)
SOURCES = (sys.executable, "-m", "refiner_desktop")


def lines(rounds: int = ROUNDS) -> Iterable[Line]:
    """Compare the frozen program with the same one from its sources; nothing if there is none."""
    if not FOLDER.is_dir():
        print("There is no frozen program: python resources/freeze/make.py", file=sys.stderr)
        return
    frozen, sources = _starts(rounds)
    yield Line(
        "frozen program: start to the window, whole process",
        milliseconds(1000 * frozen),
        f"from sources {milliseconds(1000 * sources)}",
        times(frozen / sources),
        "≤ 1.2 ×",
    )
    ours, qt = _megabytes(FOLDER.rglob("*")), _megabytes(_installed("PySide6_Essentials"))
    size = f"PySide6-Essentials as installed {qt:.0f} MB"
    yield Line("frozen program: size", f"{ours:.0f} MB", size, times(ours / qt), "≤ 350 MB")


def _starts(rounds: int) -> tuple[float, float]:
    """Return the medians in seconds; the first round warms up."""
    pairs = [(_start(FROZEN), _start(SOURCES)) for _ in range(rounds + 1)][1:]
    frozen, sources = zip(*pairs, strict=True)
    return median(frozen), median(sources)


def _start(command: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        options = ("--data-dir", folder, "--secrets", "memory")
        bare = {name: value for name, value in os.environ.items() if name != "REFINER_API_KEY"}
        environment = bare | {"QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen((*command, *options), cwd=ROOT, env=environment) as process:
            try:
                _wait_for_window(Path(folder) / "logs" / NAME)
                return perf_counter() - began
            finally:
                process.terminate()


def _wait_for_window(log: Path) -> None:
    ends = perf_counter() + PATIENCE_SECONDS
    while not (log.exists() and PAINTED in log.read_text("utf-8")):
        if perf_counter() > ends:
            raise TimeoutError("the window did not come")
        sleep(POLL_SECONDS)


def _installed(package: str) -> Iterable[Path]:
    return (Path(str(each.locate())) for each in files(package) or ())


def _megabytes(paths: Iterable[Path]) -> float:
    real = (path for path in paths if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in real) / 1e6


if __name__ == "__main__":
    report(lines(int(sys.argv[1]) if sys.argv[1:] else ROUNDS))

"""Parts that are measured in processes of their own, so that nothing else counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]


def answer_of(module: str, *arguments: object) -> Any:
    """Run a module, offscreen, and return the JSON that it prints."""
    with running(module, *arguments) as output:
        return json.load(output)


@contextmanager
def running(module: str, *arguments: object) -> Iterator[IO[str]]:
    """Run a module, offscreen, and yield what it prints; then wait until it has ended.

    Raises `CalledProcessError` when it fails.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with _started(command) as process:
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, command)


@contextmanager
def sandbox(contacts: int, latency_ms: float = 0) -> Iterator[tuple[str, str]]:
    """Run a sandbox beside us and yield its base URL and its key."""
    command = [sys.executable, "-m", "refiner_desktop.sandbox", "--port", "0"]
    options = ["--contacts", str(contacts), "--latency", str(latency_ms)]
    with _started([*command, *options]) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1], process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def _started(command: list[str]) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if name != "REFINER_API_KEY"}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**kept, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )

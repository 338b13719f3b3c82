"""`python -m tests.benchmarks`: every figure beside the peer or limit measured in the same run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from tests.benchmarks.lines import Line, report

PARTS = {
    "start": "tests.benchmarks.start",
    "load": "tests.benchmarks.load",
    "grid": "tests.benchmarks.contacts_grid",
    "text": "tests.benchmarks.text_view",
    "console": "tests.benchmarks.console_call",
    "history": "tests.benchmarks.console_history",
    "deliveries": "tests.benchmarks.deliveries",
    "file": "tests.benchmarks.bulk_file",
    "bulk": "tests.benchmarks.bulk_run",
    "frozen": "tests.benchmarks.frozen",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the parts one after another and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parts = f"{', '.join(PARTS)}; all of them by default"
    parser.add_argument("parts", nargs="*", type=_part, metavar="part", help=parts)
    report(_lines(parser.parse_args(arguments).parts or PARTS))


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"there is no part {name}")
    return name


def _lines(parts: Iterable[str]) -> Iterator[Line]:
    for part in parts:
        print(f"Measuring: {part}", file=sys.stderr)
        yield from import_module(PARTS[part]).lines()


if __name__ == "__main__":
    main()

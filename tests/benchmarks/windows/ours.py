"""Refiner Desktop on the data directory that is named, which is empty at the first start."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from refiner_desktop.app import Options, build
from tests.benchmarks.windows.witness import Witness


async def main(data_dir: Path) -> None:
    """Show the window, wait until its opening is done, and tell."""
    async with build(Options(data_dir=data_dir, secrets="memory")) as window:
        witness = Witness(window)
        window.show()
        await asyncio.sleep(1)
        while window.tasks.running("opening"):
            await asyncio.sleep(0.1)
        witness.tell_costs()


application = QApplication([])
with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
    runner.run(main(Path(sys.argv[1])))

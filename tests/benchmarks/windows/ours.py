"""Refiner Desktop on the data directory that is named, which is empty at the first start."""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def main(data_dir: Path) -> None:
    """Show the window, wait until its opening is done, and tell."""
    gc.disable()  # as `__main__` does before its imports
    import asyncio

    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from refiner_desktop.app import Options
    from refiner_desktop.app.building import assemble
    from tests.benchmarks.windows.witness import Witness

    async def show() -> None:
        async with assemble(Options(data_dir=data_dir, secrets="memory")) as application:
            witness = Witness(application.window)
            application.window.show()
            await asyncio.sleep(1)
            while application.window.tasks.running("opening"):
                await asyncio.sleep(0.1)
            witness.begin_rest()
            await asyncio.sleep(3)
            witness.tell_costs()

    application = QApplication([])
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        runner.run(show())


main(Path(sys.argv[1]))

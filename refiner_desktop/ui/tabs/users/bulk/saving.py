"""Where a file of results or of findings goes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.dialogs import choose_target, confirm

CSV_FILTER = "CSV (*.csv)"
SUFFIX = ".csv"


async def choose_csv(window: QWidget, title: str, proposed: Path) -> Path | None:
    """Ask for a place, at first the `proposed` one; None for nowhere."""
    path = await choose_target(window, title, f"{proposed}{SUFFIX}", CSV_FILTER)
    if path is None or path.suffix:
        return path
    path = path.with_suffix(SUFFIX)
    # The file dialog has asked about the name as it was typed, not about this one.
    if await asyncio.to_thread(path.exists) and not await _replaces(window, path):
        return None
    return path


async def _replaces(window: QWidget, path: Path) -> bool:
    explanation = f"It is in {path.parent}, and what it holds now will be lost."
    return await confirm(window, f"Replace {path.name}?", explanation, "Replace")

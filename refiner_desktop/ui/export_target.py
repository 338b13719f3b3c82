"""Where rows are exported to, and as what: a suffix that a person types decides both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from refiner_desktop.datasets.exports.formats import Format
from refiner_desktop.ui.dialogs import choose_target, confirm


async def choose_export(
    window: QWidget, what: str, wanted: Format, formats: Iterable[Format]
) -> tuple[Path, Format] | None:
    """Ask for a file; return it with the format that its suffix names, or None when cancelled.

    A name without a suffix gets that of the `wanted` format, and is asked about again if there is
    such a file. A suffix that names none of the `formats` stays, with the wanted one.
    """
    path = await choose_file(window, f"Export {what}", what, wanted)
    return None if path is None else (path, _named_by(path.suffix.lower(), wanted, formats))


async def choose_file(
    window: QWidget, title: str, proposed: str | Path, wanted: Format
) -> Path | None:
    """Ask for a file, at first the `proposed` one without its suffix; None for nowhere."""
    filters = f"{wanted.name} (*{wanted.suffix})"
    path = await choose_target(window, title, f"{proposed}{wanted.suffix}", filters)
    if path is None or path.suffix:
        return path
    path = path.with_suffix(wanted.suffix)
    # The file dialog has asked about the name as it was typed, not about this one.
    if await asyncio.to_thread(path.exists) and not await _replaces(window, path):
        return None
    return path


def _named_by(suffix: str, wanted: Format, formats: Iterable[Format]) -> Format:
    named = (each for each in (wanted, *formats) if each.suffix == suffix)
    return next(named, wanted)


async def _replaces(window: QWidget, path: Path) -> bool:
    explanation = f"It is in {path.parent}, and what it holds now will be lost."
    return await confirm(window, f"Replace {path.name}?", explanation, "Replace")

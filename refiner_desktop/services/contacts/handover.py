"""Contacts on their way from their table to a bulk run, as a file that any run can read."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.datasets.exports.formats import JSON_LINES
from refiner_desktop.services.contacts.contacts import ContactsService

if TYPE_CHECKING:
    from refiner_desktop.datasets.row_set import RowOrder


class Handover:
    """Writes contacts into a folder of its own, which is gone when the application is.

    A run does not need the file once it has begun: its journal holds every row.
    """

    def __init__(self, contacts: ContactsService, folder: Path) -> None:
        self._contacts = contacts
        self._folder = folder

    async def write(self, order: RowOrder, on_progress: Callable[[int, int], None]) -> Path:
        """Write the rows of an order as in the API reference, section 5.1, and return the file.

        Cancelling leaves no file. Raises what `ContactsService.export` does.
        """
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        path = (
            self._folder
            / f"contacts {datetime.now().astimezone():%Y-%m-%d %H-%M-%S}{JSON_LINES.suffix}"
        )
        await self._contacts.export(order, JSON_LINES, None, path, on_progress)
        return path

    async def aclose(self) -> None:
        """Remove the files."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

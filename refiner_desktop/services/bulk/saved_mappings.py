"""Mappings that were saved under a name, for the next file of the same kind."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TypeVar

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.mapping import BulkAction, Mapping
from refiner_desktop.services.threads import whole
from refiner_desktop.sources.source import SourceOptions
from refiner_desktop.storage.bulk_mappings import BulkMappingStore

Kept = TypeVar("Kept")

_LAST = ""
"""What was prepared last is kept under this name, which no saved mapping can have."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file, how it is read, and what was chosen for it, before any check."""

    path: str
    options: SourceOptions
    action: BulkAction
    mapping: Mapping


class MappingUnnamed(ValueError):
    """A mapping to keep needs a name."""


class SavedMappings:
    """Keeps mappings by name, and what was prepared last, for all environments.

    What writes raises `StorageUnavailable`. A fixed value that holds a key is not kept, nor is any
    other secret that the `mask` knows.
    """

    def __init__(self, store: BulkMappingStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    async def all(self) -> dict[str, Mapping]:
        """Return them by name, from A to Z."""
        texts = await asyncio.to_thread(self._store.all)
        names = sorted(texts.keys() - {_LAST}, key=str.casefold)
        read = {name: _read(texts[name], Mapping) for name in names}
        return {name: mapping for name, mapping in read.items() if mapping}

    async def save(self, name: str, mapping: Mapping) -> None:
        """Save a mapping in place of the one of that name. Raises `MappingUnnamed`."""
        if not name.strip():
            raise MappingUnnamed
        mask = self._mask.text
        text = msgspec.json.encode(self._harmless(mapping)).decode()
        await asyncio.to_thread(self._store.put, mask(name.strip()), mask(text))

    async def delete(self, name: str) -> None:
        """Forget the mapping of that name."""
        await asyncio.to_thread(self._store.delete, name)

    async def keep_prepared(self, prepared: Prepared) -> None:
        """Keep what is being prepared, in place of what was before; to the end if cancelled."""
        await whole(asyncio.to_thread(self._keep, prepared))

    async def prepared(self) -> Prepared | None:
        """Return what was prepared last, None for nothing."""
        texts = await asyncio.to_thread(self._store.all)
        return _read(texts[_LAST], Prepared) if _LAST in texts else None

    def _keep(self, prepared: Prepared) -> None:
        harmless = replace(prepared, mapping=self._harmless(prepared.mapping))
        self._store.put(_LAST, self._mask.text(msgspec.json.encode(harmless).decode()))

    def _harmless(self, mapping: Mapping) -> Mapping:
        mask = self._mask.text
        fixed = tuple(each for each in mapping.fixed if mask(each.value) == each.value)
        return replace(mapping, fixed=fixed)


def _read(text: str, type_: type[Kept]) -> Kept | None:
    try:
        return msgspec.json.decode(text, type=type_)
    except msgspec.DecodeError as exc:  # another version wrote it
        _log.warning("a saved mapping can't be read: %s", exc)
        return None

"""Views of the contacts: the one of now and those with a name, kept for each environment."""

from __future__ import annotations

import asyncio
import logging

import msgspec

from refiner_desktop.services.contacts.view import ContactView
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.storage.contact_views import ContactViewStore

_LAST = ""
"""The view of now lies under a name that a person cannot give."""

_log = logging.getLogger(__name__)


class ViewUnnamed(ValueError):
    """A view to keep needs a name."""


class ViewNameTaken(ValueError):
    """Another view of this environment bears this name already."""


class ContactViews:
    """Remembers views for the environment in use when a method is called.

    Names are kept without blanks around them. Writing raises `StorageUnavailable`.
    """

    def __init__(self, store: ContactViewStore, connection: ConnectionService) -> None:
        self._store = store
        self._connection = connection

    async def last(self) -> ContactView | None:
        """Return what was remembered last, None where nothing was."""
        return await self._read(_LAST)

    async def remember(self, view: ContactView, environment: str = "") -> None:
        """Keep the view of now, for the environment of that id or the one in use."""
        await self._write(environment or self._here, _LAST, view)

    async def names(self) -> list[str]:
        """Return the names of the saved views from A to Z."""
        names = await asyncio.to_thread(self._store.names, self._here)
        return sorted((name for name in names if name != _LAST), key=lambda name: name.casefold())

    async def get(self, name: str) -> ContactView | None:
        """Return a saved view, None where it is gone."""
        return await self._read(_checked(name))

    async def save(self, name: str, view: ContactView) -> None:
        """Save a view, in place of the one of that name. Raises `ViewUnnamed`."""
        await self._write(self._here, _checked(name), view)

    async def delete(self, name: str) -> None:
        """Forget a saved view."""
        await asyncio.to_thread(self._store.delete, self._here, _checked(name))

    async def rename(self, old: str, new: str) -> None:
        """Give a saved view another name. Raises `ViewUnnamed`, `ViewNameTaken`."""
        names = (_checked(old), _checked(new))
        if not await asyncio.to_thread(self._store.rename, self._here, *names):
            raise ViewNameTaken(new)

    @property
    def _here(self) -> str:
        return self._connection.environment.id

    async def _read(self, name: str) -> ContactView | None:
        text = await asyncio.to_thread(self._store.get, self._here, name)
        if text is None:
            return None
        try:
            return msgspec.json.decode(text, type=ContactView)
        except msgspec.DecodeError as exc:  # another version wrote it
            _log.warning("a view of the contacts can't be read: %s", exc)
            return None

    async def _write(self, environment: str, name: str, view: ContactView) -> None:
        text = msgspec.json.encode(view).decode()
        await asyncio.to_thread(self._store.put, environment, name, text)


def _checked(name: str) -> str:
    if not name.strip():
        raise ViewUnnamed
    return name.strip()

"""Requests of the console for the window: typed, filled in, imported, saved, written as code."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft
from refiner_desktop.services.requests.filling import Filled, fill
from refiner_desktop.services.requests.home import brought_home
from refiner_desktop.services.requests.known_ids import KnownIds
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.services.requests.saved import Deleted, SavedRequests
from refiner_desktop.services.requests.saved_tree import SavedFolder
from refiner_desktop.services.requests.tabs import RequestTabs
from refiner_desktop.services.requests.variables import Values, Variables

if TYPE_CHECKING:
    from refiner_desktop.services.requests.code import Language
    from refiner_desktop.services.requests.curl import CurlImport


AT_ONCE = 1 << 16
"""A body of more characters is filled in beside the loop, which it would hold up."""


class RequestsService:
    """What is open in `tabs` and kept in `saved`, and the variables of the environment in use.

    `ids` completes the parameters of the catalogue.
    """

    def __init__(
        self,
        connection: ConnectionService,
        tabs: RequestTabs,
        saved: SavedRequests,
        variables: Variables,
        ids: KnownIds,
        mask: Mask,
    ) -> None:
        self.tabs = tabs
        self.saved = saved
        self.ids = ids
        self.variables: Values = {}
        self._newer: dict[str, RequestDraft] = {}
        self._connection = connection
        self._variables = variables
        self._mask = mask
        saved.moved.connect(tabs.follow)

    async def enter(self) -> None:
        """Bring back variables and tabs of the environment in use: at the start, at each switch.

        Nothing is awaited between that and the end, so that whoever edits the tabs turns to the
        new ones in the same turn.
        """
        here = self._connection.environment.id
        self.variables = await self._variables.read(here)
        await self.tabs.enter(here)
        self._newer = {}

    async def save_variables(self, values: Values) -> None:
        """Keep these variables for the environment in use, in place of all that there were.

        Raises `WrongVariable`, `SecretVariable`, `StorageUnavailable`.
        """
        await self._variables.save(self._connection.environment.id, values)
        self.variables = dict(values)

    def preview(self, draft: RequestDraft) -> Filled:
        """Return what would be sent, but for the content of a file."""
        return fill(draft, self.variables)

    async def filled(self, draft: RequestDraft) -> Filled:
        """Return what is sent. Raises `OSError` for a file that can't be read."""
        if draft.body is BodyKind.FILE:
            return fill(draft, self.variables, await asyncio.to_thread(_content, draft.file))
        if len(draft.text) > AT_ONCE:
            return await asyncio.to_thread(fill, draft, self.variables)
        return fill(draft, self.variables)

    def from_curl(self, text: str) -> CurlImport:
        """Read a curl command. Raises `NotCurl`."""
        from refiner_desktop.services.requests.curl import from_curl

        return from_curl(text, self._connection.environment.base_url)

    def brought_home(self, draft: RequestDraft) -> RequestDraft | None:
        """Return the same call for the environment's own server; None where it has no such call."""
        return brought_home(draft, self._connection.environment.base_url)

    async def as_code(
        self, language: Language, draft: RequestDraft, *, with_key: bool = False
    ) -> str:
        """Return code that sends a draft; credentials stand in it only `with_key`.

        Raises `ValueError` for what can't be sent, and with the key `NoKey` or `KeyringProblem`.
        """
        from refiner_desktop.services.requests.code import as_code

        key = await self._connection.key() if with_key else None
        file = draft.file if draft.body is BodyKind.FILE else ""
        filled = fill(draft, self.variables, b"-" if file else b"")
        base_url = self._connection.environment.base_url
        code = await asyncio.to_thread(
            as_code, language, filled.request, base_url, key=key, file=file
        )
        return code if with_key else self._mask.text(code)

    async def save_tab(self, tab_id: str, *, anyway: bool = False) -> RequestTab:
        """Save a tab's request into the file that it came from.

        Raises `ChangedOnDisk` where another program has changed that, unless `anyway`; `OSError`.
        """
        tab = self.tabs.tab(tab_id)
        await self.saved.save(tab.saved, tab.draft, over=None if anyway else tab.base)
        return self._settled(tab, tab.saved)

    async def save_tab_as(self, tab_id: str, folder: str, name: str) -> RequestTab:
        """Save a tab's request into a new file.

        Raises `WrongName`, `RequestNameTaken`, `OSError`.
        """
        tab = self.tabs.tab(tab_id)
        return self._settled(tab, await self.saved.add(folder, name, tab.draft))

    async def open_saved(self, path: str) -> RequestTab:
        """Show a saved request: in the tab that has it, or in a new one.

        Raises `RequestUnreadable`, `OSError`.
        """
        for tab in self.tabs.all:
            if tab.saved == path:
                return self.tabs.show(tab.id)
        return self.tabs.open(await self.saved.read(path), path)

    def follow_files(self, tree: SavedFolder) -> tuple[RequestTab, ...]:
        """Let tabs without edits hold what their files hold by now; return those that changed.

        What another program wrote under edits is `newer` until it is taken or replaced.
        """
        held = {each.path: each.draft for each in tree.walk() if not each.trouble}
        changed = [tab for tab in self.tabs.all if held.get(tab.saved, tab.base) != tab.base]
        self._newer = {tab.id: held[tab.saved] for tab in changed if _differs(tab, held)}
        return tuple(
            self.tabs.take(tab.id, held[tab.saved]) for tab in changed if not _differs(tab, held)
        )

    def has_newer(self, tab_id: str) -> bool:
        """Whether another program has written a tab's file since, under edits of the tab."""
        return tab_id in self._newer

    def take_newer(self, tab_id: str) -> None:
        """Let a tab hold what another program wrote; its edits can be reopened as a request."""
        self.tabs.take(tab_id, self._newer.pop(tab_id))

    async def delete_saved(self, path: str) -> Deleted:
        """Delete a saved request or folder; open tabs keep what they hold, as edited."""
        deleted = await self.saved.delete(path)
        for tab in self.tabs.all:
            if tab.saved in deleted.files:
                self.tabs.settle(tab.id, "", RequestDraft())
        return deleted

    async def aclose(self) -> None:
        """Write what is not written yet."""
        await self.tabs.aclose()

    def _settled(self, tab: RequestTab, path: str) -> RequestTab:
        """Note what the file holds; what was typed meanwhile stays, as edited."""
        return self.tabs.settle(tab.id, path, self.saved.kept(tab.draft))


def _differs(tab: RequestTab, held: Mapping[str, RequestDraft]) -> bool:
    """Whether a tab has edits that its file has not."""
    return tab.edited and tab.draft != held[tab.saved]


def _content(file: str) -> bytes:
    return Path(file).expanduser().read_bytes()

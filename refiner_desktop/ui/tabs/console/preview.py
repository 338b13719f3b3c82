"""What is known of a request before it is sent: what is added to it, and what it lacks."""

from __future__ import annotations

from dataclasses import replace

from refiner_desktop.api.headers import LEAVABLE
from refiner_desktop.api.reach import Reach
from refiner_desktop.services.requests.console import ConsoleService, Outlook
from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.filling import Filled
from refiner_desktop.services.requests.home import Elsewhere
from refiner_desktop.services.requests.service import RequestsService
from refiner_desktop.ui.tabs.console.headers_page import Automatic
from refiner_desktop.ui.tabs.console.request_editor import RequestEditor

PREVIEWED = 120_000
"""Characters of a body: the whole of it is filled in when it is sent."""

BESIDE = "This leaves the base URL, but not its server"
WITH_KEY = ", which is given the key of this environment."
OFFLINE = "Connect to see which headers are added."
CANT_GO = "This can't be sent."


class Preview:
    """Tells the editor what will become of the request in it."""

    def __init__(
        self, requests: RequestsService, console: ConsoleService, editor: RequestEditor
    ) -> None:
        self._requests = requests
        self._console = console
        self._editor = editor

    def show(self, draft: RequestDraft) -> None:
        """Show what will be added to a request, and say what is missing from it."""
        filled = self._requests.preview(replace(draft, text=draft.text[:PREVIEWED]))
        outlook = self._console.outlook(filled.request)
        written = {row.name.strip().lower(): row.name for row in draft.headers if row.on}
        replaced = tuple(written[name] for name in sorted(LEAVABLE & written.keys()))
        added = (*outlook.headers, *filled.added)
        self._editor.headers.show_automatic(
            Automatic(added, draft.without, replaced, _instead(outlook))
        )
        away = outlook.elsewhere
        twin = self._requests.brought_home(draft) if away else None
        self._editor.show_elsewhere(away.home if away else None, has_twin=twin is not None)
        self._editor.say(*_note(filled, outlook))


def _instead(outlook: Outlook) -> str:
    """Say why no header is shown that is added."""
    if outlook.refusal:
        return f"{CANT_GO} {outlook.refusal[:1].upper()}{outlook.refusal[1:]}."
    return "" if outlook.reach else OFFLINE


def _note(filled: Filled, outlook: Outlook) -> tuple[str, str]:
    if outlook.elsewhere:
        return _says_elsewhere(outlook.elsewhere), "warning"
    if filled.unknown:
        names = ", ".join(f"{{{{{name}}}}}" for name in filled.unknown)
        return f"No value for {names}: set it under More > Variables.", "warning"
    if outlook.reach is Reach.BESIDE:
        with_key = any(name.lower() == "authorization" for name, _ in outlook.headers)
        return f"{BESIDE}{WITH_KEY if with_key else '.'}", "warning"
    return "", "muted"


def _says_elsewhere(away: Elsewhere) -> str:
    where = f"This goes to {away.host}, not to {away.home}"
    if away.carries:
        return f"{where}, and takes along what is secret in it: {' and '.join(away.carries)}."
    return f"{where}, and without its key."

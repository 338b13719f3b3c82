"""The path of a request: completed with endpoints, parameters and ids; takes curl commands."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from refiner_desktop.api.endpoint import Endpoint
from refiner_desktop.ui.tabs.console.choices import Choice, ChoiceList
from refiner_desktop.ui.tabs.console.endpoint_completer import EndpointCompleter
from refiner_desktop.ui.tabs.console.parameter_table import Find, find_nothing

HINT = "Path, such as contacts or forms?list=published; or paste a curl command"

_PART = re.compile(r"[?&](?P<name>[^?&=#]*)(?:=(?P<value>[^&#]*))?$")
_FEWEST_PASTED = 8


class PathEdit(QLineEdit):
    """Signals: `endpoint_chosen(endpoint)`, `curl_pasted(text)`, `send_requested()`."""

    endpoint_chosen = Signal(object)
    curl_pasted = Signal(str)
    send_requested = Signal()

    def __init__(self) -> None:
        super().__init__(placeholderText=HINT)
        self.setObjectName("console.path")
        self.setAccessibleName("Path")
        self.find_ids: Find = find_nothing
        self._endpoint: Endpoint | None = None
        self._before = ""
        self._completer = EndpointCompleter(self)
        self.setCompleter(self._completer)
        self._choices = ChoiceList(self, "Parameters")
        self._completer.chosen.connect(self.endpoint_chosen)
        self._choices.taken.connect(self._take)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._remember)
        self.returnPressed.connect(self._on_return_pressed)

    def set_endpoint(self, endpoint: Endpoint | None) -> None:
        """Complete with the parameters of this call."""
        self._endpoint = endpoint

    def _remember(self, text: str) -> None:
        self._before = text

    def _on_edited(self, text: str) -> None:
        """Take a curl command that was pasted by the mouse or the menu; else complete."""
        if len(text) - len(self._before) >= _FEWEST_PASTED and is_command(text):
            self.curl_pasted.emit(_on_clipboard() or text)
        else:
            self._complete(text[: self.cursorPosition()])

    def _complete(self, text: str) -> None:
        part = _PART.search(text) if self._endpoint else None
        if part is None or self._endpoint is None:
            self._choices.close()
        elif part["value"] is None:
            self._offer_names(self._endpoint, part["name"])
        else:
            self._offer_values(self._endpoint, part["name"], part["value"])

    def _offer_names(self, endpoint: Endpoint, typed: str) -> None:
        found = [each for each in endpoint.parameters if typed in each.query_name]
        self._choices.offer([Choice(f"{each.query_name}=", each.says) for each in found])

    def _offer_values(self, endpoint: Endpoint, name: str, typed: str) -> None:
        parameter = endpoint.parameter(name)
        if parameter is None:
            self._choices.close()
        elif parameter.thing:
            self.find_ids(parameter, typed, self._choices.offer)
        else:
            found = [each for each in parameter.allowed if typed in each and typed != each]
            self._choices.offer([Choice(each) for each in found])

    def _take(self, value: str) -> None:
        place = self.cursorPosition()
        typed = re.search(r"[^?&=]*$", self.text()[:place])
        start = typed.start() if typed else place
        self.setSelection(start, place - start)
        self.insert(value)

    def _on_return_pressed(self) -> None:
        if not self._completer.choosing and not self._choices.choosing:
            self.send_requested.emit()

    # Reimplemented Qt methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pasted = _on_clipboard() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if pasted:
            self.curl_pasted.emit(pasted)  # a line edit would run its lines together
        else:
            super().keyPressEvent(event)


def is_command(text: str) -> bool:
    """Whether a text is a curl command."""
    from refiner_desktop.services.requests.curl import is_curl  # not needed for the first window

    return is_curl(text)


def _on_clipboard() -> str:
    """Return the curl command that was copied or selected last, if there is one."""
    clipboard = QGuiApplication.clipboard()
    modes = [QClipboard.Mode.Clipboard]
    if clipboard.supportsSelection():
        modes.append(QClipboard.Mode.Selection)
    return next((text for mode in modes if is_command(text := clipboard.text(mode))), "")

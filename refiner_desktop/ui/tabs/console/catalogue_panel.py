"""Refiner's calls to choose from: what each does, what it takes, and an example of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.api.catalogue import ENDPOINTS
from refiner_desktop.api.endpoint import Endpoint, Parameter
from refiner_desktop.ui.focus import step_down
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console.endpoint_completer import path_of
from refiner_desktop.ui.tabs.console.method_delegate import MethodDelegate
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.search_edit import SearchEdit

NONE_FOUND = "No call of Refiner has these words. Change them to see more."
_THINGS = {
    "survey": "its UUID; known surveys complete", "segment": "its UUID; known segments complete",
    "manual segment": "UUID of a manual segment; known ones complete",
}  # fmt: skip
_ENDPOINT = Qt.ItemDataRole.UserRole


class CataloguePanel(QWidget):
    """Signals: `chosen(endpoint)` when a person wants to make this call."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._search = SearchEdit("console.catalogue.search", "Search calls")
        self._list = QListWidget()
        self._list.setObjectName("console.catalogue")
        self._list.setAccessibleName("Refiner's calls")
        self._list.setMinimumHeight(SPACE * 11)
        self._list.setItemDelegate(MethodDelegate(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = label(NONE_FOUND, "muted", wrap=True)
        self._detail = QTextBrowser()
        self._detail.setObjectName("console.catalogue.detail")
        self._detail.setAccessibleName("What the call takes")
        self._detail.setMinimumHeight(SPACE * 11)
        self._use = button("Use this call", "console.catalogue.use", icon="mdi6.arrow-right")
        self._use.setToolTip("Fills method, path, parameters and an example body; sends nothing")
        self._lay_out()
        self._search.textChanged.connect(self._show_found)
        step_down(self._search, self._list)
        self._search.returnPressed.connect(self._choose)
        self._list.currentItemChanged.connect(lambda *_: self._describe())
        self._list.itemActivated.connect(lambda _item: self._choose())
        self._use.clicked.connect(self._choose)
        self._show_found("")

    def focus(self) -> None:
        """Bring the keyboard to the search."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_endpoint(self, endpoint: Endpoint) -> None:
        """Describe the call that is being written, if it is among those that are found."""
        for place in range(self._list.count()):
            if self._list.item(place).data(_ENDPOINT) == endpoint:
                self._list.setCurrentRow(place)

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        splitter.setObjectName("console.split.catalogue")
        splitter.addWidget(self._list)
        splitter.addWidget(self._detail)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._none)
        layout.addWidget(splitter, 1)
        layout.addWidget(self._use)

    def _show_found(self, words: str) -> None:
        wanted = words.casefold().split()
        found = [each for each in ENDPOINTS if all(word in _words(each) for word in wanted)]
        found.sort(key=partial(_rank, " ".join(wanted)))
        self._list.clear()
        for endpoint in found:
            item = QListWidgetItem(f"{endpoint.method}  {path_of(endpoint)}\n{endpoint.title}")
            item.setData(_ENDPOINT, endpoint)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                f"{endpoint.title}: {endpoint.method} {path_of(endpoint)}",
            )
            item.setToolTip(endpoint.does)
            self._list.addItem(item)
        self._list.setCurrentRow(0 if found else -1)
        self._none.setVisible(not found)
        self._describe()

    def _current(self) -> Endpoint | None:
        endpoint: Endpoint | None = self._list.currentIndex().data(_ENDPOINT)
        return endpoint

    def _describe(self) -> None:
        endpoint = self._current()
        self._use.setEnabled(endpoint is not None)
        self._detail.setHtml(_described(endpoint) if endpoint else "")

    def _choose(self) -> None:
        if (endpoint := self._current()) is not None:
            self.chosen.emit(endpoint)


def _rank(wanted: str, endpoint: Endpoint) -> int:
    """Return how far down a call stands: what is called that comes before what speaks of it."""
    title = endpoint.title.casefold()
    if not wanted or title == wanted:
        return 0
    return 1 if title.startswith(wanted) else 2 if wanted in title else 3


def _words(endpoint: Endpoint) -> str:
    names = " ".join(each.query_name for each in endpoint.parameters)
    texts = (endpoint.method, endpoint.path, endpoint.title, endpoint.does, names)
    return " ".join(texts).casefold()


def _described(endpoint: Endpoint) -> str:
    """Return the call in words; everything in it is ours, so it may be HTML."""
    facts = [endpoint.does]
    if endpoint.changes:
        facts.append("It changes something in Refiner.")
    if endpoint.paged != "none":
        facts.append("The answer comes in pages: Fetch all follows them.")
    if endpoint.open_keys:
        facts.append(f"Any other key is {endpoint.open_keys}.")
    if endpoint.parameters:
        rows = "".join(
            f"<p style='margin:6px 0 0 0'>{_row(each)}</p>" for each in endpoint.parameters
        )
    else:
        rows = "<p>It takes no parameters.</p>"
    return f"<p><b>{endpoint.method} {path_of(endpoint)}</b></p><p>{' '.join(facts)}</p>{rows}"


def _row(parameter: Parameter) -> str:
    facts: list[str] = [parameter.kind]
    if parameter.required:
        facts.append("needed")
    elif parameter.one_of:
        facts.append("one of these is needed")
    if parameter.default:
        facts.append(f"without it {parameter.default}")
    if parameter.thing in _THINGS:
        facts.append(_THINGS[parameter.thing])
    allowed = f"<br>{' · '.join(parameter.allowed)}" if parameter.allowed else ""
    return f"<b>{parameter.query_name}</b> <i>{', '.join(facts)}</i><br>{parameter.says}{allowed}"

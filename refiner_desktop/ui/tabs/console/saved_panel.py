"""Saved requests in their folders."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.requests.saved_tree import SavedFolder, SavedRequest
from refiner_desktop.ui.models.cell_text import one_line, tool_tip
from refiner_desktop.ui.styling import button, label
from refiner_desktop.ui.tabs.console.method_delegate import MethodDelegate
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.search_edit import SearchEdit

NONE_YET = "Nothing is saved yet. Press “Save request” to keep the one in front as a file."
READING = "Reading the saved requests…"
NONE_FOUND = "No saved request has these words. Change them to see more."
_PATH = Qt.ItemDataRole.UserRole
_FOLDER = Qt.ItemDataRole.UserRole + 1


class SavedPanel(QWidget):
    """A tree of files; drag, or the menu, moves them.

    Signals: `opened(path)`; `save_requested()` for the request in front, `folder_wanted(parent)`
    for a new folder; `rename_wanted(path)`, `move_wanted(path)`, `delete_wanted(path)`;
    `dropped(path, folder)` when something was dragged; `reveal_wanted()` for the folder itself;
    `read_wanted()` to read it once more.
    """

    opened = Signal(str)
    save_requested = Signal()
    folder_wanted = Signal(str)
    rename_wanted = Signal(str)
    move_wanted = Signal(str)
    delete_wanted = Signal(str)
    dropped = Signal(str, str)
    reveal_wanted = Signal()
    read_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._root = SavedFolder("", "")
        self._nothing = READING
        self._closed_folders: set[str] = set()
        self._search = SearchEdit("console.saved.search", "Search saved requests")
        self._tree = _Tree()
        self._empty = label(READING, "muted", wrap=True)
        self._again = button("Read again", "console.saved.again", icon="mdi6.refresh")
        self._again.hide()
        self._where = label("", "muted", elide=True)
        self._save = button("Save request…", "console.save", icon="mdi6.content-save")
        self._save.setToolTip("Keeps the request in front as a file")
        self._folder = button("New folder…", "console.saved.folder", icon="mdi6.folder-plus")
        self._lay_out()
        self._connect()

    def show_tree(self, root: SavedFolder, where: str) -> None:
        """Show what is saved, and where it lies."""
        self._where.setText(f"Files in {where}")
        self._again.hide()
        self._show_root(root, NONE_YET)

    def say_failed(self, sentence: str) -> None:
        """Say why nothing can be shown, and offer to try again."""
        self._again.show()
        self._show_root(SavedFolder("", ""), sentence)

    def current(self) -> str:
        """Return the path of what is chosen, "" for nothing."""
        item = self._tree.currentItem()
        return str(item.data(0, _PATH)) if item else ""

    def paths(self) -> list[str]:
        """Return the paths that are shown, from top to bottom."""
        return [str(item.data(0, _PATH)) for item in _all_items(self._tree)]

    def folders(self) -> list[str]:
        """Return the paths of all folders, the one of all of them first."""
        return list(_folders(self._root))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._save, 1)
        buttons.addWidget(self._folder, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._search)
        layout.addWidget(self._empty)
        layout.addWidget(self._again)
        layout.addWidget(self._tree, 1)
        layout.addLayout(buttons)
        layout.addWidget(self._where)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _: self._show_found())
        self._tree.itemActivated.connect(lambda item, _column: self._open(item))
        self._tree.itemCollapsed.connect(lambda item: self._closed_folders.add(item.data(0, _PATH)))
        self._tree.itemExpanded.connect(
            lambda item: self._closed_folders.discard(item.data(0, _PATH))
        )
        self._tree.customContextMenuRequested.connect(self._open_menu)
        self._tree.dropped.connect(self.dropped)
        self._tree.rename_wanted.connect(lambda: self._tell(self.rename_wanted))
        self._tree.delete_wanted.connect(lambda: self._tell(self.delete_wanted))
        self._again.clicked.connect(self.read_wanted)
        self._save.clicked.connect(self.save_requested)
        self._folder.clicked.connect(lambda: self.folder_wanted.emit(self._folder_here()))

    def _show_root(self, root: SavedFolder, nothing: str) -> None:
        self._root, self._nothing = root, nothing
        self._show_found()

    def _show_found(self) -> None:
        words = self._search.text().casefold().split()
        chosen = self.current()
        self._tree.blockSignals(True)
        self._tree.clear()
        self._fill(self._tree.invisibleRootItem(), self._root, words)
        for item in _all_items(self._tree):
            closed = item.data(0, _PATH) in self._closed_folders and not words
            item.setExpanded(not closed)
            if item.data(0, _PATH) == chosen:
                self._tree.setCurrentItem(item)
        self._tree.blockSignals(False)
        is_filtered = words and (self._root.folders or self._root.requests)
        self._empty.setText(NONE_FOUND if is_filtered else self._nothing)
        self._empty.setVisible(self._tree.topLevelItemCount() == 0)

    def _fill(self, parent: QTreeWidgetItem, folder: SavedFolder, words: list[str]) -> None:
        for inner in folder.folders:
            if words and not any(_has(each, words) for each in inner.walk()):
                continue
            item = QTreeWidgetItem(parent, [f"{one_line(inner.name)}/"])
            item.setData(0, _PATH, inner.path)
            item.setData(0, _FOLDER, True)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"Folder {inner.name}")
            self._fill(item, inner, words)
        for request in folder.requests:
            if not words or _has(request, words):
                parent.addChild(_item(request))

    def _open(self, item: QTreeWidgetItem) -> None:
        if not item.data(0, _FOLDER):
            self.opened.emit(item.data(0, _PATH))

    def _tell(self, signal: SignalInstance) -> None:
        if path := self.current():
            signal.emit(path)

    def _folder_here(self) -> str:
        item = self._tree.currentItem()
        if item is None:
            return ""
        path = str(item.data(0, _PATH))
        return path if item.data(0, _FOLDER) else path.rpartition("/")[0]

    def _open_menu(self, at: QPoint) -> None:
        item = self._tree.itemAt(at)
        if item is not None:
            self._tree.setCurrentItem(item)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if item is not None:
            if not item.data(0, _FOLDER):
                menu.addAction("Open\tEnter", lambda: self._tell(self.opened))
            menu.addAction("Rename…\tF2", lambda: self._tell(self.rename_wanted))
            menu.addAction("Move to a folder…", lambda: self._tell(self.move_wanted))
            menu.addAction("Delete…\tDel", lambda: self._tell(self.delete_wanted))
            menu.addSeparator()
        menu.addAction("New folder…", lambda: self.folder_wanted.emit(self._folder_here()))
        menu.addAction("Open the folder of files", self.reveal_wanted.emit)
        menu.popup(self._tree.viewport().mapToGlobal(at))


class _Tree(QTreeWidget):
    dropped = Signal(str, str)
    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("console.saved")
        self.setAccessibleName("Saved requests")
        self.setHeaderHidden(True)
        self.setItemDelegate(MethodDelegate(self))
        self.setExpandsOnDoubleClick(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    # Reimplemented Qt methods

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where it was dropped; the tree is read anew once the file has moved."""
        moved, at = self.currentItem(), self.itemAt(event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if moved is None:
            return
        path = str(moved.data(0, _PATH))
        target = str(at.data(0, _PATH)) if at else ""
        if at and not at.data(0, _FOLDER):
            target = target.rpartition("/")[0]
        inside = target == path or target.startswith(f"{path}/")
        if not inside and target != path.rpartition("/")[0]:
            self.dropped.emit(path, target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_F2:
                self.rename_wanted.emit()
            case Qt.Key.Key_Delete:
                self.delete_wanted.emit()
            case _:
                super().keyPressEvent(event)


def _item(request: SavedRequest) -> QTreeWidgetItem:
    method = "⚠" if request.trouble else request.draft.method
    item = QTreeWidgetItem([f"{method}  {one_line(request.name)}"])
    item.setData(0, _PATH, request.path)
    item.setData(0, _FOLDER, False)
    item.setToolTip(0, tool_tip(request.trouble or request.draft.title))
    spoken = f"{request.name}: {request.trouble or request.draft.title}"
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
    return item


def _has(request: SavedRequest, words: list[str]) -> bool:
    text = f"{request.path} {request.draft.title}".casefold()
    return all(word in text for word in words)


def _folders(folder: SavedFolder) -> Iterator[str]:
    yield folder.path
    for inner in folder.folders:
        yield from _folders(inner)


def _all_items(tree: QTreeWidget) -> Iterator[QTreeWidgetItem]:
    waiting = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    while waiting:
        item = waiting.pop(0)
        if item is not None:
            yield item
            waiting[:0] = [item.child(place) for place in range(item.childCount())]

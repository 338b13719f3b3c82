"""The body of a request: JSON, a form, raw text, a file, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from refiner_desktop.services.requests.draft import EMPTY, BodyKind, RequestDraft
from refiner_desktop.services.requests.filling import encoded
from refiner_desktop.services.requests.json_mistakes import Mistake, json_mistake
from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.styling import button, label, name_field, restyle
from refiner_desktop.ui.tabs.console.body_edit import BodyEdit
from refiner_desktop.ui.tabs.console.rows_editor import RowsEditor
from refiner_desktop.ui.tabs.console.whole_text import is_editable
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.calm_combo import CalmComboBox
from refiner_desktop.ui.widgets.text_view.text_pane import text_pane

CHECK_MS = 200
CHECKED_AT_ONCE = 1 << 16
KINDS = {
    BodyKind.NONE: "No body",
    BodyKind.JSON: "JSON",
    BodyKind.FORM: "Form",
    BodyKind.TEXT: "Text",
    BodyKind.FILE: "File",
}
HINTS = {
    BodyKind.NONE: "Nothing is sent. What you type here becomes JSON.",
    BodyKind.JSON: "",
    BodyKind.FORM: "Rows, sent as application/x-www-form-urlencoded.",
    BodyKind.TEXT: "Sent as it is, as plain text unless a header says another type.",
    BodyKind.FILE: "Sent byte for byte; read anew each time.",
}
GOOD = "This is valid JSON."
CHECKING = "Looking for mistakes…"
_EDIT, _LONG, _FORM, _FILE = range(4)


class BodyPage(QWidget):
    """What is typed for one kind stays while another is looked at.

    Signals: `edited()`; `format_requested()` when the JSON should be put in order;
    `check_requested()` when it is so long that to look for a mistake takes a while;
    `file_wanted()` when a person wants to choose a file.
    """

    edited = Signal()
    check_requested = Signal()
    format_requested = Signal()
    file_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._draft = EMPTY
        self._showing = False
        self._looked_at = ""
        self._mistake: Mistake | None = None
        self._make()
        self._lay_out()
        self._connect()
        self._show_kind()

    def put_into(self, draft: RequestDraft) -> RequestDraft:
        """Return the draft with the body that stands here."""
        mine = self._draft
        return replace(draft, body=mine.body, text=mine.text, form=mine.form, file=mine.file)

    def show_draft(self, draft: RequestDraft) -> None:
        """Show the body of another draft; nobody is told."""
        self._draft = draft
        self._show_text(draft.text)
        with self._unheard():
            self.form.show_rows(draft.form)
            self._file.setText(draft.file)
        self._show_kind()

    def take_text(self, text: str) -> None:
        """Put another text in place of the one there is, as if it were typed; it can be undone."""
        self.edit.take_text(text)

    def show_mistake(self, text: str, mistake: Mistake | None) -> None:
        """Tell what is wrong with a long text, if it is still the one that stands here."""
        if text is self._draft.text and self._draft.body is BodyKind.JSON:
            self._tell(GOOD, mistake)

    def take_file(self, path: Path) -> None:
        """Let a file be the body."""
        self._file.setText(str(path))

    def go_to_mistake(self) -> None:
        """Put the cursor where the mistake is."""
        if self._mistake and self._stack.currentIndex() == _EDIT:
            self.edit.go_to(self._mistake.place)

    def focus(self) -> None:
        """Bring the keyboard into the body."""
        if (page := self._stack.currentWidget()) is not None:
            page.setFocus()

    def _make(self) -> None:
        self._kind = CalmComboBox()
        self._kind.setObjectName("console.body.kind")
        name_field(self._kind, "Kind of body")
        for kind, title in KINDS.items():
            self._kind.addItem(title, kind)
        self._hint = label(role="muted", elide=True)
        self._format = button("Format", "console.body.format", icon="mdi6.format-indent-increase")
        self._format.setToolTip("Indents the JSON and leaves every value as it is")
        self._told = label(role="muted", elide=True)
        self._told.setObjectName("console.body.mistake")
        self._go = button("Go to it", "console.body.go", icon="mdi6.arrow-right")
        self._go.setToolTip("Puts the cursor where the mistake is")
        self.edit = BodyEdit()
        self.edit.setPlaceholderText("The body, usually JSON")
        self._long = text_pane("console.body.long", "Body, only to look at")
        self.form = RowsEditor("console.form", "Form fields")
        self._file = QLineEdit(placeholderText="Path of the file")
        self._file.setObjectName("console.body.file")
        self._file.setAccessibleName("File to send as the body")
        self._choose = button("Choose…", "console.body.choose", icon="mdi6.folder-open")
        self._clear = button("Clear", "console.body.clear")
        self._undo = button("Undo", "console.body.undo", icon="mdi6.undo")
        self._undo.setToolTip("Brings back the text that stood here before")
        self._stack = QStackedWidget()
        self._pause = QTimer(self, singleShot=True, interval=CHECK_MS)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(SPACE)
        line.addWidget(self._kind)
        line.addWidget(self._hint, 1)
        line.addWidget(self._told, 3)
        line.addWidget(self._go)
        line.addWidget(self._clear)
        line.addWidget(self._undo)
        line.addWidget(self.form.reveal)
        line.addWidget(self.form.as_text)
        line.addWidget(self._format)
        file = QWidget()
        fields = QHBoxLayout(file)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setAlignment(Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self._file, 1)
        fields.addWidget(self._choose)
        for page in (self.edit, self._long, self.form, file):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE // 2, 0, 0)
        layout.setSpacing(SPACE // 2)
        layout.addLayout(line)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._kind.currentIndexChanged.connect(self._on_kind_chosen)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.loaded.connect(self._show_hint)
        self.edit.undoAvailable.connect(lambda _: self._show_undo())
        self.form.edited.connect(lambda: self._change(form=self.form.rows()))
        for change in (self.form.edited, self.form.as_text.toggled):
            change.connect(lambda *_: self._show_form_tools())
        self._file.textChanged.connect(lambda text: self._change(file=text))
        self._choose.clicked.connect(self.file_wanted)
        self._clear.clicked.connect(lambda: self.take_text(""))
        self._undo.clicked.connect(self.edit.bring_back)
        undo = QShortcut(QKeySequence.StandardKey.Undo, self._long)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self.edit.bring_back)
        self._format.clicked.connect(self.format_requested)
        self._go.clicked.connect(self.go_to_mistake)
        self._pause.timeout.connect(self._check)

    def _change(self, **changes: object) -> None:
        if not self._showing:
            self._draft = replace(self._draft, **changes)  # type: ignore[arg-type]
            self.edited.emit()

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        """Let the fields be filled without a word: nobody typed this."""
        self._showing = True
        try:
            yield
        finally:
            self._showing = False

    def _on_kind_chosen(self) -> None:
        if self._showing:
            return
        self._change(body=BodyKind(self._kind.currentData()))  # Qt knows the text only
        self._show_kind()

    def _on_text_changed(self) -> None:
        text = self.edit.toPlainText()
        if self._showing or text == self._draft.text:
            return
        typed_first = self._draft.body is BodyKind.NONE and text
        self._change(text=text, body=BodyKind.JSON if typed_first else self._draft.body)
        if typed_first or self.edit.can_bring_back:
            self._show_kind()
        self._pause.start()

    def _show_text(self, text: str) -> None:
        with self._unheard():
            self.edit.show_text(text)

    def _show_kind(self) -> None:
        kind = self._draft.body
        with self._unheard():
            self._kind.setCurrentIndex(self._kind.findData(kind))
        long = not is_editable(self._draft.text)
        pages = {BodyKind.FORM: _FORM, BodyKind.FILE: _FILE}
        page = pages.get(kind, _LONG if long else _EDIT)
        self._stack.setCurrentIndex(page)
        self._show_long(self._draft.text if long else "")
        self.edit.set_json(kind in (BodyKind.JSON, BodyKind.NONE))
        self._format.setVisible(kind is BodyKind.JSON)
        self._clear.setVisible(page == _LONG)
        self._show_undo()
        self._show_form_tools()
        self._show_hint()
        self._check()

    def _show_form_tools(self) -> None:
        is_form = self._draft.body is BodyKind.FORM
        self.form.as_text.setVisible(is_form)
        self.form.reveal.setVisible(is_form and self.form.has_secrets)

    def _show_undo(self) -> None:
        is_text = self._stack.currentIndex() in (_EDIT, _LONG)
        self._undo.setVisible(self.edit.can_bring_back and is_text)

    def _show_long(self, text: str) -> None:
        """Show a text that is only looked at; "" for none."""
        if text is not self._looked_at:
            self._looked_at = text
            self._long.view.set_json(encoded(text))

    def _show_hint(self) -> None:
        count = f"{number(len(self._draft.text))} characters"
        if self._stack.currentIndex() == _LONG:
            hint = f"{count}: sent as they are; they can't be edited here."
        elif self._stack.currentIndex() == _EDIT and self.edit.loading:
            hint = f"Laying out {count}; they can be edited in a moment."
        else:
            hint = HINTS[self._draft.body]
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def _check(self) -> None:
        self._pause.stop()
        text = self._draft.text
        if self._draft.body is not BodyKind.JSON or not text.strip():
            self._tell("", None)
        elif len(text) <= CHECKED_AT_ONCE:
            self._tell(GOOD, json_mistake(text))
        else:
            self._tell(CHECKING, None)
            self.check_requested.emit()

    def _tell(self, text: str, mistake: Mistake | None) -> None:
        """Tell of a mistake, or a text where there is none."""
        self._mistake = mistake
        self._told.setVisible(bool(text))
        self._told.setText(str(mistake) if mistake else text)
        restyle(self._told, "role", "danger" if mistake else "muted")
        self._go.setVisible(mistake is not None)
        self.edit.show_mistake(mistake.place if mistake else None)

"""The Contacts tab: the service's choices above, what is done with the rows here below."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout

from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.services.connection import ConnectionService, ConnectionState, ConnectionStatus
from refiner_desktop.services.contact_view import ContactChoice
from refiner_desktop.services.contacts import ContactsService, LoadProgress
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry
from refiner_desktop.ui.dialogs import choose_target
from refiner_desktop.ui.styling import button, label, restyle
from refiner_desktop.ui.tabs.contacts.choice_row import ChoiceRow, WrongLimit
from refiner_desktop.ui.tabs.contacts.contact_detail import ContactDetail
from refiner_desktop.ui.tabs.contacts.contact_grid import ContactGrid
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import SPACE

TYPING_MS = 80
"""A pause this long in typing starts the filter."""

REFRESH_SECONDS = 0.25
"""While rows come, the table takes the new ones this often."""

CSV_FILTER = "CSV files (*.csv)"


class ContactsTab(Tab):
    """Loads contacts; sorts, filters, shows and exports them.

    Signals: `identify_requested(contact)`, `track_requested(contact)`.
    """

    identify_requested = Signal(dict)
    track_requested = Signal(dict)

    def __init__(self, contacts: ContactsService, connection: ConnectionService) -> None:
        super().__init__("Contacts", "mdi6.account-group")
        self._contacts = contacts
        self._connection = connection
        self._progress = LoadProgress()
        self._refreshed_at = 0.0
        self._project_uuid = ""
        self._make()
        self._lay_out()
        self._connect()

    def register(self, registry: ActionRegistry) -> None:
        """Add loading, filtering and exporting."""
        registry.add("Contacts", "Load contacts", self.load, "Ctrl+R")
        registry.add("Contacts", "Stop loading", self.stop)
        registry.add("Contacts", "Filter the rows", self._focus_filter)
        registry.add("Contacts", "Export the rows as CSV", self.export, "Ctrl+E")

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name what is being loaded or written."""
        sentences = {
            "load": "Contacts are being loaded.",
            "export": "An export is being written; its file will not be there.",
        }
        return tuple(text for name, text in sentences.items() if self.tasks.running(name))

    def load(self) -> None:
        """Load what the choices ask for, in place of the rows that are here."""
        try:
            choice = self._choices.choice()
        except WrongLimit as exc:
            self._say(str(exc), "danger")
            return
        self.tasks.start("load", self._load(choice), label="Loading contacts")

    def stop(self) -> None:
        """Stop loading and keep what came."""
        self.tasks.cancel("load")

    def export(self) -> None:
        """Ask for a file and write the rows that are shown into it."""
        if self._grid.order is None or not len(self._grid.order):
            self._say("There are no rows to export: load contacts first.", "danger")
            return
        self.tasks.start("export", self._export(), label="Exporting contacts")

    def _make(self) -> None:
        self._choices = ChoiceRow()
        self._filter = QLineEdit(placeholderText="Filter the loaded rows", clearButtonEnabled=True)
        self._filter.setObjectName("contacts.filter")
        self._filter.setAccessibleName("Filter the loaded rows")
        self._status = label("No contacts loaded", "muted")
        self._status.setObjectName("contacts.status")
        self._status.setAccessibleName("Rows")
        self._export_button = button("Export CSV…", "contacts.export", icon="mdi6.export")
        self._grid = ContactGrid(self._contacts, self.tasks)
        self._detail = ContactDetail()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)

    def _lay_out(self) -> None:
        local = QHBoxLayout()
        local.setSpacing(SPACE)
        local.addWidget(self._filter, 2)
        local.addWidget(self._status, 3)
        local.addWidget(self._export_button)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.addWidget(self._grid)
        splitter.addWidget(self._detail)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([800, 340])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(self._choices)
        layout.addLayout(local)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._choices.load_requested.connect(self.load)
        self._choices.stop_requested.connect(self.stop)
        self._export_button.clicked.connect(self.export)
        self._filter.textChanged.connect(lambda: self._typing.start())
        self._typing.timeout.connect(lambda: self._grid.set_filter(self._filter.text()))
        self._grid.shown.connect(self._on_shown)
        self._grid.copied.connect(self._on_copied)
        self._grid.chosen.connect(self._on_chosen)
        self._detail.identify_requested.connect(self.identify_requested)
        self._detail.track_requested.connect(self.track_requested)
        self.tasks.changed.connect(self._show_busy)
        self._connection.changed.connect(self._on_connection_changed)
        self._connection.switched.connect(self._on_switched)

    async def _load(self, choice: ContactChoice) -> None:
        self._refreshed_at = 0.0
        self._say("Asking Refiner…", "muted")
        try:
            await self._contacts.load(choice, self._on_progress)
        finally:
            # However it ended, what came is shown.
            self._grid.refresh()

    async def _export(self) -> None:
        order, columns = self._grid.order, self._grid.columns
        path = await choose_target(self, "Export contacts", "contacts.csv", CSV_FILTER)
        if path is None or order is None:
            return
        try:
            await self._contacts.export(order, columns, path, self._on_exported)
        finally:
            self._show_count()
        self.announced.emit(f"{len(order):,} contacts are in {path}.")

    async def _show_contact(self, place: int) -> None:
        if self._grid.order is None:
            return
        try:
            self._detail.show_contact(await self._contacts.contact(self._grid.order, place))
        except RowGone:
            self._detail.clear()

    async def _enter_environment(self) -> None:
        await self._leave_environment()
        surveys = await self._contacts.surveys()
        self._choices.set_surveys((survey.uuid, survey.name) for survey in surveys)
        segments = await self._contacts.segments()
        self._choices.set_segments((segment.uuid, segment.name) for segment in segments)
        await self._contacts.prepare()

    async def _leave_environment(self) -> None:
        self._grid.clear()
        self._choices.set_surveys(())
        self._choices.set_segments(())
        self._progress = LoadProgress()
        self._say("No contacts loaded", "muted")
        await self._contacts.clear()

    def _on_progress(self, progress: LoadProgress) -> None:
        self._progress = progress
        self._say(
            f"{progress.rows:,} of {progress.wanted:,} · {progress.rate:,.0f} a second", "muted"
        )
        if monotonic() - self._refreshed_at > REFRESH_SECONDS:
            self._refreshed_at = monotonic()
            self._grid.refresh()

    def _on_exported(self, done: int, total: int) -> None:
        self._say(f"{done:,} of {total:,} written", "muted")

    def _on_copied(self, count: int) -> None:
        self.announced.emit(f"{count:,} contacts are on the clipboard.")

    def _on_shown(self) -> None:
        if not self.tasks.running("load"):
            self._show_count()

    def _show_count(self) -> None:
        count = 0 if self._grid.order is None else len(self._grid.order)
        loaded, total = self._progress.rows, self._progress.total
        of_loaded = "" if count == loaded else f" of {loaded:,}"
        more = f" · Refiner has {total:,}" if total > loaded else ""
        self._say(f"{count:,}{of_loaded} contacts{more}", "muted")

    def _on_chosen(self, place: int) -> None:
        if place < 0:
            self.tasks.cancel("detail")
            self._detail.clear()
        else:
            self.tasks.start("detail", self._show_contact(place))

    def _on_connection_changed(self, status: ConnectionStatus) -> None:
        if status.state is ConnectionState.OFF:  # calls would fail for want of a connection
            self.tasks.cancel("load")
            self.tasks.cancel("environment")
        if status.project is None or status.project.uuid == self._project_uuid:
            return
        self._project_uuid = status.project.uuid
        self.tasks.cancel()
        self.tasks.start(
            "environment", self._enter_environment(), label="Reading surveys and segments"
        )

    def _on_switched(self, environment: Environment) -> None:
        self._project_uuid = ""
        self.tasks.cancel()
        self.tasks.start("environment", self._leave_environment())

    def _show_busy(self) -> None:
        self._choices.show_loading(self.tasks.running("load"))

    def _focus_filter(self) -> None:
        self.wanted.emit()
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _say(self, text: str, role: str) -> None:
        self._status.setText(text)
        restyle(self._status, "role", role)

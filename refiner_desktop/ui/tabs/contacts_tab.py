"""The Contacts tab: the service's choices above, what is done with the rows here below."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.services.contacts.actions import ContactActions
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.contacts.handover import Handover
from refiner_desktop.services.contacts.targets import Target
from refiner_desktop.services.contacts.view import ContactChoice, ContactView
from refiner_desktop.services.contacts.views import ContactViews
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import (
    ConnectionState,
    ConnectionStatus,
)
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.focus import reach
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.models.locale_writing import writing_of
from refiner_desktop.ui.styling import button
from refiner_desktop.ui.tabs.contacts.choice_row import ChoiceRow
from refiner_desktop.ui.tabs.contacts.contact_detail import ContactDetail
from refiner_desktop.ui.tabs.contacts.contact_export import EXPORT, ContactExport
from refiner_desktop.ui.tabs.contacts.contact_grid import WORDS, ContactGrid
from refiner_desktop.ui.tabs.contacts.contact_text import first_of
from refiner_desktop.ui.tabs.contacts.count_line import CountLine
from refiner_desktop.ui.tabs.contacts.layout_memory import LayoutMemory
from refiner_desktop.ui.tabs.contacts.loading import LOAD, Loading
from refiner_desktop.ui.tabs.contacts.row_actions import RowActions
from refiner_desktop.ui.tabs.contacts.row_work import ACT, RowWork
from refiner_desktop.ui.tabs.contacts.view_bar import ViewBar
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.grid.column_tools import ColumnTools
from refiner_desktop.ui.widgets.grid.filter_bar import FilterBar

LOADING = ("load", "stop", "resume")
NO_ROWS = "There are no rows to export: load contacts first."


class ContactsTab(Tab):
    """Loads contacts; sorts, filters, shows and exports them, and acts on them.

    Signals: `identify_requested(contact)`, `track_requested(contact)`, the contact as a dict shaped
    like the API's; `console_requested(request)`; `bulk_requested(path, title)`, a file of contacts.
    """

    identify_requested = Signal(dict)
    track_requested = Signal(dict)
    console_requested = Signal(object)
    bulk_requested = Signal(Path, str)

    def __init__(
        self,
        contacts: ContactsService,
        actions: ContactActions,
        handover: Handover,
        views: ContactViews,
        connection: ConnectionService,
    ) -> None:
        super().__init__("mdi6.account-group")
        self._contacts = contacts
        self._contact_actions = actions
        self._connection = connection
        self._project_uuid = ""
        contacts.cell_format = writing_of(QLocale())
        self._make(actions, handover, views)
        self._lay_out()
        self._connect()

    def register(self, registry: ActionRegistry) -> None:
        """Add loading, filtering, views, exporting, and what can be done with rows."""
        add = partial(registry.add, "Contacts")
        load, stop, resume = (self.button(f"contacts.{each}") for each in LOADING)
        add("Load contacts", self.load, "Ctrl+R", button=load)
        broken_off = needs(resume, "No loading has been broken off.")
        add("Resume loading", self._loading.resume, obstacle=broken_off, button=resume)
        loading = needs(stop, "No contacts are being loaded.")
        add("Stop loading", self._loading.stop, obstacle=loading, button=stop)
        for title, run in (
            ("Add a filter…", self._add_filter),
            ("Filter by an SQL condition", self._focus_sql),
            ("Choose columns…", self._choose_columns),
            ("Save view", self._views.save),
            ("Save view as…", self._views.save_as),
            ("Rename view…", self._views.rename),
            ("Delete view…", self._views.delete),
        ):
            add(title, run)
        add("Export the rows…", self.export, "Ctrl+Shift+E", button=self._export_button)
        find = registry.add(
            "Contacts", "Filter the rows", self._focus_filter, "Ctrl+F", within=self._grid
        )
        reach(find, self, self._detail.searched)
        self._actions.register(registry, self._grid.table)

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name what is being loaded, written or changed."""
        sentences = {
            LOAD: "Contacts are being loaded.",
            EXPORT: "An export is being written; its file will not be there.",
            ACT: "Contacts are being changed; those whose turn has not come are left alone.",
        }
        return tuple(text for name, text in sentences.items() if self.tasks.running(name))

    async def put_away(self) -> None:
        await self._memory.put_away()

    def load(self) -> None:
        """Load what the choices ask for, in place of the rows that are here."""
        self._loading.load()

    def show_user(self, user_id: str, email: str) -> None:
        """Show one contact as it is now; its row is chosen if it is among those that are loaded."""
        self.wanted.emit()
        self.tasks.start("show user", self._show_user(user_id, email), label="Reading a contact")

    def export(self) -> None:
        """Ask which rows are wanted, how and where, and write them."""
        self._export_rows(prefer_selected=False)

    def _make(self, actions: ContactActions, handover: Handover, views: ContactViews) -> None:
        self._choices = ChoiceRow()
        self._bar = FilterBar(WORDS.name)
        self._export_button = button("Export…", "contacts.export", icon="mdi6.export")
        self._grid = ContactGrid(self._contacts, self.tasks)
        self._loading = Loading(self._contacts, self._choices, self._grid, self.tasks)
        self._count_line = CountLine(self._contacts, self._loading)
        self._tools = ColumnTools(self._contacts, self._bar, self._grid, self.tasks)
        self._memory = LayoutMemory(views, self._grid, self.tasks)
        self._views = ViewBar(views, self.tasks, self._view)
        self._work = RowWork(self, self._contacts, actions, handover, self._connection, self.tasks)
        self._actions = RowActions(self._work, self._grid.selected_rows)
        self._exporting = ContactExport(self, self._contacts, self.tasks)
        self._detail = ContactDetail(
            self._actions, actions.responses, lambda uuid: actions.raw(Target(uuid)), self.tasks
        )

    def _lay_out(self) -> None:
        caption = QHBoxLayout()
        caption.setSpacing(SPACE)
        caption.addWidget(self._count_line, 1)
        caption.addWidget(self._views)
        caption.addWidget(self._export_button)
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(SPACE + SPACE // 2)
        head.addWidget(self._choices)
        head.addWidget(self._bar)
        head.addLayout(caption)
        splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        splitter.setObjectName("contacts.split.detail")
        splitter.addWidget(self._grid)
        splitter.addWidget(self._detail)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([800, 340])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE)
        layout.setSpacing(SPACE + SPACE // 2)
        layout.addWidget(self._head)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self._count_line.rest_requested.connect(self._loading.load_rest)
        self._export_button.clicked.connect(self.export)
        self._choices.edited.connect(self._show_count)
        self._bar.left_down.connect(self._focus_rows)
        self._connect_grid()
        self._connect_rows()
        self._views.opened.connect(self._show_view)
        self._views.columns_requested.connect(self._tools.choose_columns)
        self._views.announced.connect(self.announced)
        self._views.troubled.connect(self.warned)
        self._connection.changed.connect(self._on_connection_changed)
        self._connection.switched.connect(self._on_switched)

    def _connect_grid(self) -> None:
        grid = self._grid
        grid.shown.connect(self._on_shown)
        grid.chosen.connect(self._on_chosen)
        grid.opened.connect(self._focus_detail)
        grid.selected.connect(self._on_selected)
        grid.copy_requested.connect(self._actions.copy_as_table)
        grid.rearranged.connect(self._show_out_of_sight)
        grid.menu_requested.connect(self._open_menu)

    def _connect_rows(self) -> None:
        work, exporting = self._work, self._exporting
        work.identify_requested.connect(self.identify_requested)
        work.track_requested.connect(self.track_requested)
        work.console_requested.connect(self.console_requested)
        work.bulk_requested.connect(self.bulk_requested)
        work.rows_changed.connect(self._on_rows_changed)
        work.refreshed.connect(self._detail.show_newer)
        self._actions.wanted.connect(self.wanted)
        self._grid.table.addAction(self._actions.delete)
        self._actions.export_requested.connect(lambda: self._export_rows(prefer_selected=True))
        work.announced.connect(self.announced)
        exporting.filed.connect(self.filed)
        exporting.ended.connect(self._show_count)
        exporting.rest_requested.connect(self._loading.load_rest)
        self._detail.announced.connect(self.announced)
        self._detail.row_wanted.connect(self._on_row_wanted)
        self._detail.left.connect(self._focus_rows)
        for part in (work, exporting):
            part.progressed.connect(lambda text: self._count_line.say(text, "muted"))
            part.warned.connect(self.warned)

    # Environments

    async def _enter_environment(self) -> None:
        await self._settle_in()
        self._loading.enter()
        await self._contacts.prepare()

    async def _settle_in(self) -> None:
        """Let everything look as it did when this environment was left."""
        await self._loading.forget_rows()
        await self._memory.enter(self._connection.environment.id)
        self._views.read_names()

    def _on_connection_changed(self, status: ConnectionStatus) -> None:
        if status.state is ConnectionState.OFF:  # calls would fail for want of a connection
            for name in (LOAD, "environment", "choices"):
                self.tasks.cancel(name)
        if status.project is None or status.project.uuid == self._project_uuid:
            return
        self._project_uuid = status.project.uuid
        self._leave_environment()
        self.tasks.start("environment", self._enter_environment())

    def _on_switched(self, _environment: Environment) -> None:
        self._project_uuid = ""
        self._leave_environment()
        self.tasks.start("environment", self._settle_in())

    def _leave_environment(self) -> None:
        # At once, so that a load that begins now is no longer part of it.
        self.tasks.cancel()
        self._memory.leave()
        self._loading.leave()
        self._bar.set_filter(RowFilter())
        self._show_out_of_sight()
        self._on_selected()

    # Views and columns

    def _view(self) -> ContactView:
        """Return what a saved view of now would bring back."""
        grid = self._grid
        return ContactView(
            choice=self._loading.choice,
            filter=self._bar.filter(),
            sort=grid.sort,
            columns=grid.looks,
        )

    def _show_view(self, view: ContactView) -> None:
        self._bar.set_filter(view.filter)
        self._grid.show_view(view)
        self._loading.load_again(view.choice)

    def _choose_columns(self) -> None:
        self.wanted.emit()
        self._tools.choose_columns()

    # Rows

    def _export_rows(self, *, prefer_selected: bool) -> None:
        shown, selected = self._grid.all_rows(), self._grid.selected_rows()
        if shown is None:
            self._count_line.say(NO_ROWS, "danger")
        else:
            missing = self._loading.missing
            self._exporting.begin(shown, selected, missing, prefer=prefer_selected)

    async def _show_contact(self, place: int) -> None:
        if self._grid.order is None:
            return
        try:
            self._detail.show_contact(await self._contacts.contact(self._grid.order, place))
        except RowGone:
            self._detail.clear()

    async def _show_user(self, user_id: str, email: str) -> None:
        contact = await self._contact_actions.look_up(user_id, email)
        self._detail.begin_with_fields(contact)
        if not await self._grid.choose(str(contact.get("uuid"))):
            self._show_without_row(contact)

    def _show_without_row(self, contact: Mapping[str, Any]) -> None:
        self.tasks.cancel("detail")
        self._detail.show_without_row(contact, filtered=self._grid.filtered)

    async def _bring_row(self, contact: Mapping[str, Any]) -> None:
        """Bring a contact into the table: out of the rows that are hidden, or from Refiner."""
        uuid, filtered = first_of(contact, "uuid"), self._grid.filtered
        self._bar.set_filter(RowFilter())
        if await self._grid.choose(uuid, unfiltered=True):
            return
        if filtered:
            self._show_without_row(contact)
        else:
            known = first_of(contact, "email") or first_of(contact, "remote_id") or uuid
            self._loading.load_again(ContactChoice(search=known))

    def _on_row_wanted(self) -> None:
        self.tasks.start("show row", self._bring_row(self._detail.contact))

    def _on_chosen(self, place: int) -> None:
        if place < 0:
            self.tasks.cancel("detail")
            self._detail.clear()
        else:
            self.tasks.start("detail", self._show_contact(place))

    def _on_rows_changed(self) -> None:
        if self._grid.chosen_place >= 0:
            self.tasks.start("detail", self._show_contact(self._grid.chosen_place))
        self._grid.refresh_if_loaded()

    def _on_selected(self) -> None:
        self._actions.show_selection()
        selected = self._grid.selected_rows()
        self._detail.show_selection(len(selected) if selected is not None else 0)

    def _open_menu(self, place: QPoint) -> None:
        menu = self._actions.menu(self._grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _focus_detail(self) -> None:
        self._detail.enter_pages()

    def _focus_rows(self) -> None:
        self._grid.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_filter(self) -> None:
        self.wanted.emit()
        self._bar.focus_words()

    def _add_filter(self) -> None:
        self.wanted.emit()
        self._bar.add_condition()

    def _focus_sql(self) -> None:
        self.wanted.emit()
        self._bar.focus_sql()

    # What is said

    def _on_shown(self) -> None:
        self._show_out_of_sight()
        self._show_count()

    def _show_count(self) -> None:
        if self._grid.order is not None:
            self._count_line.show_count(len(self._grid.order))

    def _show_out_of_sight(self) -> None:
        row_filter = self._bar.filter()
        filters = len(row_filter.conditions)
        filters += bool(row_filter.words.strip()) + bool(row_filter.expert.strip())
        grid = self._grid
        self._views.show_out_of_sight(grid.hidden_count, filters, one_line(grid.hidden_sort))

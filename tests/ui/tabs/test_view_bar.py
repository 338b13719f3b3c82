"""The saved views of the contacts and the mark beside them."""

import asyncio

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton

from refiner_desktop.datasets.columns import SortKey
from refiner_desktop.masking import Mask
from refiner_desktop.services.contacts.view import ContactView
from refiner_desktop.services.contacts.views import ContactViews
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.contact_views import ContactViewStore
from refiner_desktop.storage.database import Database
from refiner_desktop.ui.tabs.contacts.view_bar import ViewBar
from refiner_desktop.ui.task_runner import TaskRunner

pytestmark = pytest.mark.anyio

BY_MAIL = ContactView(sort=(SortKey("email"),))


@pytest.fixture
def views(tmp_path):
    database = Database.open(tmp_path / "refiner.db")
    settings = SettingsStore(tmp_path / "settings.json")
    connection = ConnectionService(settings, Keys(MemoryStore(), Mask()))
    yield ContactViews(ContactViewStore(database), connection)
    database.close()


class Bar:
    """A bar that is used outside a window, and what it told."""

    def __init__(self, views):
        self.tasks = TaskRunner()
        self.now = ContactView()
        self.bar = ViewBar(views, self.tasks, lambda: self.now)
        self.opened = []
        self.troubles = []
        self.bar.opened.connect(self._on_opened)
        self.bar.troubled.connect(self.troubles.append)

    def _on_opened(self, view):
        self.now = view
        self.opened.append(view)

    async def rest(self):
        while self.tasks.running("view") or self.tasks.running("views"):
            await asyncio.sleep(0.01)

    @property
    def title(self):
        return self.bar.findChild(QToolButton, "contacts.views").text()

    @property
    def mark(self):
        return self.bar.findChild(QPushButton, "contacts.mark")

    def menu(self):
        menu = self.bar.findChild(QToolButton, "contacts.views").menu()
        menu.aboutToShow.emit()
        return {action.text(): action for action in menu.actions() if action.text()}


@pytest.fixture
async def bar(views, qtbot):
    bar = Bar(views)
    qtbot.addWidget(bar.bar)
    yield bar
    await bar.tasks.aclose()


async def test_the_mark_counts_what_is_out_of_sight_and_leaves_when_nothing_is(bar):
    assert bar.mark.isHidden()
    bar.bar.show_out_of_sight(3, 2)
    assert bar.mark.text() == "3 columns hidden · 2 filters"
    bar.bar.show_out_of_sight(1, 0)
    assert bar.mark.text() == "1 column hidden"
    assert bar.mark.accessibleName() == "Out of sight: 1 column hidden"
    bar.bar.show_out_of_sight(0, 0)
    assert bar.mark.isHidden()


async def test_saved_views_are_listed_and_opened_by_name(bar, views):
    assert "No saved views yet" in bar.menu()
    await views.save("Mails & more", BY_MAIL)
    bar.bar.read_names()
    await bar.rest()
    bar.menu()["Mails && more"].trigger()
    await bar.rest()
    assert bar.opened == [BY_MAIL]
    assert bar.title == "Mails & more"
    assert bar.menu()["Mails && more"].isChecked()


async def test_the_title_says_when_the_view_was_changed_and_save_keeps_it(bar, views):
    await views.save("Mine", BY_MAIL)
    bar.bar.open_view("Mine")
    await bar.rest()
    bar.now = ContactView(filter=RowFilter(words="ana"))
    bar.bar.show_out_of_sight(0, 1)
    assert bar.title == "Mine (changed)"
    bar.bar.save()
    await bar.rest()
    assert bar.title == "Mine"
    assert await views.get("Mine") == bar.now


async def test_a_view_that_is_gone_is_said_and_leaves_the_list(bar, views):
    await views.save("Mine", BY_MAIL)
    bar.bar.read_names()
    await bar.rest()
    await views.delete("Mine")
    bar.bar.open_view("Mine")
    await bar.rest()
    assert "no longer there" in str(bar.troubles[0])
    assert bar.opened == []
    assert "Mine" not in bar.menu()


async def test_without_a_chosen_view_only_saving_under_a_name_is_offered(bar):
    menu = bar.menu()
    assert menu["Save view as…"].isEnabled()
    for title in ("Save view", "Rename view…", "Delete view…"):
        assert not menu[title].isEnabled()

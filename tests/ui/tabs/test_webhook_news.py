"""Deliveries that nobody has seen: counted on the tab, announced together on the desktop."""

from datetime import UTC, datetime

import pytest
from psygnal import Signal
from PySide6.QtCore import QObject
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtWidgets import QWidget

from refiner_desktop.ui.notifier import Notifier
from refiner_desktop.ui.tabs.webhooks import news
from refiner_desktop.ui.tabs.webhooks.news import News
from refiner_desktop.webhooks.delivery import DeliveryRow, Gist, Kind, Verdict


class Arrivals:
    """Stands in for the service: only what arrives matters here."""

    arrived = Signal(tuple)


class Desktop(QObject):
    """Stands in for a desktop that takes announcements; the one of the tests has no place."""

    clicked = QtSignal()

    def __init__(self):
        super().__init__()
        self.said = []

    def say(self, title, text):
        self.said.append((title, text))


def _row(number):
    gist = Gist(sentence=f"User {number} completed NPS")
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    return DeliveryRow(number, "h", moment, "POST", "/", Kind.OTHER, Verdict.ACCEPTED, 200, 2, gist)


@pytest.fixture
def arrivals(qtbot, monkeypatch):
    monkeypatch.setattr(news, "TOGETHER_MS", 1)
    page, arrivals, desktop = QWidget(), Arrivals(), Desktop()
    qtbot.addWidget(page)
    arrivals.page, arrivals.desktop = page, desktop
    arrivals.news = News(page, arrivals, desktop)
    return arrivals


def test_what_arrives_out_of_sight_is_counted_until_it_is_seen(arrivals, qtbot):
    counts = []
    arrivals.news.counted.connect(counts.append)
    arrivals.arrived.emit((_row(1), _row(2)))
    arrivals.arrived.emit((_row(3),))
    arrivals.page.show()
    arrivals.arrived.emit((_row(4),))
    assert counts == [2, 3, 0]


def test_what_arrives_together_is_announced_together(arrivals, qtbot):
    arrivals.arrived.emit((_row(1),))
    arrivals.arrived.emit((_row(2), _row(3)))
    qtbot.waitUntil(lambda: bool(arrivals.desktop.said))
    said = ("3 deliveries have arrived", "User 1 completed NPS, and 2 more")
    assert arrivals.desktop.said == [said]


def test_a_click_on_the_announcement_brings_the_tab_to_the_front(arrivals, qtbot):
    with qtbot.waitSignal(arrivals.news.wanted):
        arrivals.desktop.clicked.emit()


def test_a_desktop_without_a_place_for_announcements_is_no_trouble(qtbot, monkeypatch):
    monkeypatch.setattr(Notifier, "available", False)
    page = QWidget()
    qtbot.addWidget(page)
    notifier = Notifier(page)
    notifier.switch(on=True)
    notifier.say("a", "b")
    notifier.switch(on=False)

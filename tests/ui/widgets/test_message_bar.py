"""One bar for all messages: problems stay until they are dismissed, good news goes by itself."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QPushButton, QWidget

from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.widgets.message_bar import MessageBar, Offer


@pytest.fixture
def room(area):
    room = QWidget(area)
    room.setGeometry(400, 10, 500, 40)
    room.show()
    return room


@pytest.fixture
def bar(area, room):
    return MessageBar(area, room)


@pytest.fixture
def area(qtbot):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(1_000, 600)
    area.show()
    QCursor.setPos(area.mapToGlobal(QPoint(100, 500)))
    return area


def test_it_is_hidden_until_there_is_something_to_say(bar):
    assert bar.isHidden()
    assert bar.text() == ""


def test_a_problem_says_what_happened_and_what_to_do(bar):
    bar.show_problem(Problem("It broke.", "Try again."))
    assert bar.text() == "It broke. Try again."


def test_good_news_is_said_alone_and_the_problem_that_stands_comes_back_after_it(bar):
    bar.show_problem(Problem("It broke.", ""))
    bar.show_success("Loaded.")
    assert bar.text() == "Loaded."
    assert bar.property("severity") == "success"
    bar._timer.timeout.emit()
    assert bar.text() == "It broke."
    assert bar.property("severity") == "error"


def test_good_news_waits_behind_a_problem_that_a_person_reads_just_now(bar):
    bar.show_problem(Problem("It broke.", "", "in detail"))
    bar._details_button.setChecked(True)
    bar.enter()
    bar.show_success("Loaded.")
    assert bar.text() == "It broke.\nin detail"
    bar.dismiss()
    assert bar.text() == "Loaded."
    assert bar._timer.isActive()


def test_a_problem_that_is_over_goes_and_leaves_the_others(bar):
    over = Problem("The port is taken.", "")
    bar.show_problem(Problem("It broke.", ""))
    bar.show_warning(over)
    bar.take_back(over)
    assert bar.text() == "It broke."
    bar.take_back(over)
    assert bar.text() == "It broke."


def test_an_older_problem_returns_when_the_newer_one_is_dismissed(bar):
    bar.show_warning(Problem("A file was moved aside.", ""))
    bar.show_problem(Problem("It broke.", ""))
    assert bar.text() == "It broke."
    bar.dismiss()
    assert bar.text() == "A file was moved aside."
    bar.dismiss()
    assert bar.isHidden()


def test_the_same_problem_twice_is_dismissed_once(bar):
    for _ in range(3):
        bar.show_problem(Problem("It broke.", ""))
    bar.dismiss()
    assert bar.isHidden()


def test_details_are_shown_on_demand_and_markup_stays_text(bar):
    bar.show_problem(Problem("It broke.", "", "<b>ConnectionFailed</b>: refused"))
    bar._details_button.setChecked(True)
    assert "<b>ConnectionFailed</b>: refused" in bar.text()


def test_good_news_leaves_by_itself(bar, qtbot):
    bar._timer.setInterval(10)
    bar.show_success("Loaded.")
    qtbot.waitUntil(bar.isHidden)


def test_what_a_source_said_can_be_forgotten_and_others_stay(bar):
    bar.show_problem(Problem("Of the old environment.", ""), "contacts")
    bar.show_problem(Problem("Of the listener.", ""), "webhooks")
    bar.forget(["contacts"])
    assert "Of the listener." in bar.text()
    bar.forget(["webhooks"])
    assert bar.text() == ""


def test_while_somebody_points_at_good_news_or_is_in_it_it_stays(bar, qtbot):
    bar.show_success("Loaded.")
    bar.enter()
    bar._timer.timeout.emit()
    assert bar.text() == "Loaded."
    assert bar._timer.isActive()
    qtbot.keyClick(bar.focusWidget(), Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_good_news_ends_where_the_person_goes_on_and_a_problem_does_not(bar):
    bar.show_success("Loaded.")
    bar.end_news()
    assert bar.isHidden()
    bar.show_problem(Problem("It broke.", ""))
    bar.show_success("Loaded.")
    assert bar.text() == "Loaded."
    bar.end_news()
    assert bar.text() == "It broke."
    bar.end_news()
    assert bar.text() == "It broke."


def test_it_keeps_to_the_room_that_is_kept_free_for_it_wherever_that_is(bar, room):
    bar.show_success("The user is identified.")
    for place in ((400, 10, 500, 40), (300, 10, 650, 40)):
        room.setGeometry(*place)
        assert abs(bar.geometry().center().y() - room.geometry().center().y()) <= 1
        assert bar.geometry().left() >= room.geometry().left()
        assert bar.geometry().right() == room.geometry().right()


def test_what_needs_more_than_the_room_is_whole_and_inside_the_window(bar, room, area):
    bar.show_problem(Problem("It broke. " * 40, "Try again.", detail="more\n" * 3))
    for size in ((1_000, 600), (500, 300), (1_600, 900)):
        area.resize(*size)
        room.setGeometry(size[0] - 200, 10, 100, 40)
        assert area.rect().contains(bar.geometry())
        assert bar.height() >= bar.heightForWidth(bar.width())
        assert bar.geometry().top() < room.geometry().bottom()


def test_beside_little_room_it_lies_over_what_is_to_the_right_alone(bar, room, area):
    room.setGeometry(500, 10, 220, 40)
    bar.show_problem(Problem("The file could not be read to its end.", "Choose another one."))
    assert bar.geometry().left() >= room.geometry().left()
    assert bar.height() >= bar.heightForWidth(bar.width())


def test_what_can_be_done_about_a_message_is_offered_with_that_message_alone(bar):
    taken = []
    bar.show_problem(Problem("It broke.", ""))
    bar.show_warning(Problem("It broke before.", ""), offer=Offer("Show", lambda: taken.append(1)))
    offer = bar.findChild(QPushButton, "message.offer")
    assert offer.isVisible()
    assert offer.text() == "Show"
    offer.click()
    bar.dismiss()
    assert not offer.isVisible()
    assert taken == [1]

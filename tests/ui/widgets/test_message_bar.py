"""One bar for all messages: problems stay until they are dismissed, good news goes by itself."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from refiner_desktop.services.problems import Problem
from refiner_desktop.ui.widgets.message_bar import MessageBar, Offer


@pytest.fixture
def bar(area):
    return MessageBar(area)


@pytest.fixture
def area(qtbot):
    area = QWidget()
    qtbot.addWidget(area)
    area.resize(1_000, 600)
    area.show()
    return area


def test_it_is_hidden_until_there_is_something_to_say(bar):
    assert bar.isHidden()
    assert bar.text() == ""


def test_a_problem_says_what_happened_and_what_to_do(bar):
    bar.show_problem(Problem("It broke.", "Try again."))
    assert bar.text() == "It broke. Try again."


def test_good_news_does_not_hide_a_problem(bar):
    bar.show_problem(Problem("It broke.", ""))
    bar.show_success("Loaded.")
    assert bar.text() == "It broke.\nLoaded."
    bar._timer.timeout.emit()
    assert bar.text() == "It broke."


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


def test_it_lies_over_the_lower_right_whole_at_every_size_and_moves_nothing(bar, area):
    bar.show_problem(Problem("It broke. " * 40, "Try again.", detail="more\n" * 3))
    for size in ((1_000, 600), (500, 300), (1_600, 900)):
        area.resize(*size)
        assert area.rect().contains(bar.geometry())
        assert bar.height() >= bar.heightForWidth(bar.width())
        assert area.rect().bottom() - bar.geometry().bottom() < 40
    assert area.size().toTuple() == (1_600, 900)


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

"""What is remembered about deliveries that were passed on."""

from datetime import UTC, datetime

import pytest

from refiner_desktop.ui.tabs.webhooks import passed_on
from refiner_desktop.ui.tabs.webhooks.passed_on import PassedOn
from refiner_desktop.webhooks.delivery import Delivery, DeliveryRow
from refiner_desktop.webhooks.forwarder import Forwarded

FINE, WRONG, SILENT = Forwarded(200, 0.012), Forwarded(500, 0.1), Forwarded(None, 0.1, "No answer")


def _row(number, hook="Segment entries"):
    return DeliveryRow.of(Delivery(hook, datetime.now(UTC), "POST", "/", (), b"{}", id=number))


@pytest.mark.parametrize("trouble", [WRONG, SILENT])
def test_a_hook_begins_to_fail_once_until_it_works_again(trouble):
    remembered = PassedOn()
    outcomes = (trouble, trouble, FINE, trouble)
    begins = [remembered.note(_row(n), outcome) for n, outcome in enumerate(outcomes)]
    assert begins == [True, False, False, True]


def test_each_hook_fails_for_itself():
    remembered = PassedOn()
    assert remembered.note(_row(1, "a"), SILENT)
    assert remembered.note(_row(2, "b"), SILENT)
    remembered.forget_failure("a")
    assert (remembered.failure("a"), remembered.failure("b")) == ("", "No answer")


def test_outcomes_are_told_in_words():
    remembered = PassedOn()
    for number, outcome in enumerate((FINE, WRONG, SILENT)):
        remembered.note(_row(number), outcome)
    assert [remembered.word(number) for number in range(4)] == ["200", "500", "failed", ""]
    assert remembered.sentence(0) == "Passed on; the receiver answered 200 in 12 ms."
    assert remembered.sentence(2) == "Not passed on: No answer."
    assert remembered.sentence(3) == ""


def test_the_oldest_outcomes_are_forgotten(monkeypatch):
    monkeypatch.setattr(passed_on, "REMEMBERED", 2)
    remembered = PassedOn()
    for number in range(3):
        remembered.note(_row(number), FINE)
    assert [remembered.word(number) for number in range(3)] == ["", "200", "200"]

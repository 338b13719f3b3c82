"""What became of the deliveries that were passed on since the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refiner_desktop.webhooks.delivery import DeliveryRow

if TYPE_CHECKING:
    from refiner_desktop.webhooks.forwarder import Forwarded

REMEMBERED = 10_000


class PassedOn:
    """The receivers' answers by delivery, and why a hook's last delivery did not get through."""

    def __init__(self) -> None:
        self._outcomes: dict[int, Forwarded] = {}
        self._failing: dict[str, str] = {}

    def note(self, row: DeliveryRow, outcome: Forwarded) -> bool:
        """Remember an outcome; return whether the hook begins to fail with it."""
        self._outcomes[row.id] = outcome
        if len(self._outcomes) > REMEMBERED:
            del self._outcomes[next(iter(self._outcomes))]
        if _arrived(outcome):
            self._failing.pop(row.hook, None)
            return False
        begins = row.hook not in self._failing
        self._failing[row.hook] = _reason(outcome)
        return begins

    def forget_failure(self, hook: str) -> None:
        """Begin anew with a hook: its deliveries go to another address now."""
        self._failing.pop(hook, None)

    def failure(self, hook: str) -> str:
        """Return why a hook's last delivery did not get through; empty when it did."""
        return self._failing.get(hook, "")

    def word(self, delivery_id: int) -> str:
        """Return the answer's status or “failed”; empty for what was not passed on."""
        outcome = self._outcomes.get(delivery_id)
        return "" if outcome is None else str(outcome.status or "failed")

    def sentence(self, delivery_id: int) -> str:
        """Return what happened; empty for what was not passed on."""
        outcome = self._outcomes.get(delivery_id)
        if outcome is None:
            return ""
        if outcome.status is None:
            return f"Not passed on: {outcome.error}."
        milliseconds = outcome.seconds * 1000
        return f"Passed on; the receiver answered {outcome.status} in {milliseconds:,.0f} ms."


def _arrived(outcome: Forwarded) -> bool:
    return outcome.status is not None and 200 <= outcome.status < 300


def _reason(outcome: Forwarded) -> str:
    return outcome.error or f"the receiver answered {outcome.status}"

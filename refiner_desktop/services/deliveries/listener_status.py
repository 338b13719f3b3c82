"""How the listener is, as the window sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from refiner_desktop.webhooks.hosts import is_local, is_own, is_unspecified


class ListenerState(StrEnum):
    """What the listener does."""

    OFF = "off"
    STARTING = "starting"
    LISTENING = "listening"
    RESTARTING = "restarting"
    """It did not answer itself, and is being started anew."""


@dataclass(frozen=True, slots=True)
class ListenerStatus:
    """How the listener is, and what it has done since it was started by a person.

    `received` is every request that reached it; `kept` those that are on disk, `refused` those of
    them that were no genuine deliveries; `failed` those that the disk did not take; `shown` those
    that were handed to the window to be shown, `hidden` those of other environments, and `gone`
    those that were deleted before; `turned_away` what was no request at all.
    """

    state: ListenerState = ListenerState.OFF
    host: str = "127.0.0.1"
    port: int = 0
    received: int = 0
    kept: int = 0
    shown: int = 0
    hidden: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    turned_away: int = 0
    tested_at: datetime | None = None
    test_seconds: float = 0.0
    problem: str = ""
    """Why it does not listen though it should, or listens in vain."""

    @property
    def listening(self) -> bool:
        """Whether deliveries can come in."""
        return self.state is ListenerState.LISTENING

    @property
    def is_open(self) -> bool:
        """Whether others than this machine can reach it, or could in a moment."""
        return self.state is not ListenerState.OFF and not is_local(self.host)

    def is_reached_by(self, host: str, port: int) -> bool:
        """Whether an address of this machine is the listener's, as it listens now."""
        if not self.listening or port != self.port:
            return False
        if is_unspecified(self.host):
            return is_own(host)
        return host == self.host or (is_local(self.host) and is_local(host))

    @property
    def amiss(self) -> str:
        """What is wrong with the counts, as a sentence; empty when nothing is.

        It means something once nothing is on its way: `received` is ahead of `kept` while a
        delivery is written, and `kept` of the others for 50 ms.
        """
        if self.failed:
            return (
                f"{self.failed} deliveries could not be written to the disk; their senders were "
                "told so"
            )
        if self.received != self.kept:
            return f"{self.received} deliveries were received, {self.kept} are kept"
        if self.kept != (handed := self.shown + self.hidden + self.gone):
            return f"{self.kept} deliveries are kept, {handed} were handed to the list"
        return ""

    def sentence(self, number: Callable[[int], str] = str) -> str:
        """Return the state in words, short enough for a status bar, its counts as `number` does."""
        if self.state is ListenerState.OFF:
            return "Listener off"
        if self.state is ListenerState.STARTING:
            return "Listener starts"
        if self.state is ListenerState.RESTARTING:
            return f"Listener restarts: {self.problem}"
        if self.problem:
            return f"Listening on port {self.port}, but {self.problem}"
        refused = f", {number(self.refused)} refused" if self.refused else ""
        failed = f", {number(self.failed)} not kept" if self.failed else ""
        return f"Listening on port {self.port} · {number(self.kept)} received{refused}{failed}"

"""Failures in words: what happened, and what the person can do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from refiner_desktop.masking import Mask
from refiner_desktop.services.wording import Wording


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure in words. `detail` is for whoever looks closer."""

    title: str
    advice: str
    detail: str = ""

    def masked(self, mask: Mask) -> Problem:
        """Return the same without secrets, whatever a library put into its message."""
        return replace(self, advice=mask.text(self.advice), detail=mask.text(self.detail))

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


_LONGEST_REASON = 200

MAYBE_DONE = "It may have been carried out all the same: look in Refiner before you send it again."
MAYBE_DONE_ELSEWHERE = "It may have been carried out all the same: look before you send it again."


def describe(error: BaseException) -> Problem:
    """Say what happened and what the person can do about it."""
    named = _named(error)
    host = getattr(error, "host", "")
    title, advice = (_wording_elsewhere() if host else _wording())[named]
    if host:
        title = title.format(host=host)
    if named is ValueError and (reason := str(error)):
        advice = _sentence(reason)
    if getattr(error, "maybe_done", False):
        advice = MAYBE_DONE_ELSEWHERE if host else MAYBE_DONE
    return Problem(title, advice, _detail(error))


def is_unforeseen(error: BaseException) -> bool:
    """Whether there are no words for it but that something went wrong."""
    return _named(error) is BaseException


def _named(error: BaseException) -> type[BaseException]:
    wording = _wording()
    return next(cls for cls in type(error).__mro__ if cls in wording)


def _sentence(reason: str) -> str:
    reason = reason[:_LONGEST_REASON]
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _detail(error: BaseException) -> str:
    said = str(error)
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    return f"{type(error).__name__}{cause}: {said}" if said else f"{type(error).__name__}{cause}"


@cache
def _wording() -> Wording:
    """Return all wordings. They name classes of parts that are imported late: so are they."""
    from refiner_desktop.services.wording.calls import CALLS
    from refiner_desktop.services.wording.contacts import CONTACTS
    from refiner_desktop.services.wording.deliveries import DELIVERIES
    from refiner_desktop.services.wording.environments import ENVIRONMENTS
    from refiner_desktop.services.wording.keyrings import KEYRINGS
    from refiner_desktop.services.wording.requests import REQUESTS
    from refiner_desktop.services.wording.rows_and_files import ROWS_AND_FILES
    from refiner_desktop.services.wording.system import SYSTEM

    ours = CALLS | ENVIRONMENTS | KEYRINGS | CONTACTS | REQUESTS | DELIVERIES | ROWS_AND_FILES
    return ours | SYSTEM


@cache
def _wording_elsewhere() -> Wording:
    """Return all wordings, with what is said of another server than Refiner's."""
    from refiner_desktop.services.wording.calls import CALLS_ELSEWHERE

    return _wording() | CALLS_ELSEWHERE

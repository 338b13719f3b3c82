"""What is asked and said about one contact or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from refiner_desktop.ui.amounts import number

if TYPE_CHECKING:
    from refiner_desktop.services.contacts.mass_action import ActionProgress, ActionResult
    from refiner_desktop.services.contacts.targets import Target

NAMED = 5
"""So many contacts a question names; the others it counts."""

LOST = "survey responses go too, and nothing brings them back."


def contacts(count: int) -> str:
    """Return "1 contact", "2 contacts"."""
    return f"{number(count)} {'contact' if count == 1 else 'contacts'}"


def name_of_target(target: Target) -> str:
    """Return a name with what tells namesakes apart."""
    known = [each for each in (target.name, target.email, target.user_id) if each]
    if not known:
        return f"Anonymous contact {target.uuid}"
    return f"{known[0]} ({known[1]})" if len(known) > 1 and known[0] != known[1] else known[0]


def question_of_deleting(targets: Sequence[Target], place: str = "") -> tuple[str, str]:
    """Return a question that names who goes, and from where, and what else is lost."""
    where = f" from {place}" if place else ""
    if len(targets) == 1:
        return f"Delete {name_of_target(targets[0])}{where}?", f"The contact's {LOST}"
    names = "\n".join(f"•  {name_of_target(each)}" for each in targets[:NAMED])
    more = f"\n…and {number(len(targets) - NAMED)} more" if len(targets) > NAMED else ""
    return f"Delete {contacts(len(targets))}{where}?", f"{names}{more}\n\nTheir {LOST}"


def progress_sentence(progress: ActionProgress, verb: str) -> str:
    """Say how far an action has come; `verb` is its participle."""
    failed = f" · {number(progress.failed)} failed" if progress.failed else ""
    return f"{number(progress.done)} of {number(progress.total)} {verb}{failed}"


def result_sentence(result: ActionResult, verb: str) -> str:
    """Say what an action came to, when nothing failed."""
    count = len(result.outcomes)
    if count == 1:
        return f"{name_of_target(result.outcomes[0].target)} was {verb}."
    return f"{contacts(count)} were {verb}."


def failure_sentence(result: ActionResult, verb: str) -> str:
    """Say what an action came to, when it failed for some."""
    failed, count = result.failed, len(result.outcomes)
    if count == 1:
        return f"{name_of_target(failed[0].target)} could not be {verb}."
    return f"{number(len(failed))} of {contacts(count)} could not be {verb}."

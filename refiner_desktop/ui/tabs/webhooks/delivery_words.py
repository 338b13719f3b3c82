"""Deliveries and hooks in the words of the window and of Refiner's dashboard."""

from __future__ import annotations

from refiner_desktop.ui.amounts import number
from refiner_desktop.ui.models.cell_text import one_line
from refiner_desktop.ui.moments import exact, recent
from refiner_desktop.webhooks.delivery import DeliveryRow, Kind, Origin, Verdict
from refiner_desktop.webhooks.hooks import Hook

KIND_WORDS = {
    Kind.SURVEY_COMPLETED: "Survey completed",
    Kind.SURVEY_PARTIAL: "Partial answer",
    Kind.SURVEY_SEEN: "Survey seen",
    Kind.SURVEY_DISMISSED: "Survey dismissed",
    Kind.SEGMENT_ENTERED: "Segment entered",
    Kind.TAG_ADDED: "Tag added",
    Kind.OTHER: "Other request",
}

SHORT_WORDS = {
    Kind.SURVEY_COMPLETED: "Completed",
    Kind.SURVEY_PARTIAL: "Partial",
    Kind.SURVEY_SEEN: "Seen",
    Kind.SURVEY_DISMISSED: "Dismissed",
    Kind.SEGMENT_ENTERED: "Segment",
    Kind.TAG_ADDED: "Tag",
    Kind.OTHER: "Other",
}
"""As they stand in the list, where there is little room."""

TRIGGERS = {
    Kind.SURVEY_COMPLETED: "Survey completed",
    Kind.SURVEY_SEEN: "Survey seen",
    Kind.SURVEY_DISMISSED: "Survey dismissed",
    Kind.SEGMENT_ENTERED: "User enters segment",
    Kind.TAG_ADDED: "Tag added to a response",
}
"""In the words of the dashboard; partial responses have no trigger of their own.

API reference, section 7.2.
"""


REFUSED_WORDS = {
    0: "sender left early",
    400: "no valid HTTP",
    401: "token missing or wrong",
    403: "from a page or for another host",
    404: "no hook has this path",
    408: "too slow",
    413: "body too large",
    431: "headers too large",
    503: "too busy",
}
"""Why a delivery was refused, by what it was answered, where there is room for a few words."""


def triggers(hook: Hook) -> str:
    """Return what to choose in Refiner for what a hook watches."""
    named = [words for kind, words in TRIGGERS.items() if kind in hook.watches]
    return ", ".join(named) or "Any"


def sent_as(hook: Hook) -> str:
    """Say where a sender has to put a hook's token."""
    if not hook.token:
        return "No token: anyone may deliver"
    return f"Sent as “{hook.header}: {f'{hook.prefix} …'.strip()}”"


def moment(row: DeliveryRow) -> str:
    """Return when a delivery came: the time today, the day too before."""
    return recent(row.received_at)


def status(row: DeliveryRow) -> str:
    """Return what the sender was answered, and whether it was refused."""
    answer = str(row.answer) if row.answer else "none"
    return f"{answer} refused" if is_refused(row) else answer


def note(row: DeliveryRow) -> str:
    """Return what is out of the ordinary about a delivery, with a star for a pinned one."""
    return " ".join(filter(None, ("★" if row.pinned else "", _note(row))))


def _note(row: DeliveryRow) -> str:
    if not row.method:  # no request: what it probably was
        return row.gist.sentence.removeprefix("Refused: ")
    if is_refused(row):
        return REFUSED_WORDS.get(row.answer or 0, "refused")
    ours = {Origin.REPLAY: "edited replay" if row.edited else "replay", Origin.SAMPLE: "sample"}
    return ours.get(row.origin) or ("seen before" if row.seen_before else "")


def heard(row: DeliveryRow) -> str:
    """Return what is read of a line by whom it comes to: what tells it from the others."""
    what = row.gist.sentence or f"{row.method} {row.path}"
    return ", ".join(filter(None, (moment(row), one_line(what), status(row), note(row))))


def tip(row: DeliveryRow) -> str:
    """Return everything that a line of the list stands for."""
    received = exact(row.received_at)
    answer = f"answered {row.answer}" if row.answer else "not answered"
    lines = [
        row.gist.sentence,
        f"{row.method} {row.path}" if row.method else "No request: its first bytes are kept",
        f"Number {row.id} · {received} · {number(row.size)} bytes · {row.verdict.value}, {answer}",
    ]
    if said := note(row):
        lines.append(said.capitalize())
    return "\n".join(lines)


def passed_on(row: DeliveryRow) -> str:
    """Return the last answer of where a delivery was passed on to; empty when it was not."""
    if row.passed_on is None:
        return "waits" if row.waits else ""
    return str(row.passed_on or "failed")


def is_refused(row: DeliveryRow) -> bool:
    """Whether the listener did not take it for a genuine delivery."""
    return row.verdict is Verdict.REFUSED


def counted(count: int) -> str:
    """Return how many deliveries, in words that agree."""
    return "1 delivery" if count == 1 else f"{number(count)} deliveries"


def found_sentence(listed: int, total: int | None) -> str:
    """Return how many deliveries there are; with a `total`, how many of them the filter finds."""
    if total is None or total < listed:
        return counted(listed)
    match = "matches" if listed == 1 else "match"
    return f"{number(listed)} of {counted(total)} {match} the filter"


def hidden_sentence(count: int) -> str:
    """Say how many deliveries are not shown; nothing when all are."""
    if not count:
        return ""
    if count == 1:
        return "1 delivery of another environment is not shown"
    return f"{number(count)} deliveries of other environments are not shown"

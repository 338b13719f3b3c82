"""What is said about the rows: how a load goes, how many there are, why there are none."""

from __future__ import annotations

from refiner_desktop.services.contacts.contacts import LoadProgress
from refiner_desktop.ui.amounts import number

ASKING = "Asking Refiner…"
NOTHING_LOADED = "No contacts loaded"
WAITING = "The first contacts are on their way."
NOBODY = (
    "Refiner has no contacts for this survey, segment and search. "
    "Choose others above and press “Load contacts”."
)
FAILED = "The contacts could not be loaded. Press “Load contacts” to try again."

LOAD_REST = "Load the rest"
REST_HINT = "Loads these contacts without a limit: filters see only rows that are loaded"

MINUTE = 60


def progress_sentence(progress: LoadProgress, shown: int | None = None) -> str:
    """Say how far a load has come; `shown` is how many of the rows pass the filters, if any."""
    parts = [
        f"{number(progress.rows)} of {number(progress.wanted)}",
        f"{number(progress.rate)} a second",
    ]
    if progress.rows < progress.wanted and progress.seconds_left is not None:
        parts.append(f"{_duration(progress.seconds_left)} left")
    if progress.unreadable:
        parts.append(f"{number(progress.unreadable)} unreadable")
    if shown is not None:
        parts.append(f"{number(shown)} pass the filters")
    return " · ".join(parts)


def count_sentence(
    shown: int, loaded: int, total: int, *, stopped: bool = False, stale: bool = False
) -> str:
    """Say how many rows are shown, of how many that were loaded, and how many more there are.

    `stopped`: the load was not finished. `stale`: something else is asked for above by now.
    """
    if total > loaded:
        of_loaded = "" if shown == loaded else f"{number(shown)} of the "
        rows = f"{of_loaded}{number(loaded)} loaded · {number(total - loaded)} more in Refiner"
    else:
        of_loaded = "" if shown == loaded else f" of {number(loaded)}"
        rows = f"{number(shown)}{of_loaded} contacts"
    halted = " · stopped" if stopped else ""
    old = " · other choices above: press “Load contacts”" if stale else ""
    return f"{rows}{halted}{old}"


def left_out(missing: int) -> str:
    """Say that a file will not have the contacts that are not loaded."""
    are = "contact is" if missing == 1 else "contacts are"
    return f"{number(missing)} more {are} in Refiner and not loaded: a file would be without them."


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    minutes, rest = divmod(whole, MINUTE)
    return f"{minutes} min {rest:02} s" if minutes < 10 else f"{minutes} min"

"""A dry run: every row is read, nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from refiner_desktop.api.policy import Limits
from refiner_desktop.masking import Mask
from refiner_desktop.services.bulk.findings import Finding, FindingList, Level
from refiner_desktop.services.bulk.guessing import overlooked
from refiner_desktop.services.bulk.mapping import BulkAction, warnings
from refiner_desktop.services.bulk.plan import BulkPlan, PlannedRow
from refiner_desktop.services.bulk.users import Likeness, Users
from refiner_desktop.sources.source import SourceUnreadable

REPORTED_ROWS = 1_000
"""Rows between two reports of progress."""

REST_SECONDS = 0.015
"""So long the check rests after each report: the window paints then without waiting for a turn."""

LINE = "line {}"
EMPTY = "The file has no rows."
NOTHING_TO_SEND = "No row can be sent."
SAME = {
    Likeness.SAME: "The same user as in {}: both rows are sent, one after the other.",
    Likeness.OTHER_CASE: "The user id differs from that of {} in capitals only.",
    Likeness.SAME_EMAIL: (
        "Perhaps the same user as in {}: one of the two has an id, the other only the same "
        "e-mail. Which of them is sent first is not certain."
    ),
    Likeness.SHARED_EMAIL: (
        "The same e-mail as in {}, under another user id. Are these two people, or is one of the "
        "ids wrong?"
    ),
}

_LIMITS = Limits()
_NO_SECRETS = Mask()


@dataclass(frozen=True, slots=True)
class Compared:
    """How rows differ from the contacts in Refiner: how many are about users who are not there,
    or not in the segment, how many would change one, and which lines would change nothing.
    """

    new: int
    changed: int
    unchanged: frozenset[int]


@dataclass(frozen=True, slots=True)
class BulkCheck:
    """What a run would do.

    `users` are the different users that it sends something about.
    `findings` are those that stop the run, then the first of each sort; `counts` counts them all.
    `seconds` is how long the calls take at the limits, at the least. `fingerprint` is that of the
    file, empty where it was not read. `unchanged` are lines that would change nothing and are not
    sent, and `compared` says what the others would do, where that was asked.
    """

    rows: int
    calls: int
    users: int
    findings: tuple[Finding, ...]
    counts: Mapping[Level, int]
    seconds: float
    fingerprint: str
    unchanged: frozenset[int] = frozenset()
    action: BulkAction = BulkAction.IDENTIFY
    compared: Compared | None = None


def check(
    plan: BulkPlan,
    should_stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[int], None] = lambda rows: None,
    unchanged: frozenset[int] = frozenset(),
    limits: Limits = _LIMITS,
    mask: Mask = _NO_SECRETS,
    found: FindingList | None = None,
) -> BulkCheck:
    """Read the whole file and tell what a run would do; a plan with problems is read no further.

    `unchanged` are the lines that `comparison` found. Progress is told in rows. Rows that hold a
    secret that the `mask` knows are skipped. Findings are added to `found`, else to a list of the
    usual length. Raises `OSError` or `Stopped`; what is unreadable is a finding.
    """
    look = _Look(mask, found or FindingList())
    for text in plan.problems():
        look.found.add(Finding(Level.STOP, 0, "", text))
    fingerprint = ""
    if not look.found.counts:
        fingerprint = plan.source.fingerprint()
        look.read(plan, should_stop, on_progress, unchanged)
    return BulkCheck(
        rows=look.rows,
        calls=len(look.users),
        users=look.users.different(),
        findings=look.found.listed(),
        counts=look.found.counts,
        seconds=_seconds(look.users, limits),
        fingerprint=fingerprint,
        unchanged=frozenset(look.unchanged),
        action=plan.action,
    )


def _seconds(users: Users, limits: Limits) -> float:
    return 60 * max(len(users) / limits.per_key, users.most_rows() / limits.per_user)


class _Look:
    """One way through a file, and what was seen on it."""

    def __init__(self, mask: Mask, found: FindingList) -> None:
        self._mask = mask
        self.rows = 0
        self.users = Users()
        self.found = found
        self.unchanged: list[int] = []

    def read(
        self,
        plan: BulkPlan,
        should_stop: Callable[[], bool],
        on_progress: Callable[[int], None],
        unchanged: frozenset[int],
    ) -> None:
        """Look at every row, then at all of them together."""
        for column, text in (*warnings(plan.mapping), *overlooked(plan.mapping, plan.action)):
            self.found.add(Finding(Level.WARN, 0, column, text))
        try:
            for planned in plan.rows_to_keep(self._mask, should_stop):
                self._look_at(planned, unchanged)
                if self.rows % REPORTED_ROWS == 0:
                    on_progress(self.rows)
                    time.sleep(REST_SECONDS)
        except SourceUnreadable as exc:
            self.found.add(Finding(Level.STOP, exc.line, "", str(exc)))
        on_progress(self.rows)
        if not self.rows:
            self.found.add(Finding(Level.STOP, 0, "", EMPTY))
        elif not self.users and not self.unchanged:
            self.found.add(Finding(Level.STOP, 0, "", NOTHING_TO_SEND))
        if plan.action is not BulkAction.TRACK:  # a user has many events
            self._compare_users()
            with suppress(SourceUnreadable):  # it was read once: the rows looked for come before
                users = plan.users(self.found.nameless, should_stop)
                self.found.name(users, self._mask)

    def _look_at(self, planned: PlannedRow, unchanged: frozenset[int]) -> None:
        self.rows += 1
        for finding in planned.findings:
            self.found.add(replace(finding, user=self._mask.text(planned.user)))
        if planned.problem:
            return
        if planned.line in unchanged:
            self.unchanged.append(planned.line)
        else:
            self.users.add(planned.line, planned.payload)

    def _compare_users(self) -> None:
        for repeat in self.users.repeats():
            text = SAME[repeat.likeness].format(LINE.format(repeat.first))
            self.found.add_nameless(Finding(Level.WARN, repeat.line, "", text), repeat.likeness)

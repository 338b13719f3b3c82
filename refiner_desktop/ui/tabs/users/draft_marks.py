"""When what is wrong with a draft is said: not before a person has had a chance to type it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refiner_desktop.services.users.drafts import DraftProblem
from refiner_desktop.services.users.form_drafts import Draft
from refiner_desktop.ui.widgets.draft_form import DraftForm


class DraftMarks:
    """Marks the fields of a form.

    What is missing is said once a person has left the field or tried to send; a bad value in a
    row, and an account without an id, which is about rows that are there, at once.
    """

    def __init__(self, form: DraftForm) -> None:
        self._form = form
        self._left: set[str] = set()
        self._tried = False

    def show(self, draft: Draft) -> None:
        """Mark what is wrong with a draft."""
        self._form.show_problems(self._said(draft))

    def begin_anew(self) -> None:
        """Take all fields for untouched: another draft stands in them."""
        self._left.clear()
        self._tried = False

    def leave(self, fields: Iterable[str]) -> None:
        """Take note of fields that a person has left."""
        self._left.update(fields)

    def try_to_send(self) -> None:
        """Take note that a person thinks that nothing is missing."""
        self._tried = True

    def _said(self, draft: Draft) -> Iterator[DraftProblem]:
        for problem in draft.problems():
            of_rows = problem.row is not None or problem.field == "account_id"
            at_once = of_rows and not problem.unfinished
            if at_once or self._tried or problem.field in self._left:
                yield problem

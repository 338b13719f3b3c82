"""What can go wrong with rows.

DatasetError
├── NotAPage       an answer that is no list of contacts
├── RowGone        that row was replaced or cleared in the meantime
├── FilterInvalid  a condition, regular expression or SQL that cannot be used
├── TooManyRows    more rows or columns than a file of that format holds
├── Interrupted    the work was stopped on request
└── OutOfMemory    the rows need more memory than there is
"""

from __future__ import annotations


class DatasetError(Exception):
    """Rows could not be kept, found or written."""


class NotAPage(DatasetError):
    """The answer is no page of contacts: a proxy's HTML, cut-off JSON, another JSON document."""


class RowGone(DatasetError):
    """No row has this id any more: a newer version came, or the rows were cleared."""


class FilterInvalid(DatasetError):
    """A filter that cannot be used, in a sentence for the person who wrote it.

    `key` names the column whose condition is meant, None for the expert filter. `position` counts
    the characters before the place in the expert filter's text, None where there is no one place.
    """

    def __init__(
        self, sentence: str, *, key: str | None = None, position: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.key = key
        self.position = position


class TooManyRows(DatasetError):
    """A file of the wanted format holds fewer rows or columns than there are."""


class Interrupted(DatasetError):
    """The work was stopped before its end; whatever it had done is undone."""


class OutOfMemory(DatasetError):
    """The rows need more memory than they are allowed to take."""

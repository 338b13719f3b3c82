"""What can go wrong with rows.

DatasetError
├── NotAPage       an answer that is no list of contacts
├── RowGone        that row was replaced or cleared in the meantime
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


class Interrupted(DatasetError):
    """The work was stopped before its end; whatever it had done is undone."""


class OutOfMemory(DatasetError):
    """The rows need more memory than they are allowed to take."""

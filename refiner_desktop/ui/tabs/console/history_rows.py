"""A call of the history as a line of the list."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from refiner_desktop.storage.exchange_rows import ExchangeRow, ExchangeState
from refiner_desktop.ui.amounts import counted, milliseconds, number, size
from refiner_desktop.ui.models.indexes import Index
from refiner_desktop.ui.models.record_table_model import Column, RecordTableModel
from refiner_desktop.ui.moments import exact, moment, recent
from refiner_desktop.ui.tabs.console.answer_words import address, role_of
from refiner_desktop.ui.theme import theme_of

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)

NO_STATUS = 999
"""What a call without an answer counts as, where it is coloured."""


def _time(row: ExchangeRow) -> str:
    return ("★ " if row.pinned else "") + recent(row.sent_at)


def _status(row: ExchangeRow) -> str:
    return str(row.status or row.state.value)


def _call(row: ExchangeRow) -> str:
    """Return the call; how one begins that goes elsewhere says less than where to."""
    where = address(row.path, row.query)
    return f"{row.method} {_SCHEME.sub('', where)}{_pages(row)}"


def _pages(row: ExchangeRow) -> str:
    return f" ×{number(row.pages)}" if row.pages > 1 else ""


def _tip(row: ExchangeRow) -> str:
    when = f"{moment(row.sent_at)} ({exact(row.sent_at)})"
    lines = [f"{row.method} {address(row.path, row.query)}", when]
    if row.state is ExchangeState.ANSWERED:
        lines.append(f"{row.status} · {milliseconds(row.seconds or 0)} · {size(row.answer_size)}")
        if row.pages > 1:
            lines.append(f"The first of {counted(row.pages, 'page')} that were fetched at once")
    elif row.state is ExchangeState.INTERRUPTED:
        lines.append("Interrupted: the application ended before the answer came.")
    else:
        lines.append(row.error or "No answer yet")
    return "\n".join(lines)


def _heard(row: ExchangeRow) -> str:
    """Return the whole line: one who hears the list goes down its first column."""
    return f"{_call(row)}, {_status(row)}, {recent(row.sent_at)}{', pinned' if row.pinned else ''}"


COLUMNS = (
    Column[ExchangeRow]("Time", _time, tooltip=_tip, spoken=_heard),
    Column[ExchangeRow]("Call", _call, tooltip=_tip),
    Column[ExchangeRow]("Status", _status, tooltip=_tip),
)
TIME, CALL, STATUS = range(3)


class StatusDelegate(QStyledItemDelegate):
    """Shows how a call ended in the colour of that."""

    # Reimplemented Qt methods

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        model = index.model()
        if isinstance(model, RecordTableModel):
            role = role_of(model.record(index.row()).status or NO_STATUS)
            colour = QColor(getattr(theme_of(option.palette), role))
            for part in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(part, colour)

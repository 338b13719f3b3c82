"""What is seen in a cell can be typed into the filter."""

import re
from datetime import datetime

import duckdb
import pytest
from PySide6.QtCore import QDateTime, QLocale

from refiner_desktop.datasets.cell_format import INTERNATIONAL
from refiner_desktop.ui.models.locale_writing import writing_of


def words(text):
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", ["en_US", "en_GB", "de_DE", "fr_FR", "sv_SE", "pt_BR", "pl_PL"])
@pytest.mark.parametrize("written", ["2026-03-04T09:05:00", "2026-11-22T23:37:00"])
def test_a_moment_is_written_as_qt_writes_it(name, written):
    locale, moment = QLocale(name), datetime.fromisoformat(written)
    shown = locale.toString(QDateTime(moment), QLocale.FormatType.ShortFormat)
    writing = writing_of(locale)
    with duckdb.connect() as connection:
        parts = connection.execute(
            "SELECT strftime($1, $2), strftime($1, $3)", [moment, writing.day, writing.time]
        ).fetchone()
    for part in parts:
        assert words(part) in words(shown)


def test_without_a_locale_dates_are_written_the_international_way():
    assert writing_of(QLocale.c()) == INTERNATIONAL

"""Moments as a person reads them, whatever the locale."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from refiner_desktop.api.models import Response, SurveyRef
from refiner_desktop.storage.forwards import Forward
from refiner_desktop.ui.moments import clock, exact, minute, moment, recent
from refiner_desktop.ui.tabs.contacts.responses_page import COLUMNS as RESPONSES
from refiner_desktop.ui.tabs.webhooks.way_page import SENT

AT = datetime(2026, 3, 4, 15, 6, 7, 89_000).astimezone()
WRITTEN = {
    "C": ("15:06:07", "2026-03-04 15:06", "2026-03-04 15:06:07"),
    "de_DE": ("15:06:07", "04.03.26 15:06", "04.03.26 15:06:07"),
    "fi_FI": ("15.06.07", "4.3.2026 15.06", "4.3.2026 15.06.07"),
    "en_US": ("3:06:07 PM", "3/4/26 3:06 PM", "3/4/26 3:06:07 PM"),
}


@pytest.fixture(params=WRITTEN)
def written(request):
    usual = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield WRITTEN[request.param]
    QLocale.setDefault(usual)


def test_a_moment_is_written_as_the_locale_does_with_seconds_where_they_matter(written):
    said = tuple(each(AT).replace("\u202f", " ") for each in (clock, minute, moment))
    assert said == written


def test_what_was_today_needs_no_day():
    now = datetime.now().astimezone()
    assert recent(now) == clock(now)
    assert recent(now - timedelta(days=2)) == minute(now - timedelta(days=2))


def test_the_exact_moment_is_the_same_everywhere():
    assert exact(datetime(2026, 3, 4, 5, 6, 7, 89_000, UTC)) == "2026-03-04 05:06:07.089 UTC"
    assert exact(AT) == exact(AT.astimezone(UTC))


def test_of_a_time_that_is_shown_the_exact_one_is_at_hand():
    response = Response(last_shown_at=AT, survey=SurveyRef(name="NPS"))
    attempt = Forward(1, "http://127.0.0.1:9", AT)
    when = next(column for column in RESPONSES if column.title == "When")
    assert when.tooltip(response) == SENT[0].tooltip(attempt) == exact(AT)

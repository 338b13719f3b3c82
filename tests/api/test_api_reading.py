"""Answers become values, however odd they are."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.api import models, pages, reports
from refiner_desktop.api.errors import ApiError, NotRefiner, UnreadableAnswer
from refiner_desktop.api.models import (
    AccountUsage,
    Contact,
    Response,
    SegmentChanged,
    Survey,
)
from refiner_desktop.api.pages import Pagination, contact_page, page_of
from refiner_desktop.api.reading import Value, one, stamp
from refiner_desktop.api.reports import CsatReport, DistributionReport, NpsReport, RatingsReport

MOMENT = datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC)

KINDS = [
    kind
    for module in (models, reports, pages)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Value) and kind is not Value
]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def odd_objects(kind: type[Value]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the field names that `kind` looks for and anything at all as their values."""
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    names |= {"subscription", "mtu_count", "data", "segment_uid", "something_new"}
    return st.dictionaries(st.sampled_from(sorted(names)), json_values)


def read(kind: type[Value], raw: Any) -> Any:
    return one(kind)(json.dumps(raw).encode())


@given(st.data())
def test_any_object_is_read_into_fields_of_their_declared_types(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    value = kind.read(data.draw(odd_objects(kind)))
    # msgspec's own strict check of every field against its annotation.
    plain = msgspec.to_builtins(value, builtin_types=(datetime,))
    assert msgspec.convert(plain, kind, builtin_types=(datetime,)) is not None


@given(st.binary() | json_values.map(lambda raw: json.dumps(raw).encode()))
def test_any_bytes_are_read_or_refused_by_name(body: bytes) -> None:
    for reader in (one(Contact), one(NpsReport), page_of(Response), contact_page):
        with contextlib.suppress(UnreadableAnswer):
            reader(body)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_both_forms_of_a_time_mean_the_same_moment(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert stamp(moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")) == aware
    assert stamp(moment.strftime("%Y-%m-%d %H:%M:%S")) == aware.replace(microsecond=0)


def test_a_time_with_another_offset_is_turned_into_utc() -> None:
    moment = stamp("2026-03-04T11:15:02+02:00")
    assert moment == MOMENT
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize("odd", ["", "soon", "0000-00-00 00:00:00", None, 7, [], {}])
def test_what_is_no_time_is_none(odd: Any) -> None:
    assert stamp(odd) is None


def test_a_contact_is_read_with_segments_and_account() -> None:
    contact = read(
        Contact,
        {
            "uuid": "c-1",
            "remote_id": "u-1042",
            "email": "ana@example.org",
            "display_name": "Ana",
            "first_seen_at": "2026-03-04T09:15:02.000000Z",
            "last_seen_at": "2026-03-04 09:15:02",
            "attributes": {"seats": "12", "country": None},
            "segments": [{"uuid": "s-1", "name": "Beta", "created_at": "2026-03-04 09:15:02"}],
            "account": {"uuid": "a-1", "remote_id": "acme", "attributes": []},
            "a_field_of_next_year": 1,
        },
    )
    assert (contact.uuid, contact.remote_id, contact.email) == ("c-1", "u-1042", "ana@example.org")
    assert contact.first_seen_at == contact.last_seen_at == MOMENT
    assert contact.attributes == {"seats": "12", "country": None}
    assert contact.segments[0].created_at == MOMENT
    assert contact.account.remote_id == "acme"
    assert contact.account.attributes == {}


def test_nulls_and_php_empty_arrays_leave_an_empty_contact() -> None:
    contact = read(
        Contact,
        {
            "uuid": "c-1",
            "remote_id": None,
            "display_name": None,
            "attributes": [],
            "segments": None,
        },
    )
    assert contact == Contact(uuid="c-1")
    assert contact.remote_id is None
    assert contact.display_name == ""


def test_a_number_in_place_of_an_id_is_written_out() -> None:
    assert read(Contact, {"remote_id": 1042}).remote_id == "1042"


def test_account_usage_is_read_by_what_is_used() -> None:
    usage = read(
        AccountUsage,
        {
            "subscription": {
                "plan": "Growth",
                "mtu_count": "1834",
                "mtu_count_updated_at": "2026-03-04T09:15:02Z",
                "mtu_limit": 10000,
                "mte_count": 5120,
                "mpv_limit": 0,
                "msr_limit": None,
            },
            "environments": [{"uuid": "e-1", "name": "Production", "mtu": "1790", "msr": 300}],
        },
    )
    assert usage.plan == "Growth"
    assert (usage.tracked_users.count, usage.tracked_users.limit) == (1834, 10000)
    assert usage.tracked_users.updated_at == MOMENT
    assert (usage.events.count, usage.events.limit) == (5120, None)
    assert usage.page_views.limit is None
    assert usage.responses.limit is None
    assert usage.environments[0].tracked_users == 1790
    assert usage.environments[0].responses == 300


@pytest.mark.parametrize("name", ["segment_uuid", "segment_uid"])
def test_a_synced_segment_is_read_under_either_name(name: str) -> None:
    assert read(SegmentChanged, {"message": "ok", name: "s-1"}).segment_uuid == "s-1"


def test_a_survey_without_the_flags_has_only_its_name() -> None:
    survey = read(Survey, {"uuid": "f-1", "name": "NPS"})
    assert survey.published_at is None
    assert survey.responses_count is None
    assert survey.config is None


def test_tags_are_read_as_names_and_as_objects() -> None:
    response = read(Response, {"tags": ["bug", {"uuid": "t-1", "name": "idea"}, None]})
    assert [(tag.name, tag.uuid) for tag in response.tags] == [("bug", None), ("idea", "t-1")]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"completed_at": "2026-03-04 09:15:02", "data": {"nps": 9}}, "completed"),
        ({"completed_at": "2026-03-04 09:15:02", "data": []}, "completed"),
        ({"data": {"nps": 9}, "dismissed_at": "2026-03-04 09:15:02"}, "partial"),
        ({"data": [], "dismissed_at": "2026-03-04 09:15:02"}, "dismissed"),
        ({"data": {}}, "seen"),
    ],
)
def test_a_response_knows_how_far_it_came(fields: dict[str, Any], state: str) -> None:
    assert read(Response, fields).state == state


def test_scores_are_read_beside_their_counts() -> None:
    nps = read(NpsReport, {"data": {"detractors": 4, "promoters": "26"}, "count": 40, "nps": 55})
    assert (nps.detractors, nps.passives, nps.promoters, nps.count, nps.score) == (4, 0, 26, 40, 55)
    csat = read(CsatReport, {"data": {"satisfied": 2}, "csat": "80.5"})
    assert (csat.satisfied, csat.very_satisfied, csat.score) == (2, 0, 80.5)


def test_a_report_without_answers_has_no_score() -> None:
    nps = read(NpsReport, {"data": [], "count": 0, "nps": None, "date_range_start": "2026-03-04"})
    assert nps.score is None
    assert nps.since == datetime(2026, 3, 4, tzinfo=UTC)


def test_counts_are_read_from_an_object_and_from_phps_list() -> None:
    ratings = read(RatingsReport, {"data": {"1": 0, "5": "20"}, "sum": "174", "average": 4.35})
    assert ratings.ratings == {"1": 0, "5": 20}
    assert (ratings.sum, ratings.average) == (174.0, 4.35)
    assert read(DistributionReport, {"data": [3, 0, 2]}).values == {"0": 3, "1": 0, "2": 2}


def test_a_contact_page_keeps_its_bytes_and_decodes_on_demand() -> None:
    body = b'{"items": [{"uuid": "c-1"}, {"uuid": "c-2"}], "pagination": {"items_count": "412"}}'
    page = contact_page(body)
    assert page.body is body
    assert len(page) == 2
    assert page.pagination == Pagination(items_count=412)
    assert [contact.uuid for contact in page.contacts] == ["c-1", "c-2"]


@pytest.mark.parametrize("items", ["null", "{}", "[]"])
def test_a_list_may_be_empty_in_any_spelling(items: str) -> None:
    page = page_of(Contact)(b'{"items": %s, "pagination": null}' % items.encode())
    assert page.items == ()
    assert page.pagination == Pagination()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<!doctype html><title>Sign in</title>", NotRefiner),
        (b"", NotRefiner),
        (b'{"items": [{"uuid": "c-1"', UnreadableAnswer),
        (b'{"message": "ok"}', UnreadableAnswer),
        (b'{"items": 3}', UnreadableAnswer),
        (b"[" * 100_000, UnreadableAnswer),
    ],
)
def test_a_body_that_is_no_list_is_not_taken_for_an_empty_one(
    body: bytes, error: type[ApiError]
) -> None:
    for reader in (contact_page, page_of(Response)):
        with pytest.raises(ApiError) as caught:
            reader(body)
        assert type(caught.value) is error

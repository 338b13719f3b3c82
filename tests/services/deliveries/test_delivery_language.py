"""The filter line of the deliveries: what it asks for, and what is marked in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.datasets.local_time import day_start, moment_of
from refiner_desktop.services.deliveries.language import (
    EXAMPLES,
    Mistake,
    parse,
)
from refiner_desktop.services.deliveries.language_fields import KnownHook
from refiner_desktop.services.users.written_times import first_moment, last_moment
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.delivery_search import EVERYTHING, Search
from refiner_desktop.webhooks.delivery import Delivery, Gist, Kind, Origin, Verdict
from refiner_desktop.webhooks.reading import read as read_event

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOOKS = (KnownHook("h-1", "Completed surveys"), KnownHook("h-2", "Segment entries"))
SURVEYS = frozenset(kind for kind in Kind if kind.startswith("survey"))


def read(text):
    return parse(text, HOOKS, NOW)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("beta 42", Search(texts=("beta", "42"))),
        ('"saves me  time"', Search(texts=("saves me  time",))),
        ('"not closed', Search(texts=("not closed",))),
        ('""', EVERYTHING),
        ("-", Search(texts=("-",))),
        ("- beta", Search(texts=("-", "beta"))),
        ("http://a.example:80/x", Search(texts=("http://a.example:80/x",))),
        ('"nps:9"', Search(texts=("nps:9",))),
        ('"say ""hi"" now"', Search(texts=('say "hi" now',))),
        ('{"nps":9}', Search(texts=('{"nps":9}',))),
        ("kind:completed", Search(kinds=frozenset({Kind.SURVEY_COMPLETED}))),
        ("KIND:Survey", Search(kinds=SURVEYS)),
        ('kind:"segment entered"', Search(kinds=frozenset({Kind.SEGMENT_ENTERED}))),
        ("kind:tag kind:other", Search(kinds=frozenset({Kind.TAG_ADDED, Kind.OTHER}))),
        ("hook:survey", Search(hooks=frozenset({"h-1"}))),
        ('hook:"segment ent"', Search(hooks=frozenset({"h-2"}))),
        ("hook:none", Search(hooks=frozenset({""}))),
        ("user:ana@example.org", Search(user="ana@example.org")),
        ("score:9", Search(lowest_score=9, highest_score=9)),
        ("score:>8", Search(lowest_score=9, highest_score=10)),
        ("score:>=8", Search(lowest_score=8, highest_score=10)),
        ("score:<7", Search(lowest_score=0, highest_score=6)),
        ("score:<=7", Search(lowest_score=0, highest_score=7)),
        ("score:7-8", Search(lowest_score=7, highest_score=8)),
        ("score:>3 score:<8", Search(lowest_score=4, highest_score=7)),
        ("score:Detractors", Search(lowest_score=0, highest_score=6)),
        ("verdict:refused", Search(verdict=Verdict.REFUSED)),
        ("since:2h", Search(since=NOW - timedelta(hours=2))),
        ("since:3d since:10m", Search(since=NOW - timedelta(minutes=10))),
        ("until:now", Search(until=NOW)),
        ("is:pinned is:repeat", Search(pinned=True, seen_before=True)),
        ("is:replay", Search(origins=frozenset({Origin.REPLAY}))),
        ("is:replay is:sample", Search(origins=frozenset({Origin.REPLAY, Origin.SAMPLE}))),
        ("is:waiting", Search(waits=True)),
        ("is:failed", Search(not_taken=True)),
        ("status:401", Search(statuses=(401, 401))),
        ("status:4XX", Search(statuses=(400, 499))),
        ("status:4xx status:401", Search(statuses=(401, 401))),
        ("method:get", Search(method="GET")),
        ("email:ana@example.org", Search(user="ana@example.org")),
        ("survey:nps", Search(subject="nps")),
        ("-beta", Search(without=(Search(texts=("beta",)),))),
        ('a -"b c"', Search(texts=("a",), without=(Search(texts=("b c",)),))),
        (
            "-kind:tag -user:bo",
            Search(without=(Search(kinds=frozenset({Kind.TAG_ADDED})), Search(user="bo"))),
        ),
    ],
)
def test_a_line_asks_for(text, search):
    query = read(text)
    assert query.search == search
    assert not query.mistakes


@pytest.mark.parametrize(
    ("text", "marked", "part"),
    [
        ("a kind:nonsense b", "kind:nonsense", "survey completed"),
        ("kind:", "kind:", "missing"),
        ('x hook:"no such"', 'hook:"no such"', "No hook"),
        ("-score:many", "-score:many", "promoter"),
        ("score:", "score:", "missing"),
        ("verdict:maybe", "verdict:maybe", "accepted or refused"),
        ("since:soon", "since:soon", "10m"),
        ("until:2026-02-30", "until:2026-02-30", "10m"),
        ("since:999999w", "since:999999w", "10m"),
        ("is:nice", "is:nice", "pinned"),
        ("kidn:completed", "kidn:completed", "Did you mean kind:?"),
        ("verdict:accepted verdict:refused", "verdict:refused", "both"),
        ("user:ana user:bo", "user:bo", "both"),
        ("score:promoter score:detractor", "score:detractor", "No score is both"),
        ("status:4xx status:200", "status:200", "No status is both"),
        ("status:many", "status:many", "4xx"),
        ("nps:9", "nps:9", "in quotes"),
        ("foo:bar", "foo:bar", "kind:, hook:, user:"),
    ],
)
def test_a_mistake_is_marked_where_it_stands_and_left_out(text, marked, part):
    (mistake,) = read(text).mistakes
    assert text[mistake.start : mistake.end] == marked
    assert part in mistake.sentence
    assert read(text.replace(marked, "")).search == read(text).search


def test_the_rest_of_the_line_holds_beside_a_mistake():
    query = read("since:soon ana")
    assert query.search == Search(texts=("ana",))
    assert isinstance(query.mistakes[0], Mistake)


@given(st.text(alphabet='-":<> \tabkindscore019\u00e9', max_size=40) | st.text(max_size=40))
def test_anything_can_be_written_without_an_error(text):
    query = read(text)
    query.search.condition()
    assert all(0 <= each.start < each.end <= len(text) for each in query.mistakes)


def test_every_example_is_understood():
    for example, meaning in EXAMPLES:
        query = read(example)
        assert not query.mistakes, example
        assert query.search != EVERYTHING
        assert meaning


def test_a_day_reaches_from_its_beginning_to_its_end_where_the_person_is():
    day = datetime(2026, 3, 4).date()  # noqa: DTZ001
    assert first_moment("2026-03-04", NOW) == day_start(day)
    assert last_moment("2026-03-04", NOW) < day_start(day + timedelta(days=1))
    assert last_moment("2026-03-04", NOW) > day_start(day) + timedelta(hours=22)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", NOW - timedelta(seconds=90)),
        ("1w", NOW - timedelta(weeks=1)),
        ("NOW", NOW),
        ("2026-03-04T09:15:02Z", datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC)),
        ("2026-03-04 09:15", moment_of(datetime(2026, 3, 4, 9, 15))),  # noqa: DTZ001
        ("today", first_moment(first_moment("now", NOW).astimezone().date().isoformat(), NOW)),
    ],
)
def test_a_moment_is_written_in_short(text, moment):
    assert first_moment(text, NOW) == moment


def test_a_time_alone_is_one_of_today():
    assert first_moment("9:30", NOW) == first_moment("today", NOW) + timedelta(hours=9, minutes=30)
    assert first_moment("yesterday", NOW) < first_moment("today", NOW)


PAYLOAD = b'{"email": "ana@example.org", "remote_id": "u-1042", "attributes": {"boss": "bo"}}'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("user:example.org", ["Ana"]),
        ("user:U-104", ["Ana"]),
        ("user:bo", ["Bo"]),
        ("-user:u-1042", ["Bo", "Cy"]),
        ("bo", ["Ana", "Bo"]),
        ("bo -user:u-1042", ["Bo"]),
        ("score:>=0", ["Bo"]),
        ("-score:9", ["Ana", "Cy"]),
        ('-"u-1042" -score:<10', ["Cy"]),
        ("nobody", []),
    ],
)
def test_what_is_written_is_what_is_found(database, text, found):
    store = DeliveryStore(database)
    for user, body, score in (("Ana", PAYLOAD, None), ("Bo", b"{", 9), ("Cy", b"[1]", None)):
        person = read_event(body).person.known_by or user.casefold()
        gist = Gist(user=user, score=score, person=person)
        store.add(Delivery("Open", NOW, "POST", "/", (), body, gist=gist))
    rows = store.search(read(text).search)
    assert sorted(row.gist.user for row in rows) == found

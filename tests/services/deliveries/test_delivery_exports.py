"""Deliveries in files: whole, or not there at all, and without secrets."""

import asyncio
import csv
import json
from base64 import b64decode
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from refiner_desktop.datasets.exports.formats import CSV, JSON_LINES
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.deliveries.exports import FORMATS, HAR, TELL_EVERY, DeliveryExports
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.delivery import Delivery, Gist, Kind

pytestmark = pytest.mark.anyio

TOKEN = "a-token-that-was-learned-late"


@pytest.fixture
def store(database):
    return DeliveryStore(database)


@pytest.fixture
def exports(store, mask):
    return DeliveryExports(store, mask)


def ignore(*_):
    """Take no notice."""


def keep(store, body=b'{"nps": 9}', *headers):
    return store.add(
        Delivery(
            "Surveys",
            datetime(2026, 3, 4, 9, 15, 2, tzinfo=UTC),
            "POST",
            "/hooks/surveys?a=1&b=%20",
            (("Host", "hooks.example:80"), ("Content-Type", "application/json"), *headers),
            body,
            Kind.SURVEY_COMPLETED,
            answer=200,
            seconds=0.25,
            gist=Gist(sentence="Ana completed NPS"),
        )
    )


async def test_json_lines_have_a_line_for_each_oldest_first(exports, store, tmp_path):
    ids = [keep(store, b"%d" % number) for number in range(3)]
    path = tmp_path / "deliveries.jsonl"
    assert await exports.export(ids[::-1], JSON_LINES, path, ignore) == 3
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["id"] for line in lines] == ids
    assert lines[0]["body"] == "0"
    assert lines[0]["kind"] == "survey_completed"
    assert lines[0]["received_at"] == "2026-03-04T09:15:02.000000Z"
    assert lines[0]["headers"][0] == ["Host", "hooks.example:80"]


async def test_a_har_file_has_what_its_format_demands(exports, store, tmp_path):
    ids = [keep(store), keep(store, b"\xff")]
    path = tmp_path / "deliveries.har"
    assert await exports.export(ids, HAR, path, ignore) == 2
    log = json.loads(path.read_bytes())["log"]
    assert log["version"] == "1.2"
    assert set(log["creator"]) == {"name", "version"}
    text, binary = log["entries"]
    assert text["startedDateTime"] == "2026-03-04T09:15:02.000000Z"
    assert text["time"] == text["timings"]["receive"] == 250
    assert text["request"]["url"] == "http://hooks.example:80/hooks/surveys?a=1&b=%20"
    assert text["request"]["queryString"] == [
        {"name": "a", "value": "1"},
        {"name": "b", "value": " "},
    ]
    assert text["request"]["postData"]["text"] == '{"nps": 9}'
    assert text["response"]["status"] == 200
    data = binary["request"]["postData"]
    assert b64decode(data["text"]) == b"\xff"
    assert set(data) == {"mimeType", "text", "_encoding", "comment"}  # names of one's own have _
    assert set(text["request"]["postData"]) == {"mimeType", "text"}


@pytest.mark.parametrize("file_format", FORMATS)
async def test_no_secret_is_written(exports, store, mask, tmp_path, file_format):
    ids = [
        keep(store, f'{{"note": "{TOKEN}"}}'.encode(), ("X-Key", TOKEN)),
        keep(store, b"", ("authorization", "Bearer of-another-place"), ("Cookie", "abc")),
    ]
    mask.learn(Secret(TOKEN))
    path = tmp_path / "export"
    await exports.export(ids, file_format, path, ignore)
    written = path.read_text(encoding="utf-8")
    assert TOKEN not in written
    assert "of-another-place" not in written
    assert "abc" not in written
    assert f"Bearer {MASK}" in written


@pytest.mark.parametrize("file_format", FORMATS)
async def test_nothing_is_a_file_too(exports, store, tmp_path, file_format):
    path = tmp_path / "export"
    assert await exports.export([4711], file_format, path, ignore) == 0
    content = path.read_bytes()
    if file_format is HAR:
        assert json.loads(content)["log"]["entries"] == []
    else:
        assert content.count(b"\n") == (1 if file_format is CSV else 0)  # the titles


async def test_progress_is_told_up_to_the_end(exports, store, tmp_path):
    ids = [keep(store) for _ in range(TELL_EVERY + 1)]
    heard = []
    await exports.export(ids, JSON_LINES, tmp_path / "x", lambda *each: heard.append(each))
    await asyncio.sleep(0)
    assert heard == [(TELL_EVERY, TELL_EVERY + 1), (TELL_EVERY + 1, TELL_EVERY + 1)]


async def test_cancelling_leaves_the_old_file_and_no_other(exports, store, tmp_path):
    ids = [keep(store, b"x" * 100_000) for _ in range(TELL_EVERY * 3)]
    path = tmp_path / "old.har"
    path.write_text("as it was")
    told = asyncio.Event()
    run = asyncio.create_task(exports.export(ids, HAR, path, lambda *_: told.set()))
    await told.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert path.read_text() == "as it was"
    assert {each.name for each in tmp_path.iterdir() if "export" in each.name} == set()


async def test_a_har_file_has_no_data_for_what_sent_none_and_whole_addresses(
    exports, store, tmp_path
):
    plain = store.get(keep(store, b""))
    number = store.add(replace(plain, method="GET", path="http://proxied.example/hooks/x"))
    await exports.export([number], HAR, tmp_path / "x.har", ignore)
    (entry,) = json.loads((tmp_path / "x.har").read_bytes())["log"]["entries"]
    assert "postData" not in entry["request"]
    assert entry["request"]["url"] == "http://proxied.example/hooks/x"


async def test_a_table_has_a_row_for_each_with_its_body(exports, store, tmp_path):
    ids = [keep(store, b'{"a": "x,\\n\xc3\xab"}\n'), keep(store, b"\xff")]
    path = tmp_path / "deliveries.csv"
    assert await exports.export(ids, CSV, path, ignore) == 2
    with path.open(encoding="utf-8", newline="") as file:
        text, binary = csv.DictReader(file)
    assert text["body"] == '{"a": "x,\\n\u00eb"}\n'
    assert (text["hook"], text["answer"], text["replay_of"]) == ("Surveys", "200", "")
    assert (text["verdict"], text["kind"]) == ("accepted", "survey_completed")
    assert json.loads(text["headers"])[0] == ["Host", "hooks.example:80"]
    assert (binary["body"], binary["encoding"]) == ("/w==", "base64")

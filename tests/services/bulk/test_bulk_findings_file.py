"""Findings of a check in a file, and the rows that they are about."""

import asyncio
import csv

import pytest

from refiner_desktop.services.bulk.findings import SHOWN_ALIKE
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import SAMPLES

pytestmark = pytest.mark.anyio


def _lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


async def test_every_finding_is_in_the_file_not_only_those_that_are_shown(
    bulk, plan, users, tmp_path
):
    wrong = [["", "", "pro", str(number)] for number in range(SHOWN_ALIKE + 20)]
    planned = plan(users([["u-1", "", "pro", "1"], *wrong, ["u-1", "", "'=x", "2"]]))
    check, told = await bulk.check(planned), []
    path = tmp_path / "findings.csv"
    assert len(check.findings) < await bulk.write_findings(planned, check, path, told.append)
    header, *lines = _lines(path)
    assert header == ["line", "effect", "user", "column", "finding"]
    assert len(lines) == sum(check.counts.values()) == SHOWN_ALIKE + 21
    assert lines[0][:4] == ["3", "skip", "", "user_id"]
    assert lines[-1][:3] == [str(SHOWN_ALIKE + 23), "warn", "u-1"]
    await asyncio.sleep(0)
    assert told[-1] == SHOWN_ALIKE + 22


async def test_a_place_that_is_not_there_is_an_error(bulk, plan, users, tmp_path):
    planned = plan(users(2))
    check = await bulk.check(planned)
    with pytest.raises(FileNotFoundError):
        await bulk.write_findings(planned, check, tmp_path / "missing" / "findings.csv")


async def test_a_row_is_shown_among_its_neighbours(bulk, users):
    source = open_source(users(200))
    rows = await bulk.rows_around(source, 120)
    assert len(rows) == SAMPLES
    assert [row.line for row in rows if row.cells[0] == "bulk-118"] == [120]
    assert rows[SAMPLES // 2].line == 120
    assert (await bulk.rows_around(source, 2))[0].line == 2
    assert (await bulk.rows_around(source, 201))[-1].line == 201


async def test_where_a_file_breaks_off_the_rows_before_are_shown(bulk, users):
    path = users(80)
    source = open_source(path)
    with path.open("a", encoding="utf-8") as file:
        file.write('u-80,"open\n' + "u,x\n" * 60)
    assert (await bulk.rows_around(source, 82))[-1].line == 81


async def test_files_of_the_application_itself_are_no_place_for_results(bulk, tmp_path):
    assert bulk.folder_for(tmp_path / "users.csv") == tmp_path
    assert bulk.folder_for(tmp_path / "handover" / "contacts.jsonl") != tmp_path / "handover"

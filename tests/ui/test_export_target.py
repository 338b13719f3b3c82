"""The suffix that a person types says what a file is."""

from pathlib import Path

import pytest

from refiner_desktop.datasets.exports.formats import CSV, CSV_FOR_EXCEL, JSON_LINES
from refiner_desktop.ui import export_target

FORMATS = (JSON_LINES, CSV, CSV_FOR_EXCEL)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("typed", "wanted", "name", "written"),
    [
        ("hooks", JSON_LINES, "hooks.jsonl", JSON_LINES),
        ("hooks.csv", JSON_LINES, "hooks.csv", CSV),
        ("hooks.CSV", CSV_FOR_EXCEL, "hooks.CSV", CSV_FOR_EXCEL),
        ("hooks.txt", JSON_LINES, "hooks.txt", JSON_LINES),
    ],
)
async def test_a_typed_suffix_decides_the_format_and_a_missing_one_follows_it(
    tmp_path, monkeypatch, typed, wanted, name, written
):
    async def chosen(*_):
        return Path(tmp_path / typed)

    monkeypatch.setattr(export_target, "choose_target", chosen)
    target = await export_target.choose_export(None, "deliveries", wanted, FORMATS)
    assert target == (tmp_path / name, written)

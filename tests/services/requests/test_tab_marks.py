"""Open requests of one title are told apart."""

import pytest

from refiner_desktop.services.requests.draft import RequestDraft, Row
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.services.requests.tab_marks import marks


def _tab(path="contacts", *query, saved=""):
    return RequestTab(draft=RequestDraft(path=path, query=query), saved=saved)


@pytest.mark.parametrize(
    ("tabs", "told"),
    [
        ([_tab(), _tab("forms")], ["", ""]),
        ([_tab(), _tab("contacts?search=maria")], ["", "?search=maria"]),
        (
            [
                _tab("contacts?page_length=5", Row("search", "ana")),
                _tab("contacts", Row("page_length", "5"), Row("search", "maria")),
            ],
            ["?search=ana", "?search=maria"],
        ),
        ([_tab(), _tab(), _tab("forms"), _tab()], ["", " (2)", "", " (3)"]),
        ([_tab("contacts?a=1"), _tab("contacts?a=1"), _tab()], ["?a=1", "?a=1 (2)", ""]),
        ([_tab("contacts", Row("a", "1", on=False)), _tab("contacts?api_key=x")], ["", " (2)"]),
        ([RequestTab("scratch"), _tab("")], ["", ""]),
        ([_tab(saved="one/list.toml"), _tab(saved="two/list.toml")], ["", " (2)"]),
    ],
)
def test_what_only_one_of_them_asks_for_stands_behind_its_title(tabs, told):
    assert marks(tabs) == told

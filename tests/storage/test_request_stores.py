"""Tabs and variables are kept for each environment apart."""

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.request_tabs import RequestTabStore
from refiner_desktop.storage.request_variables import RequestVariableStore
from refiner_desktop.storage.schema import STEPS


def test_tabs_stand_in_their_order_with_one_in_front(database):
    store = RequestTabStore(database)
    store.put("one", ["b", "a"], "a", {"a": "1", "b": "2"})
    store.put("two", ["a"], "", {"a": "of two"})
    assert store.all("one") == ({"b": "2", "a": "1"}, "a")
    assert list(store.all("one")[0]) == ["b", "a"]
    assert store.all("two") == ({"a": "of two"}, "")


def test_what_did_not_change_need_not_be_written_again(database):
    store = RequestTabStore(database)
    store.put("one", ["a", "b", "c"], "a", {"a": "1", "b": "2", "c": "3"})
    store.put("one", ["c", "a"], "c", {"a": "new"}, closed=["b"])
    tabs, front = store.all("one")
    assert (list(tabs.items()), front) == ([("c", "3"), ("a", "new")], "c")


def test_variables_take_the_place_of_all_before(database):
    store = RequestVariableStore(database)
    store.put("one", {"b": "1", "a": "2"})
    store.put("two", {"b": "of two"})
    assert list(store.all("one").items()) == [("b", "1"), ("a", "2")]
    store.put("one", {"c": "3"})
    assert store.all("one") == {"c": "3"}
    assert store.all("two") == {"b": "of two"}


def test_a_database_from_before_gets_the_tables(tmp_path, monkeypatch):
    before = next(n for n, step in enumerate(STEPS) if "CREATE TABLE request_tab" in step)
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:before])
    Database.open(tmp_path / "old.db").close()
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS)
    database = Database.open(tmp_path / "old.db")
    assert database.moved_aside is None
    assert RequestTabStore(database).all("one") == ({}, "")
    database.close()

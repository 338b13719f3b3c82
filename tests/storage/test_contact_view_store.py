"""Views of the contacts are kept by name, for each environment apart."""

import pytest

from refiner_desktop.storage.contact_views import ContactViewStore
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.schema import STEPS


@pytest.fixture
def store(database):
    return ContactViewStore(database)


def test_a_view_is_there_for_a_database_opened_later(store, database):
    store.put("one", "Trials", '{"a": 1}')
    other = Database.open(database.path)
    assert ContactViewStore(other).get("one", "Trials") == '{"a": 1}'
    other.close()


def test_a_view_takes_the_place_of_the_one_of_its_name(store):
    store.put("one", "Trials", "old")
    store.put("one", "Trials", "new")
    assert store.names("one") == ["Trials"]
    assert store.get("one", "Trials") == "new"


def test_environments_do_not_see_each_others_views(store):
    store.put("one", "Trials", "of one")
    store.put("two", "Trials", "of two")
    store.delete("two", "Trials")
    assert store.get("one", "Trials") == "of one"
    assert store.get("two", "Trials") is None
    assert store.names("two") == []


def test_a_view_gets_another_name_unless_that_is_taken(store):
    store.put("one", "Trials", "t")
    store.put("one", "Paying", "p")
    assert not store.rename("one", "Trials", "Paying")
    assert store.rename("one", "Trials", "On trial")
    assert store.rename("one", "Paying", "Paying")
    assert store.names("one") == ["On trial", "Paying"]
    assert store.get("one", "On trial") == "t"


def test_a_file_from_before_there_were_views_takes_them(tmp_path, monkeypatch):
    path = tmp_path / "old.db"
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:2])
    Database.open(path).close()
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS)
    database = Database.open(path)
    assert database.moved_aside is None
    ContactViewStore(database).put("one", "Trials", "t")
    assert ContactViewStore(database).names("one") == ["Trials"]
    database.close()

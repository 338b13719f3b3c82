"""A bulk service over a real journal, and files of users."""

import csv
from functools import partial

import pytest

from refiner_desktop.services.bulk.guessing import guess
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.plan import BulkPlan
from refiner_desktop.services.bulk.saved_mappings import SavedMappings
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.sources.opening import open_source
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_mappings import BulkMappingStore


@pytest.fixture(autouse=True)
def all_workers_at_once(monkeypatch):
    monkeypatch.setattr("refiner_desktop.services.bulk.pool.RISE_SECONDS", 0.0)


@pytest.fixture
def journal(database):
    return BulkJournal(database)


@pytest.fixture
async def contacts(connected):
    service = ContactsService(connected)
    yield service
    await service.aclose()


@pytest.fixture
def bulk(connected, contacts, journal, database, mask, tmp_path):
    mappings = SavedMappings(BulkMappingStore(database), mask)
    return BulkService(connected, contacts, journal, mappings, mask, tmp_path / "handover")


@pytest.fixture
def users(tmp_path):
    """Write a file of so many users, or of the rows given."""
    return partial(_write, tmp_path / "users.csv")


def _write(path, rows, header=("user_id", "email", "plan", "seats")):
    if isinstance(rows, int):
        rows = [[f"bulk-{number}", "", "pro", str(number)] for number in range(rows)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


@pytest.fixture
def plan():
    """Plan what is done with a file's rows, its columns understood by their names."""

    def plan(path, action=BulkAction.IDENTIFY, segment=""):
        source = open_source(path)
        return BulkPlan(source, action, guess(source, action, {}), segment)

    return plan


@pytest.fixture
def begin(bulk, plan):
    """Check a file and write its rows into the journal."""

    async def begin(path, action=BulkAction.IDENTIFY, segment="", **options):
        planned = plan(path, action, segment)
        check = await bulk.check(planned, **options)
        return await bulk.begin(planned, bulk.environment, check)

    return begin


@pytest.fixture
def arrived(sandbox):
    """Return whom calls were about that reached an endpoint, whatever became of them."""

    def arrived(path="/identify-user"):
        return [call.user for call in sandbox.record.calls if call.path == path]

    return arrived

"""A process of its own that goes on with a bulk run, to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from refiner_desktop.api.client import RefinerClient
from refiner_desktop.api.policy import Limits
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.services.bulk.saved_mappings import SavedMappings
from refiner_desktop.services.bulk.service import BulkService
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_mappings import BulkMappingStore
from refiner_desktop.storage.database import Database


def _client_in_a_hurry(environment, key, mask):
    return RefinerClient(environment.base_url, key, limits=Limits(per_key=1_000_000), mask=mask)


async def _go_on(database, environment, key, run):
    mask = Mask()
    settings = SettingsStore(database.path.with_name("settings.json"))
    connection = ConnectionService(settings, Keys(MemoryStore(), mask), _client_in_a_hurry)
    await connection.connect(msgspec.json.decode(environment, type=Environment), Secret(key))
    journal, mappings = BulkJournal(database), SavedMappings(BulkMappingStore(database), mask)
    contacts, handover = ContactsService(connection), database.path.with_name("handover")
    bulk = BulkService(connection, contacts, journal, mappings, mask, handover)
    print("going", flush=True)  # noqa: T201
    await bulk.go_on(run, lambda progress: None)
    await connection.aclose()


def main(path, environment, key, run):
    database = Database.open(Path(path))
    asyncio.run(_go_on(database, environment, key, int(run)))
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

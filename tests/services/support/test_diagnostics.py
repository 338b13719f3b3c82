"""What whoever helps wants to know."""

import asyncio
import logging

import pytest

from refiner_desktop import log
from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.support import diagnostics
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.services.support.diagnostics import Diagnostics, Fact
from refiner_desktop.settings.paths import DataDir
from refiner_desktop.settings.secrets import KeyringMissing, MemoryStore
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.totals import size, totals

pytestmark = pytest.mark.anyio

KEY = "no-uuid-but/a+secret"


class BrokenKeyring(MemoryStore):
    async def place(self):
        raise KeyringMissing("no keyring service is running")


class SilentKeyring(MemoryStore):
    async def place(self):
        await asyncio.Event().wait()


@pytest.fixture
def diagnose(tmp_path, database, connection, settings, secrets, mask):
    """Return a function that makes the diagnostics on a data directory in use."""
    folder = DataDir(tmp_path)
    folder.prepare()
    kept, hooks = DeliveryStore(database), HooksService(settings, secrets)
    deliveries = DeliveriesService(kept, hooks, settings)
    listener = ListenerService(kept, deliveries, Arrivals(deliveries), hooks, settings, mask)
    handler = log.set_up(folder.logs, mask)

    def diagnose(keyring=secrets):
        return Diagnostics(
            folder,
            database,
            keyring,
            ContactsService(connection),
            listener,
            CrashReports(folder.crashes, folder.logs, mask),
            mask,
        )

    yield diagnose
    log.tear_down(handler)


async def test_it_names_versions_places_states_and_counts(diagnose, tmp_path):
    findings = await diagnose().read([Fact("Versions", "Qt", "6.11")])
    values = {fact.name: fact.value for fact in findings.facts}
    versions = {"Refiner Desktop", "system", "Python", "SQLite", "Qt", *diagnostics.LIBRARIES}
    assert all(values[name][0].isalnum() for name in versions)
    assert "not installed" not in findings.text
    assert values["data"] == str(tmp_path)
    assert values["kept in"] == "this session only"
    assert values["listener"] == "Listener off"
    assert values["deliveries"] == "0"
    assert values["size of the database"].endswith(" MB")


async def test_the_text_has_every_fact_and_the_log_without_keys_and_addresses(diagnose, mask):
    logging.getLogger("refiner_desktop").warning("%s of ana@example.org was refused", KEY)
    mask.learn(Secret(KEY))  # learned after the line was written
    findings = await diagnose().read()
    assert all(fact.value in findings.text for fact in findings.facts)
    assert "was refused" in findings.text
    assert KEY not in findings.text
    assert "ana@" not in findings.text


async def test_a_keyring_that_does_not_work_is_said(diagnose):
    findings = await diagnose(BrokenKeyring()).read()
    assert "no keyring service is running" in findings.text


async def test_a_keyring_that_waits_for_a_person_holds_nothing_up(diagnose, monkeypatch):
    monkeypatch.setattr(diagnostics, "KEYRING_SECONDS", 0.01)
    assert "no answer within" in (await diagnose(SilentKeyring()).read()).text


async def test_the_size_counts_what_is_not_yet_in_the_file_itself(database):
    assert size(database) >= database.path.stat().st_size
    assert set(totals(database).values()) == {0}

"""Services over a real sandbox, real files and a memory of secrets."""

import pytest

from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.environments.keys import Keys
from refiner_desktop.services.users.sends import SendHistory
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.storage.environment_records import EnvironmentRecords
from refiner_desktop.storage.exchanges import ExchangeStore
from refiner_desktop.storage.sends import SendStore


@pytest.fixture
def settings(tmp_path):
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def secrets():
    return MemoryStore()


@pytest.fixture
def mask():
    return Mask()


@pytest.fixture
def keys(secrets, mask):
    return Keys(secrets, mask)


@pytest.fixture
def environments(settings, keys, connection, records):
    return EnvironmentsService(settings, keys, connection, lambda: records)


@pytest.fixture
def records(database):
    return EnvironmentRecords(database, ExchangeStore(database))


@pytest.fixture
def sends(connection, database, mask):
    return SendHistory(connection, SendStore(database), mask)


@pytest.fixture
def environment(sandbox):
    return Environment(name="Sandbox", base_url=sandbox.base_url)


@pytest.fixture
async def connection(settings, keys):
    service = ConnectionService(settings, keys)
    yield service
    await service.aclose()


@pytest.fixture
async def connected(connection, environment, sandbox):
    from refiner_desktop.secret import Secret

    await connection.connect(environment, Secret(sandbox.key))
    return connection

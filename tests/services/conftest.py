"""Services over a real sandbox, real files and a memory of secrets."""

import pytest

from refiner_desktop.masking import Mask
from refiner_desktop.services.connection import ConnectionService
from refiner_desktop.services.environments import EnvironmentsService
from refiner_desktop.services.keys import Keys
from refiner_desktop.settings.secrets import MemoryStore
from refiner_desktop.settings.settings import Environment, SettingsStore
from refiner_desktop.storage.database import Database


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
def environments(settings, keys, connection):
    return EnvironmentsService(settings, keys, connection)


@pytest.fixture
def database(tmp_path):
    opened = Database.open(tmp_path / "refiner.db")
    yield opened
    opened.close()


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

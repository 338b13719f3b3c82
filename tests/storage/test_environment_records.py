"""What is left of an environment that was removed: nothing."""

from datetime import UTC, datetime

import pytest

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.storage.bulk import BulkJournal
from refiner_desktop.storage.bulk_rows import BulkRun, RunState
from refiner_desktop.storage.contact_views import ContactViewStore
from refiner_desktop.storage.environment_records import EnvironmentRecords
from refiner_desktop.storage.exchanges import ExchangeStore
from refiner_desktop.storage.form_drafts import FormDraftStore
from refiner_desktop.storage.request_tabs import RequestTabStore
from refiner_desktop.storage.request_variables import RequestVariableStore
from refiner_desktop.storage.sends import SendStore


@pytest.fixture
def exchanges(database):
    return ExchangeStore(database)


def fill(database, exchanges, environment):
    """Keep one of everything."""
    ContactViewStore(database).put(environment, "mine", "{}")
    SendStore(database).begin(environment, "identify", "Ana", "{}", "{}")
    FormDraftStore(database).put(environment, "identify", "{}")
    RequestTabStore(database).put(environment, ["a"], "a", {"a": "{}"})
    RequestVariableStore(database).put(environment, {"id": "u-1"})
    kept = exchanges.begin(CallRequest("GET", "contacts"), environment=environment)
    exchanges.fail(kept, "no network", 0.1)
    exchanges.pin(kept, True)
    run = BulkRun(
        started_at=datetime(2026, 3, 4, tzinfo=UTC),
        action="identify",
        source="users.csv",
        source_hash="",
        environment=f"{environment}/project",
        state=RunState.DONE,
    )
    BulkJournal(database).begin_run(run)


def tables_with(database, environment):
    connection = database.connection()
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    found = set()
    for name in names:
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name!r})")}
        if "environment" in columns and any(
            environment in str(value)
            for (value,) in connection.execute(f"SELECT environment FROM {name}")
        ):
            found.add(name)
    return found


def test_all_of_one_environment_goes_and_nothing_of_another(database, exchanges):
    for environment in ("old", "older"):
        fill(database, exchanges, environment)
    before = tables_with(database, "older")
    assert before == {
        "contact_view", "send", "form_draft", "request_tab", "request_variable", "exchange",
        "bulk_run",
    }  # fmt: skip
    EnvironmentRecords(database, exchanges).forget("old")
    assert tables_with(database, "older") == before
    for table in before:
        rows = database.connection().execute(f"SELECT environment FROM {table}").fetchall()
        assert all(environment.startswith("older") for (environment,) in rows)

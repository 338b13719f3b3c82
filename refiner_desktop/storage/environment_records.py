"""Everything that the database keeps for one environment, forgotten together."""

from __future__ import annotations

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.exchanges import ExchangeStore

_TABLES = ("contact_view", "send", "form_draft", "request_tab", "request_variable")


class EnvironmentRecords:
    """Views, forms, requests, calls and bulk runs of environments. Deliveries are a project's."""

    def __init__(self, database: Database, exchanges: ExchangeStore) -> None:
        self._database = database
        self._exchanges = exchanges

    def forget(self, environment: str) -> None:
        """Delete what is kept for an environment by its id. Raises `StorageUnavailable`."""
        with self._database.transaction() as connection:
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table} WHERE environment = ?", (environment,))
            # A run also notes the project.
            connection.execute(
                "DELETE FROM bulk_run WHERE substr(environment, 1, length(?1) + 1) = ?1 || '/'",
                (environment,),
            )
        self._exchanges.clear(environment, pinned_too=True)

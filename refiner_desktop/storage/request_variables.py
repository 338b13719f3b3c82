"""Variables of requests, in table `request_variable`: values by their names, per environment."""

from __future__ import annotations

from collections.abc import Mapping

from refiner_desktop.storage.database import Database


class RequestVariableStore:
    """Keeps variables from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, environment: str) -> dict[str, str]:
        """Return the values of an environment's variables, in the order that they were put in."""
        found = self._database.connection().execute(
            "SELECT name, value FROM request_variable WHERE environment = ? ORDER BY rowid",
            (environment,),
        )
        return dict(found.fetchall())

    def put(self, environment: str, variables: Mapping[str, str]) -> None:
        """Commit these in place of all that an environment had."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM request_variable WHERE environment = ?", (environment,))
            connection.executemany(
                "INSERT INTO request_variable (environment, name, value) VALUES (?, ?, ?)",
                [(environment, name, value) for name, value in variables.items()],
            )

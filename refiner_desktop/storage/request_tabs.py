"""Requests that are open in tabs, in table `request_tab`: texts in an order, per environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from refiner_desktop.storage.database import Database


class RequestTabStore:
    """Keeps tabs from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, environment: str) -> tuple[dict[str, str], str]:
        """Return an environment's tabs by their ids, in their order, and the id of the front one.

        That is empty where none is in front.
        """
        rows = (
            self._database.connection()
            .execute(
                "SELECT id, tab, front FROM request_tab WHERE environment = ? ORDER BY place",
                (environment,),
            )
            .fetchall()
        )
        tabs = {tab_id: tab for tab_id, tab, _ in rows}
        return tabs, next((tab_id for tab_id, _, front in rows if front), "")

    def put(
        self,
        environment: str,
        order: Sequence[str],
        front: str,
        changed: Mapping[str, str],
        closed: Iterable[str] = (),
    ) -> None:
        """Commit changed tabs, the order of all, which one is in front, and what was closed."""
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM request_tab WHERE environment = ? AND id = ?",
                [(environment, tab_id) for tab_id in closed],
            )
            connection.executemany(
                "INSERT INTO request_tab (environment, id, place, front, tab)"
                " VALUES (?, ?, 0, 0, ?)"
                " ON CONFLICT (environment, id) DO UPDATE SET tab = excluded.tab",
                [(environment, tab_id, tab) for tab_id, tab in changed.items()],
            )
            connection.executemany(
                "UPDATE request_tab SET place = ?, front = ? WHERE environment = ? AND id = ?",
                [
                    (place, tab_id == front, environment, tab_id)
                    for place, tab_id in enumerate(order)
                ],
            )

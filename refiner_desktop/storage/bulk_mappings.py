"""Saved mappings of bulk runs, in table `bulk_mapping`: each a text under a name."""

from __future__ import annotations

from refiner_desktop.storage.database import Database


class BulkMappingStore:
    """Keeps mappings from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        """Return the mappings by their names."""
        found = self._database.connection().execute("SELECT name, mapping FROM bulk_mapping")
        return dict(found.fetchall())

    def put(self, name: str, mapping: str) -> None:
        """Commit a mapping in place of the one of that name."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO bulk_mapping (name, mapping) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET mapping = excluded.mapping",
                (name, mapping),
            )

    def delete(self, name: str) -> None:
        """Forget a mapping."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM bulk_mapping WHERE name = ?", (name,))

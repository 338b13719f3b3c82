"""Views of the contacts, in table `contact_view`: each a text under a name, per environment."""

from __future__ import annotations

from refiner_desktop.storage.database import Database


class ContactViewStore:
    """Keeps views from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, environment: str, name: str) -> str | None:
        """Return a view, or None when there is none of that name."""
        found = self._database.connection().execute(
            "SELECT view FROM contact_view WHERE environment = ? AND name = ?", (environment, name)
        )
        row = found.fetchone()
        return row[0] if row else None

    def names(self, environment: str) -> list[str]:
        """Return the names of an environment's views."""
        found = self._database.connection().execute(
            "SELECT name FROM contact_view WHERE environment = ? ORDER BY name", (environment,)
        )
        return [name for (name,) in found]

    def put(self, environment: str, name: str, view: str) -> None:
        """Commit a view in place of the one of that name."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO contact_view (environment, name, view) VALUES (?, ?, ?)"
                " ON CONFLICT (environment, name) DO UPDATE SET view = excluded.view",
                (environment, name, view),
            )

    def delete(self, environment: str, name: str) -> None:
        """Forget a view."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM contact_view WHERE environment = ? AND name = ?", (environment, name)
            )

    def rename(self, environment: str, old: str, new: str) -> bool:
        """Give a view another name; return False, and do nothing, where another has that name."""
        with self._database.transaction() as connection:
            taken = connection.execute(
                "SELECT 1 FROM contact_view WHERE environment = ? AND name = ?", (environment, new)
            ).fetchone()
            if taken and new != old:
                return False
            connection.execute(
                "UPDATE contact_view SET name = ? WHERE environment = ? AND name = ?",
                (new, environment, old),
            )
        return True

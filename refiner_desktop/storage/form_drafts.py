"""Forms that are filled in but not sent yet, in table `form_draft`: one a form and environment."""

from __future__ import annotations

from refiner_desktop.storage.database import Database


class FormDraftStore:
    """Keeps drafts from any thread. Writing raises `StorageUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, environment: str, form: str) -> str:
        """Return a form's draft, empty where there is none."""
        found = self._database.connection().execute(
            "SELECT draft FROM form_draft WHERE environment = ? AND form = ?", (environment, form)
        )
        row = found.fetchone()
        return row[0] if row else ""

    def put(self, environment: str, form: str, draft: str) -> None:
        """Commit a form's draft in place of the one before."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO form_draft (environment, form, draft) VALUES (?, ?, ?)"
                " ON CONFLICT (environment, form) DO UPDATE SET draft = excluded.draft",
                (environment, form, draft),
            )

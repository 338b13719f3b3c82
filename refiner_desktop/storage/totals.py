"""How much there is in the database, for whoever looks after the application."""

from __future__ import annotations

from refiner_desktop.storage.database import Database

_COUNTED = {
    "deliveries": "delivery",
    "calls in the console's history": "exchange",
    "identify and track calls": "send",
    "bulk runs": "bulk_run",
    "rows of bulk runs": "bulk_row",
}


def totals(database: Database) -> dict[str, int]:
    """Return the count of each kind of record, by what a person calls it. Blocks."""
    connection = database.connection()
    return {
        name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for name, table in _COUNTED.items()
    }


def size(database: Database) -> int:
    """Return the bytes that the database takes on the disk, its log included."""
    files = database.path.parent.glob(f"{database.path.name}*")
    return sum(path.stat().st_size for path in files)

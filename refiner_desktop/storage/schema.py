"""The tables of `refiner.db`, as the steps that led to them."""

from __future__ import annotations

# Each step is applied once, in order, and never edited after a release: a change is a new step.
STEPS: tuple[str, ...] = (
    # The body comes last, so that a list which reads the columns before it never has to walk the
    # overflow pages of a large one. AUTOINCREMENT: an id is not given out again after a deletion.
    """
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hook TEXT NOT NULL,
        received_at TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        headers TEXT NOT NULL,
        kind TEXT NOT NULL,
        verdict TEXT NOT NULL,
        answer INTEGER,
        reason TEXT NOT NULL DEFAULT '',
        peer TEXT NOT NULL DEFAULT '',
        seconds REAL NOT NULL DEFAULT 0,
        subject TEXT NOT NULL DEFAULT '',
        user TEXT NOT NULL DEFAULT '',
        score INTEGER,
        sentence TEXT NOT NULL DEFAULT '',
        body BLOB NOT NULL
    );

    CREATE TABLE exchange (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sent_at TEXT NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        query TEXT NOT NULL,
        headers TEXT NOT NULL,
        state TEXT NOT NULL,
        status INTEGER,
        seconds REAL,
        error TEXT,
        answer_headers TEXT NOT NULL DEFAULT '[]',
        body BLOB NOT NULL,
        answer_body BLOB NOT NULL DEFAULT x''
    );
    CREATE INDEX exchange_in_flight ON exchange (id) WHERE state = 'in_flight';

    CREATE TABLE bulk_run (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at TEXT NOT NULL,
        action TEXT NOT NULL,
        source TEXT NOT NULL,
        source_hash TEXT NOT NULL,
        mapping TEXT NOT NULL,
        environment TEXT NOT NULL,
        state TEXT NOT NULL
    );
    CREATE TABLE bulk_row (
        run INTEGER NOT NULL REFERENCES bulk_run (id) ON DELETE CASCADE,
        row INTEGER NOT NULL,
        state TEXT NOT NULL,
        status INTEGER,
        error TEXT,
        payload TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (run, row)
    );
    CREATE INDEX bulk_row_state ON bulk_row (run, state, row);
    """,
    # A new column stands behind the body. So what is asked by it is asked of an index.
    """
    ALTER TABLE exchange ADD COLUMN environment TEXT NOT NULL DEFAULT '';
    CREATE INDEX exchange_environment ON exchange (environment, id);
    ALTER TABLE delivery ADD COLUMN project TEXT NOT NULL DEFAULT '';
    CREATE INDEX delivery_project ON delivery (project, id);
    """,
    """
    CREATE TABLE contact_view (
        environment TEXT NOT NULL,
        name TEXT NOT NULL,
        view TEXT NOT NULL,
        PRIMARY KEY (environment, name)
    );
    """,
)

# A look at the newest row of every table, or at both ends where rows are deleted at one: it walks
# one branch of each tree and so notices a torn one, yet reads next to nothing.
PROBES: dict[str, str] = {
    "delivery": """
        SELECT id, headers, verdict FROM delivery
        WHERE id IN ((SELECT min(id) FROM delivery), (SELECT max(id) FROM delivery))
    """,
    "exchange": "SELECT id, headers, state FROM exchange ORDER BY id DESC LIMIT 1",
    "bulk_run": "SELECT id, mapping, state FROM bulk_run ORDER BY id DESC LIMIT 1",
    "contact_view": "SELECT environment, name, view FROM contact_view ORDER BY rowid DESC LIMIT 1",
    "bulk_row": "SELECT run, row, state FROM bulk_row ORDER BY run DESC, row DESC LIMIT 1",
}

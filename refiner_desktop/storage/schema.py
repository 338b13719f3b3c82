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
    """
    CREATE TABLE send (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        environment TEXT NOT NULL,
        form TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        state TEXT NOT NULL,
        subject TEXT NOT NULL,
        draft TEXT NOT NULL,
        payload TEXT NOT NULL,
        seconds REAL,
        answer TEXT NOT NULL DEFAULT '',
        error TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX send_of_form ON send (environment, form, id);
    CREATE TABLE form_draft (
        environment TEXT NOT NULL,
        form TEXT NOT NULL,
        draft TEXT NOT NULL,
        PRIMARY KEY (environment, form)
    );
    """,
    # A row keeps its cells, so that results need no file.
    """
    ALTER TABLE bulk_run ADD COLUMN columns TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE bulk_run ADD COLUMN segment TEXT NOT NULL DEFAULT '';
    ALTER TABLE bulk_run ADD COLUMN reason TEXT NOT NULL DEFAULT '';
    ALTER TABLE bulk_row ADD COLUMN warning TEXT NOT NULL DEFAULT '';
    ALTER TABLE bulk_row ADD COLUMN cells TEXT NOT NULL DEFAULT '[]';
    CREATE TABLE bulk_mapping (
        name TEXT PRIMARY KEY,
        mapping TEXT NOT NULL
    );
    """,
    # Bodies stand in a table of their own, so that no list walks over them; the text in them is
    # found by an index that keeps no copy of it.
    """
    ALTER TABLE exchange RENAME TO exchange_before;
    CREATE TABLE exchange (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        environment TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        state TEXT NOT NULL,
        status INTEGER,
        seconds REAL,
        answer_size INTEGER NOT NULL DEFAULT 0,
        size INTEGER NOT NULL DEFAULT 0,
        pinned INTEGER NOT NULL DEFAULT 0,
        filed INTEGER NOT NULL DEFAULT 0,
        indexed INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        query TEXT NOT NULL,
        headers TEXT NOT NULL,
        left_out TEXT NOT NULL DEFAULT '[]',
        answer TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE exchange_body (
        exchange INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
        body BLOB NOT NULL DEFAULT x'',
        answer_body BLOB NOT NULL DEFAULT x''
    );
    INSERT INTO exchange (
        id, environment, sent_at, state, status, seconds, answer_size, size, error, method, path,
        query, headers, answer
    )
    SELECT
        id, environment, sent_at, state, status, seconds, length(answer_body),
        length(body) + length(answer_body), error, method, path, query, headers,
        CASE WHEN status IS NULL THEN '' ELSE json_object(
            'status', status, 'reason', '', 'http_version', '', 'headers', json(answer_headers),
            'method', method, 'url', '', 'request_headers', json('[]'), 'with_key', json('true'),
            'seconds', coalesce(seconds, 0.0), 'wire_size', length(answer_body)
        ) END
    FROM exchange_before;
    INSERT INTO exchange_body SELECT id, body, answer_body FROM exchange_before;
    DROP TABLE exchange_before;
    CREATE INDEX exchange_in_flight ON exchange (id) WHERE state = 'in_flight';
    CREATE INDEX exchange_environment ON exchange (environment, id);
    CREATE INDEX exchange_unindexed ON exchange (id) WHERE indexed = 0;
    CREATE INDEX exchange_sizes ON exchange (pinned, id, size);
    CREATE VIRTUAL TABLE exchange_text USING fts5 (
        text, content = '', detail = none, columnsize = 0, tokenize = 'trigram'
    );
    """,
    """
    CREATE TABLE request_tab (
        environment TEXT NOT NULL,
        id TEXT NOT NULL,
        place INTEGER NOT NULL,
        front INTEGER NOT NULL,
        tab TEXT NOT NULL,
        PRIMARY KEY (environment, id)
    );
    CREATE TABLE request_variable (
        environment TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (environment, name)
    );
    """,
    # Deliveries have no index but of what is pinned: any other costs the listener a tenth of its
    # rate, and a walk over 100,000 rows takes a tenth of a second without.
    """
    DROP INDEX delivery_project;
    ALTER TABLE delivery ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE delivery ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE delivery ADD COLUMN origin TEXT NOT NULL DEFAULT 'sender';
    ALTER TABLE delivery ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE delivery ADD COLUMN replay_of INTEGER;
    ALTER TABLE delivery ADD COLUMN passed_on INTEGER;
    ALTER TABLE delivery ADD COLUMN repeat_key INTEGER;
    ALTER TABLE delivery ADD COLUMN seen_before INTEGER NOT NULL DEFAULT 0;
    UPDATE delivery SET size = length(body);
    CREATE INDEX delivery_pinned ON delivery (id) WHERE pinned;
    CREATE TABLE forward (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        delivery INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        url TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        errand TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        edited INTEGER NOT NULL,
        status INTEGER,
        seconds REAL NOT NULL,
        error TEXT NOT NULL
    );
    CREATE INDEX forward_of ON forward (delivery, id);
    """,
    # Rows of before are taken to stand on one line each, below the line that names the columns.
    """
    ALTER TABLE bulk_row ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
    UPDATE bulk_row
    SET line = row + (SELECT source NOT LIKE '%.json%' FROM bulk_run WHERE id = run);
    ALTER TABLE bulk_run ADD COLUMN segment_name TEXT NOT NULL DEFAULT '';
    UPDATE bulk_run
    SET segment_name = substr(segment, instr(segment, ' ') + 1),
        segment = substr(segment, 1, instr(segment, ' ') - 1)
    WHERE instr(segment, ' ');
    """,
    # Before, a hook was known by its name alone, so that stands for its id. The table is made anew,
    # so that its body comes last again.
    """
    CREATE TABLE delivery_anew (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hook TEXT NOT NULL,
        hook_id TEXT NOT NULL DEFAULT '',
        received_at TEXT NOT NULL,
        kind TEXT NOT NULL,
        verdict TEXT NOT NULL,
        answer INTEGER,
        seconds REAL NOT NULL DEFAULT 0,
        score INTEGER,
        size INTEGER NOT NULL DEFAULT 0,
        pinned INTEGER NOT NULL DEFAULT 0,
        origin TEXT NOT NULL DEFAULT 'sender',
        edited INTEGER NOT NULL DEFAULT 0,
        replay_of INTEGER,
        passed_on INTEGER,
        waits INTEGER NOT NULL DEFAULT 0,
        repeat_key INTEGER,
        seen_before INTEGER NOT NULL DEFAULT 0,
        project TEXT NOT NULL DEFAULT '',
        peer TEXT NOT NULL DEFAULT '',
        method TEXT NOT NULL,
        subject TEXT NOT NULL DEFAULT '',
        user TEXT NOT NULL DEFAULT '',
        user_uuid TEXT NOT NULL DEFAULT '',
        person TEXT NOT NULL DEFAULT '',
        sentence TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        path TEXT NOT NULL,
        headers TEXT NOT NULL,
        words TEXT,
        body BLOB NOT NULL
    );
    WITH told AS (
        SELECT id AS number, CAST(body AS TEXT) AS text FROM delivery
        WHERE kind <> 'other' AND json_valid(CAST(body AS TEXT))
    )
    INSERT INTO delivery_anew (
        id, hook, hook_id, received_at, kind, verdict, answer, seconds, score, size, pinned, origin,
        edited, replay_of, passed_on, repeat_key, seen_before, project, peer, method, subject, user,
        user_uuid, person, sentence, reason, path, headers, body
    )
    SELECT
        id, hook, hook, received_at, kind, verdict, answer, seconds, score, size, pinned, origin,
        edited, replay_of, passed_on, repeat_key, seen_before, project, peer, method, subject, user,
        coalesce(text ->> '$.uuid', ''),
        lower(user || char(10) || coalesce(text ->> '$.email', '') || char(10)
            || coalesce(text ->> '$.remote_id', '') || char(10) || coalesce(text ->> '$.uuid', '')),
        sentence, reason, path, headers, body
    FROM delivery LEFT JOIN told ON number = id;
    UPDATE sqlite_sequence
    SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'delivery'), seq)
    WHERE name = 'delivery_anew';
    DROP TABLE delivery;
    ALTER TABLE delivery_anew RENAME TO delivery;
    CREATE INDEX delivery_pinned ON delivery (id) WHERE pinned;
    CREATE INDEX delivery_waiting ON delivery (id) WHERE waits;
    ALTER TABLE forward ADD COLUMN attempts_left INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE forward ADD COLUMN headers TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE forward ADD COLUMN body BLOB NOT NULL DEFAULT x'';
    """,
    # Of a list that was fetched page after page the history has the first, and how many came.
    """
    ALTER TABLE exchange ADD COLUMN pages INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE exchange ADD COLUMN items INTEGER NOT NULL DEFAULT 0;
    """,
    # The oldest refused requests are looked for among genuine ones; those pay nothing for it.
    """
    CREATE INDEX delivery_refused ON delivery (id) WHERE verdict = 'refused';
    """,
)

# A look at the newest row of every table, or at both ends where rows are deleted at one: it walks
# one branch of each tree and so notices a torn one, yet reads next to nothing.
PROBES: dict[str, str] = {
    "delivery": """
        SELECT id, headers, verdict, waits FROM delivery
        WHERE id IN ((SELECT min(id) FROM delivery), (SELECT max(id) FROM delivery))
    """,
    "forward": "SELECT id, delivery, headers FROM forward ORDER BY id DESC LIMIT 1",
    "exchange": "SELECT id, headers, state FROM exchange ORDER BY id DESC LIMIT 1",
    "exchange_body": """
        SELECT exchange, length(body) FROM exchange_body ORDER BY exchange DESC LIMIT 1
    """,
    "bulk_run": "SELECT id, mapping, state FROM bulk_run ORDER BY id DESC LIMIT 1",
    "contact_view": "SELECT environment, name, view FROM contact_view ORDER BY rowid DESC LIMIT 1",
    "send": "SELECT id, draft, state FROM send ORDER BY id DESC LIMIT 1",
    "form_draft": "SELECT environment, form, draft FROM form_draft ORDER BY rowid DESC LIMIT 1",
    "bulk_row": "SELECT run, row, state FROM bulk_row ORDER BY run DESC, row DESC LIMIT 1",
    "bulk_mapping": "SELECT name, mapping FROM bulk_mapping ORDER BY rowid DESC LIMIT 1",
    "request_tab": "SELECT id, tab FROM request_tab ORDER BY rowid DESC LIMIT 1",
    "request_variable": "SELECT name, value FROM request_variable ORDER BY rowid DESC LIMIT 1",
}

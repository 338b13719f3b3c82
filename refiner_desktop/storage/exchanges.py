"""The API console's history, in the tables `exchange` and `exchange_body`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec

from refiner_desktop.api.exchange import Answer, Body, CallRequest
from refiner_desktop.storage.answer_files import AnswerFiles
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.encoding import moment_from_text, moment_to_text, pairs_to_text
from refiner_desktop.storage.exchange_rows import (
    ROW_COLUMNS,
    ExchangeRecord,
    ExchangeRow,
    ExchangeState,
    FetchedPages,
    answer_from_text,
    answer_to_text,
    to_request,
    to_row,
)
from refiner_desktop.storage.exchange_search import (
    INDEXED,
    NAMED,
    ExchangeSearch,
    candidates,
    mentioned,
    searchable,
)

FILED_FROM = 1024 * 1024
"""An answer of more bytes is kept as a file."""

_IN_MEMORY = 64 * FILED_FROM
_MANY = 200
_EVERYTHING = ExchangeSearch()


class ExchangeStore:
    """Keeps calls from before they go out; from any thread. Writing raises `StorageUnavailable`.

    Answers of more than a megabyte are files in the folder `answers` beside the database. Calls
    that an earlier run of the application left in flight become interrupted. The API key is no
    part of a record: callers leave it out.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._files = AnswerFiles(database.path.with_name("answers"))
        if database.moved_aside is not None:
            self._files.move_aside()
        with database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET state = 'interrupted' WHERE state = 'in_flight'"
            )
            filed = connection.execute("SELECT id FROM exchange WHERE filed").fetchall()
        self._files.open({number for (number,) in filed})

    @property
    def folder(self) -> Path:
        """Where long answers are."""
        return self._files.folder

    def begin(self, request: CallRequest, *, environment: str = "") -> int:
        """Commit a call that is about to go out from an environment; return the call's id."""
        with self._database.transaction() as connection:
            inserted = connection.execute(
                "INSERT INTO exchange"
                " (environment, sent_at, state, size, method, path, query, headers, left_out)"
                " VALUES (?, ?, 'in_flight', ?, ?, ?, ?, ?, ?)",
                (
                    environment,
                    moment_to_text(datetime.now(UTC)),
                    len(request.body),
                    request.method,
                    request.path,
                    pairs_to_text(request.query),
                    pairs_to_text(request.headers),
                    msgspec.json.encode(request.without).decode(),
                ),
            )
            number = inserted.lastrowid or 0
            if request.body:
                connection.execute(
                    "INSERT INTO exchange_body (exchange, body) VALUES (?, ?)",
                    (number, request.body),
                )
        return number

    def finish(self, exchange_id: int, answer: Answer) -> None:
        """Add the answer to a call; when its body can't be kept, all else of it is.

        Of a call that was deleted meanwhile nothing is kept.
        """
        filed = len(answer.body) > FILED_FROM
        try:
            if filed:
                self._files.write(exchange_id, answer.body)
        finally:
            if not self._answered(exchange_id, answer, filed) and filed:
                self._files.delete(exchange_id)

    def _answered(self, exchange_id: int, answer: Answer, filed: bool) -> bool:
        """Commit an answer, but for a body that is filed; return whether its call is there."""
        size = len(answer.body)
        with self._database.transaction() as connection:
            updated = connection.execute(
                "UPDATE exchange SET state = 'answered', status = ?, seconds = ?,"
                " answer_size = ?, size = size + ?, filed = ?, answer = ? WHERE id = ?",
                (
                    answer.status,
                    answer.seconds,
                    size,
                    size,
                    filed,
                    answer_to_text(answer),
                    exchange_id,
                ),
            )
            if updated.rowcount and size and not filed:
                connection.execute(
                    "INSERT INTO exchange_body (exchange, answer_body) VALUES (?, ?)"
                    " ON CONFLICT (exchange) DO UPDATE SET answer_body = excluded.answer_body",
                    (exchange_id, bytes(answer.body)),
                )
        return bool(updated.rowcount)

    def note_pages(self, exchange_id: int, fetched: FetchedPages) -> None:
        """Note how much was fetched of a list that begins with this call."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET pages = ?, items = ? WHERE id = ?",
                (fetched.pages, fetched.items, exchange_id),
            )

    def fail(self, exchange_id: int, error: str, seconds: float) -> None:
        """Say why a call got no answer."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE exchange SET state = 'failed', error = ?, seconds = ? WHERE id = ?",
                (error, seconds, exchange_id),
            )

    def get(self, exchange_id: int) -> ExchangeRecord | None:
        """Return a call with its bodies, or None when it was deleted."""
        found = self._database.connection().execute(
            "SELECT sent_at, state, seconds, error, pinned, filed, answer,"
            " coalesce(answer_body, x''), method, path, query, headers, left_out,"
            " coalesce(body, x''), pages, items"
            " FROM exchange LEFT JOIN exchange_body ON exchange = id WHERE id = ?",
            (exchange_id,),
        )
        row = found.fetchone()
        if row is None:
            return None
        sent_at, state, seconds, error, pinned, filed, head, kept, *asked, pages, items = row
        request = to_request(*asked)
        body, lost = self._filed(exchange_id) if filed else (kept, False)
        return ExchangeRecord(
            id=exchange_id,
            sent_at=moment_from_text(sent_at),
            request=request,
            state=ExchangeState(state),
            seconds=seconds,
            error=error,
            pinned=bool(pinned),
            answer=answer_from_text(head, body, request.body) if head else None,
            lost=lost,
            fetched=FetchedPages(pages, items) if pages > 1 else None,
        )

    def recent(
        self, limit: int, search: ExchangeSearch = _EVERYTHING, *, environment: str = ""
    ) -> list[ExchangeRow]:
        """Return what was found in an environment's history, newest first.

        Calls from before environments were noted have none.
        """
        text = search.text.strip()
        terms, values = search.terms()
        condition, texts = candidates(text)
        rows = self._database.connection().execute(
            f"SELECT {NAMED}, filed, {ROW_COLUMNS} FROM exchange"
            f" WHERE {' AND '.join(['environment = ?', condition, *terms])} ORDER BY id DESC",
            [texts[0], environment, *texts, *values],
        )
        holds = mentioned(text)
        found = (
            to_row(columns)
            for is_named, filed, *columns in rows
            if is_named or holds(self._texts(columns[0], filed))
        )
        return list(islice(found, limit))

    def index(self) -> bool:
        """Make the text of one more call quick to find; return whether there are others."""
        with self._database.transaction() as connection:
            waiting = connection.execute(
                "SELECT id, filed FROM exchange WHERE indexed = 0 AND state <> 'in_flight' LIMIT 2"
            ).fetchall()
            for number, filed in waiting[:1]:
                connection.execute(
                    "INSERT INTO exchange_text (rowid, text) VALUES (?, ?)",
                    (number, searchable(self._texts(number, filed))),
                )
                connection.execute("UPDATE exchange SET indexed = 1 WHERE id = ?", (number,))
        return len(waiting) > 1

    def pin(self, exchange_id: int, pinned: bool) -> None:
        """Keep a call whatever the limits, or no longer."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE exchange SET pinned = ? WHERE id = ?", (pinned, exchange_id))

    def delete(self, exchange_id: int) -> None:
        """Forget one call."""
        self._remove([exchange_id])

    def clear(self, environment: str, *, pinned_too: bool = False) -> None:
        """Forget all calls of an environment but those that are under way or pinned."""
        self._remove(
            self._ids(
                "SELECT id FROM exchange"
                " WHERE environment = ? AND pinned <= ? AND state <> 'in_flight'",
                environment,
                pinned_too,
            )
        )
        self._database.free_disk()

    def trim(self, keep: int, most_bytes: int) -> int:
        """Forget the oldest calls beyond so many, or so many bytes; return how many.

        The newest stays whatever its size, and so do those that are pinned; they count for nothing.
        """
        oldest = self._ids(
            "SELECT id FROM (SELECT id, row_number() OVER newest AS place,"
            " sum(size) OVER newest AS total FROM exchange WHERE pinned = 0"
            " WINDOW newest AS (ORDER BY id DESC)) WHERE place > ? OR (total > ? AND place > 1)",
            keep,
            most_bytes,
        )
        self._remove(oldest)
        return len(oldest)

    def _ids(self, statement: str, *values: object) -> list[int]:
        rows = self._database.connection().execute(statement, values)
        return [number for (number,) in rows]

    def _remove(self, exchange_ids: Sequence[int]) -> None:
        if not exchange_ids:
            return
        with self._database.transaction() as connection:
            self._remove_texts(connection, exchange_ids)
            connection.executemany(
                "DELETE FROM exchange WHERE id = ?", ((each,) for each in exchange_ids)
            )
        for each in exchange_ids:
            self._files.delete(each)

    def _remove_texts(self, connection: sqlite3.Connection, exchange_ids: Sequence[int]) -> None:
        if len(exchange_ids) > _MANY:
            # To forget a text costs as much as to index it: so all are forgotten, and those of the
            # calls that stay indexed again, when there is time.
            connection.execute("INSERT INTO exchange_text (exchange_text) VALUES ('delete-all')")
            connection.execute("UPDATE exchange SET indexed = 0")
            return
        for each in exchange_ids:
            found = connection.execute(
                "SELECT filed FROM exchange WHERE id = ? AND indexed", (each,)
            ).fetchone()
            if found:
                connection.execute(
                    "INSERT INTO exchange_text (exchange_text, rowid, text)"
                    " VALUES ('delete', ?, ?)",
                    (each, searchable(self._texts(each, found[0]))),
                )

    def _texts(self, exchange_id: int, filed: bool) -> list[bytes]:
        """Return the bodies of a call as far as they are searched."""
        found = self._database.connection().execute(
            "SELECT substr(body, 1, ?), substr(answer_body, 1, ?) FROM exchange_body"
            " WHERE exchange = ?",
            (INDEXED, INDEXED, exchange_id),
        )
        texts = [text for text in found.fetchone() or () if text]
        return [*texts, self._files.beginning(exchange_id, INDEXED)] if filed else texts

    def _filed(self, exchange_id: int) -> tuple[Body, bool]:
        try:
            return self._files.read(exchange_id, _IN_MEMORY), False
        except OSError:
            return b"", True

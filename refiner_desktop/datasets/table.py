"""The table of contacts in DuckDB: rows go in a page at a time and come out a window at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import msgspec
import numpy as np

from refiner_desktop.datasets.database import transaction
from refiner_desktop.datasets.errors import RowGone
from refiner_desktop.datasets.fields import SEGMENTS, Field, Fields
from refiner_desktop.datasets.page import (
    ACCOUNT,
    ACCOUNT_ATTRIBUTES,
    ACCOUNT_FIELDS,
    ATTRIBUTES,
    CONTACT,
    CONTACT_FIELDS,
    RARE_CONTACT_FIELDS,
    Page,
    Path,
)
from refiner_desktop.datasets.profile import Fold
from refiner_desktop.datasets.reading import select
from refiner_desktop.datasets.search import without_accents
from refiner_desktop.datasets.selection import Ids, current


class ContactTable:
    """Owns the table `contact` on one connection, which is not to be used by two threads at once.

    Column `n` is the row's id and its place in the order of arrival. We count ourselves because
    DuckDB may give a rowid away again. `literals` names the columns whose text is a JSON value
    rather than a string, `segment_list` holds the segments as JSON, every other column is a field.

    The table `earlier` tells whose the ids were that were used up in this load and the one before:
    whoever still holds such an id finds the contact.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._next_id = 0
        self._first_id = 0
        self._connection.execute("CREATE TABLE earlier (n INTEGER, uuid VARCHAR)")
        self._create()

    def insert(self, page: Page) -> None:
        """Add the page's contacts in place of older versions of them, or nothing at all."""
        self._put(page, range(self._next_id, self._next_id + page.size))
        self._next_id += page.size

    def replace(self, page: Page) -> int:
        """Put the page's only contact where its older version is; return the row's id.

        Raises `RowGone` when there is no older version.
        """
        uuid = page.cells[CONTACT, "uuid"][0]
        found = self._connection.execute(
            f"SELECT n FROM contact WHERE {self.uuid_name} = $1", [uuid]
        ).fetchall()
        if not found:
            raise RowGone(f"no row of {uuid}")
        row_id = int(found[0][0])
        self._put(page, range(row_id, row_id + 1))
        return row_id

    def delete(self, uuids: Sequence[str]) -> int:
        """Forget the contacts with these UUIDs; return how many were here."""
        deleted = self._connection.execute(
            f"DELETE FROM contact WHERE {self.uuid_name} IN (SELECT unnest($1::VARCHAR[]))",
            [list(uuids)],
        ).fetchall()
        self.count -= deleted[0][0]
        return int(deleted[0][0])

    def _put(self, page: Page, ids: range) -> None:
        new = self.fields.unknown(page.cells)
        fields = {field.path: field for field in [*self.fields, *new]}
        for path, texts in page.cells.items():
            fields[path].profile.see(texts)
        if page.commas:
            fields[SEGMENTS].profile.commas = True
        self._connection.register("page", _arrays(page, fields, ids))
        try:
            with transaction(self._connection):
                replaced, twins = self._replace(new, [fields[path] for path in page.cells], ids)
        finally:
            self._connection.unregister("page")
        self.fields.add(new)
        for field, twin in twins.items():
            field.twin = twin
        self.count += page.size - replaced

    def row(self, row_id: int) -> dict[str, Any]:
        """Return one contact as an object. Raises `RowGone`."""
        for contact in self.rows(np.array([row_id], dtype=np.int32)):
            return contact
        raise RowGone(f"no row {row_id}")

    def rows(self, row_ids: Ids) -> list[dict[str, Any]]:
        """Return contacts as objects, in this order; those that are gone are left out."""
        ids = current(self._connection, row_ids, self.uuid_name).tolist()
        fields = list(self.fields)
        names = ["n", "literals", "segment_list", *(field.name for field in fields)]
        found = select(self._connection, names, ids)
        by_id = {
            row_id: contact_of(fields, literals, segments, texts)
            for row_id, literals, segments, *texts in found
        }
        return [by_id[row_id] for row_id in ids if row_id in by_id]

    def clear(self, *, keep_ids: bool = False) -> None:
        """Forget all rows and fields, but not which ids were used, or by whom with `keep_ids`."""
        with transaction(self._connection):
            execute = self._connection.execute
            execute(f"DELETE FROM earlier WHERE NOT {keep_ids} OR n < {self._first_id:d}")
            if keep_ids:
                uuid = self.uuid_name
                execute(f"INSERT INTO earlier SELECT n, {uuid} FROM contact WHERE {uuid} <> ''")
            execute("DROP TABLE contact")
            self._first_id = self._next_id
            self._create()

    @property
    def uuid_name(self) -> str:
        """The name of the column that holds the contact's UUID."""
        return self.fields[CONTACT, "uuid"].name

    def _create(self) -> None:
        self.fields = Fields()
        self.count = 0
        columns = ", ".join(f"{field.name} VARCHAR" for field in self.fields)
        self._connection.execute(
            f"CREATE TABLE contact (n INTEGER, literals VARCHAR, segment_list VARCHAR, {columns})"
        )

    def _replace(
        self, new: Sequence[Field], filled: Sequence[Field], ids: range
    ) -> tuple[int, dict[Field, str]]:
        """Write the page; return how many older rows went, and the twins of the filled fields."""
        execute = self._connection.execute
        for field in new:
            execute(f"ALTER TABLE contact ADD COLUMN {field.name} VARCHAR")
        accented = [field for field in filled if field.profile.fold is Fold.ACCENTS]
        twins = {field: field.twin or self._add_twin(field) for field in accented}
        replaced = self._forget_older(ids)
        folded = [f"{without_accents(field.name)} AS {twin}" for field, twin in twins.items()]
        execute(f"INSERT INTO contact BY NAME SELECT {', '.join(['*', *folded])} FROM page")
        return replaced, twins

    def _forget_older(self, ids: range) -> int:
        """Delete the older versions of the page's contacts, but not who they were."""
        execute, uuid = self._connection.execute, self.uuid_name
        older = execute(
            f"SELECT n, {uuid} FROM contact WHERE {uuid} IN "
            f"(SELECT {uuid} FROM page WHERE {uuid} <> '')"
        ).fetchall()
        if older:
            row_ids = [row_id for row_id, _owner in older]
            execute("DELETE FROM contact WHERE n IN (SELECT unnest($1::INTEGER[]))", [row_ids])
        moved = [each for each in older if each[0] not in ids]
        if moved:
            execute(
                "INSERT INTO earlier SELECT unnest($1::INTEGER[]), unnest($2::VARCHAR[])",
                [list(column) for column in zip(*moved, strict=True)],
            )
        return len(older)

    def _add_twin(self, field: Field) -> str:
        # Taking accents off is by far the slowest part of a sort or a filter. Done once, as the
        # texts come, it makes both three to four times as fast at a million names.
        twin = f"folded_{field.name}"
        self._connection.execute(f"ALTER TABLE contact ADD COLUMN {twin} VARCHAR")
        self._connection.execute(f"UPDATE contact SET {twin} = {without_accents(field.name)}")
        return twin


def _arrays(page: Page, fields: Mapping[Path, Field], ids: range) -> dict[str, Any]:
    literals = [",".join(fields[path].name for path in paths) or None for paths in page.literals]
    texts = {fields[path].name: cells for path, cells in page.cells.items()}
    # The uuid is what the page is matched by, so it is there even if no contact has one.
    texts.setdefault(fields[CONTACT, "uuid"].name, [None] * page.size)
    texts |= {"literals": literals, "segment_list": page.segment_lists}
    numbers = np.array(ids, dtype=np.int32)
    return {"n": numbers} | {name: np.array(cells, dtype=object) for name, cells in texts.items()}


def values_of(
    fields: Sequence[Field], literals: str | None, texts: Sequence[str | None]
) -> list[Any]:
    """Return what the API sent in place of these texts of one row."""
    decoded = set((literals or "").split(","))
    return [
        msgspec.json.decode(text) if text is not None and field.name in decoded else text
        for field, text in zip(fields, texts, strict=True)
    ]


def contact_of(
    fields: Sequence[Field],
    literals: str | None,
    segments: str | None,
    texts: Sequence[str | None],
) -> dict[str, Any]:
    """Return one row as an object, from its cells in all fields."""
    paths = (field.path for field in fields)
    values = dict(zip(paths, values_of(fields, literals, texts), strict=True))
    contact = {name: values[CONTACT, name] for name in CONTACT_FIELDS}
    rare = {name: values[CONTACT, name] for name in RARE_CONTACT_FIELDS}
    account = {name: values[ACCOUNT, name] for name in ACCOUNT_FIELDS}
    attributes = _filled(values, ACCOUNT_ATTRIBUTES)
    grouped = attributes or any(value is not None for value in account.values())
    return {
        **contact,
        **{name: value for name, value in rare.items() if value is not None},
        "attributes": _filled(values, ATTRIBUTES),
        "segments": msgspec.json.decode(segments or "[]"),
        "account": {**account, "attributes": attributes} if grouped else None,
    }


def _filled(values: Mapping[Path, Any], part: str) -> dict[str, Any]:
    return {
        name: value
        for (parent, name), value in values.items()
        if parent == part and value is not None
    }

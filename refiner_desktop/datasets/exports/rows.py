"""The rows of an export, as they are at one moment, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from refiner_desktop.datasets.columns import Column
from refiner_desktop.datasets.errors import DatasetError, Interrupted
from refiner_desktop.datasets.fields import Field, columns_of, missing_field
from refiner_desktop.datasets.reading import Cells
from refiner_desktop.datasets.sql_names import printable
from refiner_desktop.datasets.table import contact_of, values_of

Progress = Callable[[int, int], None]

CHUNK_ROWS = 50_000
CHUNK_CELLS = 2_000_000
BATCH_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Watch:
    """Who hears of the rows written and the rows in all, and who may stop it."""

    on_progress: Progress
    should_stop: Callable[[], bool]


class Rows:
    """Rows in a given order, read on a connection of their own inside its open transaction.

    Rows that are gone are left out; `done` counts those that were read and
    `cut_cells` what a writer had to shorten. Every way of reading hands
    out batches, and raises `Interrupted` between two of them once it is asked to stop.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        known: Mapping[str, Field],
        ids: NDArray[np.int32],
        columns: Sequence[Column] | None,
        watch: Watch,
    ) -> None:
        if columns is not None and not columns:
            raise DatasetError("there are no columns to write")
        self._connection = connection
        self._ids = ids
        self._all_fields = list(known.values())
        self._watch = watch
        wanted = columns_of(known.values()) if columns is None else columns
        self.fields = [known.get(c.key) or missing_field(c.key) for c in wanted]
        self.whole = columns is None
        self.columns = tuple(
            Column(column.key, column.title, field.column.kind)
            for column, field in zip(wanted, self.fields, strict=True)
        )
        self.done = 0
        self.cut_cells = 0

    def __len__(self) -> int:
        return len(self._ids)

    def should_stop(self) -> bool:
        """Whether somebody asked for an end."""
        return self._watch.should_stop()

    def stop_if_asked(self) -> None:
        """Raise `Interrupted` once somebody asked for an end."""
        if self.should_stop():
            raise Interrupted("the export was stopped")

    @property
    def unique_titles(self) -> list[str]:
        """The titles of the columns, numbered where the same comes again, case aside."""
        titles: dict[str, str] = {}
        for column in self.columns:
            plain, number = printable(column.title), 2
            title = plain
            while title.casefold() in titles:
                title, number = f"{plain} ({number})", number + 1
            titles[title.casefold()] = title
        return list(titles.values())

    def texts(self, batch_rows: int = BATCH_ROWS) -> Iterator[list[Cells]]:
        """Yield the columns' cells as texts."""
        yield from self._batches([field.name for field in self.fields], batch_rows)

    def values(self) -> Iterator[list[list[Any]]]:
        """Yield the columns' cells as the API sent them; segments are their names."""
        names = [field.name for field in self.fields]
        for batch in self._batches(["literals", *names], BATCH_ROWS):
            yield [values_of(self.fields, literals, texts) for literals, *texts in batch]

    def contacts(self) -> Iterator[list[dict[str, Any]]]:
        """Yield contacts as in the API reference, section 5.1, without their empty attributes."""
        names = [field.name for field in self._all_fields]
        for batch in self._batches(["literals", "segment_list", *names], BATCH_ROWS):
            yield [
                contact_of(self._all_fields, literals, segments, texts)
                for literals, segments, *texts in batch
            ]

    def _batches(self, names: Sequence[str], batch_rows: int) -> Iterator[list[Any]]:
        total = len(self._ids)
        # Each chunk may cost a look at the whole table, so they are as large as memory likes.
        size = min(CHUNK_ROWS, max(CHUNK_CELLS // len(names), BATCH_ROWS))
        for first in range(0, total, size):
            found = self._chunk(names, self._ids[first : first + size])
            while batch := found.fetchmany(batch_rows):
                self.stop_if_asked()
                yield batch
                self.done += len(batch)
                self._watch.on_progress(self.done, total)

    def _chunk(self, names: Sequence[str], ids: NDArray[np.int32]) -> duckdb.DuckDBPyConnection:
        places = np.arange(len(ids), dtype=np.int32)
        self._connection.register("wanted", {"id": ids, "place": places})
        return self._connection.execute(
            f"SELECT {', '.join(names)} FROM contact JOIN wanted ON n = id ORDER BY place"
        )

"""The one SQLite file of the application: opened, checked, migrated, shared by threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from refiner_desktop.settings.files import aside_name
from refiner_desktop.storage.schema import PROBES, STEPS

BUSY_SECONDS = 5.0
PAGE_BYTES = 8192
CHECKPOINT_PAGES = 2000  # a log of 16 MB; the default of 1,000 halts a burst twice as often
SIGNATURE = b"SQLite format 3\x00"


class StorageUnavailable(Exception):
    """The file cannot be read or written: no permission, a full disk, a folder that is a file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Database:
    """`refiner.db`. Every thread that asks gets a connection of its own; `close()` closes them all.

    WAL lets any thread read while another writes. What is committed outlives a killed process; a
    power cut too, where `transaction(to_disk=True)` waits for the disk.

    `moved_aside` names the file that a damaged predecessor was moved to, or is None.
    """

    def __init__(self, path: Path, moved_aside: Path | None = None) -> None:
        """Use `Database.open`, which checks the file and brings it up to date first."""
        self.path = path
        self.moved_aside = moved_aside
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open or create the file and its folder, and apply the migrations it lacks.

        A damaged file, or one written by a newer version, is moved aside with its companions under
        a dated name, and a new one is made. Raises `StorageUnavailable`.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _refusals(path):
                moved_aside = _move_aside(path) if _is_damaged(path) else None
                path.touch(mode=0o600)  # it holds personal data: nobody else's to read
                _migrate(path)
        except OSError as exc:
            raise StorageUnavailable(path, exc.strerror or str(exc)) from exc
        return cls(path, moved_aside)

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, in autocommit mode. Raises `StorageUnavailable`."""
        thread = threading.current_thread()
        return self._connections.get(thread) or self._connect(thread)

    @contextmanager
    def transaction(self, *, to_disk: bool = False) -> Iterator[sqlite3.Connection]:
        """Write on this thread's connection: all of the block is committed at its end, or none.

        `to_disk` returns only when the disk has it, and all that was committed before: 0.2 ms here,
        but many where other programs keep the disk busy. Raises `StorageUnavailable` when the disk
        is full or the file cannot be written.
        """
        connection = self.connection()
        with _refusals(self.path):
            connection.execute(f"PRAGMA synchronous = {'FULL' if to_disk else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite itself rolls back when the disk is full.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def free_disk(self) -> None:
        """Give the disk back what deleted rows took."""
        # It frees one page a step, and `execute` would take but one step.
        self.connection().executescript("PRAGMA incremental_vacuum")

    def close(self) -> None:
        """Close the connections of all threads. Call it when they have stopped working."""
        with self._lock:
            self._closed = True
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()

    def _connect(self, thread: threading.Thread) -> sqlite3.Connection:
        with self._lock, _refusals(self.path):
            if self._closed:
                raise StorageUnavailable(self.path, "already closed")
            for ended in [other for other in self._connections if not other.is_alive()]:
                self._connections.pop(ended).close()
            self._connections[thread] = _connect(self.path)
            return self._connections[thread]


def _connect(path: Path) -> sqlite3.Connection:
    # Only `close()` and `_connect` touch a connection from another thread than its own.
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    return connection


def _migrate(path: Path) -> None:
    with closing(_connect(path)) as connection:
        # Only a database without tables takes these two. Three usual deliveries fit into a page;
        # and without the second, deleted rows would never free the disk.
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # A step may make a table anew; dropping the old one must not delete what refers to it.
        connection.execute("PRAGMA foreign_keys = OFF")
        for number in range(_version(connection) + 1, len(STEPS) + 1):
            connection.executescript(
                f"BEGIN IMMEDIATE; {STEPS[number - 1]} PRAGMA user_version = {number}; COMMIT;"
            )


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _is_damaged(path: Path) -> bool:
    """Notice typical damage without reading the whole file: a header, a length, a torn table."""
    if not path.exists() or path.stat().st_size == 0:
        # The log alone holds committed rows, and SQLite would delete it.
        wal = _companion(path, "-wal")
        return wal.exists() and wal.stat().st_size > 0
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            return True
    try:
        with closing(_connect(path)) as connection:
            return not _is_ours(connection)
    except sqlite3.DatabaseError as exc:
        if exc.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return True
        raise


def _is_ours(connection: sqlite3.Connection) -> bool:
    version = _version(connection)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    if version == 0:  # tables and their version are committed together
        return not names
    if version == len(STEPS) and names.issuperset(PROBES):
        for probe in PROBES.values():
            connection.execute(probe).fetchall()
        return True
    return version < len(STEPS)


def _move_aside(path: Path) -> Path:
    target = aside_name(path)
    for suffix in ("", "-wal", "-shm"):
        source = _companion(path, suffix)
        if source.exists():
            source.rename(_companion(target, suffix))
    return target


def _companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as exc:
        raise StorageUnavailable(path, str(exc)) from exc

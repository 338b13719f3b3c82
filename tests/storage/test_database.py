"""The file: made, checked, moved aside, shared by threads."""

import sqlite3
import threading
from datetime import UTC, datetime

import pytest

from refiner_desktop.storage.database import Database, StorageUnavailable
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.storage.exchanges import ExchangeStore
from refiner_desktop.storage.schema import STEPS
from refiner_desktop.webhooks.delivery import Delivery


def delivery(body=b"{}"):
    return Delivery("Segment entries", datetime.now(UTC), "POST", "/hooks/x", (("A", "b"),), body)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "refiner.db"


@pytest.fixture
def filled(path):
    """A file with 200 deliveries, closed."""
    database = Database.open(path)
    DeliveryStore(database).add_many([delivery(b"x" * 3000)] * 200)
    database.close()
    return path


def test_a_new_file_and_its_folder_are_made(path):
    database = Database.open(path)
    assert database.moved_aside is None
    assert DeliveryStore(database).count() == 0
    database.close()
    assert path.stat().st_size > 0


def test_the_delivery_and_bulk_row_tables_have_the_columns_other_programs_rely_on(path):
    Database.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(
        "SELECT id, hook, received_at, method, path, headers, body, kind, verdict FROM delivery"
    )
    connection.execute("SELECT run, row, state, status, error FROM bulk_row")
    connection.close()


def test_what_was_kept_is_there_when_the_file_is_opened_again(filled):
    database = Database.open(filled)
    assert database.moved_aside is None
    assert DeliveryStore(database).count() == 200
    database.close()


@pytest.mark.skipif("os.name == 'nt'")
def test_nobody_else_may_read_the_file(filled):
    assert filled.stat().st_mode & 0o077 == 0


def damage_header(path):
    path.write_bytes(b"not a database" + path.read_bytes()[14:])


def damage_all(path):
    path.write_bytes(b"\x00garbage" * 4000)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def truncate_to_a_few_bytes(path):
    path.write_bytes(path.read_bytes()[:30])


def zero_the_tables(path):
    content = bytearray(path.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    path.write_bytes(content)


def claim_a_newer_version(path):
    with_version(path, len(STEPS) + 1)


def forget_a_table(path):
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE delivery")
    connection.close()


def be_of_another_program(path):
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE delivery (id)")
    connection.close()


def with_version(path, number):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {number}")
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        damage_header,
        damage_all,
        truncate,
        truncate_to_a_few_bytes,
        zero_the_tables,
        claim_a_newer_version,
        forget_a_table,
        be_of_another_program,
    ],
)
def test_a_damaged_file_is_moved_aside_whole_and_a_new_one_serves(filled, damage):
    damage(filled)
    content = filled.read_bytes()
    database = Database.open(filled)
    assert database.moved_aside is not None
    assert database.moved_aside.parent == filled.parent
    assert database.moved_aside.name.startswith("refiner.damaged-20")
    assert database.moved_aside.read_bytes() == content
    assert DeliveryStore(database).add(delivery()) == 1
    database.close()


def test_the_log_and_its_index_move_with_a_damaged_file(filled):
    damage_header(filled)
    filled.with_name("refiner.db-wal").write_bytes(b"log")
    filled.with_name("refiner.db-shm").write_bytes(b"index")
    database = Database.open(filled)
    moved = database.moved_aside
    database.close()
    assert moved.with_name(moved.name + "-wal").read_bytes() == b"log"
    assert moved.with_name(moved.name + "-shm").read_bytes() == b"index"


def test_two_files_damaged_within_a_second_are_both_kept(filled):
    for content in (b"first" * 100, b"second" * 100):
        filled.write_bytes(content)
        Database.open(filled).close()
    kept = {file.read_bytes() for file in filled.parent.glob("refiner.damaged-*.db")}
    assert kept == {b"first" * 100, b"second" * 100}


def test_a_log_without_its_database_is_moved_aside_rather_than_deleted(path):
    path.parent.mkdir()
    path.with_name("refiner.db-wal").write_bytes(b"committed rows")
    database = Database.open(path)
    moved = database.moved_aside
    database.close()
    assert moved.with_name(moved.name + "-wal").read_bytes() == b"committed rows"


def test_a_file_of_an_earlier_version_is_brought_up_to_date(path, monkeypatch):
    Database.open(path).close()
    later = (*STEPS, "CREATE TABLE saved_request (id INTEGER PRIMARY KEY);")
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", later)
    database = Database.open(path)
    assert database.moved_aside is None
    database.connection().execute("SELECT id FROM saved_request")
    database.close()


def test_what_the_first_version_kept_is_there_after_the_second_step(path, monkeypatch):
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS[:1])
    database = Database.open(path)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO delivery (hook, received_at, method, path, headers, kind, verdict, body)"
            " VALUES ('h', '2026-11-23T10:15:00Z', 'POST', '/', '[]', 'other', 'accepted', x'00ff')"
        )
        connection.execute(
            "INSERT INTO exchange (sent_at, method, path, query, headers, state, body)"
            " VALUES ('2026-11-23T10:15:00Z', 'GET', '/', '[]', '[]', 'answered', x'')"
        )
    database.close()
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", STEPS)
    database = Database.open(path)
    assert database.moved_aside is None
    kept = DeliveryStore(database).get(1)
    assert (kept.body, kept.project) == (b"\x00\xff", "")
    assert [row.id for row in ExchangeStore(database).recent(9)] == [1]
    database.close()


def test_a_migration_that_fails_leaves_the_version_as_it_was(path, monkeypatch):
    Database.open(path).close()
    broken = (*STEPS, "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER);")
    monkeypatch.setattr("refiner_desktop.storage.database.STEPS", broken)
    with pytest.raises(StorageUnavailable):
        Database.open(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall() == []
    connection.close()


def test_a_folder_that_cannot_be_made_is_said_with_its_path(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable) as caught:
        Database.open(tmp_path / "file" / "refiner.db")
    assert caught.value.path == tmp_path / "file" / "refiner.db"
    assert caught.value.reason


def test_a_path_that_is_a_folder_is_unavailable_and_left_alone(tmp_path):
    (tmp_path / "refiner.db").mkdir()
    with pytest.raises(StorageUnavailable):
        Database.open(tmp_path / "refiner.db")
    assert (tmp_path / "refiner.db").is_dir()


def test_a_file_that_another_program_locks_is_unavailable_and_not_damaged(filled, monkeypatch):
    monkeypatch.setattr("refiner_desktop.storage.database.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(filled, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StorageUnavailable, match="locked"):
            Database.open(filled)
    finally:
        other.close()
    assert list(filled.parent.glob("*damaged*")) == []


def test_a_transaction_that_fails_leaves_nothing(path):
    def insert_and_fail():
        with database.transaction() as connection:
            connection.execute("INSERT INTO bulk_mapping VALUES ('', '')")
            raise ZeroDivisionError

    database = Database.open(path)
    with pytest.raises(ZeroDivisionError):
        insert_and_fail()
    assert database.connection().execute("SELECT count(*) FROM bulk_mapping").fetchone() == (0,)
    with database.transaction() as connection:
        connection.execute("INSERT INTO bulk_mapping VALUES ('', '')")
    database.close()


def test_a_full_disk_is_unavailable_and_leaves_nothing_half_written(path):
    database = Database.open(path)
    store = DeliveryStore(database)
    store.add(delivery())
    pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
    database.connection().execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(StorageUnavailable, match="full"):
        store.add_many([delivery(b"x" * 10_000)] * 100)
    assert store.count() == 1
    store.add(delivery())
    database.close()


def test_one_thread_reads_while_another_writes(path):
    database = Database.open(path)
    store = DeliveryStore(database)
    counts = []

    def watch():
        while store.count() < 50:
            counts.append(store.count())

    reader = threading.Thread(target=watch)
    reader.start()
    for _ in range(50):
        store.add(delivery())
    reader.join(10)
    assert not reader.is_alive()
    assert counts == sorted(counts)
    database.close()


def test_a_closed_database_refuses_instead_of_opening_anew(path):
    database = Database.open(path)
    database.close()
    with pytest.raises(StorageUnavailable):
        database.connection()

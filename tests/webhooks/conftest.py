"""A listener on a real port with a real file behind it, and bare sockets to speak to it."""

import socket
import time
from http.client import HTTPResponse

import pytest

from refiner_desktop.secret import Secret
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.listener import Listener
from refiner_desktop.webhooks.self_test import post_to_itself

TOKEN = "s3cret-of-the-desk"


class Desk:
    """A running listener, its store, what it handed on, and ways to send to it."""

    hook = Hook("Surveys", "/hooks/surveys", frozenset({Kind.SURVEY_COMPLETED}), Secret(TOKEN))

    def __init__(self, folder, *, hosts=(), **options):
        self.hosts = hosts
        self.database = Database.open(folder / "refiner.db")
        self.store = DeliveryStore(self.database)
        self.listener = Listener(
            lambda batch: self.keep(batch),
            lambda number: self.on_kept(number),
            prove=lambda: self.prove(),
            **options,
        )
        self.clear()

    def clear(self):
        """Be as new, but for the listener's counts."""
        self.store.delete(self.store.ids())
        self.keep, self.prove = self.store.add_many, self.store.prove
        self.handed_on = []
        self.on_kept = self.handed_on.append
        self.listener.admit([self.hook], self.hosts)
        self.listener.start()

    def close(self):
        self.listener.stop()
        self.database.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.listener.port), timeout=10)

    def head(self, *headers, path="/hooks/surveys", method="POST", token=TOKEN):
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
        return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1")

    def send(self, body=b"{}", *headers, **head):
        """Send one request and return the answer's status."""
        request = self.head(f"Content-Length: {len(body)}", *headers, **head) + body
        return self.send_raw(request, head.get("method", "POST"))

    def send_raw(self, request, method="POST"):
        with self.connect() as connection:
            connection.sendall(request)
            return self.answer(connection, method)

    def answer(self, connection, method="POST"):
        """Read one whole answer and return its status."""
        with HTTPResponse(connection, method=method) as response:
            response.begin()
            response.read()
            return response.status

    def answers(self, connection, count):
        """Read so many answers of a hook that says `Kept` and return their statuses."""
        came = b""
        while came.count(b"Kept\n") < count:
            came += connection.recv(1 << 16)
        return [int(line[9:12]) for line in came.splitlines() if line.startswith(b"HTTP/1.1 ")]

    def test(self):
        """Let the listener test itself by the way of its hook; return the seconds."""
        port, marks = self.listener.port, self.listener.marks
        return post_to_itself("127.0.0.1", port, marks, self.hook)

    def newest(self):
        """Return the delivery that came last."""
        return self.store.get(self.store.search(limit=1)[0].id)

    def bodies(self):
        """Return all bodies that are kept, oldest first."""
        return [self.store.get(number).body for number in reversed(self.store.ids())]


@pytest.fixture(scope="module")
def lasting_desk(tmp_path_factory):
    """One desk for all tests of a module, because stopping a server takes 0.2 s."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()


@pytest.fixture
def desk(lasting_desk):
    lasting_desk.clear()
    return lasting_desk


@pytest.fixture
def make_desk(tmp_path):
    """Open a desk with options of its own."""
    desks = []

    def make(**options):
        desks.append(Desk(tmp_path, **options))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def eventually():
    """Wait until a condition holds; fail after five seconds."""

    def wait(condition):
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.005)

    return wait

"""A listener that is killed in mid-burst has lost nothing that it acknowledged."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException

import pytest

from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore

SERVE = """
import sys, time
from pathlib import Path
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.listener import Listener

store = DeliveryStore(Database.open(Path(sys.argv[1])))
listener = Listener(store.add_many, lambda number: None)
listener.admit([Hook("Open", "/open")])
listener.start()
print(listener.port, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL")
def test_every_delivery_answered_200_is_in_the_file_once(tmp_path):
    path = tmp_path / "refiner.db"
    acknowledged = set()

    def burst(port, sender):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        with closing(connection), suppress(OSError, HTTPException):
            for number in range(100_000):
                body = f"{sender}/{number}".encode()
                connection.request("POST", "/open", body)
                if connection.getresponse().read() == b"Kept\n":
                    acknowledged.add(body)

    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        port = int(process.stdout.readline())
        senders = [threading.Thread(target=burst, args=(port, n)) for n in range(8)]
        for sender in senders:
            sender.start()
        time.sleep(0.5)
        process.kill()
        for sender in senders:
            sender.join(10)

    database = Database.open(path)
    store = DeliveryStore(database)
    bodies = [store.get(number).body for number in store.ids()]
    assert database.moved_aside is None
    database.close()
    assert len(acknowledged) > 50
    assert acknowledged <= set(bodies)
    assert len(bodies) == len(set(bodies))

"""What the application does with a real GNOME Keyring; a script that runs on a bus of its own.

It starts and stops the daemon, locks and unlocks it, asks a `KeyringStore` in between, and prints
what came of it as one JSON object.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress

import secretstorage
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from secretstorage.defines import SS_PATH
from secretstorage.util import DBusAddressWrapper, format_secret, open_session

from refiner_desktop.secret import Secret
from refiner_desktop.settings.keyring_store import KeyringStore
from refiner_desktop.settings.secrets import KeyringProblem

DAEMON = ("gnome-keyring-daemon", "--components=secrets", "--unlock")
PASSWORD = b"correct horse"
PATIENCE = 5
UNLOCKER = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"


def main():
    store, heard = KeyringStore(patience=PATIENCE), {}
    heard["without a daemon"] = outcome(store.place())
    with daemon():
        heard["saved"] = outcome(store.save("one", Secret("the first key")))
        outcome(store.save("one", Secret("the second key")))
        outcome(store.save("two", Secret("another key")))
        heard["kept"] = items()
        heard["place"] = outcome(store.place())
        heard["after a restart"] = after_a_restart("load", "one")
        heard["read again"] = outcome(store.load("one"))
        lock()
        heard["locked"] = outcome(store.load("one"))
        heard["locked, after a restart"] = after_a_restart("load", "one")
        with prompter() as prompt:
            prompt.cancel.set()
            heard["dismissed"] = outcome(store.load("one"))
        with prompter() as prompt:
            heard["abandoned"] = asyncio.run(abandoned_save(store, prompt))
        heard["unlocked"] = outcome(store.load("one"))
        heard["forgotten"] = outcome(store.forget("one"))
        heard["forgotten twice"] = outcome(store.forget("one"))
        heard["after forgetting"] = after_a_restart("load", "one")
        heard["kept after forgetting"] = items()
    heard["daemon gone"] = outcome(store.load("two"))
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
    heard["nothing but the daemon, and it gone"] = after_a_restart("load", "two")
    tell(heard)


async def abandoned_save(store, prompt):
    """Give up a save that waits for its prompt, unlock by other means, and let the save end."""
    saving = asyncio.create_task(store.save("three", Secret("a key given up")))
    await asyncio.to_thread(prompt.shown.wait, PATIENCE)
    started = time.perf_counter()
    saving.cancel()
    with suppress(asyncio.CancelledError):
        await saving
    seconds = time.perf_counter() - started
    await asyncio.to_thread(unlock)
    prompt.cancel.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            await asyncio.to_thread(thread.join, PATIENCE)
    return items(), seconds


def tell(heard):
    sys.stdout.write(json.dumps(heard))


def outcome(answer):
    """Return what the store answered, and the seconds that it took."""
    started = time.perf_counter()
    try:
        value = asyncio.run(answer)
        said = value.reveal() if isinstance(value, Secret) else value
    except KeyringProblem as exc:
        said = f"{type(exc).__name__} of {exc.place or 'nobody'}"
    return said, time.perf_counter() - started


def after_a_restart(*arguments):
    """Ask a new process, as the next start of the application would."""
    command = (sys.executable, __file__, *arguments)
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def items():
    """Return the names that are kept for the application, straight from the collection."""
    with closing(secretstorage.dbus_init()) as bus:
        collection = secretstorage.get_default_collection(bus)
        found = [item.get_attributes() for item in collection.get_all_items()]
    return sorted(each["username"] for each in found if each.get("service") == "Refiner Desktop")


def lock():
    with closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()


def unlock():
    """Give the password without a prompt, as signing in to the desktop does."""
    with closing(secretstorage.dbus_init()) as bus:
        password = format_secret(session := open_session(bus), PASSWORD, "text/plain")
        login = secretstorage.get_default_collection(bus, session).collection_path
        service = DBusAddressWrapper(SS_PATH, UNLOCKER, bus)
        service.call("UnlockWithMasterPassword", "o(oayays)", login, password)


@contextmanager
def daemon():
    """Run a keyring with an empty, unlocked collection."""
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        (*DAEMON, "--foreground"), stdin=subprocess.PIPE, stdout=nothing, stderr=nothing
    )
    try:
        process.stdin.write(PASSWORD)
        process.stdin.close()
        wait_for_owner("org.freedesktop.secrets")
        yield
    finally:
        process.terminate()
        process.wait(5)


def wait_for_owner(name):
    deadline = time.monotonic() + 5
    with closing(open_dbus_connection()) as bus:
        while not Proxy(message_bus, bus).NameHasOwner(name)[0]:
            assert time.monotonic() < deadline, f"nobody owns {name}"
            time.sleep(0.01)


class Prompter(threading.Thread):
    """Shows the keyring's prompt, as a desktop does, to a person who will press Cancel."""

    NAME = "org.gnome.keyring.SystemPrompter"
    CALLBACK = "org.gnome.keyring.internal.Prompter.Callback"

    def __init__(self, bus):
        super().__init__(name="prompter")
        self.shown, self.cancel, self.over = (threading.Event() for _ in range(3))
        self._bus = bus

    def run(self):
        while not self.over.is_set():
            with suppress(TimeoutError):
                message = self._bus.receive(timeout=0.02)
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)

    def _answer(self, message):
        self._bus.send(new_method_return(message))
        method, caller = (
            message.header.fields[field] for field in (HeaderFields.member, HeaderFields.sender)
        )
        callback = DBusAddress(message.body[0], caller, self.CALLBACK)
        if method == "PerformPrompt":
            self.shown.set()
            self.cancel.wait(PATIENCE)
        if method in ("BeginPrompting", "PerformPrompt"):
            reply = "no" if method == "PerformPrompt" else ""
            self._bus.send(new_method_call(callback, "PromptReady", "sa{sv}s", (reply, {}, "")))
        else:
            self._bus.send(new_method_call(callback, "PromptDone"))


@contextmanager
def prompter():
    with closing(open_dbus_connection()) as bus:
        Proxy(message_bus, bus).RequestName(Prompter.NAME)
        thread = Prompter(bus)
        thread.start()
        yield thread
        thread.over.set()
        thread.join(PATIENCE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["load"]:
        tell(outcome(KeyringStore(patience=PATIENCE).load(sys.argv[2])))
    else:
        main()

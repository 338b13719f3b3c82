"""The application on a real GNOME Keyring: started again and again, each time as a new process.

Prints what each start showed, as one JSON object. Arguments: data directory, base URL, key.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from secret_service_session import daemon, items, lock


def main(*arguments):
    heard = {}
    with daemon():
        for start in ("first", "again"):
            heard[start] = _started(start, *arguments)
        heard["kept"] = items()
        lock()
        heard["locked"] = _started("locked", *arguments)
    with daemon():  # signing in again unlocks it
        heard["unlocked"] = _started("again", *arguments)
        heard["forgotten"] = _started("forget", *arguments)
        heard["kept after forgetting"] = items()
    sys.stdout.write(json.dumps(heard))


def _started(*arguments):
    """Start the application and return what it said."""
    command = (sys.executable, __file__, "--start", *arguments)
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def start(step, folder, url, key):
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
        sys.stdout.write(json.dumps(runner.run(_drive(step, Path(folder), url, key))))


async def _drive(step, folder, url, key):
    from refiner_desktop.app import Options, build
    from refiner_desktop.app.driver import Driver

    async with build(Options(data_dir=folder)) as window:
        window.show()
        drive = Driver(window)
        if step == "first":
            drive.write("connection.base_url", url)
            drive.write("connection.api_key", key)
            drive.click("connection.connect")
        runs = window.connection_tab.tasks.running
        await drive.until(lambda: not window.tasks.running("opening"), "the start")
        await drive.until(lambda: not runs("connect"), "the end of connecting")
        if step == "forget":
            drive.click("connection.forget")
            await drive.until(lambda: not runs("connect"), "forgotten")
        return drive.text("connection.status") + " " + drive.labels_in(window.connection_tab)


if __name__ == "__main__":
    if sys.argv[1] == "--start":
        start(*sys.argv[2:])
    else:
        main(*sys.argv[1:])

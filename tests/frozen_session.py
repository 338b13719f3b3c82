"""The frozen program on a real GNOME Keyring; a script that runs on a bus of its own.

Prints as JSON what the keyring kept while the listener ran, and the log. Argument: data directory.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from secret_service_session import daemon, items

PATIENCE_SECONDS = 30


def main(program, folder):
    with daemon():
        command = (program, "--data-dir", folder, "--listen", "0")
        with subprocess.Popen(command) as process:
            ends = time.monotonic() + PATIENCE_SECONDS
            while not items() and time.monotonic() < ends:
                time.sleep(0.1)
            process.terminate()
        kept = items()
    log = (Path(folder) / "logs" / "refiner-desktop.log").read_text("utf-8")
    sys.stdout.write(json.dumps({"kept": kept, "log": log, "status": process.returncode}))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A D-Bus session with a home of its own, for scripts that talk to a real GNOME Keyring."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")

# Nothing is started for whom it asks: no daemon of the system, no prompt on a real screen.
BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def run_on_bus(home, script, *arguments):
    """Run a script on a bus of its own and return the JSON that it prints."""
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        reason = f"not installed: {', '.join(missing)}"
        pytest.fail(reason) if "CI" in os.environ else pytest.skip(reason)
    config = home / "bus.conf"
    config.write_text(BUS)
    command = ("dbus-run-session", f"--config-file={config}", "--", sys.executable, script)
    done = subprocess.run(
        (*command, *arguments), env=_environment(home), capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _environment(home):
    folders = ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    paths = (os.environ.get("PYTHONPATH", ""), str(TESTS / "settings"))
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "QT_QPA_PLATFORM": "offscreen",
        **dict.fromkeys(folders, str(home)),
    }

"""The frozen program, where `resources/freeze/make.py` has made it; the tour is run there."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from secret_bus import run_on_bus

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "dist" / "refiner-desktop" / "refiner-desktop"
SESSION = Path(__file__).with_name("frozen_session.py")

pytestmark = pytest.mark.skipif(
    not (PROGRAM.exists() and "REFINER_FROZEN" in os.environ),
    reason="set REFINER_FROZEN=1 and make it with resources/freeze/make.py",
)


def run(*arguments, **environment):
    command = [PROGRAM, *arguments]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        command, env=bare | environment, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_it_knows_its_version():
    assert run("--version").strip() == version("refiner-desktop")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others have no such menu")
def test_its_menu_entry_starts_itself(tmp_path):
    run("--install-desktop-entry", XDG_DATA_HOME=str(tmp_path))
    (entry,) = tmp_path.rglob("*.desktop")
    assert f'Exec="{PROGRAM}"\n' in entry.read_text("utf-8")
    assert len(list(tmp_path.rglob("*.png"))) == 5


def test_it_keeps_tokens_in_the_keyring_of_the_system(tmp_path):
    heard = run_on_bus(tmp_path, str(SESSION), str(PROGRAM), str(tmp_path / "data"))
    assert heard["kept"]
    assert "this session only" not in heard["log"]
    assert heard["status"] == 0

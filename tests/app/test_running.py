"""The process from its command line to its end."""

import os
import signal
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "refiner_desktop"]


def _run(*arguments, **environment):
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [*COMMAND, *arguments],
        env=bare | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a display")
def test_without_a_display_one_sentence_says_so():
    ended = _run()
    assert ended.returncode == 1
    assert ended.stderr.startswith("There is no display")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("arguments", [["--listen", "abc"], ["--listen", "70000"], ["--nonsense"]])
def test_a_command_line_that_makes_no_sense_is_refused_with_its_usage(arguments):
    ended = _run(*arguments)
    assert ended.returncode == 2
    assert "usage: refiner-desktop" in ended.stderr


@pytest.mark.parametrize("place", ["data", "tour"])
def test_a_file_in_the_place_of_a_folder_is_said_without_a_traceback(tmp_path, place):
    path = tmp_path / "file"
    path.write_text("mine")
    arguments = ["--data-dir", str(path)] if place == "data" else ["--tour", str(path)]
    ended = _run(*arguments, QT_QPA_PLATFORM="offscreen")
    assert ended.returncode == 1
    assert str(path) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert path.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill")
def test_a_polite_kill_closes_in_good_order(tmp_path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    arguments = [*COMMAND, "--data-dir", str(tmp_path), "--secrets", "memory", "--listen", "0"]
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 30
        while not (tmp_path / "refiner.db").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    assert not (tmp_path / "refiner.lock").exists()
    assert not (tmp_path / "refiner.db-wal").exists()
    assert not (tmp_path / "crashes").exists()

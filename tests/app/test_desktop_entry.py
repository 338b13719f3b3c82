"""The entry in the menu of a Linux desktop."""

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from refiner_desktop.app import desktop_entry
from refiner_desktop.app.running import main

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems have no such menu"
)


def run(flag, home, **environment):
    """Run the command without a display; `home` is the person's home directory."""
    bare = {k: v for k, v in os.environ.items() if k not in ("XDG_DATA_HOME", "QT_QPA_PLATFORM")}
    command = [sys.executable, "-m", "refiner_desktop", f"--{flag}-desktop-entry"]
    given = bare | {"HOME": str(home)} | environment
    return subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout


def test_it_is_installed_twice_removed_twice_and_then_nothing_is_left(tmp_path):
    first, again = run("install", tmp_path), run("install", tmp_path)
    assert first == again
    share = tmp_path / ".local" / "share"
    entry = share / "applications" / "refiner-desktop.desktop"
    assert str(entry) in first
    icons = [path.name for path in (share / "icons" / "hicolor").rglob("refiner-desktop.*")]
    assert sorted(icons) == ["refiner-desktop.png"] * 5 + ["refiner-desktop.svg"]
    (share / "applications" / "another.desktop").write_text("of another program")
    assert str(entry) in run("remove", tmp_path)
    assert "was not in the menu" in run("remove", tmp_path)
    assert [path for path in share.rglob("*") if path.is_file()] == [
        share / "applications" / "another.desktop"
    ]
    assert not (share / "icons").exists()


def test_xdg_data_home_is_where_it_goes(tmp_path):
    run("install", tmp_path / "home", XDG_DATA_HOME=str(tmp_path / "data"))
    assert (tmp_path / "data" / "applications" / "refiner-desktop.desktop").exists()
    assert not (tmp_path / "home").exists()


def test_the_entry_starts_this_program_and_is_valid(tmp_path):
    path = desktop_entry.install(tmp_path, ["/usr/bin/refiner-desktop"])
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(path)
    assert entry["Desktop Entry"]["Exec"] == '"/usr/bin/refiner-desktop"'
    assert entry["Desktop Entry"]["TryExec"] == "/usr/bin/refiner-desktop"
    if shutil.which("desktop-file-validate"):
        told = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True)
        assert (told.returncode, told.stdout) == (0, "")


def test_a_program_in_a_strange_place_is_quoted_as_the_specification_says():
    text = desktop_entry.entry_text(['/opt/100% "a" $b\\c/refiner-desktop', "-m"])
    assert r'Exec="/opt/100%% \\"a\\" \\$b\\\\c/refiner-desktop" "-m"' in text


def test_every_picture_has_the_size_of_its_folder_and_the_colours_of_the_logo(tmp_path):
    desktop_entry.install(tmp_path, ["refiner-desktop"])
    pictures = list(tmp_path.rglob("*.png"))
    for path in pictures:
        image = QImage(str(path))
        assert path.parts[-3] == f"{image.width()}x{image.height()}"
        assert image.pixelColor(0, 0).alpha() == 0
        assert image.pixelColor(image.width() // 2, image.height() // 8) == QColor("#3553d6")
    assert len(pictures) == 5


def test_it_starts_the_script_by_the_path_it_was_started_by(tmp_path, monkeypatch):
    script, link = tmp_path / "venv" / "refiner-desktop", tmp_path / "refiner-desktop"
    script.parent.mkdir()
    script.touch(mode=0o755)
    link.symlink_to(script)
    monkeypatch.setattr(sys, "argv", [str(link)])
    assert desktop_entry.started_by() == [str(link)]
    monkeypatch.setattr(sys, "argv", ["refiner-desktop"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert desktop_entry.started_by() == [str(link)]
    monkeypatch.setattr(sys, "argv", [str(Path(desktop_entry.__file__))])
    assert desktop_entry.started_by() == [sys.executable, "-m", "refiner_desktop"]


def test_on_another_system_a_sentence_says_what_to_do_instead(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert main(["--install-desktop-entry"]) == 1
    assert "for Linux" in capsys.readouterr().err

"""The data directory is made private, and refused in words when it can't be used."""

import stat
import sys

import pytest

from refiner_desktop.settings.paths import DataDir, DataDirUnusable


def test_the_folder_is_made_for_its_owner_only(tmp_path):
    folder = DataDir(tmp_path / "new" / "data")
    folder.prepare()
    assert folder.logs.is_dir()
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700


def test_a_file_in_its_place_is_named_with_the_reason(tmp_path):
    path = tmp_path / "data"
    path.write_text("I am a file")
    with pytest.raises(DataDirUnusable) as caught:
        DataDir(path).prepare()
    assert caught.value.path == path
    assert caught.value.reason

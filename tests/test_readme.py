"""The README says what is true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_picture_is_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).stat().st_size > 10_000 for picture in pictures)


def test_ci_runs_the_test_command_and_installs_the_libraries_that_it_names():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    commands = re.findall(r"^python3 -m venv .+$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[1].removesuffix("-m pytest").split("&&")[2].strip() in script
    libraries = re.search(r"apt-get install -y python3-venv (.+)", README)[1].split()
    assert all(library in script for library in libraries)


@pytest.mark.parametrize("module", ["refiner_desktop", "refiner_desktop.sandbox"])
def test_every_flag_exists(module):
    after = README.partition("## Command line")[2].partition("## For developers")[0]
    of_sandbox = re.search(r"`python -m refiner_desktop\.sandbox ([^`]+)`", after)
    text = of_sandbox[1] if module.endswith("sandbox") else after.replace(of_sandbox[0], "")
    command = [sys.executable, "-m", module, "--help"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    flags = re.findall(r"--[a-z][a-z-]+", text)
    assert flags
    assert all(flag in told for flag in flags)

"""The files under `resources/`, found from a wheel and from an editable install alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QIcon


class ResourceMissing(Exception):
    """A file that the application ships is not there: the installation is broken."""


@cache
def _root() -> Path:
    package = Path(__file__).parents[1]
    shipped = package / "resources"  # the wheel puts them into the package
    return shipped if shipped.is_dir() else package.parent / "resources"


def _path(folder: str, name: str) -> Path:
    path = _root() / folder / name
    if not path.is_file():
        raise ResourceMissing(str(path))
    return path


def stylesheet(name: str) -> str:
    """Return the text of a style sheet. Raises `ResourceMissing`."""
    return _path("styles", name).read_text("utf-8")


def icon_path(name: str) -> str:
    """Return an icon's path as Qt style sheets want it. Raises `ResourceMissing`."""
    return _path("icons", name).as_posix()


def logo_path() -> Path:
    """Return the application's own icon as a file. Raises `ResourceMissing`."""
    return _path("icons", "refiner-desktop.svg")


def logo() -> QIcon:
    """Return the application's own icon."""
    return QIcon(str(logo_path()))


def desktop_entry() -> str:
    """Return the menu entry, with gaps for what starts the program. Raises `ResourceMissing`."""
    return _path("desktop", "refiner-desktop.desktop").read_text("utf-8")

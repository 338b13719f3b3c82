"""The application in the menu of a Linux desktop, with its icon.

As the Desktop Entry, Icon Theme and Base Directory specifications of freedesktop.org say.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from refiner_desktop.ui.resources import desktop_entry, logo_path

NAME = "refiner-desktop"
PIXELS = (32, 48, 64, 128, 256)
"""Sizes for desktops that read no SVG."""

ELSEWHERE = (
    "A menu entry is for Linux. On Windows and macOS, pin the running application to the task bar "
    "or the Dock."
)

_RESERVED = re.compile(r'(["`$\\])')


def change(wish: Literal["install", "remove"]) -> str:
    """Add the application to the menu, or remove it; say what was done. Raises `OSError`."""
    data_home = _data_home()
    if wish == "remove":
        gone = remove(data_home)
        return f"Removed from the menu: {gone}." if gone else "It was not in the menu."
    return f"In the menu: {install(data_home, started_by())}."


def install(data_home: Path, command: list[str]) -> Path:
    """Write the entry and its icons below `data_home`, in place of older ones."""
    svg, *pictures = _icons(data_home)
    _folder(svg).write_bytes(logo_path().read_bytes())
    for picture, pixels in zip(pictures, PIXELS, strict=True):
        _drawn(pixels).save(str(_folder(picture)))
    entry = _entry(data_home)
    _folder(entry).write_text(entry_text(command), "utf-8")
    return entry


def remove(data_home: Path) -> Path | None:
    """Remove what `install` wrote, and folders left empty; return the entry if there was one."""
    entry = _entry(data_home)
    found = entry if entry.exists() else None
    for path in (entry, *_icons(data_home)):
        path.unlink(missing_ok=True)
        _clear(path.parent, data_home)
    return found


def entry_text(command: list[str]) -> str:
    """Return the entry of a program that is started by this command."""
    text = desktop_entry().replace("@exec", " ".join(map(_quoted, command)))
    return text.replace("@program", command[0].replace("\\", r"\\"))


def started_by() -> list[str]:
    """Return the command that started this process, as it works from anywhere."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    script = shutil.which(sys.argv[0])
    if script is None or Path(script).stem != NAME:  # python -m refiner_desktop
        return [sys.executable, "-m", "refiner_desktop"]
    return [os.path.abspath(script)]  # noqa: PTH100  (a link, as of pipx, stays one)


def _data_home() -> Path:
    chosen = os.environ.get("XDG_DATA_HOME", "")
    return Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share"


def _entry(data_home: Path) -> Path:
    return data_home / "applications" / f"{NAME}.desktop"


def _icons(data_home: Path) -> list[Path]:
    """Return where the icons go: the drawing first, then the pictures by size."""
    theme = data_home / "icons" / "hicolor"
    pictures = [theme / f"{pixels}x{pixels}" / "apps" / f"{NAME}.png" for pixels in PIXELS]
    return [theme / "scalable" / "apps" / f"{NAME}.svg", *pictures]


def _folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _clear(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _drawn(pixels: int) -> QImage:
    image = QImage(QSize(pixels, pixels), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(logo_path())).render(painter)
    painter.end()
    return image


def _quoted(argument: str) -> str:
    """Quote for an `Exec` line: once for its own rules, once more for those of any string."""
    quoted = '"{}"'.format(_RESERVED.sub(r"\\\1", argument))
    return quoted.replace("\\", "\\\\").replace("%", "%%")

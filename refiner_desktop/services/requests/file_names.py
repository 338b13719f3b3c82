"""Names of saved requests and folders: what every system takes for a file's name."""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath

LONGEST = 120

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


class WrongName(ValueError):
    """What can't be the name of a saved request or folder; the sentence says why."""


def checked_name(name: str) -> str:
    """Return the name without blanks around it. Raises `WrongName`."""
    name = name.strip()
    if not name:
        raise WrongName("Give it a name.")
    if found := _FORBIDDEN.search(name):
        raise WrongName(f"A name can't have {_shown(found[0])} in it.")
    if name.startswith(".") or name.endswith("."):
        raise WrongName("A name can't begin or end with a dot.")
    if _DEVICES.fullmatch(name):
        raise WrongName(f"Windows keeps the name {name} for itself.")
    if len(name.encode()) > LONGEST:
        raise WrongName(f"A name has at most {LONGEST} letters.")
    return name


def suggested_name(title: str) -> str:
    """Return a name made of a title, such as `GET contacts`."""
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", title)).strip(" .")
    name = name.encode()[:LONGEST].decode(errors="ignore").strip(" .")
    return "Request" if not name or _DEVICES.fullmatch(name) else name


def checked_path(path: str) -> PurePosixPath:
    """Return the path of something below the folder of requests; "" is the folder itself.

    What lies there may have a name that `checked_name` refuses. Raises `WrongName` for a path that
    leads out of the folder.
    """
    parts = PurePosixPath(path).parts
    if any(_leads_out(part) for part in parts):
        raise WrongName(f"{path} is not in the folder of saved requests.")
    return PurePosixPath(*parts)


def _leads_out(part: str) -> bool:
    """Whether a part of a path is hidden, or more than a name to this system."""
    return part.startswith(".") or "\0" in part or PurePath(part).name != part


def _shown(character: str) -> str:
    return character if character.isprintable() else "a line break or the like"

"""The command line, as a value."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from refiner_desktop import __version__
from refiner_desktop.settings.address import WrongAddress, checked_address


@dataclass(frozen=True, slots=True)
class Options:
    """How the application starts; the names are those of the flags."""

    demo: bool = False
    tour: Path | None = None
    api_url: str | None = None
    data_dir: Path | None = None
    secrets: Literal["keyring", "memory"] = "keyring"
    listen: int | None = None
    desktop_entry: Literal["install", "remove"] | None = None

    @property
    def sandboxed(self) -> bool:
        """Whether the built-in sandbox takes the place of the service."""
        return self.demo or self.tour is not None


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; leaves with usage and status 2 when it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="refiner-desktop", description="The desktop workbench for Refiner (refiner.io)."
    )
    parser.add_argument(
        "--demo", action="store_true", help="start the built-in sandbox and connect to it"
    )
    parser.add_argument(
        "--tour",
        type=Path,
        metavar="DIR",
        help="drive the window through the main job on the sandbox; write pictures and tour.json",
    )
    parser.add_argument(
        "--api-url", type=_base_url, metavar="URL", help="base URL of the API for this session"
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help="folder for everything that is kept"
    )
    parser.add_argument(
        "--secrets",
        choices=("keyring", "memory"),
        default="keyring",
        help="where keys are kept (default: the system's keyring)",
    )
    parser.add_argument(
        "--listen",
        type=_port_number,
        metavar="PORT",
        help="start the webhook listener there",
    )
    menu = parser.add_mutually_exclusive_group()
    for wish, does in (("install", "add the application to"), ("remove", "remove it from")):
        menu.add_argument(
            f"--{wish}-desktop-entry",
            dest="desktop_entry",
            action="store_const",
            const=wish,
            help=f"{does} the menu of a Linux desktop, and end",
        )
    parser.add_argument("--version", action="version", version=__version__)
    return Options(**vars(parser.parse_args(arguments)))


def _base_url(text: str) -> str:
    try:
        return checked_address(text)
    except WrongAddress as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _port_number(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)

"""The ways to show content."""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """How content is shown."""

    PRETTY = "pretty"
    RAW = "raw"
    HEX = "hex"

"""Where a call goes."""

from __future__ import annotations

from enum import Enum


class Reach(Enum):
    """Where a call goes, seen from the base URL."""

    BELOW = "below the base URL"
    BESIDE = "the same server, but not below the base URL"
    ELSEWHERE = "another server"

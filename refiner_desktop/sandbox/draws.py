"""Random numbers and UUIDs that depend on nothing but a seed and a row number."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SPREAD = 2654435761  # odd, so multiplying by it modulo 2**32 loses nothing
_GATHER = pow(_SPREAD, -1, 2**32)


class Draws:
    """Draws for (row, column): a row is made when it is asked for, and is the same each time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def bits(self, rows: Rows, column: str) -> npt.NDArray[np.uint64]:
        """Return 64 random bits a row (the mixing steps of splitmix64)."""
        salt = np.uint64(zlib.crc32(f"{self._seed}:{column}".encode()))
        value = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + (salt << np.uint64(32))
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))

    def below(self, rows: Rows, column: str, limit: int) -> Rows:
        """Return an integer in [0, limit) a row."""
        return (self.bits(rows, column) % np.uint64(limit)).astype(np.int64)

    def share(self, rows: Rows, column: str) -> npt.NDArray[np.float64]:
        """Return a float in [0, 1) a row."""
        return (self.bits(rows, column) >> np.uint64(11)) / np.float64(2**53)

    def chance(self, rows: Rows, column: str, probability: float) -> Mask:
        """Return, for each row, whether something of that probability holds."""
        return self.share(rows, column) < probability

    def pick(self, rows: Rows, column: str, weights: Sequence[float]) -> Rows:
        """Return an index into `weights` a row, each as often as its weight says."""
        edges = np.cumsum(weights) / np.sum(weights)
        return np.searchsorted(edges[:-1], self.share(rows, column), side="right").astype(np.int64)


class UuidSeries:
    """Numbers 0 .. 2**32 - 1 as UUIDs of version 1, and back without a table."""

    def __init__(self, seed: int, name: str) -> None:
        digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
        self._offset = int.from_bytes(digest[:4])
        variant = int.from_bytes(digest[6:8]) & 0x3FFF | 0x8000
        self._tail = f"-{digest[4:6].hex()}-11f1-{variant:04x}-{digest[8:14].hex()}"

    def __getitem__(self, number: int) -> str:
        return f"{(number * _SPREAD + self._offset) & 0xFFFFFFFF:08x}{self._tail}"

    def number(self, uuid: str) -> int | None:
        """Return which number a UUID stands for, None if it is not of this series."""
        head, tail = uuid[:8].lower(), uuid[8:].lower()
        if tail != self._tail:
            return None
        try:
            return ((int(head, 16) - self._offset) * _GATHER) & 0xFFFFFFFF
        except ValueError:
            return None


def random_uuid(seed: int, name: str) -> str:
    """Return a UUID of version 4 that belongs to the seed and the name."""
    digest = bytearray(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x40
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

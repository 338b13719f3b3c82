"""Trouble on demand: a slow, failing, breaking or lying server."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["latency", "status", "drop", "truncate", "html", "echo"]


@dataclass(slots=True, eq=False)
class Fault:
    """One kind of trouble for the paths that begin with `path`, for `times` more calls."""

    kind: Kind
    path: str = ""
    times: int | None = None
    seconds: float = 0.0
    status: int = 0
    retry_after: int | None = None
    processed: bool = False


class Faults:
    """The faults that are set; every method may be called from any thread at any time.

    `path` is a prefix of the path below `/v1` ("" for all), `times` the number of calls that are
    hit (None until `clear`). Several kinds add up; of one kind the one set last wins.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def latency(self, seconds: float, *, path: str = "", times: int | None = None) -> None:
        """Wait before answering."""
        self._add(Fault("latency", path, times, seconds=seconds))

    def status(
        self,
        status: int,
        *,
        path: str = "",
        times: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Answer with a 429 or 5xx and do nothing else; `retry_after` adds that header."""
        self._add(Fault("status", path, times, status=status, retry_after=retry_after))

    def drop(self, *, path: str = "", times: int | None = None, processed: bool = False) -> None:
        """Cut the connection; `processed`: only after the call has had its effect."""
        self._add(Fault("drop", path, times, processed=processed))

    def truncate(self, *, path: str = "", times: int | None = None) -> None:
        """Answer with the first half of the JSON."""
        self._add(Fault("truncate", path, times))

    def html(self, *, path: str = "", times: int | None = None) -> None:
        """Answer with an HTML page and status 200, as a company's proxy may do."""
        self._add(Fault("html", path, times))

    def echo(self, status: int = 200, *, path: str = "", times: int | None = None) -> None:
        """Answer with the request's address and headers, its key included, and do nothing else."""
        self._add(Fault("echo", path, times, status=status))

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._faults = []

    def take(self, path: str) -> dict[Kind, Fault]:
        """Return the faults that hit a call, and count it."""
        with self._lock:
            hits = {fault.kind: fault for fault in self._faults if path.startswith(fault.path)}
            for fault in hits.values():
                if fault.times is not None:
                    fault.times -= 1
            self._faults = [fault for fault in self._faults if fault.times != 0]
            return hits

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

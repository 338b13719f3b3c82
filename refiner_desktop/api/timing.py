"""When the steps of one call happened."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
from time import perf_counter
from typing import Any

from refiner_desktop.api.exchange import Timings


class Trace:
    """Hears from httpcore of every step of a call, and tells afterwards how long each took.

    httpcore looks a name up and connects in one step. So the name is looked up beside it once more,
    which takes as long and costs nobody any time.
    """

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._looking_up: asyncio.Task[float] | None = None
        self._began = perf_counter()

    async def note(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of an event such as `http11.send_request_headers.started`."""
        step = event.partition(".")[2]
        self._at[step] = perf_counter()
        if step == "connect_tcp.started":
            self._look_up(str(info["host"]), int(info["port"]))

    @property
    def sent(self) -> bool:
        """Whether the request began to go out."""
        return "send_request_headers.started" in self._at

    @property
    def seconds(self) -> float:
        """How long ago the call began."""
        return perf_counter() - self._began

    async def timings(self) -> Timings:
        """Return what is known; the last byte came just now."""
        dns = await self._name_found()
        connect = self._between("connect_tcp.started", "connect_tcp.complete")
        answered = self._at.get("receive_response_headers.complete")
        return Timings(
            dns=dns,
            connect=connect if connect is None or dns is None else max(0.0, connect - dns),
            tls=self._between("start_tls.started", "start_tls.complete"),
            wait=self._between("send_request_body.complete", "receive_response_headers.complete"),
            read=None if answered is None else perf_counter() - answered,
        )

    def close(self) -> None:
        """Stop what still runs."""
        if self._looking_up is not None:
            self._looking_up.cancel()

    def _look_up(self, host: str, port: int) -> None:
        if _is_address(host):
            return
        self.close()
        self._looking_up = asyncio.create_task(_seconds_to_find(host, port), name="look-up")

    async def _name_found(self) -> float | None:
        if self._looking_up is None or not self._looking_up.done():
            return None
        try:
            return await self._looking_up
        except (OSError, UnicodeError):  # the call finds it no more than we, and says why
            return None

    def _between(self, start: str, end: str) -> float | None:
        if start in self._at and end in self._at:
            return self._at[end] - self._at[start]
        return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


async def _seconds_to_find(host: str, port: int) -> float:
    began = perf_counter()
    await asyncio.get_running_loop().getaddrinfo(host, port)
    return perf_counter() - began

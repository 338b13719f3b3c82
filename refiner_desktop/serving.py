"""An HTTP server in a thread with an event loop of its own.

The webhook listener and the sandbox both run on it. Inside the GUI's loop the same server reaches a
fifth of the rate and leaves gaps of up to 170 ms between two frames; in its own thread, 15 ms.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

STOP_SECONDS = 5.0


class PortInUse(Exception):
    """Another program already listens on that port.

    `holder` names that program and `next_free` is another port, where somebody has looked.
    """

    def __init__(
        self, host: str, port: int, holder: str = "", next_free: int | None = None
    ) -> None:
        by = f" by {holder}" if holder else ""
        instead = f"; {next_free} is free" if next_free else ""
        super().__init__(f"port {port} on {host} is in use{by}{instead}")
        self.host = host
        self.port = port
        self.holder = holder
        self.next_free = next_free


class PortForbidden(Exception):
    """The system does not let this user listen on that port; those below 1024 are guarded."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} needs more rights than this program has")
        self.port = port


class ServerThread:
    """Serves an ASGI application from a thread. `start()` and `stop()` block for a moment.

    `port` 0 lets the system choose; after `start()` the attribute holds the real one. Further
    keyword arguments go to `uvicorn.Config`.
    """

    def __init__(
        self,
        app: Any,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        name: str = "server",
        **config: Any,
    ) -> None:
        self.host = host
        self.port = port
        self._name = name
        self._server = _QuietServer(
            # httptools speaks HTTP in C; lifespan, logging and signals belong to the application.
            uvicorn.Config(
                app,
                log_config=None,
                lifespan="off",
                access_log=False,
                **{"http": "httptools", **config},
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether the thread is alive and accepts connections."""
        return self._thread is not None and self._thread.is_alive() and self._server.started

    def start(self) -> None:
        """Return once connections are accepted. Raises `PortInUse`, `PortForbidden`, `OSError`."""
        listener = _bind(self.host, self.port)
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self._server.on_started = ready.set
        self._thread = threading.Thread(
            target=self._serve, args=(listener, ready), name=self._name, daemon=True
        )
        self._thread.start()
        ready.wait()
        if not self._server.started:
            raise OSError(f"the server on port {self.port} did not start")

    def stop(self) -> None:
        """Stop accepting, let running requests end for a moment, and join the thread."""
        if self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(STOP_SECONDS)
        self._thread = None

    def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner, listener:
                runner.run(self._server.serve(sockets=[listener]))
        finally:
            ready.set()


class _QuietServer(uvicorn.Server):
    """Reports when it accepts connections instead of being polled for it."""

    on_started: Callable[[], None] = staticmethod(lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.on_started()


def _bind(host: str, port: int) -> socket.socket:
    # Without the explicit protocol asyncio does not recognise TCP and leaves TCP_NODELAY off:
    # 362 requests a second instead of 30,000.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where REUSEADDR would share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as exc:
        listener.close()
        if exc.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from exc
        if exc.errno == errno.EACCES:
            raise PortForbidden(port) from exc
        raise
    return listener


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop
    return uvloop.new_event_loop

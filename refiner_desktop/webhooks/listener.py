"""The webhook listener: a port of this machine, served from a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial

from refiner_desktop.masking import Mask
from refiner_desktop.serving import ServerThread
from refiner_desktop.webhooks.admission import OWN_NAMES, Admission
from refiner_desktop.webhooks.budget import Budget
from refiner_desktop.webhooks.commits import GroupCommit, Keep, Prove
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.protocol import DeliveryProtocol, Limits
from refiner_desktop.webhooks.reception import Counts, Reception

BODY_LIMIT = 10 * 1024 * 1024
READ_SECONDS = 30.0
CONNECTION_LIMIT = 500
UNFINISHED_LIMIT = 128 * 1024 * 1024
"""Bytes that all bodies which are being received may take together, or two of the largest."""


class Listener:
    """Receives deliveries, keeps every one of them, and only then answers.

    `keep` commits several deliveries at once and returns their ids; it is called in the listener's
    thread, before any of them is answered. When it raises, their senders are answered 507.
    `on_kept` gets the id of each delivery after the answer; it is called in that thread too and
    must return at once. `prove` is called there by a self-test: it writes to where deliveries go,
    leaves nothing, and raises when that fails.

    Refused requests are kept too. `mask` learns the tokens of all hooks, and whatever it knows is
    dotted out of a delivery before it is kept. `hosts` are names that a Host header may hold, such
    as a tunnel's, besides this machine's and addresses; `browsers` lets pages in a browser send. A
    request must be there as a whole within `read_seconds`; beyond `connection_limit` connections,
    new ones get 503, and so does a body when all unfinished ones would take more than
    `unfinished_limit` bytes. What carries one of `marks` was sent by this application.
    """

    def __init__(
        self,
        hooks: Sequence[Hook],
        keep: Keep,
        on_kept: Callable[[int], None],
        mask: Mask | None = None,
        marks: Marks | None = None,
        *,
        prove: Prove = lambda: None,
        host: str = "127.0.0.1",
        port: int = 0,
        hosts: Collection[str] = (),
        browsers: bool = False,
        body_limit: int = BODY_LIMIT,
        read_seconds: float = READ_SECONDS,
        connection_limit: int = CONNECTION_LIMIT,
        unfinished_limit: int = UNFINISHED_LIMIT,
    ) -> None:
        self.host = host
        self.port = port
        self.marks = marks or Marks()
        self._mask = mask or Mask()
        self._reception = Reception(
            self._admission(hooks, hosts, browsers),
            GroupCommit(keep, prove),
            on_kept,
            self._mask,
            self.marks,
        )
        self._protocol = partial(
            DeliveryProtocol,
            reception=self._reception,
            limits=Limits(body_limit, read_seconds, connection_limit),
            budget=Budget(max(unfinished_limit, 2 * body_limit)),
        )
        self._server: ServerThread | None = None

    @property
    def running(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None and self._server.running

    @property
    def counts(self) -> Counts:
        """What happened since the listener was made; it goes on over restarts."""
        return self._reception.counts

    def admit(
        self, hooks: Sequence[Hook], hosts: Collection[str] = (), *, browsers: bool = False
    ) -> None:
        """Use these rules from the next request on; from any thread."""
        self._reception.admission = self._admission(hooks, hosts, browsers)

    def start(self) -> None:
        """Return once connections are accepted; `port` then holds the real one.

        Raises `refiner_desktop.serving.PortInUse` or `OSError`.
        """
        if self.running:
            return
        server = ServerThread(
            None,
            name="webhook listener",
            host=self.host,
            port=self.port,
            http=self._protocol,
            ws="none",
        )
        server.start()
        self._server, self.port = server, server.port

    def stop(self) -> None:
        """Answer the deliveries that are complete, drop the others, and end the thread."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def _admission(
        self, hooks: Sequence[Hook], hosts: Collection[str], browsers: bool
    ) -> Admission:
        for hook in hooks:
            self._mask.learn(hook.token)
        return Admission(hooks, OWN_NAMES | {name.lower() for name in hosts}, browsers=browsers)

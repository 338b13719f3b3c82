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
from refiner_desktop.webhooks.limits import Limits
from refiner_desktop.webhooks.marks import Marks
from refiner_desktop.webhooks.protocol import DeliveryProtocol
from refiner_desktop.webhooks.reception import Counts, Reception

_LIMITS = Limits()


class Listener:
    """Receives deliveries, keeps every one of them, and only then answers.

    `keep` commits several deliveries at once and returns their ids; it is called in the listener's
    thread, before any of them is answered. When it raises, their senders are answered 507.
    `on_kept` gets the id of each delivery after the answer; it is called in that thread too and
    must return at once. `prove` is called there by a self-test: it writes to where deliveries go,
    leaves nothing, and raises when that fails.

    Refused requests are kept too: until `admit` says what the hooks are, all are refused. `mask`
    learns the tokens of the hooks, and whatever it knows is dotted out of a delivery before it is
    kept. What carries one of `marks` was sent by this application. What is beyond the `limits` is
    told so: a late request by 408, a body too long by 413, one too many or a connection by 503.
    """

    def __init__(
        self,
        keep: Keep,
        on_kept: Callable[[int], None],
        *,
        prove: Prove = lambda: None,
        mask: Mask | None = None,
        marks: Marks | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits = _LIMITS,
    ) -> None:
        self.host = host
        self.port = port
        self.marks = marks or Marks()
        self._mask = mask or Mask()
        self._reception = Reception(
            Admission(), GroupCommit(keep, prove), on_kept, self._mask, self.marks
        )
        self._protocol = partial(
            DeliveryProtocol,
            reception=self._reception,
            limits=limits,
            budget=Budget(limits.budget),
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
        """Use these rules from the next request on; from any thread.

        `hosts` are names that a Host header may hold, such as a tunnel's, besides this machine's
        and addresses; `browsers` lets pages in a browser send.
        """
        for hook in hooks:
            self._mask.learn(hook.token)
        names = OWN_NAMES | {name.lower() for name in hosts}
        self._reception.admission = Admission(hooks, names, browsers=browsers)

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

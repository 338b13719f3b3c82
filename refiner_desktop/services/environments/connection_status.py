"""How a connection stands: how far it has come, and what its key opens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from refiner_desktop.api.models import AccountUsage, Project
from refiner_desktop.settings.settings import Environment


class ConnectionState(Enum):
    """How far a connection has come. A lost one may come back: calls are still tried."""

    OFF = auto()
    READING_KEY = auto()
    CALLING = auto()
    CONNECTED = auto()
    LOST = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """What is known about the connection.

    `kept_in` says in words where the key is kept. `keyring_is_slow` says that the keyring has been
    asked and has not answered for some seconds. `error` is what failed or lost it.
    """

    state: ConnectionState
    environment: Environment
    project: Project | None = None
    usage: AccountUsage | None = None
    kept_in: str = ""
    keyring_is_slow: bool = False
    error: Exception | None = None

    @property
    def connected(self) -> bool:
        """Whether calls can be made."""
        return self.state in (ConnectionState.CONNECTED, ConnectionState.LOST)

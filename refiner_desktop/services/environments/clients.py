"""The client of an environment: made, set up as the environment says, asked what its key opens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from refiner_desktop.api.errors import ApiError
from refiner_desktop.api.models import AccountUsage, Project
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.masking import Mask
from refiner_desktop.secret import Secret
from refiner_desktop.settings.settings import Environment

if TYPE_CHECKING:
    from refiner_desktop.api.client import RefinerClient

_log = logging.getLogger(__name__)

OpenClient = Callable[[Environment, Secret, Mask], "RefinerClient"]


def open_client(environment: Environment, key: Secret, mask: Mask) -> RefinerClient:
    """Make a client; the import of httpx waits until the first one is needed."""
    from refiner_desktop.api.client import RefinerClient

    return RefinerClient(environment.base_url, key, timeouts=_timeouts(environment), mask=mask)


def adjust(client: RefinerClient, environment: Environment) -> None:
    """Let the environment's guard and patience hold for the calls of a client."""
    client.read_only = environment.read_only
    client.set_timeouts(_timeouts(environment))


async def what_it_opens(client: RefinerClient) -> tuple[Project, AccountUsage | None]:
    """Return the project of the client's key, and the usage where it is told. Raises `ApiError`."""
    return await client.verify(), await _usage_if_told(client)


async def _usage_if_told(client: RefinerClient) -> AccountUsage | None:
    """Return the account's usage; a key that works is not refused for want of it."""
    try:
        return await client.account()
    except ApiError as exc:
        _log.warning("the account's usage could not be read: %s", exc)
        return None


def _timeouts(environment: Environment) -> Timeouts:
    patience = environment.patience
    return Timeouts(patience.connect, patience.read, patience.total)

"""Commands to be pasted into a terminal that need nothing filled in: the token stands in them."""

from __future__ import annotations

from refiner_desktop.services.deliveries.texts import for_a_shell
from refiner_desktop.services.requests.code import as_curl
from refiner_desktop.services.requests.spelled_out import Header, SpelledOut
from refiner_desktop.webhooks.delivery import Delivery, Headers
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.outgoing import OF_THE_CONNECTION, Outgoing, token_header

_SECONDS = 10.0
_JSON = ("Content-Type", "application/json")


def hook_command(hook: Hook, url: str) -> str:
    """Return a cURL command that delivers a small JSON to a hook, as Refiner would."""
    headers = (_JSON, token_header(hook)) if hook.token else (_JSON,)
    return _curl("POST", url, headers, b'{"hello": "world"}')


def delivery_command(delivery: Delivery, hook: Hook, url: str) -> str:
    """Return a cURL command that delivers the same bytes once more, with the hook's token."""
    outgoing = Outgoing.of(delivery).with_token(hook)
    kept = (pair for pair in outgoing.headers if pair[0].lower() not in OF_THE_CONNECTION)
    return _curl(outgoing.method, url, tuple(kept), outgoing.body)


def _curl(method: str, url: str, headers: Headers, body: bytes) -> str:
    spelled = tuple(Header(name, for_a_shell(value)) for name, value in headers)
    return as_curl(SpelledOut(method, url, spelled, body, "", _SECONDS))

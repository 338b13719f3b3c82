"""Which requests go to the environment's own server, and the same calls there and elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.requests.credentials import (
    KEY_PARAMETER,
    data_without_key,
    is_credential,
    text_without_key,
)
from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.own_key import without_own_key

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a request goes that leaves the server of the environment `home`.

    `carries` names what is secret in it: headers and parameters.
    """

    host: str
    home: str
    carries: tuple[str, ...] = ()


def elsewhere(request: CallRequest, home: str) -> Elsewhere:
    """Return where a request to another server goes, and what it takes along."""
    host = urlsplit(request.path.strip()).netloc.rpartition("@")[2]
    return Elsewhere(host, home, _credentials(request))


def brought_home(draft: RequestDraft, base_url: str) -> RequestDraft | None:
    """Return the same call for the server at `base_url`, whose key is added when it is sent.

    None for a whole address that has another path than the base URL's: it is no such call.
    """
    address = draft.path.strip()
    if not SCHEME.match(address):
        return None
    keyless = without_own_key(replace(draft, path=address))
    path = below(keyless.path, base_url)
    return None if SCHEME.match(path) else replace(keyless, path=path)


def is_same_server(address: str, base_url: str) -> bool:
    """Whether an address has the host and the port of the base URL."""
    try:
        return _server(urlsplit(address)) == _server(urlsplit(base_url))
    except ValueError:
        return False


def below(address: str, base_url: str) -> str:
    """Return the path below that of the base URL; the whole address where it is not below."""
    parts, base = urlsplit(address), urlsplit(base_url).path.rstrip("/")
    if not f"{parts.path}/".startswith(f"{base}/"):
        return address
    path = parts.path.removeprefix(base).lstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _credentials(request: CallRequest) -> tuple[str, ...]:
    pairs = (*request.headers, *request.query)
    found = [name.strip() for name, value in pairs if value and is_credential(name)]
    path, body = request.path, request.body
    if text_without_key(path) != path or data_without_key(body) != body:
        found.append(KEY_PARAMETER)
    return tuple(dict.fromkeys(found))


def _server(parts: SplitResult) -> tuple[str | None, int | None]:
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.hostname, None if parts.port == usual else parts.port

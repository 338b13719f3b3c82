"""Which key a request carries, and whether it opens anything (API reference, section 1)."""

from __future__ import annotations

import base64
import binascii
import re

from starlette.requests import Request

from refiner_desktop.sandbox.params import Params
from refiner_desktop.sandbox.refusals import Refusal

SHORTEST_KEY = 20
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def sent_key(request: Request, params: Params) -> str:
    """Return the key from the header (Bearer or Basic), else from the parameters."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            return _user_name(value)
    key = params.raw("api_key")
    return key if isinstance(key, str) else ""


def check(key: str, known: str) -> None:
    """Raise the `Refusal` of section 1.2 unless the key is the known one."""
    if len(key) < SHORTEST_KEY:
        raise Refusal(401, {"error": "No API key found in headers"})
    if not _UUID.fullmatch(key):
        raise Refusal(401, {"error": "API key does not look valid"})
    if key.lower() != known:
        raise Refusal(404, {"message": "API key not valid or does not exist"})


def _user_name(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return credentials

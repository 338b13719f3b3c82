"""Where deliveries may be sent: which addresses can be used, and which are asked about first."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from refiner_desktop.webhooks.hosts import is_local

_PORTS = {"http": 80, "https": 443}


class WrongReceiver(ValueError):
    """Not an address that deliveries can be sent to; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What to ask before deliveries leave this machine; `action` is the verb to confirm."""

    host: str
    question: str
    explanation: str
    action: str


def receiver(text: str) -> str:
    """Return an address without the blanks around it. Raises `WrongReceiver`."""
    url = text.strip()
    parts = _split(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise WrongReceiver("An address begins with http:// or https:// and names a host.")
    if any(character.isspace() for character in url):
        raise WrongReceiver("An address holds no blanks.")
    if "@" in parts.netloc:
        raise WrongReceiver("An address must not hold a user name or password.")
    return url


def danger_of(url: str) -> Danger | None:
    """Return the question for a receiver that is not this machine, else None.

    Raises `WrongReceiver`.
    """
    host = _split(receiver(url)).hostname or ""
    if is_local(host):
        return None
    return Danger(
        host,
        f"Send to {host}?",
        "Deliveries hold names, addresses and answers of users. They leave this machine with all "
        f"their headers, the hook's token among them, and {host} may keep them.",
        "Send it there",
    )


def place_of(url: str) -> tuple[str, int]:
    """Return the host and port that an address names. Raises `WrongReceiver`."""
    parts = _split(receiver(url))
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise WrongReceiver(f"This is no web address: {exc}.") from exc
    return parts

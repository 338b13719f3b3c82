"""Addresses to send deliveries to: whether what was typed is one, and one in short."""

from __future__ import annotations

from urllib.parse import urlsplit

from refiner_desktop.services.deliveries.receivers import WrongReceiver, receiver
from refiner_desktop.webhooks.hosts import is_local


def what_is_wrong(url: str) -> str:
    """Return why nothing can be sent to this address; empty is none and fine."""
    if url and "://" not in url:
        return f"Write the whole address, such as http://{url}."
    try:
        receiver(url or "http://localhost")
    except WrongReceiver as exc:
        return str(exc)
    return ""


def shortened(url: str) -> str:
    """Return an address on this computer without its scheme; any other whole."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}" if is_local(parts.hostname or "") else url

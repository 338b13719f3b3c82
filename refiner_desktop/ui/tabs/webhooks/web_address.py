"""Whether something that was typed is an address to send deliveries to."""

from __future__ import annotations

from refiner_desktop.services.deliveries.receivers import WrongReceiver, receiver


def what_is_wrong(url: str) -> str:
    """Return why nothing can be sent to this address; empty is none and fine."""
    if url and "://" not in url:
        return f"Write the whole address, such as http://{url}."
    try:
        receiver(url or "http://localhost")
    except WrongReceiver as exc:
        return str(exc)
    return ""

"""What may be the base URL of an API."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


class WrongAddress(ValueError):
    """Not the address of a web server; the message says what is wrong with it."""


def checked_address(text: str) -> str:
    """Return the base URL without the blanks around it and the slash behind. Raises `WrongAddress`.

    It begins with http:// or https://, names a server, and ends with its path.
    """
    address = text.strip()
    parts = _split(address)
    if parts.scheme not in ("http", "https"):
        raise WrongAddress(
            "The base URL must begin with https://, as in https://api.refiner.io/v1."
        )
    if not parts.hostname or any(blank in address for blank in " \t\r\n"):
        raise WrongAddress("The base URL must name a server, as in https://api.refiner.io/v1.")
    if "@" in parts.netloc:
        raise WrongAddress("The base URL must not hold a user name or password.")
    if "?" in address or "#" in address:
        raise WrongAddress("The base URL must end with its path: no ? and no # behind it.")
    return address.rstrip("/")


def origin(address: str) -> str:
    """Return scheme, host and port, in small letters: who a key is meant for."""
    try:
        parts = urlsplit(address)
    except ValueError:  # from a file that somebody has edited by hand
        return address.lower()
    return f"{parts.scheme}://{parts.netloc}".lower()


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as exc:
        raise WrongAddress(f"The base URL is no web address: {exc}.") from exc
    return parts

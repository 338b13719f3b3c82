"""Where calls go: the base URL, paths below it, and which addresses may see the key."""

from __future__ import annotations

import posixpath
import re

import httpx

from refiner_desktop.api.exchange import Pairs
from refiner_desktop.api.queries import query_string
from refiner_desktop.api.reach import Reach

_WITH_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class BaseUrl:
    """The service's address, such as `https://api.refiner.io/v1`.

    Raises `ValueError` unless it is an http or https address without query, fragment and user name.
    """

    def __init__(self, text: str) -> None:
        self._url = _web_address(text.strip())
        if self._url.query or self._url.fragment:
            raise ValueError("a base URL ends with its path")
        self._path = self._url.path.rstrip("/")

    def __str__(self) -> str:
        return str(self._url).rstrip("/")

    def target(self, path: str, query: Pairs = ()) -> httpx.URL:
        """Return the address of a path below the base URL, or of a whole address as it is.

        The base URL's own path may stand before `path` or not. Raises `ValueError`.
        """
        path = path.strip()
        whole = _WITH_SCHEME.match(path)
        address = path.partition("#")[0] if whole else str(self) + self._below(_escaped(path))
        if query:
            address += ("&" if "?" in address else "?") + query_string(query)
        return _web_address(address)

    def path_of(self, path: str) -> str:
        """Return the path, decoded, that `target` leads to: below the base URL where it is there.

        Raises `ValueError`.
        """
        return self._below(self.target(path).path)

    def is_home_of(self, url: httpx.URL) -> bool:
        """Tell whether `url` has the base URL's origin, the only one that may see the key."""
        return _origin(url) == _origin(self._url)

    def reach(self, url: httpx.URL) -> Reach:
        """Return where `url` leads; dots that a server resolves count as resolved."""
        if not self.is_home_of(url):
            return Reach.ELSEWHERE
        path = posixpath.normpath(url.path.replace("\\", "/"))
        below = path == self._path or path.startswith(f"{self._path}/")
        return Reach.BELOW if below else Reach.BESIDE

    def _below(self, path: str) -> str:
        relative = "/" + path.lstrip("/")
        if re.match(re.escape(self._path) + r"(?=[/?]|$)", relative):
            return relative.removeprefix(self._path)
        return relative


def _escaped(path: str) -> str:
    """Return a path whose `#` is a character like any other: no fragment is ever sent."""
    return path.replace("#", "%23")


def joined(url: httpx.URL, location: str) -> str:
    """Return where a redirect from `url` points, as a whole address where that can be told."""
    try:
        return str(url.join(location))
    except httpx.InvalidURL:
        return location


def _web_address(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as exc:
        raise ValueError(f"not a web address: {exc}") from exc
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError("a web address begins with https:// or http:// and a host name")
    if url.userinfo:
        raise ValueError("a web address must not hold a user name or password")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port

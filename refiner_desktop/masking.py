"""Keeps secrets out of everything that is shown or written."""

from __future__ import annotations

from refiner_desktop.secret import MASK, Secret


class Mask:
    """Replaces every secret that it has learned by dots; from any thread."""

    def __init__(self, *secrets: Secret) -> None:
        self._values: frozenset[str] = frozenset()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Mask this secret too, from now on."""
        if secret:
            self._values |= {secret.reveal()}

    def text(self, text: str) -> str:
        """Return `text` with dots for every secret."""
        for value in self._values:
            text = text.replace(value, MASK)
        return text

    def data(self, data: bytes) -> bytes:
        """Return `data` with dots, in UTF-8, for every secret."""
        for value in self._values:
            data = data.replace(value.encode(), MASK.encode())
        return data

"""Logging to a rotating file that holds no key and no e-mail address."""

from __future__ import annotations

import logging
import os
import re
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from refiner_desktop.masking import Mask

NAME = "refiner-desktop.log"
LOG_BYTES = 1_000_000
LOG_FILES = 5
TAIL_BYTES = 64 * 1024

_EMAIL = re.compile(r"[\w.+%'-]+(?:@|%40|\\u0040)[\w-]+(?:\.[\w-]+)+")
_BEARER = re.compile(r"(?i)(bearer|basic)\s+\S+")
_KEY = re.compile(r"(?i)(api_key=)[^&\s]+")
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then blanks e-mail addresses, credentials and UUID-shaped values.

    Redacting the finished text covers arguments and tracebacks too. An API key is a UUID, and
    nothing in a log needs a contact's, so all of them go.
    """

    def __init__(self, mask: Mask) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        """Return the redacted line."""
        return redact(self._mask.text(super().format(record)))


def redact(text: str) -> str:
    """Return `text` without e-mail addresses, credentials and UUIDs."""
    text = _BEARER.sub(r"\1 [redacted]", text)
    text = _KEY.sub(r"\1[redacted]", text)
    text = _UUID.sub("[uuid]", text)
    return _EMAIL.sub("[e-mail]", text)


def set_up(folder: Path, mask: Mask) -> logging.Handler:
    """Send the log of the whole application to `folder`; the caller closes the handler."""
    handler = RotatingFileHandler(
        folder / NAME, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(RedactingFormatter(mask))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # These would log every URL, with the e-mail addresses in its query, at INFO.
    for name in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def tear_down(handler: logging.Handler) -> None:
    """Stop logging to `handler` and close its file."""
    logging.getLogger().removeHandler(handler)
    with suppress(OSError):  # on a full disk the last lines are lost, and nothing else
        handler.close()


def last_lines(folder: Path, count: int) -> list[str]:
    """Return the newest lines of the log, the newest last; from the file before it too."""
    files = (folder / f"{NAME}.1", folder / NAME)
    lines = [line for path in files if path.exists() for line in _tail(path)]
    return lines[-count:]


def _tail(path: Path) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return lines[1:] if size > TAIL_BYTES else lines  # the first one may be cut

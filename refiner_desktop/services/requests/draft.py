"""A request as a person edits it, with everything that is switched off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from refiner_desktop.settings.settings import Patience


class BodyKind(StrEnum):
    """What a body is made of."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Row:
    """A name and a value of a query, of headers or of a form; one that is not `on` stays here."""

    name: str = ""
    value: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """A request with its variables unfilled.

    `path` may hold a query of its own. `without` names automatic headers that are left out. The
    body is of one kind, but what was typed for the others stays: `text` is that of JSON and of raw
    text, `file` a path. `patience` takes the place of the environment's.
    """

    method: str = "GET"
    path: str = ""
    query: tuple[Row, ...] = ()
    headers: tuple[Row, ...] = ()
    without: tuple[str, ...] = ()
    body: BodyKind = BodyKind.NONE
    text: str = ""
    form: tuple[Row, ...] = ()
    file: str = ""
    patience: Patience | None = None

    @property
    def title(self) -> str:
        """The call in a few characters, such as `GET contacts`."""
        path = self.path.partition("?")[0].strip()
        return f"{self.method} {path}" if path else "New request"

    def header(self, name: str) -> Row | None:
        """Return the first header of that name that is sent, in any case of letters."""
        wanted = name.lower()
        return next(
            (row for row in self.headers if row.on and row.name.strip().lower() == wanted), None
        )


EMPTY = RequestDraft()

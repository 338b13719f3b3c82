"""What a call of the service is: its path, its parameters, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "integer", "flag", "date", "list", "map", "object", "any"]
Paging = Literal["none", "page", "cursor"]
Thing = Literal["", "survey", "segment", "manual segment", "user", "email", "contact"]
"""What a parameter names by its id; the ids of other things can't be listed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a call. `one_of` marks those of which one is needed.

    `default` is what holds without it, in words where it is no value of its own.
    """

    name: str
    kind: Kind
    says: str
    required: bool = False
    one_of: bool = False
    default: str = ""
    allowed: tuple[str, ...] = ()
    thing: Thing = ""

    @property
    def query_name(self) -> str:
        """How the name is written in a URL; `key` stands for a question's or trait's name."""
        return self.name + {"list": "[]", "map": "[key]"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A call of the service; `name` is that of `RefinerClient`'s coroutine.

    `repeatable`: sending it twice does no more than sending it once. `changes`: it alters something
    in Refiner. `open_keys` says what further parameters mean, empty if there are none.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    title: str
    does: str
    parameters: tuple[Parameter, ...] = ()
    example: dict[str, Any] | None = None
    paged: Paging = "none"
    repeatable: bool = True
    changes: bool = False
    open_keys: str = ""

    def parameter(self, written: str) -> Parameter | None:
        """Return what a name in a query stands for: `form_uuids[]`, `response_data[nps]`."""
        name, bracket, _ = written.strip().partition("[")
        found = (parameter for parameter in self.parameters if parameter.name == name)
        return next((each for each in found if bracket == "" or "[" in each.query_name), None)

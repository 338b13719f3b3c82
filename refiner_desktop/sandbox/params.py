"""The parameters of a call: from the query, a form or a JSON body (API reference, section 2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from refiner_desktop.sandbox import moments
from refiner_desktop.sandbox.refusals import BadParameter

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_TRUE = {"1", "true"}
_FALSE = {"0", "false", ""}


class Params:
    """Parameters by name, with one reader per type. Readers raise `BadParameter`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def raw(self, name: str) -> Any:
        """Return the value as it came, None if it did not."""
        return self._values.get(name)

    def text(self, name: str, default: str = "") -> str:
        """Return a text; numbers are read as texts."""
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, str | int | float):
            return str(value).strip()
        raise BadParameter(f"The parameter {name} must be a text")

    def required(self, name: str) -> str:
        """Return a text that must be there."""
        text = self.text(name)
        if not text:
            raise BadParameter(f"The parameter {name} is required")
        return text

    def one_of(self, name: str, allowed: Iterable[str], default: str = "") -> str:
        """Return one of a few words. Without a default one must be given."""
        word = self.text(name, default) or default
        if word not in allowed:
            raise BadParameter(f"The parameter {name} must be one of: {', '.join(allowed)}")
        return word

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no: 1, 0, true or false."""
        word = self.text(name, str(default)).lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        raise BadParameter(f"The parameter {name} must be 1 or 0")

    def count(self, name: str, default: int) -> int:
        """Return a whole number from 1 on."""
        text = self.text(name) or str(default)
        if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0:
            return int(text)
        raise BadParameter(f"The parameter {name} must be a whole number above 0")

    def moment(self, name: str) -> int | None:
        """Return a date or date and time in Unix seconds."""
        text = self.text(name)
        try:
            return moments.parse(text) if text else None
        except ValueError:
            raise BadParameter(f"The parameter {name} must be an ISO 8601 date") from None

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty if not given."""
        value = self._values.get(name)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
            return [str(item) for item in value]
        raise BadParameter(f"The parameter {name} must be a list")

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a map, empty if not given."""
        value = self._values.get(name)
        if value is None:
            return {}
        if isinstance(value, dict):
            return value
        raise BadParameter(f"The parameter {name} must be a map")

    def others(self, *known: str) -> dict[str, Any]:
        """Return everything but the named parameters and the key: traits or answers."""
        return {k: v for k, v in self._values.items() if k not in known and k != "api_key"}


async def read(request: Request) -> Params:
    """Return the parameters of a request; the body's win. Raises `BadParameter`."""
    values = from_pairs(request.query_params.multi_items())
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        text = body.decode("utf-8", "replace")
        values |= from_pairs(parse_qsl(text, keep_blank_values=True))
    elif body.strip():
        values |= _from_json(body)
    return Params(values)


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Read brackets: `a[]=1` as an entry of a list, `a[b]=1` as an entry of a map."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        head, keys = name, _BRACKETS.findall(name)
        if keys and "[" in name[1:]:
            head = name[: name.index("[")]
        _put(values, [head, *keys], value)
    return values


def _put(values: dict[str, Any], path: list[str], value: str) -> None:
    head, *rest = path
    if not rest:
        values[head] = value
    elif rest == [""]:
        kept = values.setdefault(head, [])
        if isinstance(kept, list):
            kept.append(value)
    else:
        if not isinstance(values.get(head), dict):
            values[head] = {}
        _put(values[head], rest, value)


def _from_json(body: bytes) -> dict[str, Any]:
    try:
        values = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadParameter("The body is not valid JSON") from None
    if not isinstance(values, dict):
        raise BadParameter("The body must be a JSON object")
    return values

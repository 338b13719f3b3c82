"""Variables `{{name}}` in requests: their values, and how they are filled in."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from refiner_desktop.masking import Mask
from refiner_desktop.services.threads import whole
from refiner_desktop.storage.request_variables import RequestVariableStore

_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
VARIABLE = re.compile(r"\{\{[ \t]*(" + _NAME + r")[ \t]*\}\}")

_LEFT = re.compile(r'\{\{[ \t]*([^\W\d](?:[^{}"\n]*[^{}"\s])?)[ \t]*\}\}')

STRING_OR_VARIABLE = re.compile(r'"(?:[^"\\]|\\.)*+"|' + VARIABLE.pattern, re.DOTALL)

_IN_WAY = "/%;:@&=+$,!~*'()"
"""What has a meaning in a path, which a variable may hold a part of."""

Values = Mapping[str, str]


class WrongVariable(ValueError):
    """What can't be a variable; the sentence says which and why."""


class SecretVariable(WrongVariable):
    """A variable's value holds a key or token: those stay in the keyring."""


def unfilled(texts: Iterable[str], values: Values) -> tuple[str, ...]:
    """Return what is still between double braces once texts are filled in, each once, in order.

    That is a variable without a value, in a value too, and what is meant to be one but has a name
    that none can have.
    """
    left = (name for text in texts for name in _LEFT.findall(filled(text, values)))
    return tuple(dict.fromkeys(left))


def filled(text: str, values: Values) -> str:
    """Return a text with the values of its variables; one that has none stays as it is written."""
    if "{{" not in text:
        return text
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def filled_path(path: str, values: Values) -> str:
    """Return a path as `filled` does; a value in it stays one, whatever signs there are in it.

    What begins the path may be an address, and a variable between two `&` a query of its own.
    """
    if "{{" not in path:
        return path
    first = VARIABLE.match(path)
    end = first.end() if first else 0
    begin, rest = filled(path[:end], values), path[end:]
    way, mark, query = ("", "", rest) if "?" in begin else rest.partition("?")
    parameters = (_filled_parameter(each, values) for each in query.split("&"))
    return begin + filled(way, _quoted(values, safe=_IN_WAY)) + mark + "&".join(parameters)


def _filled_parameter(text: str, values: Values) -> str:
    return filled(text, values if VARIABLE.fullmatch(text) else _quoted(values))


def _quoted(values: Values, safe: str = "") -> Values:
    return {name: quote(value, safe, errors="surrogatepass") for name, value in values.items()}


def filled_json(text: str, values: Values) -> str:
    """Return JSON as `filled` does; between quotation marks a value is escaped, so it stays one."""
    if "{{" not in text:
        return text
    escaped = {name: json.dumps(value, ensure_ascii=False)[1:-1] for name, value in values.items()}

    def fill(found: re.Match[str]) -> str:
        return filled(found[0], escaped if found[0].startswith('"') else values)

    return STRING_OR_VARIABLE.sub(fill, text)


class Variables:
    """Keeps the variables of every environment. Writing raises `StorageUnavailable`."""

    def __init__(self, store: RequestVariableStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    async def read(self, environment: str) -> dict[str, str]:
        """Return an environment's variables, by its id."""
        return await asyncio.to_thread(self._store.all, environment)

    async def save(self, environment: str, values: Values) -> None:
        """Keep these in place of all that there were. Raises `WrongVariable`, `SecretVariable`."""
        self.check(values)
        await whole(asyncio.to_thread(self._store.put, environment, values))

    def check(self, values: Values) -> None:
        """Raise `WrongVariable` or `SecretVariable` for the first that can't be kept."""
        for name, value in values.items():
            if not re.fullmatch(_NAME, name):
                raise WrongVariable(
                    f"“{name}” can't be a variable's name: it is made of letters, digits, dots, "
                    "dashes and underscores, and begins with a letter."
                )
            if self._mask.text(value) != value:
                raise SecretVariable(f"The value of “{name}” holds a key or token.")

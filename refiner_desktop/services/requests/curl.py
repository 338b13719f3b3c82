"""A `curl` command as a request: the key in it is left out, what was not understood is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from refiner_desktop.services.requests.curl_options import INSTEAD, LONG, OF_NO_MATTER, WITH_VALUE
from refiner_desktop.services.requests.curl_reading import CurlCall
from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.home import SCHEME, below, is_same_server
from refiner_desktop.services.requests.own_key import without_own_key
from refiner_desktop.services.requests.rows import split_query
from refiner_desktop.services.requests.shell_words import UnclosedQuote, words

_COMMAND = re.compile(r"\s*(?:\$\s+)?curl(?:\.exe)?\s", re.IGNORECASE)


class NotCurl(ValueError):
    """A text is no curl command; the sentence says why."""


@dataclass(frozen=True, slots=True)
class CurlImport:
    """What a command asks for, and sentences about what it says that the draft does not do.

    `had_key` tells that a key for our own server was in it and is not any more.
    """

    draft: RequestDraft
    notes: tuple[str, ...] = ()
    had_key: bool = False


def is_curl(text: str) -> bool:
    """Whether a text looks like a curl command."""
    return _COMMAND.match(text) is not None


def from_curl(text: str, base_url: str) -> CurlImport:
    """Read a command as bash, Windows or PowerShell would. Raises `NotCurl`.

    An address below `base_url` becomes a path, and the key for that server is left out.
    """
    if not is_curl(text):
        raise NotCurl("This does not begin with curl.")
    call = CurlCall()
    notes = list(dict.fromkeys(_taken(call, _options(_words(text)))))
    if not call.urls:
        raise NotCurl("This curl command has no address.")
    if len(call.urls) > 1:
        notes.append("Only the first of several addresses was taken.")
    draft, more = call.draft()
    return _at_home(draft, base_url, (*notes, *more))


def _words(text: str) -> list[str]:
    try:
        found = words(_COMMAND.sub("", text, count=1))
    except UnclosedQuote as exc:
        raise NotCurl(f"The quotation mark before {exc} has no partner.") from exc
    return found


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each option; a mere address is the option `url`."""
    rest = iter(arguments)
    plain = False
    for argument in rest:
        if plain or not argument.startswith("-") or argument == "-":
            yield "url", argument
        elif argument == "--":
            plain = True
        elif argument.startswith("--"):
            name = argument[2:]
            yield name, next(rest, "") if name in WITH_VALUE else ""
        else:
            yield from _letters(argument[1:], rest)


def _letters(letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield the options of letters in one word; the first that takes a value takes what is left."""
    for place, letter in enumerate(letters):
        name = LONG.get(letter, f"-{letter}")
        if name in WITH_VALUE:
            yield name, letters[place + 1 :] or next(rest, "")
            return
        yield name, ""


def _taken(call: CurlCall, options: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Let the call take its options; yield a sentence about each that it does not know."""
    for name, value in options:
        if name == "next":
            yield f"--next: {INSTEAD[name]}."
            return
        if call.take(name, value) or name in OF_NO_MATTER:
            continue
        shown = name if name.startswith("-") else f"--{name}"
        yield f"{shown}: {INSTEAD.get(name, 'not taken over')}."


def _at_home(draft: RequestDraft, base_url: str, notes: tuple[str, ...]) -> CurlImport:
    address = draft.path if SCHEME.match(draft.path) else f"http://{draft.path}"
    path, query = split_query(address.partition("#")[0])
    draft = replace(draft, path=path, query=(*query, *draft.query))
    if not is_same_server(path, base_url):
        return CurlImport(draft, notes)
    keyless = without_own_key(draft)
    had_key = keyless != draft
    if had_key:
        notes = (*notes, "The key in it was left out: the one of this environment is sent.")
    return CurlImport(replace(keyless, path=below(keyless.path, base_url)), notes, had_key)

"""What is wrong with JSON that a person types, in words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import msgspec

from refiner_desktop.services.requests.variables import VARIABLE

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]|-?Infinity|NaN', re.DOTALL)
_BLANK = " \t\r\n"
_CLOSER = {"{": "}", "[": "]"}
_OTHER_QUOTES = "'`\u2018\u2019\u201c\u201d\u201e"
_WORDS = {
    "True": "In JSON it is true, in small letters.",
    "False": "In JSON it is false, in small letters.",
    "None": "In JSON it is null.",
    "undefined": "JSON knows no undefined; it has null.",
    "NaN": "JSON has no NaN; it has null.",
    "Infinity": "JSON has no Infinity; it has null.",
    "-Infinity": "JSON has no Infinity; it has null.",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """The first thing that makes a text no JSON. Line and column count from 1, `place` from 0."""

    line: int
    column: int
    place: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.sentence}"


class _NoNumber(Exception):
    """`NaN` and its like, which Python reads and JSON does not know."""


def json_mistake(text: str) -> Mistake | None:
    """Return what is wrong, None for JSON, blank texts, and what is nested too deep to tell.

    A variable may stand where a value does. A mistake takes much longer to tell than that there
    is none: 0.1 s a megabyte.
    """
    if not text.strip():
        return None
    text = _with_numbers(text)
    try:
        # Nothing is made of the values: a number of 400 digits is as good as any. And each is a
        # call of Python's, at which other threads get their turn.
        if not _is_json(text):
            json.loads(
                text,
                object_pairs_hook=_nothing,
                parse_int=_nothing,
                parse_float=_nothing,
                parse_constant=_refuse,
            )
    except json.JSONDecodeError as exc:
        return _mistake(text, *_in_words(text, exc))
    except _NoNumber as exc:
        found = next(each for each in _TOKEN.finditer(text) if each[0] == str(exc))
        return _mistake(text, found.start(), _WORDS[found[0]])
    except RecursionError:
        return None
    return None


def _is_json(text: str) -> bool:
    """Whether it is JSON for sure: this reader is quick, but can't say what is wrong."""
    try:
        msgspec.json.decode(text.encode("utf-8", "surrogatepass"), type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _with_numbers(text: str) -> str:
    """Let a number of the same length stand for every variable, so that places stay."""
    if "{{" not in text:
        return text
    return VARIABLE.sub(lambda found: "1" * len(found[0]), text)


def _nothing(_value: object) -> None:
    return None


def _refuse(name: str) -> None:
    raise _NoNumber(name)


def _mistake(text: str, place: int, sentence: str) -> Mistake:
    before = text[:place]
    column = place - (before.rfind("\n") + 1) + 1
    return Mistake(before.count("\n") + 1, column, place, sentence)


def _in_words(text: str, exc: json.JSONDecodeError) -> tuple[int, str]:
    """Return place and sentence: the reader says what it missed, the text what is there."""
    if found := _in_a_text(text, exc):
        return found
    place = exc.pos
    if exc.msg.startswith("Extra data"):
        return place, "The JSON ends before this; there may be one value only."
    if "trailing comma" in exc.msg:  # of newer Pythons, which point at the comma
        place += 1
    while place < len(text) and text[place] in _BLANK:
        place += 1
    if place >= len(text):
        return _unclosed(text)
    if word := _strange(text, place):
        return place, word
    return _missing(text, place, exc.msg)


def _in_a_text(text: str, exc: json.JSONDecodeError) -> tuple[int, str] | None:
    """Return what is wrong between quotation marks; None where the mistake is not there."""
    if exc.msg.startswith("Unterminated string"):
        return exc.pos, "This text has no quotation mark at its end."
    if exc.msg.startswith("Invalid control character"):
        return exc.pos, _control(text[exc.pos])
    if "escape" in exc.msg:
        place = text.rfind("\\", 0, exc.pos + 1)
        return place, _escape(text[place : place + 2])
    return None


def _missing(text: str, place: int, message: str) -> tuple[int, str]:
    """Say what should stand here, or that a comma before it should not."""
    last, here = _last_before(text, place), text[place]
    if here in "]}" and last is not None and text[last] == ",":
        return last, f"There is a comma before the closing {here}; JSON allows none there."
    if "property name" in message:
        return place, "A name in quotation marks is missing here."
    if "':'" in message:
        return place, "A colon between name and value is missing here."
    if "','" in message:
        return place, _no_comma(text, place)
    if here == ",":
        return place, "There is a comma too many."
    return place, "A value is missing here."


def _no_comma(text: str, place: int) -> str:
    if text[place] in "]}":
        opener = _open_brackets(text[:place])[-1]
        return f"The {text[opener]} of line {_line(text, opener)} is not closed by {text[place]}."
    return "A comma is missing before this."


def _strange(text: str, place: int) -> str:
    """Return what is wrong with a word or sign that JSON does not have; "" where it has it."""
    here = text[place]
    if here in _OTHER_QUOTES:
        return "Names and texts stand in straight double quotation marks."
    if text.startswith(("//", "/*", "#"), place):
        return "JSON has no comments."
    word = re.compile(r"-?[A-Za-z_$][\w$]*|[+.][0-9]*|[0-9]+|").match(text, place)
    found = word[0] if word else ""
    if found in _WORDS:
        return _WORDS[found]
    if found and found[0] in "+.0123456789" and not _begins_anew(text, place):
        return "A number has no plus, no zero too many at its front, and digits around its dot."
    if found[:1].isalpha() or found[:1] in ("_", "$"):
        return f"{found[:40]} is no JSON; names and texts stand in double quotation marks."
    return ""


def _begins_anew(text: str, place: int) -> bool:
    """Whether a number is one that a comma is missing before, rather than one that is wrong."""
    return text[place].isdigit() and text[place - 1 : place] in _BLANK


def _control(character: str) -> str:
    if character in "\r\n":
        return "A text ends on the line that it began on; a line break in it is written \\n."
    if character == "\t":
        return "A tab in a text is written \\t."
    return f"The character U+{ord(character):04X} in a text is written \\u{ord(character):04x}."


def _escape(written: str) -> str:
    if written == "\\u":
        return "Four hexadecimal digits belong behind \\u."
    return f"{written} means nothing in JSON; a backslash itself is written twice."


def _unclosed(text: str) -> tuple[int, str]:
    """Say which bracket is open at the end of the text."""
    brackets = _open_brackets(text)
    last = _last_before(text, len(text))
    if not brackets or last is None:
        return len(text), "The JSON ends too early."
    opener = brackets[-1]
    here = f"The {text[opener]} of line {_line(text, opener)}"
    return last + 1, f"{here} is never closed: {_CLOSER[text[opener]]} is missing."


def _open_brackets(text: str) -> list[int]:
    opened: list[int] = []
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            opened.append(token.start())
        elif token[0] in "]}" and opened:
            opened.pop()
    return opened


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _last_before(text: str, place: int) -> int | None:
    """Return where the last character before a place is that is not blank."""
    end = len(text[:place].rstrip(_BLANK))
    return end - 1 if end else None

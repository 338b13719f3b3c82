"""Command lines taken apart as a shell would do it: bash and its kin, and Windows' cmd."""

from __future__ import annotations

import re
from collections.abc import Callable

_CARET = r'\^(?:"|[ \t]*\r?$)'
_CMD = re.compile(
    rf"""(?:[^'"^]|"(?:[^"\\]|\\.)*+"|(?!{_CARET})\^)*+{_CARET}""", re.MULTILINE | re.DOTALL
)
"""A caret before a quotation mark or a line's end, before any text of bash."""
_BLANK = re.compile(r"(?:[ \t]|[\\`]\r?\n|\r?\n(?=[ \t]*-))+")
_END = re.compile(r"[|;<>\n]|\r\n|&(?=[&\s]|$)")
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b",
    "E": "\x1b", "'": "'", '"': '"', "\\": "\\", "?": "?",
}  # fmt: skip
_ANSI = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|[uU]([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))|[^\\]+", re.DOTALL
)
_PAIR = re.compile(r"\\u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_IN_DOUBLE = re.compile(rf'\\(?P<kept>["\\$`])|\\\r?\n|{_VARIABLE.pattern}')
_PLAIN = re.compile(r"(?:[^\s'\"\\$|;&<>`]|`(?!\r?\n))+")


class UnclosedQuote(ValueError):
    """A quotation mark of a command line has no partner."""


def words(text: str) -> list[str]:
    """Return the words of the first command, with `{{NAME}}` for each `$NAME` in it.

    It may span lines in the way of bash, cmd or PowerShell. Raises `UnclosedQuote`.
    """
    text = text.strip()
    if _CMD.match(text):
        return _WindowsReader(_without_carets(text)).words()
    return _BashReader(text).words()


class _BashReader:
    """Reads the words of bash."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def words(self) -> list[str]:
        found: list[str] = []
        while (word := self._word()) is not None:
            found.append(word)
        return found

    def _word(self) -> str | None:
        """Return the next word, None at the end of the command or where a comment begins."""
        if blank := _BLANK.match(self._text, self._place):
            self._place = blank.end()
        if self._text.startswith("#", self._place):
            return None
        parts: list[str] = []
        while self._place < len(self._text) and not self._at_border():
            parts.append(self._part())
        return "".join(parts) if parts else None

    def _at_border(self) -> bool:
        place = self._place
        return bool(_BLANK.match(self._text, place) or _END.match(self._text, place))

    def _part(self) -> str:
        text, place = self._text, self._place
        if text.startswith("$'", place):
            return self._quoted(r"\$'((?:[^'\\]|\\.)*+)'", _ansi)
        if text.startswith(('"', '$"'), place):
            return self._quoted(r'\$?"((?:[^"\\]|\\.)*+)"', _double)
        if text[place] == "'":
            return self._quoted(r"'([^']*+)'", str)
        if text[place] == "\\":
            self._place += 2
            return text[place + 1 : place + 2]
        if found := _VARIABLE.match(text, place):
            self._place = found.end()
            return _named(found)
        plain = _PLAIN.match(text, place)
        self._place = plain.end() if plain else place + 1
        return text[place : self._place]

    def _quoted(self, pattern: str, read: Callable[[str], str]) -> str:
        found = re.compile(pattern, re.DOTALL).match(self._text, self._place)
        if found is None:
            raise UnclosedQuote(self._text[self._place :].lstrip("$'\"")[:20])
        self._place = found.end()
        return read(found[1])


def _ansi(text: str) -> str:
    r"""Read what stands in `$'…'`; its `\x41` and `\101` are bytes.

    Browsers write two escapes for one character, as JavaScript does.
    """
    text = _PAIR.sub(lambda pair: bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be"), text)
    raw = b"".join(map(_ansi_piece, _ANSI.finditer(text)))
    return raw.decode("utf-8", "surrogateescape")


def _ansi_piece(found: re.Match[str]) -> bytes:
    byte, point, octal, other = found.groups()
    if byte or octal:
        return bytes([int(byte, 16) if byte else int(octal, 8) & 0xFF])
    piece = chr(min(int(point, 16), 0x10FFFF)) if point else _ESCAPES.get(other, found[0])
    return piece.encode("utf-8", "surrogatepass")


def _double(text: str) -> str:
    return _IN_DOUBLE.sub(
        lambda found: _named(found) if found[0][0] == "$" else found["kept"] or "", text
    )


def _named(found: re.Match[str]) -> str:
    name, in_braces = found.groups()[-2:]
    return f"{{{{{name or in_braces}}}}}"


def _without_carets(text: str) -> str:
    """Undo cmd's own escapes: a caret and what it stands before, the end of a line included."""
    return re.sub(r"\^(?:[ \t]*\r?\n(\r?\n)?|(.))", lambda found: found[1] or found[2] or "", text)


class _WindowsReader:
    r"""Reads words as Windows programs do: `\"`, and `""` in a text, are quotation marks."""

    _PIECE = re.compile(
        r'(?P<slashes>\\*)"(?P<twice>")?|(?P<blank>[ \t\r\n]+)|(?:[^"\\ \t\r\n]+|\\+)'
    )

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: list[str] = []
        self._word: list[str] | None = None
        self._quoted = False

    def words(self) -> list[str]:
        place = 0
        while found := self._PIECE.match(self._text, place):
            place = found.end()
            if found["slashes"] is not None:
                place -= self._quote(found)
            elif found["blank"] and not self._quoted:
                self._end_word()
            else:
                self._add(found[0])
        if self._quoted:
            raise UnclosedQuote(self._text[:20])
        self._end_word()
        return self._words

    def _quote(self, found: re.Match[str]) -> int:
        """Take backslashes and the quotation mark behind; return how many of two were not used."""
        slashes, twice = len(found["slashes"]), bool(found["twice"])
        self._add("\\" * (slashes // 2))
        if slashes % 2:
            self._add('"')
        elif self._quoted and twice:
            self._add('"')
            return 0
        else:
            self._quoted = not self._quoted
        return int(twice)

    def _add(self, piece: str) -> None:
        self._word = self._word or []
        self._word.append(piece)

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append("".join(self._word))
        self._word = None

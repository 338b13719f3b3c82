"""Answers one question to JSON: expression and body come in, what was found goes out.

The first line of the input is the expression, as a JSON string; all behind it is the body. What
can't be answered is a sentence, and an exit code other than 0.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import sys

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError

_ROOM = 2 * 1024**3
_TIMES_ITS_BYTES = 40


def main() -> int:
    """Answer; return the exit code."""
    expression = json.loads(sys.stdin.buffer.readline())
    body = sys.stdin.buffer.read()
    _limit_memory(_ROOM + _TIMES_ITS_BYTES * len(body))
    sys.set_int_max_str_digits(0)
    functions.TYPES_MAP[_Exact.__name__] = "number"
    functions.REVERSE_TYPES_MAP["number"] += (_Exact.__name__,)
    try:
        return _answer(expression, body)
    except JMESPathError as exc:
        return _refuse(f"{exc}.")
    except RecursionError:
        return _refuse("The body is nested too deeply.")
    except (TypeError, ValueError, ArithmeticError) as exc:  # where a function forgot to look
        return _refuse(f"The expression does not fit the body: {exc}.")
    except MemoryError:
        return _refuse("This needs more memory than there is.")


class _Exact(float):
    """A number that a float would not write as it came: `1.10`, one of many digits, `1e400`."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


def _answer(expression: str, body: bytes) -> int:
    text = body.decode("utf-8-sig", "replace")
    try:
        value = json.loads(text, parse_float=_number, parse_constant=_refuse_constant)
    except ValueError:
        return _refuse("The body is not JSON.")
    sys.stdout.buffer.write(_written(jmespath.search(expression, value)))
    return 0


def _number(text: str) -> float:
    number = float(text)
    return number if repr(number) == text else _Exact(text)


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _written(found: object) -> bytes:
    mark = secrets.token_hex(16)  # before the text of a number, in a string that JSON can hold
    marked = _marked(found, mark)
    try:
        text = json.dumps(marked, ensure_ascii=False, allow_nan=False)
        return _unmarked(text, mark).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 can't hold
        return _unmarked(json.dumps(marked, allow_nan=False), mark).encode()


def _marked(found: object, mark: str) -> object:
    match found:
        case _Exact():
            return mark + found.text
        case list():
            return [_marked(each, mark) for each in found]
        case dict():
            return {name: _marked(each, mark) for name, each in found.items()}
    return found


def _unmarked(text: str, mark: str) -> str:
    return re.sub(rf'"{mark}([^"]*)"', r"\1", text) if mark in text else text


def _refuse(sentence: str) -> int:
    sys.stdout.buffer.write(sentence.encode("utf-8", "replace"))
    return 1


def _limit_memory(most: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    sys.exit(main())

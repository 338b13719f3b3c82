"""Asks JSON a question in JMESPath, in a process of its own.

Neither reading 45 MB nor a question that never ends may hold the window up, and only a process can
be ended from outside.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from refiner_desktop.api.exchange import Body

PATIENCE_SECONDS = 20.0

# Run as a file and without the current folder, so that nothing lying there is imported by mistake.
_WORKER = (sys.executable, "-P", str(Path(__file__).with_name("json_query_worker.py")))
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class QueryMistake(ValueError):
    """A question that has no answer, in a sentence for the person who asked.

    `position` counts the characters of the expression before the place that is meant, None where
    there is no one place.
    """

    def __init__(self, sentence: str, position: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.position = position


def mistake_in(expression: str) -> QueryMistake | None:
    """Return what is wrong with the spelling of an expression, or None; fast enough for a key."""
    import jmespath
    from jmespath.exceptions import EmptyExpressionError, ParseError
    from jmespath.functions import Functions

    try:
        compiled = jmespath.compile(expression)
    except EmptyExpressionError:
        return QueryMistake("The expression is empty.", 0)
    except ParseError as exc:
        return _misspelled(expression, exc.lex_position)
    except RecursionError:
        return QueryMistake("The expression is nested too deeply.")
    known = Functions.FUNCTION_TABLE
    unknown = next((name for name in _functions(compiled.parsed) if name not in known), None)
    if unknown is None:
        return None
    return QueryMistake(f"There is no function {unknown}.", max(expression.find(unknown), 0))


async def query(expression: str, body: Body, *, patience: float = PATIENCE_SECONDS) -> bytes:
    """Return what an expression finds in a JSON body, as JSON; `null` when there is nothing.

    Ends at once when cancelled. Raises `QueryMistake`, also for a body that is no JSON and for what
    takes longer than `patience`, in seconds.
    """
    if mistake := mistake_in(expression):
        raise mistake
    question = _Question()
    try:
        return await asyncio.to_thread(question.answer, expression, body, patience)
    finally:
        question.give_up()


class _Question:
    """One process; `give_up` ends it from any thread, or keeps it from being started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given_up = False
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, expression: str, body: Body, patience: float) -> bytes:
        process = self._started()
        if process is None:
            return b""
        with process:
            said = _asked(process, expression, body, patience)
        if process.returncode == 0:
            return said
        raise QueryMistake(said.decode() or "The question needs more memory than there is.")

    def give_up(self) -> None:
        with self._lock:
            self._given_up = True
            if self._process is not None:
                self._process.kill()

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if not self._given_up:
                self._process = subprocess.Popen(
                    _WORKER,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=_NO_WINDOW,
                )
            return self._process


def _asked(process: subprocess.Popen[bytes], expression: str, body: Body, patience: float) -> bytes:
    assert process.stdin is not None
    process.stdin.write(json.dumps(expression).encode() + b"\n")
    try:
        said, _ = process.communicate(cast("bytes", body), timeout=patience)
    except subprocess.TimeoutExpired as exc:
        process.kill()
        raise QueryMistake(f"This takes longer than {patience:g} seconds.") from exc
    return said


def _misspelled(expression: str, position: int) -> QueryMistake:
    if position >= len(expression.rstrip()):
        return QueryMistake("The expression is not complete.", len(expression))
    if expression[position] in "'\"`" and expression.count(expression[position]) % 2:
        return QueryMistake(f"The {expression[position]} here is never closed.", position)
    return QueryMistake(f"{expression[position]} is not expected here.", position)


def _functions(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _functions(child)

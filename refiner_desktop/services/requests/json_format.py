"""JSON that a person types in good order, every value as it was written."""

from __future__ import annotations

import itertools
import re

import msgspec

from refiner_desktop.services.requests.json_mistakes import Mistake, json_mistake
from refiner_desktop.services.requests.variables import STRING_OR_VARIABLE


class NotJson(ValueError):
    """A text can't be put in order, because it is no JSON."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


def format_json(text: str) -> str:
    """Return the text indented by two blanks, every value as it was written. Raises `NotJson`."""
    if mistake := json_mistake(text):
        raise NotJson(mistake)
    if not text.strip():
        return text
    marked, variables = _marked(text)
    try:
        formatted = msgspec.json.format(marked.encode("utf-8", "surrogatepass"), indent=2)
    except (msgspec.DecodeError, RecursionError):  # nested too deep
        return text
    return _unmarked(formatted.decode("utf-8", "surrogatepass"), variables)


def _marked(text: str) -> tuple[str, dict[str, str]]:
    """Let a number that is not in the text stand for every variable outside of quotation marks."""
    if "{{" not in text:
        return text, {}
    seed = next(seed for seed in itertools.count(10**9) if str(seed) not in text)
    variables: dict[str, str] = {}

    def mark(found: re.Match[str]) -> str:
        if found[0].startswith('"'):
            return found[0]
        number = f"{seed}{len(variables):09}"
        variables[number] = found[0]
        return number

    return STRING_OR_VARIABLE.sub(mark, text), variables


def _unmarked(text: str, variables: dict[str, str]) -> str:
    if not variables:
        return text
    return re.sub("|".join(variables), lambda found: variables[found[0]], text)

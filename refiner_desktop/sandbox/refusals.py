"""Answers that are not a success."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Ends a call with a status and a body."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers


class BadParameter(Exception):
    """A parameter is missing or makes no sense; the text names it."""


class UnknownPath(Exception):
    """There is no such endpoint."""


def not_found(thing: str) -> Refusal:
    """Say that a contact, form, segment or response does not exist."""
    return Refusal(404, {"error": f"{thing} not found"})


def refused(text: str) -> Refusal:
    """Say that a call makes sense but is not allowed."""
    return Refusal(400, {"error": text})

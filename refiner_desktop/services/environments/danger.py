"""What is asked before a production environment is touched."""

from __future__ import annotations

from dataclasses import dataclass

from refiner_desktop.settings.settings import Environment


@dataclass(frozen=True, slots=True)
class Danger:
    """A question to answer with the name of the environment; `action` is the verb to confirm."""

    name: str
    question: str
    explanation: str
    action: str


def asks_for_name(environment: Environment) -> bool:
    """Whether there is something to ask: what is read-only refuses without a question."""
    return environment.production and not environment.read_only

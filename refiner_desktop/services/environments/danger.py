"""What is asked before a production environment is touched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Danger:
    """A question to answer with the name of the environment; `action` is the verb to confirm."""

    name: str
    question: str
    explanation: str
    action: str

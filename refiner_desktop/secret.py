"""A text that must not be shown: an API key, a webhook's token."""

from __future__ import annotations

MASK = "••••••••"


class Secret:
    """Holds a text that never shows in `repr`, `str`, f-strings, tracebacks or pickles.

    Only `reveal()` hands it out, so every place that does is found by one search.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret cannot be pickled or copied to disk")

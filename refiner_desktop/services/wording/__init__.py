"""What is said about failures, by the part of the application that they come from."""

from __future__ import annotations

Wording = dict[type[BaseException], tuple[str, str]]
"""By class: a title, which says what happened, and what the person can do about it."""

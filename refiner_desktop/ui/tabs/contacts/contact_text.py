"""What a contact is called, and the texts of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refiner_desktop.datasets.cell_text import cell_of, text_of

__all__ = ["NOBODY", "cell_of", "first_of", "name_of", "text_of"]

NOBODY = "Anonymous contact"


def name_of(contact: Mapping[str, Any]) -> str:
    """Return the name, else the address, else the user id."""
    return first_of(contact, "display_name", "email", "remote_id") or NOBODY


def first_of(fields: Mapping[str, Any], *keys: str) -> str:
    """Return the text of the first of these fields that has a value."""
    return next((text_of(fields[key]) for key in keys if fields.get(key)), "")

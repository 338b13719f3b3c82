"""The index that Qt hands to models and delegates, by one name."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex

ROOT = QModelIndex()
"""The parent of every row of a table."""

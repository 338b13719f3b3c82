"""Bulk runs: rows of a file become calls, checked before and journaled while they go out."""

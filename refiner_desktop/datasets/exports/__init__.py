"""Rows written to files: a module for each format, and what they share."""

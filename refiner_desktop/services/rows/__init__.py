"""Rows that lie in DuckDB, and how a person looks at them."""

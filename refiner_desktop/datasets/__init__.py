"""Rows by the million: typed columns in DuckDB, without Qt and without a network."""

"""The SQLite file: one module per group of tables."""

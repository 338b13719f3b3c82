"""Which environment is worked with: its key, its connection, and what it forbids."""

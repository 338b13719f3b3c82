"""Many users from a file: its source, its mapping, a check, and runs with their results."""

"""The sheet of all keys, and what a person makes of them."""

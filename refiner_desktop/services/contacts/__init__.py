"""The contacts that are loaded, and what is done with them."""

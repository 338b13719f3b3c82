"""Refiner's REST API: the client, its values and its errors."""

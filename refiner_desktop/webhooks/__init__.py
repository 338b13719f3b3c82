"""The local listener for Refiner's webhooks."""

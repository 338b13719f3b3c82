"""A local stand-in for Refiner: a real HTTP server with a seeded world, limits and webhooks."""

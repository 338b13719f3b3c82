"""The parts of the Webhooks tab."""

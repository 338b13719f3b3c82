"""The parts of the API Console tab."""

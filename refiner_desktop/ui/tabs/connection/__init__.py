"""The parts of the Connection tab."""

"""The parts of the Contacts tab."""

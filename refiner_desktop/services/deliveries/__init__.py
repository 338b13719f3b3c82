"""What the listener receives, and what is sent on, again or for trial."""

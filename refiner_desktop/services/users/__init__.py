"""One user by form: drafts, calls, and what was sent."""

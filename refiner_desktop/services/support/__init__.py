"""What helps when something went wrong: crash reports, the mark of a session, diagnostics."""

"""Dialogs that show what helps when something went wrong."""

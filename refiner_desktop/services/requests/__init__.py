"""Requests of the console before they are sent: typed, kept, saved, imported, written as code."""

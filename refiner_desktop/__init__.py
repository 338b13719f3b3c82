"""Refiner Desktop: the workbench for people who work with Refiner (refiner.io)."""

__version__ = "0.1.0"

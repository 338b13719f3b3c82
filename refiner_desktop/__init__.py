"""Refiner Desktop: the workbench for people who work with Refiner (refiner.io)."""

"""The only place where the parts meet: options in, a running window out."""

from refiner_desktop.app.building import build
from refiner_desktop.app.options import Options

__all__ = ["Options", "build"]

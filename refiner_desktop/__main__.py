"""The command `refiner-desktop`, also `python -m refiner_desktop`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the application and return the status of the process."""
    from refiner_desktop.app.running import main

    return main()


if __name__ == "__main__":
    sys.exit(main())

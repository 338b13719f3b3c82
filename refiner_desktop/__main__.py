"""The command `refiner-desktop`, also `python -m refiner_desktop`."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the application and return the status of the process."""
    gc.disable()  # imports leave no garbage, and looking for it takes a sixth of their time
    from refiner_desktop.app.running import main

    return main()


if __name__ == "__main__":
    sys.exit(main())

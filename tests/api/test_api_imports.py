"""Values can be had without paying for the HTTP client."""

from __future__ import annotations

import subprocess
import sys

LIGHT = ("errors", "policy", "exchange", "models", "reports", "pages", "queries", "catalogue")


def test_the_value_modules_do_not_load_httpx() -> None:
    program = ";".join(f"import refiner_desktop.api.{name}" for name in LIGHT)
    program += ";import sys;print(*{'httpx','httpcore','stamina','truststore'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == ""

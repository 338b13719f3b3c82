"""How a tunnel program gets on this computer, as a line for its terminal."""

from __future__ import annotations

import platform
import sys

_DOWNLOADS = "https://github.com/cloudflare/cloudflared/releases/latest/download"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm"}


def install_line() -> str:
    """Return what installs cloudflared on a system like this one."""
    match sys.platform:
        case "darwin":
            return "brew install cloudflared"
        case "win32":
            return "winget install --id Cloudflare.cloudflared"
        case _:
            build = _ARCHITECTURES.get(platform.machine(), "amd64")
            target = "/usr/local/bin/cloudflared"
            return (
                f"sudo curl -fLo {target} {_DOWNLOADS}/cloudflared-linux-{build} "
                f"&& sudo chmod +x {target}"
            )

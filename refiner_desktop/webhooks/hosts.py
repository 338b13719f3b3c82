"""Which hosts are this machine."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_local(host: str) -> bool:
    """Whether a host is the loopback, reached by this machine alone, whatever a name server says.

    Names that end in `.localhost` are (RFC 6761); one in the hosts file may be another tomorrow.
    """
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def is_own(host: str) -> bool:
    """Whether a host is this machine under any address or name of its own."""
    name = host.lower().rstrip(".")
    address = _address(name)
    if address is None:
        own = socket.gethostname().lower()
        return is_local(name) or name in (own, f"{own}.local", own.removesuffix(".local"))
    return address.is_loopback or address.is_unspecified or _can_bind(address)


def is_unspecified(host: str) -> bool:
    """Whether a listener on this host is reached by every address of the machine."""
    address = _address(host)
    return address is not None and address.is_unspecified


def authority(host: str, port: int) -> str:
    """Return host and port as they stand in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(host: str) -> Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _can_bind(address: Address) -> bool:
    """Ask the system: only an address of this machine can be sent from."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.bind((str(address), 0))
    except OSError:
        return False
    return True

"""Which hosts are this machine."""

import socket

import pytest

from refiner_desktop.webhooks.hosts import authority, is_local, is_own, is_unspecified

LOCAL = [
    "localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL)
def test_the_loopback_is_local_and_own(host):
    assert is_local(host)
    assert is_own(host)


@pytest.mark.parametrize(
    "host",
    ["a.example", "localhost.example", "192.0.2.1", "0.0.0.0", "::", "", "127.0.0.1.example"],
)
def test_nothing_else_is_local(host):
    assert not is_local(host)


def test_the_machine_knows_its_own_addresses_and_name():
    assert is_own(socket.gethostname())
    assert is_own("0.0.0.0")
    assert not is_own("192.0.2.1")
    assert not is_own("a.example")


def test_only_the_unspecified_addresses_are_reached_by_all_others():
    assert is_unspecified("0.0.0.0")
    assert is_unspecified("::")
    assert not is_unspecified("127.0.0.1")
    assert not is_unspecified("localhost")


def test_an_address_of_the_sixth_version_stands_in_brackets():
    assert authority("::1", 80) == "[::1]:80"
    assert authority("127.0.0.1", 80) == "127.0.0.1:80"

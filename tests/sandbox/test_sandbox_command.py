"""`python -m refiner_desktop.sandbox`."""

from __future__ import annotations

import signal
import socket
import threading

import httpx
import pytest

from refiner_desktop.sandbox import __main__ as command
from refiner_desktop.sandbox.draws import random_uuid


def test_a_port_in_use_is_one_sentence_and_exit_code_one(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.main(["--port", str(port), "--contacts", "1"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"Port {port} is in use: choose another with --port.\n"


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--contacts", "-1"]])
def test_nonsense_is_refused_with_the_usage(capsys, arguments):
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert f"argument {arguments[0]}: invalid" in capsys.readouterr().err


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_serves_until_interrupted(capsys, receiver):
    port, key = free_port(), random_uuid(1, "key")
    seen = []

    def use_it() -> None:
        try:
            seen.append(track(port, key))
            seen.append(receiver.deliveries.get(timeout=5)[0])
        finally:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    user = threading.Thread(target=use_it)
    user.start()
    hook = ["--webhook", receiver.url, "--secret", "abc", "--latency", "1"]
    assert command.main(["--port", str(port), "--contacts", "10", *hook]) == 0
    user.join(5)
    assert seen == [200, "Bearer abc"]
    assert signal.getsignal(signal.SIGINT) is before
    printed = f"Base URL  http://127.0.0.1:{port}/v1\nAPI key   {key}\n"
    assert capsys.readouterr() == (printed, "")


def track(port, key):
    """Let a user answer a survey as soon as the sandbox listens."""
    transport = httpx.HTTPTransport(retries=8)
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(transport=transport, headers=headers) as client:
        event = {"id": "n-1", "event": "checkout_completed"}
        return client.post(f"http://127.0.0.1:{port}/v1/track-event", json=event).status_code

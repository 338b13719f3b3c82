"""`python -m refiner_desktop.sandbox`: the sandbox alone, until Ctrl+C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import get_args

from refiner_desktop.sandbox.server import Sandbox
from refiner_desktop.sandbox.webhooks import WebhookTrigger
from refiner_desktop.serving import PortInUse


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    options = _parser().parse_args(arguments)
    sandbox = Sandbox(contacts=options.contacts, seed=options.seed, port=options.port)
    if options.latency:
        sandbox.faults.latency(options.latency / 1_000)
    if options.webhook:
        sandbox.add_webhook(options.webhook, trigger=options.trigger, secret=options.secret)
    with _interruption() as interrupted:
        try:
            sandbox.start()
        except PortInUse as error:
            return _fail(f"Port {error.port} is in use: choose another with --port.")
        except OSError as error:
            return _fail(f"Port {options.port} cannot be used: {error.strerror}.")
        print(f"Base URL  {sandbox.base_url}\nAPI key   {sandbox.key}", flush=True)
        while not interrupted.wait(0.5):  # an endless wait would not hear Ctrl+C on Windows
            pass
        sandbox.stop()
    return 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


@contextmanager
def _interruption() -> Iterator[threading.Event]:
    """Turn Ctrl+C and termination into an event."""
    interrupted = threading.Event()
    names = (signal.SIGINT, signal.SIGTERM)
    previous = [signal.signal(name, lambda *_: interrupted.set()) for name in names]
    try:
        yield interrupted
    finally:
        for name, handler in zip(names, previous, strict=True):
            signal.signal(name, handler)


def port(text: str) -> int:
    """Read a port. Raises ValueError, of which argparse makes a sentence."""
    if not 0 <= int(text) <= 65_535:
        raise ValueError(text)
    return int(text)


def count(text: str) -> int:
    """Read a number that is not negative. Raises ValueError."""
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m refiner_desktop.sandbox", description="A local stand-in for Refiner."
    )
    parser.add_argument("--port", type=port, default=8765, help="0 lets the system choose")
    parser.add_argument("--contacts", type=count, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="before each answer")
    parser.add_argument("--webhook", metavar="URL", help="where to deliver webhooks")
    parser.add_argument("--trigger", choices=get_args(WebhookTrigger), default="survey_completed")
    parser.add_argument("--secret", default="", help="sent as a Bearer token with each webhook")
    return parser


if __name__ == "__main__":
    sys.exit(main())

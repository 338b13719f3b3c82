"""A delivery as text that sends it once more: a cURL command, a pytest fixture, an .http file.

Tokens are never in it: it reads them from the environment, or leaves their place to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from refiner_desktop.api.headers import SECRET_HEADERS
from refiner_desktop.secret import MASK
from refiner_desktop.services.requests.code import as_curl
from refiner_desktop.services.requests.spelled_out import Header, SpelledOut
from refiner_desktop.webhooks.delivery import Delivery
from refiner_desktop.webhooks.outgoing import OF_THE_CONNECTION

TOKEN_VARIABLE = "REFINER_WEBHOOK_TOKEN"

_LINE = 76
_SECONDS = 10.0

# A line of a body that would end the request, what would be filled in, and a line that would name
# a file or a script.
_UNSAFE_IN_HTTP_FILE = re.compile(r"^###|\{\{|^\s*[<>]|\r(?!\n)|\A\s*\Z", re.MULTILINE)


class TextFormat(StrEnum):
    """What a delivery can be copied as."""

    CURL = "cURL"
    PYTEST = "pytest fixture"
    HTTP_FILE = ".http request"


def as_text(delivery: Delivery, text_format: TextFormat, url: str) -> str:
    """Return text that sends the same bytes and headers to `url`, where it needs an address."""
    return _WRITERS[text_format](delivery, url)


def _curl(delivery: Delivery, url: str) -> str:
    headers = tuple(_headers(delivery, for_a_shell))
    return as_curl(SpelledOut(delivery.method, url, headers, delivery.body, "", _SECONDS))


def _pytest(delivery: Delivery, _: str) -> str:
    headers = list(_headers(delivery, _legible))
    with_token = any(header.variable for header in headers)
    rows = "".join(f"            ({h.name!r}, {_python(h)}),\n" for h in headers)
    return (
        f"# {_about(delivery)}\n"
        f"{'import os' + chr(10) * 2 if with_token else ''}"
        "import pytest\n\n\n"
        "@pytest.fixture\n"
        f"def {delivery.kind.value}_delivery():\n"
        '    """Return a delivery of Refiner\'s as it arrived, byte for byte."""\n'
        "    return {\n"
        f'        "method": {delivery.method!r},\n'
        f'        "path": {delivery.path!r},\n'
        f'        "headers": [\n{rows}        ],\n'
        f'        "body": {_python_body(delivery.body)},\n'
        "    }\n"
    )


def _http_file(delivery: Delivery, url: str) -> str:
    headers = list(_headers(delivery, _legible))
    lines = [f"### {_about(delivery)}"]
    if any(header.variable for header in headers):
        lines.append(f"@{TOKEN_VARIABLE} = paste-the-token-here")
    kept = [header for header in headers if "{{" not in header.value]
    lines += [
        f"# Without {h.name}: its braces would be filled in." for h in headers if h not in kept
    ]
    url = url.replace("{", "%7B").replace("}", "%7D")
    lines += [f"{delivery.method} {url}", *(f"{h.name}: {_filled_in(h)}" for h in kept), ""]
    lines += _http_body(delivery)
    return "\n".join(lines) + "\n"


def _http_body(delivery: Delivery) -> Iterator[str]:
    text = _decoded(delivery.body)
    if text is not None and not _UNSAFE_IN_HTTP_FILE.search(text):
        yield text
    elif delivery.body:
        yield "# Save the body under this name: it is nothing that this file could hold."
        yield f"< ./delivery-{delivery.id}.bin"


def _headers(delivery: Delivery, read: Callable[[str], str]) -> Iterator[Header]:
    """Yield what is sent on; what was a credential ends with the token of now."""
    for name, value in delivery.headers:
        if name.lower() in OF_THE_CONNECTION:
            continue
        shown = read(value)
        if MASK in shown:
            yield Header(name, shown.partition(MASK)[0], TOKEN_VARIABLE)
        elif name.lower() in SECRET_HEADERS:
            scheme, blank, _ = shown.partition(" ")
            yield Header(name, scheme + blank if blank else "", TOKEN_VARIABLE)
        else:
            yield Header(name, shown)


def for_a_shell(value: str) -> str:
    """Return a header's bytes as text; those that spell none as lone surrogates (PEP 383)."""
    parts = (
        part.encode("latin-1").decode("utf-8", "surrogateescape") for part in value.split(MASK)
    )
    return MASK.join(parts)


def _legible(value: str) -> str:
    """Return a header's bytes, each a character so far, as the text that they spell."""
    try:
        return value.encode("latin-1").decode()
    except ValueError:
        return value


def _about(delivery: Delivery) -> str:
    moment = delivery.received_at.strftime("%Y-%m-%d %H:%M:%S %Z").strip()
    sentence = delivery.gist.sentence or delivery.kind.value
    return " ".join(f"{sentence} ({moment})".split())


def _python(header: Header) -> str:
    variable = f'os.environ["{header.variable}"]'
    if not header.variable:
        return repr(header.value)
    return f"{header.value!r} + {variable}" if header.value else variable


def _python_body(body: bytes) -> str:
    text = _decoded(body)
    whole: str | bytes = body if text is None else text
    pieces = [whole[start : start + _LINE] for start in range(0, len(whole), _LINE)] or [whole]
    ending = "" if text is None else ".encode()"
    if len(pieces) == 1:
        return f"{pieces[0]!r}{ending}"
    lines = "".join(f"            {piece!r}\n" for piece in pieces)
    return f"(\n{lines}        ){ending}"


def _filled_in(header: Header) -> str:
    return header.value + (f"{{{{{header.variable}}}}}" if header.variable else "")


def _decoded(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


_WRITERS: dict[TextFormat, Callable[[Delivery, str], str]] = {
    TextFormat.CURL: _curl,
    TextFormat.PYTEST: _pytest,
    TextFormat.HTTP_FILE: _http_file,
}

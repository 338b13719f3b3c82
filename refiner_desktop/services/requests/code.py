"""Requests as code that sends them: cURL, Python with httpx, HTTPie, JavaScript's fetch.

The key, and whatever else is a credential, is read from an environment variable unless a person
asks to have it written out.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from enum import StrEnum
from shlex import quote

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.secret import Secret
from refiner_desktop.services.requests.spelled_out import Header, SpelledOut, spelled_out


class Language(StrEnum):
    """What a request can be copied as."""

    CURL = "cURL"
    HTTPX = "Python (httpx)"
    HTTPIE = "HTTPie"
    FETCH = "JavaScript (fetch)"


def as_code(
    language: Language,
    request: CallRequest,
    base_url: str,
    *,
    key: Secret | None = None,
    file: str = "",
) -> str:
    """Return code that sends the request as the console does.

    `key` is written into it, without one a placeholder; `file` is where the body comes from. Raises
    `ValueError` for what can't be sent.
    """
    return _WRITERS[language](spelled_out(request, base_url, key, file))


def as_curl(call: SpelledOut) -> str:
    """Write a command for bash and its kin."""
    lines = [f"curl{_curl_method(call)} {quote(call.url)}", *_curl_headers(call)]
    if re.search(r"[\[\]{}]", call.url):
        lines.insert(1, "--globoff")
    if call.file:
        lines.append(f"--data-binary {quote('@' + call.file)}")
    elif call.text:
        lines.append(f"--data-raw {quote(call.text)}")
    elif call.body:
        lines.append("--data-binary @-")
        return f"{_base64_pipe(call.body)} | {_continued(lines)}"
    return _continued(lines)


def as_httpie(call: SpelledOut) -> str:
    """Write a command for bash and its kin."""
    lines = [f"http --ignore-stdin {call.method} {quote(call.url)}", *_httpie_headers(call)]
    if call.text:
        lines.append(f"--raw {quote(call.text)}")
        return _continued(lines)
    if not call.has_body:
        return _continued(lines)
    lines[0] = lines[0].replace(" --ignore-stdin", "")
    if call.file:
        return f"{_continued(lines)} < {quote(call.file)}"
    return f"{_base64_pipe(call.body)} | {_continued(lines)}"


def as_httpx(call: SpelledOut) -> str:
    """Write a Python program."""
    by_environment = any(header.variable for header in call.headers)
    parts = ["import os\n\n" if by_environment else "", "import httpx\n"]
    if call.file:
        parts.append(f'\nwith open({call.file!r}, "rb") as file:\n    body = file.read()\n')
    elif call.has_body:
        parts.append(f"\nbody = {_python_bytes(call)}\n")
    parts.append(f"\nresponse = httpx.request(\n    {call.method!r},\n    {call.url!r},\n")
    if call.headers:
        rows = "".join(f"        ({h.name!r}, {_python_value(h)}),\n" for h in call.headers)
        parts.append(f"    headers=[\n{rows}    ],\n")
    parts.append("    content=body,\n" if call.has_body else "")
    parts.append(f"    timeout={call.seconds:g},\n)\n")
    parts.append("print(response.status_code, response.reason_phrase)\nprint(response.text)\n")
    return "".join(parts)


def as_fetch(call: SpelledOut) -> str:
    """Write a JavaScript module for Node: a key does not belong into a web page."""
    with_body = call.has_body and call.method not in ("GET", "HEAD")
    parts = ["// fetch can send no body with this method.\n"] if call.has_body > with_body else []
    if call.file and with_body:
        parts.append('import { readFile } from "node:fs/promises";\n\n')
    parts.append(f"const response = await fetch({_js(call.url)}, {{\n")
    parts.append(f"  method: {_js(call.method)},\n")
    rows = "".join(f"    [{_js(h.name)}, {_js_value(h)}],\n" for h in call.headers)
    parts.append(f"  headers: [\n{rows}  ],\n" if rows else "")
    parts.append(f"  body: {_js_body(call)},\n" if with_body else "")
    parts.append('  redirect: "manual",\n});\n')
    parts.append("console.log(response.status, response.statusText);\n")
    parts.append("console.log(await response.text());\n")
    return "".join(parts)


def _curl_method(call: SpelledOut) -> str:
    if call.method == "HEAD":
        return " --head"
    usual = "POST" if call.has_body else "GET"
    return "" if call.method == usual else f" --request {quote(call.method)}"


def _curl_headers(call: SpelledOut) -> Iterator[str]:
    for header in call.headers:
        value = f": {header.value}" if header.value or header.variable else ";"
        yield f"--header {_shell(header.name + value, header.variable)}"
    yield from (f"--header {quote(name + ':')}" for name in _unwanted(call, "Accept"))


def _httpie_headers(call: SpelledOut) -> Iterator[str]:
    for header in call.headers:
        # HTTPie takes these two for another separator when they come first.
        value = re.sub(r"^([=@])", r"\\\1", header.value)
        value = f":{value}" if value or header.variable else ";"
        yield _shell(header.name + value, header.variable)
    yield from (quote(name + ":") for name in _unwanted(call, "Accept"))


def _unwanted(call: SpelledOut, *names: str) -> Iterator[str]:
    """Yield the headers that these tools would add by themselves and the console does not."""
    candidates = (*names, "Content-Type") if call.has_body else names
    there = {header.name.lower() for header in call.headers}
    yield from (name for name in candidates if name.lower() not in there)


def _shell(text: str, variable: str) -> str:
    """Return a word of bash that ends with the value of a variable.

    A lone surrogate in `text` stands for a byte that is no part of UTF-8 (PEP 383).
    """
    if any("\udc80" <= character <= "\udcff" for character in text):
        return _spelled_bytes(text) + (f'"${variable}"' if variable else "")
    if not variable:
        return quote(text)
    escaped = re.sub(r'(["\\$`!])', r"\\\1", text)
    return f'"{escaped}${variable}"'


def _spelled_bytes(text: str) -> str:
    plain = bytes(range(0x20, 0x7F)).translate(None, b"\\'")
    raw = text.encode("utf-8", "surrogateescape")
    return "$'" + "".join(chr(byte) if byte in plain else f"\\x{byte:02x}" for byte in raw) + "'"


def _continued(lines: list[str]) -> str:
    return " \\\n  ".join(lines)


def _base64_pipe(body: bytes) -> str:
    """Write bytes that no argument can carry."""
    return f"base64 -d <<< {b64encode(body).decode()}"


def _python_bytes(call: SpelledOut) -> str:
    if not call.text:
        return repr(call.body)
    text, plain = call.text, not re.search(r'\\|"""|[^\n\x20-\uffff]|[\ud800-\udfff]', call.text)
    if "\n" in text and plain and not text.endswith('"'):
        return f'"""\\\n{text}""".encode()'
    return f"{text!r}.encode()"


def _python_value(header: Header) -> str:
    if not header.variable:
        return repr(header.value)
    variable = f'os.environ["{header.variable}"]'
    return f"{header.value!r} + {variable}" if header.value else variable


def _js(text: str) -> str:
    return json.dumps(text)


def _js_value(header: Header) -> str:
    if not header.variable:
        return _js(header.value)
    variable = f"process.env.{header.variable}"
    return f"{_js(header.value)} + {variable}" if header.value else variable


def _js_body(call: SpelledOut) -> str:
    """Write a body as bytes: fetch would add a type of its own to a text."""
    if call.file:
        return f"await readFile({_js(call.file)})"
    if call.text:
        return f"new TextEncoder().encode({_js(call.text)})"
    return f'Buffer.from("{b64encode(call.body).decode()}", "base64")'


_WRITERS: dict[Language, Callable[[SpelledOut], str]] = {
    Language.CURL: as_curl,
    Language.HTTPX: as_httpx,
    Language.HTTPIE: as_httpie,
    Language.FETCH: as_fetch,
}

"""A curl command option by option, until it is a request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote_plus, urlsplit, urlunsplit

from refiner_desktop.api.exchange import CallRequest, Pairs
from refiner_desktop.api.headers import LEAVABLE
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.filling import (
    CONTENT_TYPE,
    FORM_TYPE,
    JSON_TYPE,
    encoded,
    usual_type,
)
from refiner_desktop.services.requests.opening import draft_of_call
from refiner_desktop.services.requests.rows import rows_from_query
from refiner_desktop.settings.settings import Patience

_AS_FORM = (
    "curl sends this JSON as a form, and so does this request: "
    "take its Content-Type row away to send it as JSON."
)
_NOT_MULTIPART = "--form: its fields are sent form-encoded, files left out."


@dataclass
class CurlCall:
    """What the options of a command have said so far."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    data_is_json: bool = False
    file: str = ""
    parts: list[Row] = field(default_factory=list)
    more_query: list[str] = field(default_factory=list)
    in_query: bool = False
    head: bool = False
    upload: bool = False
    patience: Patience | None = None
    notes: list[str] = field(default_factory=list)

    def take(self, name: str, value: str) -> bool:
        """Take an option; return whether it means something to a request."""
        taker = _TAKERS.get(name)
        if taker is not None:
            taker(self, value)
        return taker is not None

    def draft(self) -> tuple[RequestDraft, list[str]]:
        """Return the request, its address as it was written, and sentences about it."""
        data = ("" if self.data_is_json else "&").join(self.data)
        body = "" if self.in_query else data
        call = CallRequest(
            self._method(),
            self._url(),
            headers=self._headers(with_body=bool(body)),
            body=encoded(body),
            without=tuple(dict.fromkeys(self.without)),
        )
        draft = replace(draft_of_call(call), patience=self.patience)
        if self.in_query:
            draft = replace(draft, query=rows_from_query(data))
        return self._as_meant(draft), self.notes

    @property
    def _untyped(self) -> bool:
        """Whether the body's type was not said, and so is curl's own."""
        said = {name.lower() for name, _ in self.headers} | set(self.without)
        return "content-type" not in said

    def _method(self) -> str:
        if self.method:
            return self.method.upper()
        if self.head:
            return "HEAD"
        if self.upload:
            return "PUT"
        sends = (self.data or self.file or self.parts) and not self.in_query
        return "POST" if sends else "GET"

    def _url(self) -> str:
        url = self.urls[0]
        if self.more_query:
            url += ("&" if "?" in url else "?") + "&".join(self.more_query)
        return url

    def _headers(self, *, with_body: bool) -> Pairs:
        own = JSON_TYPE if self.data_is_json else FORM_TYPE if with_body else ""
        headers = [*self.headers, (CONTENT_TYPE, own)] if own and self._untyped else self.headers
        return tuple(pair for pair in headers if pair != ("Accept", JSON_TYPE))

    def _as_meant(self, draft: RequestDraft) -> RequestDraft:
        """Return the draft with the body that no text tells: a file's, or that of a web form."""
        if self.file:
            return self._with_file(draft)
        if self.parts:
            self.notes.append(_NOT_MULTIPART)
            return replace(draft, body=BodyKind.FORM, form=tuple(self.parts))
        if draft.body is BodyKind.TEXT and self._untyped and _looks_like_json(draft.text):
            self.notes.append(_AS_FORM)
            return replace(draft, body=BodyKind.JSON)
        return draft

    def _with_file(self, draft: RequestDraft) -> RequestDraft:
        draft = replace(draft, body=BodyKind.FILE, file=self.file)
        own = (Row(CONTENT_TYPE, FORM_TYPE),) if self._untyped and not self.upload else ()
        usual = Row(CONTENT_TYPE, usual_type(draft))
        rows = (row for row in (*draft.headers, *own) if row != usual)
        return replace(draft, headers=tuple(rows))


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def _url(call: CurlCall, value: str) -> None:
    """Take an address; a user name and password in it are as good as those of `--user`."""
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = None
    if parts is not None and parts.scheme and "@" in parts.netloc:
        user, _, host = parts.netloc.rpartition("@")
        _user(call, user)
        value = urlunsplit(parts._replace(netloc=host))
    call.urls.append(value)


def _request(call: CurlCall, value: str) -> None:
    call.method = value


def _header(call: CurlCall, value: str) -> None:
    """Take `Name: value`; `Name:` leaves a header out, `Name;` sends it empty."""
    if value.startswith("@"):
        call.notes.append(f"--header {value}: headers in a file are not taken over.")
        return
    name, colon, rest = value.partition(":")
    if colon and not rest.strip():
        if name.strip().lower() in LEAVABLE:
            call.without.append(name.strip().lower())
    elif colon:
        call.headers.append((name.strip(), rest.strip()))
    elif name.endswith(";"):
        call.headers.append((name[:-1].strip(), ""))


def _data(call: CurlCall, value: str) -> None:
    if value.startswith("@"):
        call.file = value[1:]
    else:
        call.data.append(value)


def _data_raw(call: CurlCall, value: str) -> None:
    call.data.append(value)


def _data_urlencode(call: CurlCall, value: str) -> None:
    name, equals, content = value.partition("=")
    if not equals and "@" in value:
        call.notes.append(f"--data-urlencode {value}: a value in a file is not taken over.")
    elif not equals:
        call.data.append(quote_plus(value, errors="surrogateescape"))
    else:
        encoded_value = quote_plus(content, errors="surrogateescape")
        call.data.append(f"{name}={encoded_value}" if name else encoded_value)


def _json(call: CurlCall, value: str) -> None:
    call.data_is_json = True
    _data(call, value)


def _form(call: CurlCall, value: str) -> None:
    name, _, content = value.partition("=")
    if content.startswith(("@", "<")):
        call.notes.append(f"--form {name}: files are not taken over.")
        call.parts.append(Row(name, "", on=False))
    else:
        call.parts.append(Row(name, re.sub(r';type=[^;]*$|^"(.*)"$', r"\1", content)))


def _form_string(call: CurlCall, value: str) -> None:
    name, _, content = value.partition("=")
    call.parts.append(Row(name, content))


def _user(call: CurlCall, value: str) -> None:
    credentials = b64encode(encoded(value if ":" in value else f"{value}:")).decode()
    call.headers.append(("Authorization", f"Basic {credentials}"))


def _bearer(call: CurlCall, value: str) -> None:
    call.headers.append(("Authorization", f"Bearer {value}"))


def _cookie(call: CurlCall, value: str) -> None:
    if "=" in value:
        call.headers.append(("Cookie", value))
    else:
        call.notes.append(f"--cookie {value}: cookies in a file are not taken over.")


def _user_agent(call: CurlCall, value: str) -> None:
    call.headers.append(("User-Agent", value))


def _referer(call: CurlCall, value: str) -> None:
    call.headers.append(("Referer", value.removesuffix(";auto")))


def _get(call: CurlCall, _value: str) -> None:
    call.in_query = True


def _head(call: CurlCall, _value: str) -> None:
    call.head = True


def _url_query(call: CurlCall, value: str) -> None:
    name, equals, content = value.partition("=")
    if value.startswith("+"):
        call.more_query.append(value[1:])
    elif equals:
        encoded_value = quote_plus(content, errors="surrogateescape")
        call.more_query.append(f"{name}={encoded_value}" if name else encoded_value)
    else:
        call.more_query.append(quote_plus(value, errors="surrogateescape"))


def _upload_file(call: CurlCall, value: str) -> None:
    call.file, call.upload = value, True


def _max_time(call: CurlCall, value: str) -> None:
    call.patience = Patience(
        connect=call.patience.connect if call.patience else Patience().connect,
        read=_seconds(value),
        total=_seconds(value),
    )


def _connect_timeout(call: CurlCall, value: str) -> None:
    patience = call.patience or Patience()
    call.patience = Patience(connect=_seconds(value), read=patience.read, total=patience.total)


def _seconds(value: str) -> int:
    try:
        return min(max(round(float(value)), 1), 86_400)
    except (ValueError, OverflowError):
        return Patience().total


_TAKERS: dict[str, Callable[[CurlCall, str], None]] = {
    "url": _url,
    "request": _request,
    "header": _header,
    "data": _data,
    "data-ascii": _data,
    "data-binary": _data,
    "data-raw": _data_raw,
    "data-urlencode": _data_urlencode,
    "json": _json,
    "form": _form,
    "form-string": _form_string,
    "get": _get,
    "head": _head,
    "user": _user,
    "oauth2-bearer": _bearer,
    "cookie": _cookie,
    "user-agent": _user_agent,
    "referer": _referer,
    "url-query": _url_query,
    "upload-file": _upload_file,
    "max-time": _max_time,
    "connect-timeout": _connect_timeout,
}

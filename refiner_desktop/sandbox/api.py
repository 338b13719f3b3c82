"""The ASGI application: from a request to an endpoint and back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from refiner_desktop.sandbox import keys
from refiner_desktop.sandbox import params as parameters
from refiner_desktop.sandbox.behaviour import Limits
from refiner_desktop.sandbox.endpoints import ENDPOINTS
from refiner_desktop.sandbox.endpoints.call import Call
from refiner_desktop.sandbox.faults import Fault, Faults, Kind
from refiner_desktop.sandbox.params import Params
from refiner_desktop.sandbox.rate_limits import RateLimits
from refiner_desktop.sandbox.record import Record
from refiner_desktop.sandbox.refusals import BadParameter, Refusal, UnknownPath
from refiner_desktop.sandbox.views import Views

PREFIX = "/v1"
PROXY_PAGE = "<!doctype html><title>Sign in</title><h1>Welcome to the guest network</h1>"
LOST_PAGE = "<!doctype html><title>Not found</title><h1>404</h1>"


class Api:
    """Answers requests: faults first, then key, limits and the endpoint."""

    def __init__(
        self, key: str, views: Views, limits: Limits, faults: Faults, record: Record
    ) -> None:
        self.closing = asyncio.Event()
        self.key = key
        self._views = views
        self._limits = RateLimits(limits)
        self._faults = faults
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = _endpoint_path(request.url.path)
        params, problem = await _read(request)
        faults = self._faults.take(path)
        await self._wait(faults.get("latency"))
        response = self._respond(request, path, params, problem, faults)
        self._record.add(request.method, path, _user(path, params), _status(response))
        if response is None:
            await _cut(receive, send)
        else:
            await response(scope, receive, send)

    def _respond(
        self,
        request: Request,
        path: str,
        params: Params,
        problem: BadParameter | None,
        faults: Mapping[Kind, Fault],
    ) -> Response | None:
        drop = faults.get("drop")
        if drop and not drop.processed:
            return None
        if fault := faults.get("status"):
            return _failure(fault)
        if fault := faults.get("echo"):
            return _echo(fault, request)
        if "html" in faults:
            return HTMLResponse(PROXY_PAGE)
        response = self._answer(request, path, params, problem)
        if drop:
            return None
        if "truncate" in faults:
            body = bytes(response.body)
            return _json(response.status_code, body[: len(body) // 2])
        return response

    def _answer(
        self, request: Request, path: str, params: Params, problem: BadParameter | None
    ) -> Response:
        try:
            endpoint = ENDPOINTS.get((request.method, path))
            if endpoint is None:
                raise UnknownPath
            keys.check(keys.sent_key(request, params), self.key)
            self._limits.let_through(_user(path, params))
            if problem is not None:
                raise problem
            return _json(200, msgspec.json.encode(endpoint(Call(params, self._views))))
        except Refusal as refusal:
            return _json(refusal.status, msgspec.json.encode(refusal.body), refusal.headers)
        except BadParameter as bad:
            status = self._views.behaviour.bad_parameter_status
            key = "error" if status == 400 else "message"
            return _json(status, msgspec.json.encode({key: str(bad)}))
        except UnknownPath:
            if self._views.behaviour.html_not_found:
                return HTMLResponse(LOST_PAGE, status_code=404)
            return _json(404, msgspec.json.encode({"message": "The path could not be found."}))

    async def _wait(self, latency: Fault | None) -> None:
        if latency is None:
            return
        with contextlib.suppress(TimeoutError):
            # Not a plain sleep, so that the server can stop at any time.
            await asyncio.wait_for(self.closing.wait(), latency.seconds)


async def _read(request: Request) -> tuple[Params, BadParameter | None]:
    try:
        return await parameters.read(request), None
    except BadParameter as problem:
        # A wrong key is told before a wrong body.
        return Params(parameters.from_pairs(request.query_params.multi_items())), problem


def _endpoint_path(path: str) -> str:
    if path != PREFIX and not path.startswith(PREFIX + "/"):
        return path
    return path.removeprefix(PREFIX).rstrip("/") or "/"


def _user(path: str, params: Params) -> str:
    names = ("id", "email") if path == "/responses/tags" else ("id", "email", "uuid")
    return next((str(params.raw(name)) for name in names if params.raw(name)), "")


def _json(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/json")


def _failure(fault: Fault) -> Response:
    text = "You are doing this too often." if fault.status == 429 else "Something went wrong."
    headers = None if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return _json(fault.status, msgspec.json.encode({"error": text}), headers)


def _echo(fault: Fault, request: Request) -> Response:
    sent = request.headers.get("Authorization", "")
    told = {"error": f"Received {sent}", "url": str(request.url), "headers": dict(request.headers)}
    return _json(fault.status, msgspec.json.encode(told), {"X-Received": sent})


def _status(response: Response | None) -> int:
    return 0 if response is None else response.status_code


async def _cut(receive: Receive, send: Send) -> None:
    # ASGI has no word for "hang up"; `send` is uvicorn's own, which knows the connection.
    cycle: Any = getattr(send, "__self__")  # noqa: B009
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass

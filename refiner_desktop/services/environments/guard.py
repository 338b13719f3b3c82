"""What a production environment asks its name for, before anything is sent."""

from __future__ import annotations

import posixpath
import re

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.headers import is_reading
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.environments.danger import Danger, asks_for_name
from refiner_desktop.settings.settings import Environment

_BILLED = "Each call creates or changes a user, and makes it active this month."
_REMOVES = "Each call takes a user out of the segment. The user itself stays."


def danger_of_call(environment: Environment, request: CallRequest) -> Danger | None:
    """Return the question for a free call, or None where it may go out as it is.

    Deleting and archiving are DELETE calls, publishing is a path: API reference, section 3.
    """
    if not asks_for_name(environment):
        return None
    method, path = request.method.strip().upper(), _path(environment, request.path)
    if method == "DELETE":
        question, explanation = _deleting(path)
        return Danger(
            environment.name,
            f"{environment.name}: {question}",
            f"{explanation} The call is DELETE {request.path.strip()}{_query(request)}.",
            action=f"Send DELETE /{path}",
        )
    if path.endswith("forms/publish") and not is_reading(method):
        question = f"Publish or unpublish a survey in {environment.name}?"
        return Danger(environment.name, question, "Users may see the change at once.", "Send it")
    return None


def danger_of_run(
    environment: Environment, calls: str, check: str, action: BulkAction = BulkAction.IDENTIFY
) -> Danger | None:
    """Return the question for a bulk run, or None where it may start.

    `calls` is how many there are in words, such as "1 call".
    `check` is what a look at the file has found, in sentences, or empty.
    """
    if not asks_for_name(environment):
        return None
    removes = action is BulkAction.REMOVE_FROM_SEGMENT
    explanation = check or (_REMOVES if removes else _BILLED)
    question = f"Send {calls} to {environment.name}?"
    return Danger(environment.name, question, explanation, "Start the run")


def _query(request: CallRequest) -> str:
    return "".join(f" {name}={value}" for name, value in request.query)


def _deleting(path: str) -> tuple[str, str]:
    """Return question and explanation, by what the call takes away."""
    match path.rpartition("/")[2]:
        case "contact":
            return "Delete a contact?", "Its survey responses go too. Nothing brings them back."
        case "forms":
            return "Archive a survey?", "No call brings it back."
        case "sync-segment":
            return "Remove a user from a segment?", "The user itself stays."
        case _:
            return "Delete this?", "It may be gone for good."


def _path(environment: Environment, address: str) -> str:
    """Return the path below the base URL that is really called, in one spelling.

    Slashes around it are left out, and what a server may overlook: parameters behind a semicolon,
    blanks at the end of a part, a backslash in place of a slash.
    """
    from refiner_desktop.api.address import BaseUrl

    try:
        path = BaseUrl(environment.base_url).path_of(address)
    except ValueError:  # it can't be sent
        path = address
    parts = (
        part.partition(";")[0].strip("\0 \t\r\n") for part in re.split(r"[/\\]", path.casefold())
    )
    return posixpath.normpath("/" + "/".join(parts)).strip("/")

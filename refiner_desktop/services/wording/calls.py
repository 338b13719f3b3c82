"""Calls of Refiner's API that did not work."""

from __future__ import annotations

from refiner_desktop.api import errors as api
from refiner_desktop.services.wording import Wording

CALLS: Wording = {
    api.ApiError: (
        "The call did not work.",
        "Try again; the details say what came back.",
    ),
    api.ReadOnly: (
        "This environment is read-only: nothing was sent.",
        "Untick “Read-only” in its settings on the Connection tab to allow changes.",
    ),
    api.ConnectionFailed: (
        "Refiner could not be reached.",
        "Check the network and the base URL, then try again.",
    ),
    api.NameNotResolved: (
        "The server's name is not known.",
        "Check the base URL for a typing error, and that this computer is online.",
    ),
    api.TlsFailed: (
        "The server could not prove who it is.",
        "A company proxy may be in between: its certificate must be trusted by this system. "
        "Check the base URL too.",
    ),
    api.HungUp: (
        "The server hung up without an answer.",
        "Try again. If it stays so, check host and port of the base URL: something else than a "
        "web server may be there.",
    ),
    api.NotHttp: (
        "What answered is no web server: it does not speak HTTP.",
        "Check host and port of the base URL. The details say what came.",
    ),
    api.TimedOut: (
        "Refiner took too long to answer.",
        "Try again in a moment.",
    ),
    api.KeyRejected: (
        "Refiner does not let this key do this.",
        "Check in Refiner what the plan and the key allow.",
    ),
    api.KeyMissing: (
        "Refiner saw no API key.",
        "What was sent is too short to be one: copy the whole key from Integrations > Rest API.",
    ),
    api.KeyMalformed: (
        "This does not look like an API key.",
        "Copy it again from Integrations > Rest API, without anything before or after it.",
    ),
    api.KeyUnknown: (
        "Refiner does not know this key.",
        "It may have been regenerated: copy it again from Integrations > Rest API.",
    ),
    api.RateLimited: (
        "Too many calls a minute for Refiner.",
        "Wait a minute, then go on.",
    ),
    api.Refused: (
        "Refiner declined the call.",
        "The details say which value it did not like.",
    ),
    api.NotFound: (
        "Refiner has nothing by that name.",
        "It may have been deleted, or belongs to another environment.",
    ),
    api.ServerFailed: (
        "Refiner has trouble of its own.",
        "Try again in a few minutes; status.refiner.io tells more.",
    ),
    api.Redirected: (
        "The server points to another address.",
        "Redirects are not followed, so that the key stays here. Check the base URL.",
    ),
    api.UnreadableAnswer: (
        "The answer arrived damaged.",
        "Try again; if it stays so, something between here and Refiner cuts answers.",
    ),
    api.TooLong: (
        "The answer has more bytes than are taken.",
        "Ask for less at a time, such as shorter pages.",
    ),
    api.NotRefiner: (
        "Something else answered instead of Refiner.",
        "A proxy or a sign-in page may be in between, or the base URL is wrong.",
    ),
}

CALLS_ELSEWHERE: Wording = {
    api.ConnectionFailed: (
        "{host} could not be reached.",
        "Check the address and the network, then try again.",
    ),
    api.NameNotResolved: (
        "The name {host} is not known.",
        "Check the address for a typing error, and that this computer is online.",
    ),
    api.TlsFailed: (
        "{host} could not prove who it is.",
        "Its certificate, or that of a company proxy in between, must be trusted by this system.",
    ),
    api.HungUp: (
        "{host} hung up without an answer.",
        "Try again. If it stays so, check the port in the address: something else than a web "
        "server may be there.",
    ),
    api.NotHttp: (
        "{host} does not speak HTTP.",
        "Check the port in the address. The details say what came.",
    ),
    api.TimedOut: (
        "{host} took too long to answer.",
        "Try again in a moment.",
    ),
}
"""What is said of another server than Refiner's, which `{host}` names."""

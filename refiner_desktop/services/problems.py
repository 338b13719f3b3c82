"""Every sentence about a failure: what happened, and what the person can do about it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from functools import cache

from refiner_desktop.api import errors as api
from refiner_desktop.masking import Mask


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure in words. `detail` is for whoever looks closer."""

    title: str
    advice: str
    detail: str = ""

    def masked(self, mask: Mask) -> Problem:
        """Return the same without secrets, whatever a library put into its message."""
        return replace(self, advice=mask.text(self.advice), detail=mask.text(self.detail))

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


_LONGEST_REASON = 200

MAYBE_DONE = "It may have been carried out all the same: look in Refiner before you send it again."
MAYBE_DONE_ELSEWHERE = "It may have been carried out all the same: look before you send it again."


def describe(error: BaseException) -> Problem:
    """Say what happened and what the person can do about it."""
    named = _named(error)
    title, advice = _wording()[named]
    if host := getattr(error, "host", ""):
        title, advice = _ELSEWHERE.get(named, (title, advice))
        title = title.format(host=host)
    if named is ValueError and (reason := str(error)):
        advice = _sentence(reason)
    if getattr(error, "maybe_done", False):
        advice = MAYBE_DONE_ELSEWHERE if host else MAYBE_DONE
    return Problem(title, advice, _detail(error))


def is_unforeseen(error: BaseException) -> bool:
    """Whether there are no words for it but that something went wrong."""
    return _named(error) is BaseException


def _named(error: BaseException) -> type[BaseException]:
    wording = _wording()
    return next(cls for cls in type(error).__mro__ if cls in wording)


def _sentence(reason: str) -> str:
    reason = reason[:_LONGEST_REASON]
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _detail(error: BaseException) -> str:
    said = str(error)
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    return f"{type(error).__name__}{cause}: {said}" if said else f"{type(error).__name__}{cause}"


@cache
def _wording() -> dict[type[BaseException], tuple[str, str]]:
    """Return title and advice by class.

    Built at the first problem, because it names classes of parts that are imported late.
    """
    ours = _API | _connection() | _keyring() | _contacts() | _requests() | _listener() | _files()
    return ours | _LAST_RESORT


_API: dict[type[BaseException], tuple[str, str]] = {
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

_ELSEWHERE: dict[type[BaseException], tuple[str, str]] = {
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
    api.TimedOut: (
        "{host} took too long to answer.",
        "Try again in a moment.",
    ),
}
"""What is said of another server than Refiner's."""


def _connection() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.services.environments.connection import AnotherEnvironment, NotConnected
    from refiner_desktop.services.environments.environments import NameMissing, NameTaken
    from refiner_desktop.services.environments.keys import NoKey
    from refiner_desktop.settings.address import WrongAddress

    return {
        NotConnected: (
            "Not connected.",
            "Connect an environment on the Connection tab first.",
        ),
        AnotherEnvironment: (
            "This belongs to another environment.",
            "Switch to that environment at the top of the window, then go on.",
        ),
        NameMissing: (
            "The environment has no name.",
            "Give it one, such as Production or Testing.",
        ),
        NameTaken: (
            "Another environment has this name already.",
            "Choose a name that tells them apart.",
        ),
        WrongAddress: (
            "The base URL is not an address that can be called.",
            "It looks like https://api.refiner.io/v1.",
        ),
        NoKey: (
            "There is no API key yet.",
            "Copy it in Refiner from Integrations > Rest API and paste it on the Connection tab.",
        ),
    }


def _keyring() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.settings import secrets

    return {
        secrets.KeyringProblem: (
            "The keyring did not keep or return the key.",
            "Try again, or untick “Remember the key” to keep it for this session only.",
        ),
        secrets.KeyringMissing: (
            "This system has no keyring to keep the key in.",
            "The key is used for this session only. Start a keyring and connect again, or untick "
            "“Remember the key”.",
        ),
        secrets.KeyringLocked: (
            "The keyring is locked.",
            "Unlock it and connect again, or untick “Remember the key” and paste the key.",
        ),
        secrets.KeyringDismissed: (
            "The keyring stayed locked: its prompt was closed.",
            "Connect again and type its password, or untick “Remember the key” and paste the key.",
        ),
        secrets.KeyringTooLarge: (
            "The key is too long for this keyring.",
            "Check that only the key was pasted; it is used for this session only.",
        ),
        secrets.KeyringExposes: (
            "This keyring keeps secrets where other programs can read them.",
            "The key is used for this session only, unless you agree to keep it there.",
        ),
        secrets.KeyringSilent: (
            "The keyring does not answer.",
            "Its prompt may be behind another window. Connect again, or untick “Remember the key” "
            "and paste the key.",
        ),
        secrets.KeyringLied: (
            "The keyring did not do what it said.",
            "Do not rely on it: untick “Remember the key”, or choose another keyring.",
        ),
    }


def _contacts() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.services.contacts.actions import AnotherContact, NoReference
    from refiner_desktop.services.contacts.views import ViewNameTaken, ViewUnnamed

    return {
        NoReference: (
            "This contact has neither a user id nor an e-mail address.",
            "Segments take contacts by these alone: identify it first.",
        ),
        AnotherContact: (
            "Refiner took another contact with the same user id or e-mail address.",
            "Look in Refiner which one is in the segment now.",
        ),
        ViewUnnamed: (
            "The view has no name.",
            "Give it one, such as Trials that end soon.",
        ),
        ViewNameTaken: (
            "Another view has this name already.",
            "Choose a name that tells them apart.",
        ),
    }


def _requests() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.services.requests.curl import NotCurl
    from refiner_desktop.services.requests.file_names import WrongName
    from refiner_desktop.services.requests.json_format import NotJson
    from refiner_desktop.services.requests.request_file import RequestUnreadable
    from refiner_desktop.services.requests.saved import ChangedOnDisk, RequestNameTaken
    from refiner_desktop.services.requests.variables import SecretVariable, WrongVariable

    return {
        NotCurl: (
            "This is no curl command that can be read.",
            "Copy the whole command, from curl to its end; the details say what is missing.",
        ),
        NotJson: (
            "The body is no JSON yet.",
            "Mend the mistake that the details name, then format it.",
        ),
        RequestUnreadable: (
            "The file is no saved request.",
            "Open it in an editor: the details say what is wrong with it.",
        ),
        RequestNameTaken: (
            "There is something of this name already.",
            "Choose another name or another folder.",
        ),
        ChangedOnDisk: (
            "Another program has changed this saved request.",
            "Save it anyway to replace what is there, or save it under another name.",
        ),
        WrongName: (
            "This can't be the name of a file.",
            "Choose a name that every system takes; the details say why.",
        ),
        WrongVariable: (
            "This can't be a variable.",
            "Give it a name of letters, digits and underscores.",
        ),
        SecretVariable: (
            "A variable must not hold a key or token.",
            "The environment's key is added to each call by itself; take it out of the value.",
        ),
    }


def _listener() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.services.deliveries.dispatch import DeliveryGone
    from refiner_desktop.services.deliveries.forwards import NotForwarded
    from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
    from refiner_desktop.services.deliveries.hooks import HookInvalid
    from refiner_desktop.services.deliveries.listener import NotListening, TokenDemanded
    from refiner_desktop.services.deliveries.receivers import WrongReceiver
    from refiner_desktop.services.deliveries.tunnels import TunnelNotStarted
    from refiner_desktop.serving import PortForbidden, PortInUse
    from refiner_desktop.webhooks.admission import WrongHost

    return {
        PortInUse: (
            "Another program listens on this port already.",
            "Choose another port, or 0 to let the system pick one.",
        ),
        PortForbidden: (
            "This system does not let you listen on that port.",
            "Choose a port above 1023.",
        ),
        TokensNotKept: (
            "The keyring did not keep the webhook tokens.",
            "The listener runs with tokens for this session; after a restart, paste the new ones "
            "into Refiner.",
        ),
        NotListening: (
            "The listener is off.",
            "Press Start first.",
        ),
        TokenDemanded: (
            "A hook without a token would be open to others.",
            "Give it a token, or listen on 127.0.0.1.",
        ),
        HookInvalid: (
            "The hook can't be as it is.",
            "The details say which field is wrong.",
        ),
        WrongHost: (
            "This is not the name of a host.",
            "Write names like hooks.example.org, without https:// and port.",
        ),
        TunnelNotStarted: (
            "The tunnel program could not be started.",
            "The details say why; try it in a terminal.",
        ),
        DeliveryGone: (
            "This delivery was deleted meanwhile.",
            "Choose another one.",
        ),
        NotForwarded: (
            "This delivery is passed on to nowhere.",
            "Give its hook an address to pass deliveries on to.",
        ),
        WrongReceiver: (
            "Deliveries can't be sent to this address.",
            "Write one like http://localhost:3000/webhooks; the details say what is wrong.",
        ),
    }


def _files() -> dict[type[BaseException], tuple[str, str]]:
    from refiner_desktop.datasets import errors as datasets
    from refiner_desktop.services.bulk.beginning import SourceChanged
    from refiner_desktop.services.bulk.saved_mappings import MappingUnnamed
    from refiner_desktop.sources.source import SourceUnreadable
    from refiner_desktop.storage.database import StorageUnavailable

    return {
        datasets.DatasetError: (
            "The rows could not be read.",
            "Load them again.",
        ),
        datasets.NotAPage: (
            "The answer is not a list of contacts.",
            "Something else may have answered instead of Refiner; load again.",
        ),
        datasets.RowGone: (
            "This contact has changed meanwhile.",
            "Choose it again.",
        ),
        datasets.FilterInvalid: (
            "The filter can't be used as it is.",
            "Mend the marked field; the rows stay as they were.",
        ),
        datasets.TooManyRows: (
            "An Excel sheet cannot hold so many rows.",
            "Filter them, or choose CSV or Parquet.",
        ),
        datasets.Interrupted: (
            "Stopped.",
            "Nothing was changed by it.",
        ),
        datasets.OutOfMemory: (
            "These rows need more memory than there is.",
            "Load fewer of them: choose a survey, a segment or a limit.",
        ),
        SourceUnreadable: (
            "The file can't be read as a table.",
            "Choose how it is to be read, or another file; the details say what is wrong.",
        ),
        SourceChanged: (
            "The file has changed since it was checked.",
            "Check it again, then start the run. Nothing was sent.",
        ),
        MappingUnnamed: (
            "The mapping has no name.",
            "Give it one that says where such files come from.",
        ),
        sqlite3.DatabaseError: (
            "The application's own file can't be read.",
            "Close the application and move refiner.db away: the next start makes a new one.",
        ),
        StorageUnavailable: (
            "The application's own file could not be written.",
            "Check that the disk has room and the folder may be written.",
        ),
    }


_LAST_RESORT: dict[type[BaseException], tuple[str, str]] = {
    FileNotFoundError: (
        "There is no such file.",
        "Check its path, or choose it with the button.",
    ),
    PermissionError: (
        "The file may not be opened.",
        "Choose a place that you may write to, or change its permissions.",
    ),
    OSError: (
        "The system refused.",
        "The details say why.",
    ),
    ValueError: (
        "This can't be sent as it is.",
        "Look for a value that is missing or that no server takes.",
    ),
    BaseException: (
        "Something went wrong in Refiner Desktop itself.",
        "The log file tells more.",
    ),
}

"""A request that is open, and how it is kept."""

from __future__ import annotations

import json
import logging
import uuid
from dataclasses import dataclass, field, replace

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.services.requests.credentials import without_credentials
from refiner_desktop.services.requests.draft import EMPTY, RequestDraft
from refiner_desktop.services.requests.request_file import SUFFIX

_log = logging.getLogger(__name__)


def new_id() -> str:
    """Return an id that no other tab has."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class RequestTab:
    """A request that is open.

    `saved` is the path of the file that it came from, if any, and `base` what that held then.
    `exchange` is the number of its last call in the history.
    """

    id: str = field(default_factory=new_id)
    draft: RequestDraft = EMPTY
    saved: str = ""
    base: RequestDraft = EMPTY
    exchange: int | None = None

    @property
    def title(self) -> str:
        """The name that it is saved under, or its call."""
        name = self.saved.rpartition("/")[2].removesuffix(SUFFIX)
        return name or self.draft.title

    @property
    def edited(self) -> bool:
        """Whether there is something in it that no file has."""
        return self.draft != self.base


def written(tab: RequestTab, mask: Mask) -> str:
    """Return a tab as it is kept: without its credentials."""
    kept = replace(
        tab,
        draft=without_credentials(tab.draft, mask),
        base=without_credentials(tab.base, mask),
    )
    try:
        return msgspec.json.encode(kept).decode()
    except UnicodeEncodeError:  # half a character: slower, and without another thread's turn
        return json.dumps(msgspec.to_builtins(kept))


def read(text: str) -> RequestTab | None:
    """Return a tab that was kept; None, and a word in the log, for what is none."""
    try:
        return msgspec.convert(json.loads(text), RequestTab)
    except (ValueError, msgspec.ValidationError) as exc:
        _log.warning("a tab of the console can't be read: %s", exc)
        return None

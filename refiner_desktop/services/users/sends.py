"""What the forms sent, kept from before a call goes out until long after its answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import msgspec
from psygnal import Signal

from refiner_desktop.masking import Mask
from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.threads import whole
from refiner_desktop.services.users.drafts import TrackDraft
from refiner_desktop.services.users.form_drafts import (
    Draft,
    Form,
    draft_from_text,
    draft_to_text,
    form_of,
)
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.sends import SendRecord, SendState, SendStore

KEPT = 200
"""So many calls of each form are kept for an environment."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptSend:
    """A call of a form. `payload` and `answer` are JSON; `seconds` is None while it is open."""

    id: int
    sent_at: datetime
    state: SendState
    draft: Draft
    payload: bytes
    seconds: float | None
    answer: bytes
    error: str

    @property
    def user(self) -> str:
        """Who it was about: the user id, or the e-mail address where there was none."""
        return self.draft.user_id or self.draft.email


class SendHistory:
    """The calls of the forms, without any secret; each environment has a history of its own.

    A history that can't be written stops no call and loses no answer. Signals: `changed(form)`
    when a call was added or ended; `troubled(exception)` when the history could not be written.
    """

    changed = Signal(Form)
    troubled = Signal(Exception)

    def __init__(self, connection: ConnectionService, store: SendStore, mask: Mask) -> None:
        self._connection = connection
        self._store = store
        self._mask = mask

    async def begin(self, draft: Draft) -> int | None:
        """Note a call that is about to go out; return its id, None where that is impossible."""
        begin = partial(self._begin, self._connection.environment.id, form_of(draft), draft)
        return await self._kept(form_of(draft), begin)

    async def finish(self, send_id: int | None, form: Form, answer: bytes, seconds: float) -> None:
        """Add the answer, as JSON, to a call."""
        if send_id is not None:
            text = self._mask.text(answer.decode(errors="replace"))
            await self._kept(form, partial(self._store.finish, send_id, text, seconds))

    async def fail(self, send_id: int | None, form: Form, error: str, seconds: float) -> None:
        """Say why a call got no answer."""
        if send_id is not None:
            text = self._mask.text(error)
            await self._kept(form, partial(self._store.fail, send_id, text, seconds))

    async def recent(self, form: Form, text: str = "") -> list[KeptSend]:
        """Return the calls of a form from the environment in use, newest first.

        `text` is looked for in what was sent and in what came back.
        """
        here = self._connection.environment.id
        records = await asyncio.to_thread(self._store.recent, here, form.value, KEPT, text)
        found = (_kept_send(form, record) for record in records)
        return [each for each in found if each is not None]

    async def events(self) -> list[str]:
        """Return the names of the events that were tracked, the last one first."""
        here = self._connection.environment.id
        return await asyncio.to_thread(self._store.subjects, here, Form.TRACK.value)

    def _begin(self, environment: str, form: Form, draft: Draft) -> int:
        mask = self._mask.text
        send_id = self._store.begin(
            environment,
            form.value,
            subject=mask(draft.event) if isinstance(draft, TrackDraft) else "",
            draft=mask(draft_to_text(draft)),
            payload=mask(msgspec.json.encode(draft.payload()).decode()),
        )
        self._store.trim(environment, form.value, KEPT)
        return send_id

    async def _kept(self, form: Form, write: Callable[[], T]) -> T | None:
        try:
            written = await whole(asyncio.to_thread(write))
        except (StorageUnavailable, sqlite3.Error) as exc:
            self.troubled.emit(exc)
            return None
        self.changed.emit(form)
        return written


def _kept_send(form: Form, record: SendRecord) -> KeptSend | None:
    draft = draft_from_text(form, record.draft)
    if draft is None:
        return None
    return KeptSend(
        record.id,
        record.sent_at,
        record.state,
        draft,
        record.payload.encode(),
        record.seconds,
        record.answer.encode(),
        record.error,
    )

"""What stands in the forms, kept while it is typed, for each environment."""

from __future__ import annotations

import asyncio
import logging
from enum import StrEnum

import msgspec

from refiner_desktop.masking import Mask
from refiner_desktop.services.threads import whole
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.storage.form_drafts import FormDraftStore

_log = logging.getLogger(__name__)

Draft = IdentifyDraft | TrackDraft


class Form(StrEnum):
    """The forms that send one call."""

    IDENTIFY = "identify"
    TRACK = "track"


_TYPES: dict[Form, type[Draft]] = {Form.IDENTIFY: IdentifyDraft, Form.TRACK: TrackDraft}


def form_of(draft: Draft) -> Form:
    """Return the form that a draft belongs to."""
    return Form.IDENTIFY if isinstance(draft, IdentifyDraft) else Form.TRACK


def draft_to_text(draft: Draft) -> str:
    """Write a draft as JSON, with the rows that are switched off."""
    return msgspec.json.encode(draft).decode()


def draft_from_text(form: Form, text: str) -> Draft | None:
    """Read what `draft_to_text` wrote; None for what another version of it wrote."""
    try:
        return msgspec.json.decode(text, type=_TYPES[form])
    except msgspec.DecodeError as exc:
        _log.warning("a draft of the %s form can't be read: %s", form.value, exc)
        return None


class FormDrafts:
    """Keeps one draft a form and environment. Writing raises `StorageUnavailable`."""

    def __init__(self, store: FormDraftStore, mask: Mask) -> None:
        self._store = store
        self._mask = mask

    async def read(self, environment: str, form: Form) -> Draft | None:
        """Return the draft of an environment, by its id; None where nothing was typed yet."""
        text = await asyncio.to_thread(self._store.get, environment, form.value)
        return draft_from_text(form, text) if text else None

    async def keep(self, environment: str, draft: Draft) -> None:
        """Keep a draft, its secrets masked, in place of the one before; to the end if cancelled."""
        text = self._mask.text(draft_to_text(draft))
        form = form_of(draft)
        await whole(asyncio.to_thread(self._store.put, environment, form.value, text))

"""Drafts for our own server without the key in them: it is added when they are sent."""

from __future__ import annotations

import re
from dataclasses import replace

from refiner_desktop.services.requests.credentials import KEY_NAMES, KEY_PARAMETER
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row

_KEY = f'"{KEY_PARAMETER}"'
_IN_QUERY = re.compile(rf"([?&]){KEY_PARAMETER}=[^&#]*&?")
_TOKEN = re.compile(r'(?P<text>"(?:[^"\\]|\\.)*+")|[\[\]{},]', re.DOTALL)
_MEMBER = re.compile(re.escape(_KEY) + r"\s*:")


def without_own_key(draft: RequestDraft) -> RequestDraft:
    """Return the draft without the three ways to send a key: API reference, section 1.1."""
    return replace(
        draft,
        path=_IN_QUERY.sub(r"\1", draft.path),
        query=_others(draft.query),
        headers=_others(draft.headers),
        form=_others(draft.form),
        text=_without_key(draft.text) if draft.body is BodyKind.JSON else draft.text,
    )


def _others(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.name.strip().lower() not in KEY_NAMES)


def _without_key(text: str) -> str:
    """Return JSON without the key in its outermost object, all else as it was written."""
    if _KEY not in text or not text.lstrip().startswith("{"):
        return text
    *members, rest = _members(text)
    kept = [member for member in members if not _MEMBER.match(member.strip())]
    if len(kept) == len(members):
        return text
    return "{" + ",".join(kept) + "}" + rest


def _members(text: str) -> list[str]:
    """Return what stands between the commas of an object, and last what stands behind it.

    Without its closing bracket it has no members.
    """
    members, depth, start = [], 0, text.index("{") + 1
    for found in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth == 0 or (found[0] == "," and depth == 1):
            members.append(text[start : found.start()])
            start = found.end()
        if depth == 0:
            return [*members, text[start:]]
    return [text]

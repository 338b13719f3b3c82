"""What tells open requests apart that are called the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from refiner_desktop.api.exchange import Pairs
from refiner_desktop.services.requests.credentials import is_credential
from refiner_desktop.services.requests.draft import RequestDraft
from refiner_desktop.services.requests.request_tab import RequestTab
from refiner_desktop.services.requests.rows import split_query
from refiner_desktop.services.requests.tabs import SCRATCH


def marks(tabs: Sequence[RequestTab]) -> list[str]:
    """Return for each tab what is to stand behind its title, "" for one that is alone with it.

    That is what it asks for and the others of its title do not, such as `?search=ana`, or else a
    number.
    """
    groups: dict[str, list[RequestTab]] = {}
    for tab in tabs:
        is_scratch = tab.id == SCRATCH and not tab.draft.path.strip()  # it has a name of its own
        groups.setdefault(SCRATCH if is_scratch else tab.title, []).append(tab)
    found = {tab.id: mark for group in groups.values() for tab, mark in _told_apart(group)}
    return [found[tab.id] for tab in tabs]


def _told_apart(group: Sequence[RequestTab]) -> list[tuple[RequestTab, str]]:
    if len(group) == 1:
        return [(group[0], "")]
    asked = [_asked(tab.draft) for tab in group]
    shared = set.intersection(*map(set, asked))
    own = [_written([pair for pair in pairs if pair not in shared]) for pairs in asked]
    counts, places = Counter(own), Counter[str]()
    told = []
    for tab, mark in zip(group, own, strict=True):
        places[mark] += 1
        again = counts[mark] > 1 and places[mark] > 1
        told.append((tab, f"{mark} ({places[mark]})" if again else mark))
    return told


def _asked(draft: RequestDraft) -> Pairs:
    rows = (*split_query(draft.path)[1], *draft.query)
    return tuple((row.name, row.value) for row in rows if row.on and not is_credential(row.name))


def _written(pairs: Sequence[tuple[str, str]]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else ""

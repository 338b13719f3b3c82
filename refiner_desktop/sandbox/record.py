"""What arrived at the sandbox."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from typing import NamedTuple

KEPT_CALLS = 200_000


class RecordedCall(NamedTuple):
    """One request. `user` is its id, e-mail or UUID, or ""; `status` 0 means a cut connection."""

    method: str
    path: str
    user: str
    status: int
    at: float


class Record:
    """The calls, the oldest first, at most the last 200,000; readable from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[RecordedCall] = deque(maxlen=KEPT_CALLS)
        self.total = 0
        self.statuses: Counter[int] = Counter()

    @property
    def calls(self) -> list[RecordedCall]:
        """A copy of the calls that are kept."""
        with self._lock:
            return list(self._calls)

    def to(self, method: str, path: str) -> list[RecordedCall]:
        """Return the calls to one endpoint, for example `to("POST", "/identify-user")`."""
        return [call for call in self.calls if call.method == method and call.path == path]

    def users(self, method: str, path: str) -> Counter[str]:
        """Return how often an endpoint succeeded for each user."""
        return Counter(call.user for call in self.to(method, path) if call.status == 200)

    def add(self, method: str, path: str, user: str, status: int) -> None:
        """Note a call that was answered just now."""
        with self._lock:
            self._calls.append(RecordedCall(method, path, user, status, time.time()))
            self.total += 1
            self.statuses[status] += 1

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._calls.clear()
            self.total = 0
            self.statuses.clear()

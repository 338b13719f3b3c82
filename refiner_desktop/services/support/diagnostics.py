"""What whoever helps wants to know first: versions, places, states, counts, the end of the log."""

from __future__ import annotations

import asyncio
import platform
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from refiner_desktop import __version__, log
from refiner_desktop.masking import Mask
from refiner_desktop.services.contacts.contacts import ContactsService
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.problems import describe
from refiner_desktop.services.support.crash_reports import CrashReports
from refiner_desktop.settings.paths import DataDir
from refiner_desktop.settings.secrets import KeyringProblem, SecretStore
from refiner_desktop.storage.database import Database
from refiner_desktop.storage.totals import size, totals

LOG_LINES = 200
KEYRING_SECONDS = 5.0
"""So long a keyring is waited for that a person may have to unlock."""

LIBRARIES = {
    "PySide6": "PySide6_Essentials",
    "qasync": "qasync",
    "httpx": "httpx",
    "DuckDB": "duckdb",
    "NumPy": "numpy",
    "msgspec": "msgspec",
    "uvicorn": "uvicorn",
    "Starlette": "starlette",
    "keyring": "keyring",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it belongs to, what it is, and its value."""

    part: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found out, without keys and e-mail addresses."""

    facts: tuple[Fact, ...]
    log: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it as one text, to be passed on."""
        facts = (f"{fact.part} - {fact.name}: {fact.value}" for fact in self.facts)
        return "\n".join([*facts, "", "The last lines of the log:", *self.log, ""])


class Diagnostics:
    """Finds out how the application is. It changes nothing and asks the network nothing."""

    def __init__(
        self,
        folder: DataDir,
        database: Database,
        secrets: SecretStore,
        contacts: ContactsService,
        listener: ListenerService,
        reports: CrashReports,
        mask: Mask,
    ) -> None:
        self.folder = folder
        self._database = database
        self._secrets = secrets
        self._contacts = contacts
        self._listener = listener
        self._reports = reports
        self._mask = mask

    async def read(self, seen: Iterable[Fact] = ()) -> Findings:
        """Find out everything; `seen` is what only the window knows. Raises `StorageUnavailable`.

        Files and the keyring are read in threads.
        """
        now = [*seen, *self._states(), Fact("Keys", "kept in", await self._keyring())]
        kept, lines = await asyncio.to_thread(lambda: (list(self._kept()), self._log()))
        facts = [*_versions(), *now, *kept]
        return Findings(tuple(self._redacted(fact) for fact in facts), tuple(lines))

    def _states(self) -> Iterator[Fact]:
        yield Fact("State", "listener", self._listener.status.sentence())
        yield Fact("Counts", "contacts loaded", str(self._contacts.count))

    async def _keyring(self) -> str:
        try:
            async with asyncio.timeout(KEYRING_SECONDS):
                return await self._secrets.place()
        except TimeoutError:
            return f"no answer within {KEYRING_SECONDS:g} s"
        except KeyringProblem as exc:
            return f"{describe(exc).title} ({exc})"

    def _kept(self) -> Iterator[Fact]:
        for name, count in totals(self._database).items():
            yield Fact("Counts", name, str(count))
        yield Fact("Counts", "size of the database", f"{size(self._database) / 1e6:.1f} MB")
        yield Fact("Counts", "crash reports", str(len(self._reports.listed())))
        yield from self._paths()

    def _paths(self) -> Iterator[Fact]:
        yield Fact("Places", "program", sys.executable)
        yield Fact("Places", "data", str(self.folder.root))
        yield Fact("Places", "logs", str(self.folder.logs))
        yield Fact("Places", "crash reports", str(self.folder.crashes))

    def _log(self) -> list[str]:
        """Return the newest lines, also without what was learned after they were written."""
        return self._clean("\n".join(log.last_lines(self.folder.logs, LOG_LINES))).splitlines()

    def _redacted(self, fact: Fact) -> Fact:
        return Fact(fact.part, fact.name, self._clean(fact.value))

    def _clean(self, text: str) -> str:
        return log.redact(self._mask.text(text))


def _versions() -> Iterator[Fact]:
    yield Fact("Versions", "Refiner Desktop", __version__)
    yield Fact("Versions", "system", platform.platform())
    yield Fact("Versions", "Python", platform.python_version())
    yield Fact("Versions", "SQLite", sqlite3.sqlite_version)
    for name, package in LIBRARIES.items():
        yield Fact("Versions", name, _version(package))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"

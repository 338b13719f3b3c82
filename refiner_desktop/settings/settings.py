"""What a person chose, kept as JSON. Keys and tokens are elsewhere: see `secrets`."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from psygnal import Signal

from refiner_desktop.settings.files import move_aside, write_whole

REFINER_URL = "https://api.refiner.io/v1"
LISTENER_PORT = 8787
COLOURS = {
    "Red": "#d6453d",
    "Green": "#2f9447",
    "Blue": "#3a7bd5",
    "Amber": "#b87503",
    "Violet": "#9757d7",
    "Teal": "#168a94",
    "Pink": "#cc4b8e",
    "Slate": "#75829a",
}
"""Each keeps a contrast of 3:1 against the window in light and in dark."""

ThemeChoice = Literal["system", "light", "dark"]


def _new_id() -> str:
    return uuid.uuid4().hex


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds to wait: for a connection, between two pieces of an answer, for a whole call."""

    connect: int = 10
    read: int = 30
    total: int = 120


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """One Refiner environment (project): a name of ours, where its API is, how careful to be.

    `remember` is the person's wish to keep its key; `key_origin` is the server whose key the
    keyring has, empty for none. `project` is the UUID of the project that its key opened last.
    """

    id: str = msgspec.field(default_factory=_new_id)
    name: str = "Production"
    base_url: str = REFINER_URL
    colour: str = COLOURS["Red"]
    read_only: bool = False
    production: bool = False
    patience: Patience = Patience()
    remember: bool = True
    key_origin: str = ""
    project: str = ""

    def copy(self, name: str, colour: str) -> Environment:
        """Return another environment with the same settings, without the key."""
        fresh = {"id": _new_id(), "name": name, "colour": colour, "key_origin": "", "project": ""}
        return msgspec.structs.replace(self, **fresh)


class HookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A named webhook but for its token; `watches` are kinds, none for everything.

    An `open` one has no token: anyone may send.
    """

    id: str
    name: str
    path: str
    open: bool = False
    watches: tuple[str, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    delay: float = 0.0
    forward_to: str = ""
    header: str = "Authorization"
    prefix: str = "Bearer"


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How many deliveries are kept, how many megabytes of them, and for how many days.

    0 days are for ever. Pinned ones stay and count for nothing.
    """

    deliveries: int = 100_000
    megabytes: int = 2_000
    days: int = 0


class ListenerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the webhook listener listens, whom it hears, and whether it starts by itself.

    `hosts` are names, besides those of this machine, that a request may be addressed to, and
    `public_address` is the URL at which a person's own tunnel or server leads here; `browsers`
    lets pages in a browser send. `hooks` is None until the first ones have their tokens.
    """

    port: int = LISTENER_PORT
    host: str = "127.0.0.1"
    autostart: bool = False
    hosts: tuple[str, ...] = ()
    public_address: str = ""
    browsers: bool = False
    body_megabytes: int = 10
    hooks: tuple[HookSettings, ...] | None = None
    retention: Retention = Retention()
    notify: bool = False


class ConsoleSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long the console's history may get, and how much of one answer is taken.

    `requests_folder` is where saved requests are; empty for a folder beside the settings.
    """

    history_entries: int = 10_000
    history_megabytes: int = 500
    answer_megabytes: int = 512
    requests_folder: str = ""


class ActionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Keys by the names of actions where a person chose others, and the actions used last."""

    keys: dict[str, str] = {}
    recent: tuple[str, ...] = ()


class LayoutSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the window was left. What lies in it goes by its name.

    `place` is the window's own, in the form of Qt; `folder` is where a file was chosen last; of
    columns the titles from left to right, each with its width in pixels.
    """

    place: str = ""
    folder: str = ""
    pages: dict[str, int] = {}
    splits: dict[str, tuple[int, ...]] = {}
    columns: dict[str, tuple[tuple[str, int], ...]] = {}


def _first_environment() -> tuple[Environment, ...]:
    return (Environment(production=True),)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a person can choose; changed by `msgspec.structs.replace`, saved by the store."""

    environments: tuple[Environment, ...] = msgspec.field(default_factory=_first_environment)
    current: str = ""
    listener: ListenerSettings = ListenerSettings()
    console: ConsoleSettings = ConsoleSettings()
    actions: ActionSettings = ActionSettings()
    layout: LayoutSettings = LayoutSettings()
    theme: ThemeChoice = "system"
    exposed_keyrings: tuple[str, ...] = ()
    """Names of keyrings that show secrets to others, which the person agreed to use."""

    def environment(self) -> Environment:
        """Return the environment in use; the first one when the remembered one is gone."""
        chosen = (env for env in self.environments if env.id == self.current)
        return next(chosen, self.environments[0])

    @property
    def untouched(self) -> bool:
        """Whether no environment has ever been connected."""
        return not any(env.project for env in self.environments)

    def known(self, environment_id: str) -> Environment | None:
        """Return the environment of that id as it was saved."""
        return next((env for env in self.environments if env.id == environment_id), None)

    def with_environment(self, environment: Environment) -> Settings:
        """Return settings in which `environment` is replaced by its id, or added at the end."""
        if self.known(environment.id) is None:
            return self._listing(*self.environments, environment)
        same = environment.id
        return self._listing(*(environment if e.id == same else e for e in self.environments))

    def using(self, environment: Environment) -> Settings:
        """Return settings in which `environment` is saved and the one in use."""
        return msgspec.structs.replace(self.with_environment(environment), current=environment.id)

    def without_environment(self, environment_id: str) -> Settings:
        """Return settings without that environment; a fresh one follows the last."""
        left = tuple(env for env in self.environments if env.id != environment_id)
        return self._listing(*(left or _first_environment()))

    def in_order(self, ids: Sequence[str]) -> Settings:
        """Return settings with the environments in the order of their ids."""
        place = {each: number for number, each in enumerate(ids)}
        return self._listing(*sorted(self.environments, key=lambda env: place.get(env.id, 0)))

    def free_name(self, wanted: str) -> str:
        """Return the name, with a number behind it when another environment bears it."""
        names = {env.name.casefold() for env in self.environments}
        numbered = (f"{wanted} {number}" for number in range(2, len(names) + 3))
        return next(name for name in (wanted, *numbered) if name.casefold() not in names)

    def free_colour(self) -> str:
        """Return the first colour that no environment has, or the one that is rarest."""
        taken = [env.colour for env in self.environments]
        return min(COLOURS.values(), key=taken.count)

    def _listing(self, *environments: Environment) -> Settings:
        return msgspec.structs.replace(self, environments=environments)


class SettingsStore:
    """Loads `settings.json` once and writes it whole at every change. Raises `OSError`.

    A file that can't be read as settings is moved aside; `moved_aside` then names it. Signals:
    `changed(settings)` as soon as other settings hold.
    """

    changed = Signal(Settings)

    def __init__(self, path: Path) -> None:
        self._path = path
        self.moved_aside: Path | None = None
        self._writing = asyncio.Lock()
        self._written = b""
        self.current = self._load()

    async def save(self, settings: Settings) -> None:
        """Make `settings` current at once and write them. Raises `OSError`; they hold anyway."""
        if settings != self.current:
            self.current = settings
            self.changed.emit(settings)
        async with self._writing:  # the last to come writes last, and everything
            content = msgspec.json.format(msgspec.json.encode(self.current), indent=2)
            if content != self._written:
                await asyncio.to_thread(write_whole, self._path, content)
                self._written = content

    def _load(self) -> Settings:
        try:
            settings = msgspec.json.decode(self._path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except (msgspec.DecodeError, UnicodeDecodeError, IsADirectoryError):
            self.moved_aside = move_aside(self._path)
            return Settings()
        return settings if settings.environments else Settings()

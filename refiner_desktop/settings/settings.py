"""What a person chose, kept as JSON. Keys and tokens are elsewhere: see `secrets`."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import msgspec

from refiner_desktop.settings.files import move_aside, write_whole

REFINER_URL = "https://api.refiner.io/v1"
LISTENER_PORT = 8787
COLOURS = ("#d9480f", "#2b8a3e", "#1864ab", "#862e9c", "#5c677d")


def _new_id() -> str:
    return uuid.uuid4().hex


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """One Refiner environment (project): a name of ours, and where its API is.

    `remember` is the person's wish to keep its key; `key_origin` is the server whose key the
    keyring has, empty for none.
    """

    id: str = msgspec.field(default_factory=_new_id)
    name: str = "Production"
    base_url: str = REFINER_URL
    colour: str = COLOURS[0]
    remember: bool = True
    key_origin: str = ""


class ListenerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the webhook listener listens, and whether it starts with the application."""

    port: int = LISTENER_PORT
    autostart: bool = False
    forward_to: dict[str, str] = {}


def _first_environment() -> tuple[Environment, ...]:
    return (Environment(),)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a person can choose; changed by `msgspec.structs.replace`, saved by the store."""

    environments: tuple[Environment, ...] = msgspec.field(default_factory=_first_environment)
    current: str = ""
    listener: ListenerSettings = ListenerSettings()

    def environment(self) -> Environment:
        """Return the environment in use; the first one when the remembered one is gone."""
        chosen = (env for env in self.environments if env.id == self.current)
        return next(chosen, self.environments[0])

    def with_environment(self, environment: Environment) -> Settings:
        """Return settings in which `environment` is current, replaced or added by its id."""
        known = any(env.id == environment.id for env in self.environments)
        environments = tuple(
            environment if env.id == environment.id else env for env in self.environments
        )
        return msgspec.structs.replace(
            self,
            environments=environments if known else (*environments, environment),
            current=environment.id,
        )

    def without_environment(self, environment_id: str) -> Settings:
        """Return settings without that environment; the last one stays."""
        left = tuple(env for env in self.environments if env.id != environment_id)
        return msgspec.structs.replace(self, environments=left) if left else self


class SettingsStore:
    """Loads `settings.json` once and writes it whole at every change. Raises `OSError`.

    A file that can't be read as settings is moved aside; `moved_aside` then names it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.moved_aside: Path | None = None
        self._writing = asyncio.Lock()
        self._written = b""
        self.current = self._load()

    async def save(self, settings: Settings) -> None:
        """Make `settings` current at once and write them. Raises `OSError`; they hold anyway."""
        self.current = settings
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

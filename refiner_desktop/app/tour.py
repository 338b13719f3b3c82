"""The tour: the main job done on the sandbox by clicks and keys, with a picture of every step."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from refiner_desktop.app.building import Application
from refiner_desktop.app.tour_steps import CheckFailed, Step, TourSteps
from refiner_desktop.ui.theme import DARK, LIGHT

IN_BOTH_LIGHTS = {"first start", "refused key", "connect"}
"""Steps with two more pictures, in light and in dark."""

SIZE = (1200, 780)
SETTLE_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step that was taken: what was checked, and how it went."""

    name: str
    checked: str
    passed: bool
    seconds: float
    picture: str
    problem: str = ""


@dataclass(slots=True)
class TourResult:
    """All steps that were taken; the tour ends at the first that fails."""

    steps: list[StepResult] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every check held."""
        return bool(self.steps) and all(step.passed for step in self.steps)

    @property
    def sentence(self) -> str:
        """The result in one line."""
        done = sum(step.passed for step in self.steps)
        if self.passed:
            return f"Tour passed: {done} steps."
        return f"Tour failed at “{self.steps[-1].name}”: {self.steps[-1].problem}"


class Tour:
    """Drives an application whose sandbox is starting, and writes pictures and `tour.json`."""

    def __init__(self, application: Application, folder: Path) -> None:
        self._window = application.window
        self._steps = TourSteps(application)
        self._folder = folder
        self._result = TourResult()

    async def run(self) -> TourResult:
        """Take every step up to the first whose check fails."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._window.furnished.wait()
        self._window.resize(*SIZE)  # the same pictures on every screen
        for number, step in enumerate(self._steps.all, start=1):
            if not await self._take(number, step):
                break
        self._write()
        return self._result

    async def _take(self, number: int, step: Step) -> bool:
        started = time.perf_counter()
        problem = await _problem_of(step)
        seconds = time.perf_counter() - started
        await asyncio.sleep(SETTLE_SECONDS)
        picture = f"{number:02}-{step.name.replace(' ', '-').lower()}.png"
        self._window.grab().save(str(self._folder / picture))
        if step.name in IN_BOTH_LIGHTS:
            await self._save_in_both_lights(picture)
        self._result.steps.append(
            StepResult(step.name, step.checked, not problem, seconds, picture, problem)
        )
        return not problem

    async def _save_in_both_lights(self, picture: str) -> None:
        themes = self._window.themes
        worn = themes.theme
        for theme, suffix in ((LIGHT, "light"), (DARK, "dark")):
            themes.wear(theme)
            await asyncio.sleep(SETTLE_SECONDS)
            name = picture.replace(".png", f"-{suffix}.png")
            self._window.grab().save(str(self._folder / name))
        themes.wear(worn)

    def _write(self) -> None:
        report = {
            "result": "passed" if self._result.passed else "failed",
            "steps": self._result.steps,
        }
        content = msgspec.json.format(msgspec.json.encode(report), indent=2)
        (self._folder / "tour.json").write_bytes(content)


async def _problem_of(step: Step) -> str:
    """Take a step and return what went wrong, nothing where all is well."""
    try:
        await step.take()
    except CheckFailed as exc:
        return str(exc)
    except Exception as exc:  # a tour that breaks is a tour that fails
        return f"{type(exc).__name__}: {exc}"
    return ""

"""The body of an answer, written to a file of the person's choice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from refiner_desktop.api.exchange import Body
from refiner_desktop.ui.amounts import size
from refiner_desktop.ui.dialogs import choose_target
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console.answer_view import AnswerView
from refiner_desktop.ui.task_runner import TaskRunner


class AnswerFile(QObject):
    """Writes what is shown of a body: all of it, or what the filter found.

    Signals: `filed(text, path)` when it is written.
    """

    filed = Signal(str, object)

    def __init__(self, answer: AnswerView, tasks: TaskRunner) -> None:
        super().__init__(answer)
        self._answer = answer
        self._tasks = tasks
        answer.save_requested.connect(self.save)

    def save(self) -> None:
        """Ask for a file and write it."""
        self._tasks.start("save the answer", self._save())

    async def _save(self) -> None:
        shown, body = self._answer.shown, self._answer.body
        if shown is None or shown.answer is None:
            return
        name = words.file_name(shown.answer, shown.request.path)
        path = await choose_target(self._answer, "Save the answer", name, "All files (*)")
        if path is not None:
            await asyncio.to_thread(_write, path, body)
            self.filed.emit(f"{size(len(body))} are in {path}.", path)


def _write(path: Path, body: Body) -> None:
    with path.open("wb") as file:
        file.write(body)

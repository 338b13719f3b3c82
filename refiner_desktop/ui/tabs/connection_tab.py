"""The Connection tab: environments, their keys, and what a key opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from refiner_desktop.services.environments.connection import ConnectionService
from refiner_desktop.services.environments.connection_status import ConnectionStatus
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.environments.keys import NONE
from refiner_desktop.settings.secrets import KeyringProblem
from refiner_desktop.settings.settings import Environment
from refiner_desktop.ui.actions import ActionRegistry, needs
from refiner_desktop.ui.dialogs import confirm, keep_or_discard
from refiner_desktop.ui.styling import label
from refiner_desktop.ui.tabs.connection.environment_form import FORM_PROBLEMS, EnvironmentForm
from refiner_desktop.ui.tabs.connection.environment_list import EnvironmentList
from refiner_desktop.ui.tabs.connection.key_work import CONNECT, COPY, SAVE, KeyWork
from refiner_desktop.ui.tabs.connection.sandbox_card import SandboxCard
from refiner_desktop.ui.tabs.connection.status_card import StatusCard, sentence_of
from refiner_desktop.ui.tabs.tab import Tab
from refiner_desktop.ui.theme import SPACE
from refiner_desktop.ui.widgets.side_by_side import SideBySide

LIST = "list"
KEYRING_TASKS = (CONNECT, SAVE, COPY, LIST)
"""What may wait for the keyring."""


class ConnectionTab(Tab):
    """Chooses, edits and connects environments, and says what is known about the one in use.

    Signals: `leaving(environment, go_on)` before another environment takes over: whoever hears it
    calls `go_on()` once nothing stands against it; `sandbox_requested()`.
    """

    leaving = Signal(object, object)
    sandbox_requested = Signal()

    def __init__(self, environments: EnvironmentsService, connection: ConnectionService) -> None:
        super().__init__("mdi6.connection")
        self._environments = environments
        self._connection = connection
        self._list = EnvironmentList()
        self._title = label("", "title", elide=True)
        self._form = EnvironmentForm()
        self._sandbox = SandboxCard()
        self._status = StatusCard()
        self._parts = SideBySide()
        self._keys = KeyWork(self, environments, connection, self.tasks)
        self._form_goes_along = False
        self._form.can_remember(environments.keys_can_last)
        self._lay_out()
        self._connect()
        self._show_list()
        self._show_environment(connection.environment)
        self._show_status(connection.status)

    def register(self, registry: ActionRegistry) -> None:
        """Add what can be done with environments and their keys."""
        add = partial(registry.add, "Connection")
        connected = needs(self.button("connection.check"), "There is no connection to check.")
        key = needs(self.button("connection.forget"), "No key is known for this environment.")
        add("Connect", self.connect_now, button=self.button("connection.connect"))
        add("Check the connection again", self._keys.check, obstacle=connected)
        add("Add an environment", self.begin_new)
        add("Save the environment", self.save)
        add("Duplicate the environment", self.duplicate)
        add("Remove the environment", self.remove)
        add("Move the environment up", partial(self._list.move_chosen, -1))
        add("Move the environment down", partial(self._list.move_chosen, 1))
        add("Copy the key", self._keys.copy, obstacle=key)
        add("Forget the key", self._keys.forget, obstacle=key)
        add("Try it without an account", self.try_sandbox)

    def at_stake(self, target: Environment | None) -> tuple[str, ...]:
        """Name the environment whose changes are not saved, unless they are about to be."""
        if self._form_goes_along or not self._form.is_edited:
            return ()
        name = self._form.environment().name or "the new environment"
        return (f"The changes to “{name}” are not saved.",)

    def connect_now(self) -> None:
        """Save what stands in the form and connect; an empty key means the remembered one."""
        if self._checked():
            environment, key = self._form.environment(), self._form.key()
            self._form_goes_along = True
            self._leave_for(environment, partial(self._keys.connect_to, environment, key))
            self._form_goes_along = False

    def reconnect(self) -> None:
        """Connect the environment in use by its remembered key, as at the start."""
        self._keys.connect_to(self._connection.environment, NONE)

    def try_sandbox(self) -> None:
        """Ask for the built-in stand-in of the service."""
        self.leaving.emit(Environment(name="the sandbox"), self.sandbox_requested.emit)

    def switch_to(self, environment: Environment) -> None:
        """Make another environment the one in use and connect it where its key is at hand."""
        in_use = self._connection.status
        if not (in_use.connected and in_use.environment.id == environment.id):
            self._leave_for(environment, partial(self._keys.switch_to, environment))

    def take_back_key(self) -> None:
        """Clear the clipboard if a copied key is still on it."""
        self._keys.take_back()

    def focus_key(self) -> None:
        """Put the cursor where a new user begins."""
        self._form.focus_key()

    def save(self) -> None:
        """Keep what stands in the form without connecting."""
        environment, key = self._form.environment(), self._form.key()
        if key and environment.id == self._connection.environment.id:
            self.connect_now()  # a key is used by connecting with it
        elif self._checked():
            self._keys.save(environment, key)

    def begin_new(self) -> None:
        """Empty the form for another environment; it is added when it is saved or connected."""
        self.wanted.emit()
        self._edit(self._environments.new())
        self._form.focus_name()

    def duplicate(self) -> None:
        """Add a copy of the chosen environment, without its key."""
        if environment := self._chosen():
            self.tasks.start(LIST, self._duplicate(environment))

    def remove(self) -> None:
        """Ask, and take the chosen environment and its key away."""
        if environment := self._chosen():
            self.tasks.start(LIST, self._remove(environment))

    def _lay_out(self) -> None:
        self._parts.add(self._form, self._sandbox)
        self._parts.add(self._status)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE * 2, 0, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE + SPACE // 2)
        column.addWidget(self._title)
        column.addWidget(self._parts)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setProperty("role", "page")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to do in it itself
        scroll.setWidget(page)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(SPACE * 2, SPACE * 2, 0, SPACE)
        outer.setSpacing(0)
        outer.addWidget(self._list)
        outer.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._list.chosen.connect(self._on_chosen)
        self._list.opened.connect(self._on_opened)
        self._list.reordered.connect(self._on_reordered)
        self._list.add_requested.connect(self.begin_new)
        self._list.duplicate_requested.connect(self.duplicate)
        self._list.remove_requested.connect(self.remove)
        self._form.submitted.connect(self.connect_now)
        self._form.save_requested.connect(self.save)
        self._sandbox.requested.connect(self.try_sandbox)
        self._form.cancel_requested.connect(self._on_cancel_requested)
        self._form.agree_requested.connect(self._keys.keep_exposed)
        self._status.check_requested.connect(self._keys.check)
        self._status.copy_requested.connect(self._keys.copy)
        self._status.forget_requested.connect(self._keys.forget)
        self.tasks.changed.connect(self._show_busy)
        self._keys.taken.connect(self._on_taken)
        self._keys.kept.connect(self._refresh)
        self._keys.refusal_changed.connect(self._show_busy)
        self._keys.announced.connect(self.announced)
        self._environments.changed.connect(lambda _: self._show_list())
        self._connection.changed.connect(self._show_status)
        self._connection.switched.connect(self._on_switched)

    def _checked(self) -> bool:
        """Whether what stands in the form can be saved; what can't is marked."""
        try:
            self._environments.checked(self._form.environment())
        except FORM_PROBLEMS as exc:
            self._form.show_problem(exc)
            self._form.say("danger", str(exc))
            return False
        return True

    def _leave_for(self, environment: Environment, go_on: Callable[[], None]) -> None:
        in_use = self._connection.status
        if in_use.connected or in_use.environment.id != environment.id:
            self.leaving.emit(environment, go_on)
        else:
            go_on()

    async def _duplicate(self, environment: Environment) -> None:
        if await self._may_show_another():
            self._show_environment(await self._environments.duplicate(environment))
            self._form.focus_name()

    async def _remove(self, environment: Environment) -> None:
        question = f"Remove “{environment.name}”?"
        explanation = "Its key is removed too. Nothing changes in Refiner."
        if not await confirm(self, question, explanation, "Remove"):
            return
        try:
            await self._environments.remove(environment)
        except KeyringProblem:
            question = "The key could not be removed from the keyring. Go on without?"
            explanation = f"“{environment.name}” leaves the list; its key stays in the keyring."
            if not await confirm(self, question, explanation, "Remove the rest"):
                return
            await self._environments.remove(environment, leaving_key=True)
        self._show_environment(self._connection.environment)
        self.announced.emit(f"{environment.name} is removed.")

    async def _show_chosen(self, environment: Environment) -> None:
        if await self._may_show_another():
            self._show_environment(environment)
        else:
            self._list.choose(self._form.environment().id)

    async def _may_show_another(self) -> bool:
        """Let a person save or discard the changes in the form, or stay with them."""
        if not self._form.is_edited:
            return True
        environment, key = self._form.environment(), self._form.key()
        question = f"Save the changes to “{environment.name or 'the new environment'}”?"
        wish = await keep_or_discard(self, question, "They are lost otherwise.")
        if wish and self._checked():
            await self._environments.save(environment, key)
            return True
        return wish is False

    def _chosen(self) -> Environment | None:
        """Return the environment that the form shows, as it is saved; None for a new one."""
        return self._environments.known(self._form.environment().id)

    def _edit(self, environment: Environment) -> None:
        """Show an environment in the form, once a person has let go of the one before."""
        if self._form.is_edited:
            self.tasks.start(LIST, self._show_chosen(environment))
        else:
            self._show_environment(environment)

    def _on_chosen(self, environment_id: str) -> None:
        if environment := self._environments.known(environment_id):
            self._edit(environment)

    def _on_opened(self, environment_id: str) -> None:
        if environment := self._environments.known(environment_id):
            self.switch_to(environment)

    def _on_reordered(self, ids: list[str]) -> None:
        self.tasks.start("order", self._environments.reorder(ids))

    def _on_taken(self, environment_id: str) -> None:
        if self._form.environment().id == environment_id:
            self._form.settle()

    def _on_cancel_requested(self) -> None:
        for name in KEYRING_TASKS:
            self.tasks.cancel(name)

    def _on_switched(self, environment: Environment) -> None:
        if self._form.environment().id == environment.id:
            self._show_status(self._connection.status)  # what is typed there stays
        else:
            self._show_environment(environment)

    def _show_list(self) -> None:
        in_use = self._connection.environment.id
        known = self._environments.all
        keyless = {each.id for each in known if not self._environments.has_key(each)}
        self._list.show_environments(known, in_use, keyless)
        shown = self._form.environment()
        saved = self._environments.known(shown.id)
        self._list.choose(shown.id)
        if saved is not None:
            self._form.follow(saved)
        self._form.show_key_at_hand(self._environments.has_key(saved or shown))
        self._show_newcomer(saved.name if saved else "New environment")

    def _show_newcomer(self, title: str) -> None:
        """Be a page of three steps for somebody who has never been connected."""
        new_here = self._environments.untouched
        self._form.show_steps(new_here)
        self._parts.stack(new_here)
        self._list.setVisible(not new_here)
        self._title.setText("Connect to Refiner" if new_here else title)
        self._sandbox.setVisible(new_here)

    def _show_environment(self, environment: Environment) -> None:
        self._form.show_environment(environment)
        self._show_status(self._connection.status)

    def _refresh(self, environment_id: str) -> None:
        """Show an environment as it is now, unless a person has gone on to other words."""
        shown, in_use = self._form.environment(), self._connection.environment
        if shown.id == environment_id and not self._form.is_edited:
            saved = self._environments.known(environment_id) or shown
            self._show_environment(in_use if in_use.id == environment_id else saved)

    def _show_status(self, status: ConnectionStatus) -> None:
        here = self._form.environment().id == status.environment.id
        role, sentence = sentence_of(status)
        name = status.environment.name
        self._form.say(role, sentence if here else f"In use is {name}. {sentence}")
        self._form.show_connected(here and status.connected)
        self._status.show_status(status)
        self._status.setVisible(here and (status.project is not None or self._connection.has_key))
        self._show_list()
        self._show_busy()

    def _show_busy(self) -> None:
        busy = self._keys.is_connecting
        waits = busy or self._connection.status.keyring_is_slow
        self._form.offer(to_cancel=waits, to_agree=self._keys.is_refused)
        self._status.show_busy(busy)

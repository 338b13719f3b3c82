"""What a hook dialog gives back, and what it does not let through."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from refiner_desktop.ui.models.key_value_model import KeyValue
from refiner_desktop.ui.tabs.webhooks.hook_dialog import HookDialog
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import HookAnswer, default_hooks, new_hook

HOOKS = default_hooks()


@pytest.fixture
def dialog_for(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)

    def dialog_for(hook, *, new=False, problems_of=lambda hook: hook.problems(HOOKS)):
        return HookDialog(parent, hook, problems_of, TaskRunner(parent), new=new)

    return dialog_for


def _edit(dialog, name):
    return dialog.findChild(QLineEdit, f"webhooks.hook.{name}")


def _type(dialog, name, text):
    edit = _edit(dialog, name)
    edit.selectAll()
    QTest.keyClicks(edit, text)


def test_what_is_not_touched_comes_back_as_it_was(dialog_for):
    answer = HookAnswer(202, (("X-Seen", "yes"),), "Thanks", 1.5)
    hook = replace(HOOKS[0], answer=answer, forward_to="http://localhost:1/")
    assert dialog_for(hook).hook() == hook


def test_a_token_that_is_too_short_is_said_at_once(dialog_for):
    dialog = dialog_for(HOOKS[0])
    _type(dialog, "token", "fifteen-letters")
    assert not dialog.go_on.isEnabled()
    assert "16 characters" in _edit(dialog, "token").accessibleDescription()
    _type(dialog, "token", "sixteen--letters")
    assert dialog.go_on.isEnabled()


def test_a_hook_that_is_refused_at_the_last_moment_stays_open_with_what_was_typed(dialog_for):
    refusals = {}
    dialog = dialog_for(HOOKS[0], problems_of=lambda _hook: refusals)
    dialog.open()
    _type(dialog, "name", "Tags")
    refusals["token"] = "Others reach it by the tunnel: without a token, anyone may send."
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.hook().name == "Tags"
    said = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert refusals["token"] in said
    refusals.clear()
    _type(dialog, "name", "Tags again")
    dialog.accept()
    assert not dialog.isVisible()


def test_everything_can_be_changed(dialog_for):
    dialog = dialog_for(HOOKS[0])
    _type(dialog, "name", "Tags")
    _type(dialog, "path", "/hooks/tags")
    _type(dialog, "header", "X-Token")
    for box in dialog.findChildren(QCheckBox):
        box.setChecked(box.text() == "Tag added")
    dialog.findChild(QSpinBox, "webhooks.hook.status").setValue(503)
    dialog.findChild(QSpinBox, "webhooks.hook.delay").setValue(2_000)
    dialog._headers.set_rows([KeyValue("Retry-After", value="9")])
    dialog._body.setPlainText("later")
    hook = dialog.hook()
    assert (hook.id, hook.name, hook.path) == (HOOKS[0].id, "Tags", "/hooks/tags")
    assert hook.watches == {Kind.TAG_ADDED}
    assert hook.header == "X-Token"
    assert hook.answer == HookAnswer(503, (("Retry-After", "9"),), "later", 2.0)


def test_the_path_of_a_new_hook_follows_its_name_until_it_is_written(dialog_for):
    dialog = dialog_for(new_hook(HOOKS), new=True)
    _type(dialog, "name", "Churn NPS")
    assert _edit(dialog, "path").text() == "/hooks/churn-nps"
    _type(dialog, "path", "/hooks/mine")
    _type(dialog, "name", "Another")
    assert _edit(dialog, "path").text() == "/hooks/mine"


def test_a_random_end_and_a_new_token_are_others_each_time(dialog_for):
    dialog = dialog_for(HOOKS[0])
    paths, tokens = set(), set()
    for _ in range(3):
        dialog.findChild(QPushButton, "webhooks.hook.random").click()
        dialog.findChild(QPushButton, "webhooks.hook.new_token").click()
        paths.add(dialog.hook().path)
        tokens.add(dialog.hook().token.reveal())
    assert len(paths) == len(tokens) == 3
    assert all(path.startswith("/hooks/completed-surveys-") for path in paths)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", "", "needs a name"),
        ("name", "segment entries", "has this name"),
        ("path", "/hooks/segment-entries", "has this path"),
        ("path", "hooks", "begins with /"),
        ("header", "No Header", "not the name of a header"),
    ],
)
def test_what_cannot_be_is_said_and_not_saved(dialog_for, field, text, said):
    dialog = dialog_for(HOOKS[0])
    _edit(dialog, field).setText(text)
    assert not dialog.go_on.isEnabled()
    assert said in dialog._problem.text()
    _edit(dialog, field).setText(getattr(HOOKS[0], field))
    assert dialog.go_on.isEnabled()


def test_an_answer_has_the_header_that_is_typed(dialog_for):
    dialog = dialog_for(HOOKS[0])
    dialog._pages.setCurrentIndex(1)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    table = dialog._headers
    table.setCurrentIndex(table.model().index(0, 0))
    table.edit(table.currentIndex())
    for letter in "X-Tea":
        QTest.keyClick(QApplication.focusWidget(), letter)
    assert dialog.hook().answer.headers == (("X-Tea", ""),)
    assert dialog._body.toPlainText() == ""

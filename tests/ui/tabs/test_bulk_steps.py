"""The parts of the bulk page, each alone."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QTableView

from refiner_desktop.services.bulk.check import BulkCheck
from refiner_desktop.services.bulk.findings import Finding, Level
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.bulk.runs import RunSummary
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import SourceOptions
from refiner_desktop.storage.bulk_rows import BulkRow, RowState, RunState
from refiner_desktop.ui.tabs.users.bulk import words
from refiner_desktop.ui.tabs.users.bulk.check_step import CheckStep
from refiner_desktop.ui.tabs.users.bulk.footer import Footer, Readiness
from refiner_desktop.ui.tabs.users.bulk.run_list import RunList
from refiner_desktop.ui.tabs.users.bulk.run_rows import PORTION, RunRows, RunRowsModel
from refiner_desktop.ui.tabs.users.bulk.source_step import SourceStep
from refiner_desktop.ui.tabs.users.bulk.step_bar import Step, StepBar, StepState
from refiner_desktop.ui.theme import SPACE

FINDINGS = (
    Finding(Level.SKIP, 3, "", "There is no user."),
    Finding(Level.SKIP, 9, "seats", "“many” is not a number."),
    Finding(Level.WARN, 4, "", "The same user as in line 2."),
)


def _check(findings=FINDINGS, **changed):
    counts = {level: sum(each.level is level for each in findings) for level in Level}
    given = {"rows": 10, "calls": 8, "users": 7, "seconds": 0.4, "fingerprint": "x"} | changed
    return BulkCheck(findings=tuple(findings), counts=counts, **given)


def _run(number=1, state=RunState.PAUSED, action=BulkAction.IDENTIFY, **counts):
    given = dict.fromkeys(RowState, 0) | {RowState(name): count for name, count in counts.items()}
    started = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
    return RunSummary(number, started, action, "/a/users.csv", ("id",), "", state, "", given)


def _show_run(footer, file=Readiness.NONE, **said):
    nothing = dict.fromkeys(("running", "pausable", "endable", "resumable"), False)
    footer.show_run(**nothing | said, file=file)


def _rows(first, count, state=RowState.WAITING):
    return [BulkRow(n, "{}", state) for n in range(first, first + count)]


def _shown(step, name):
    return step.findChild(QTableView, name).model().rowCount()


def _said(widget):
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if not each.isHidden())


def test_steps_say_how_they_stand_to_screen_readers_too(qtbot):
    bar = StepBar()
    qtbot.addWidget(bar)
    bar.show_state(Step.CHECK, StepState.WARNING, "2 skipped")
    button = bar.findChild(QPushButton, "bulk.step.check")
    assert button.accessibleName() == "Step 3: Check"
    assert button.accessibleDescription() == "look at it, 2 skipped"
    with qtbot.waitSignal(bar.chosen) as chosen:
        button.click()
    assert chosen.args == [Step.CHECK]


def test_findings_are_filtered_by_what_they_lead_to_and_by_words(qtbot):
    step = CheckStep()
    qtbot.addWidget(step)
    step.show_check(_check())
    assert _shown(step, "bulk.findings") == 3
    step.findChild(QPushButton, "bulk.levels.skip").click()
    assert _shown(step, "bulk.findings") == 2
    search = step.findChild(QLineEdit, "bulk.findings.search")
    search.setText("seats")
    assert _shown(step, "bulk.findings") == 1
    search.setText("nothing like this")
    assert words.NO_SUCH_FINDING in _said(step)


def test_a_check_without_findings_says_what_to_do_next(qtbot):
    step = CheckStep()
    qtbot.addWidget(step)
    step.show_check(_check(()))
    assert words.NOTHING_WRONG in _said(step)
    assert step.findChild(QLineEdit, "bulk.findings.search").isHidden()


def test_a_check_says_calls_time_users_and_what_is_left_out():
    said = words.check_sentence(_check(unchanged=frozenset({5}), rows=11, seconds=90))
    assert "11 rows, 8 calls: about 1 min 30 s" in said
    assert "Up to 7 users become active" in said
    assert "2 rows skipped" in said
    assert "1 row would change nothing" in said


def test_an_event_is_never_compared(qtbot):
    step = CheckStep()
    qtbot.addWidget(step)
    step.findChild(QCheckBox, "bulk.compare").setChecked(True)
    step.show_comparable(comparable=False)
    assert not step.compares


def test_a_source_shows_its_rows_with_their_lines_and_how_it_was_read(qtbot, tmp_path):
    path = tmp_path / "users.csv"
    path.write_bytes("user_id;näme\nu-1;Ö\nu-2;Ü\n".encode("cp1252"))
    step = SourceStep()
    qtbot.addWidget(step)
    step.show_source(open_source(path))
    model = step.findChild(QTableView, "bulk.preview").model()
    assert [model.headerData(0, Qt.Orientation.Vertical), model.index(1, 1).data()] == ["2", "Ü"]
    encoding = step.findChild(QComboBox, "bulk.encoding")
    assert encoding.currentText() == "Western (Windows-1252)"
    with qtbot.waitSignal(step.options_chosen) as chosen:
        encoding.setCurrentIndex(encoding.findText("UTF-8"))
    assert chosen.args[0].encoding == "utf-8"
    assert chosen.args[0].delimiter == ";"


def test_what_is_unreadable_can_be_read_in_another_way(qtbot):
    step = SourceStep()
    qtbot.addWidget(step)
    step.show_unreadable("A quote never closes.", SourceOptions())
    assert "A quote never closes." in _said(step)
    delimiter = step.findChild(QComboBox, "bulk.delimiter")
    with qtbot.waitSignal(step.options_chosen):
        delimiter.setCurrentIndex(delimiter.findText("Tabs"))


def test_a_file_with_a_header_only_says_so(qtbot, tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("user_id,email\n", "utf-8")
    step = SourceStep()
    qtbot.addWidget(step)
    step.show_source(open_source(path))
    assert words.HEADER_ONLY in _said(step)


def test_rows_come_in_portions_as_they_are_looked_at(qtbot):
    asked = []
    model = RunRowsModel(asked.append)
    model.show_first(_rows(1, PORTION))
    assert model.canFetchMore()
    model.fetchMore()
    assert asked == [PORTION]
    assert not model.canFetchMore()
    model.add_portion(_rows(PORTION + 1, 5))
    assert model.rowCount() == PORTION + 5
    assert not model.canFetchMore()


def test_newer_rows_leave_the_selection_where_it_is(qtbot):
    table = RunRows(lambda _offset: None)
    qtbot.addWidget(table)
    table.rows.show_first(_rows(1, 3))
    table.selectRow(1)
    table.rows.renew(_rows(1, 3, RowState.DONE))
    assert table.currentIndex().row() == 1
    assert table.model().index(1, 2).data() == "done"


def test_the_chosen_run_stays_chosen_while_others_come(qtbot):
    runs = RunList()
    qtbot.addWidget(runs)
    runs.show_runs([_run(1)])
    runs.choose(1)
    chosen = []
    runs.run_chosen.connect(chosen.append)
    runs.show_runs([_run(2), _run(1, RunState.DONE, done=3)])
    assert runs.chosen().id == 1
    assert runs.currentIndex().row() == 1
    assert chosen == []
    runs.show_runs([_run(2)])
    assert runs.chosen() is None
    assert chosen == [None]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (_run(waiting=3, done=7), "3 rows left. Press Go on"),
        (_run(state=RunState.RUNNING, waiting=1), "Interrupted"),
        (_run(waiting=1, sent=2), "sent again, which is safe"),
        (_run(waiting=1, sent=2, action=BulkAction.TRACK), "only when you say so"),
        (_run(state=RunState.DONE, done=5, failed=2), "2 failed: save them, or send them again"),
    ],
)
def test_a_run_says_how_it_stands_and_what_can_be_done(run, expected):
    assert expected in words.run_sentence(run, source_changed=False)


def test_the_footer_says_what_start_would_do(qtbot):
    footer = Footer()
    qtbot.addWidget(footer)
    start = footer.findChild(QPushButton, "bulk.start")
    _show_run(footer)
    assert not start.isEnabled()
    assert not footer.findChild(QPushButton, "bulk.check").isEnabled()
    _show_run(footer, resumable=True)
    assert (start.text(), start.isEnabled()) == ("Go on", True)
    _show_run(footer, Readiness.CHECKED, running=True, pausable=True, endable=True, resumable=True)
    assert not start.isEnabled()
    footer.show_progress(3 * 10**9, 4 * 10**9)
    assert footer.findChild(QPushButton, "bulk.cancel").isEnabled()


@pytest.mark.parametrize(
    ("file", "going", "first"),
    [
        (Readiness.NONE, {}, []),
        (Readiness.UNCHECKED, {}, ["Check"]),
        (Readiness.HOPELESS, {}, []),
        (Readiness.CHECKED, {}, ["Start"]),
        (Readiness.SENT, {}, []),
        (Readiness.UNCHECKED, {"resumable": True}, ["Go on"]),
        (Readiness.CHECKED, {"running": True, "endable": True}, []),
    ],
)
def test_no_more_than_one_button_stands_out_and_it_is_what_comes_next(qtbot, file, going, first):
    footer = Footer()
    qtbot.addWidget(footer)
    _show_run(footer, file, **going)
    buttons = footer.findChildren(QPushButton)
    assert [each.text() for each in buttons if each.property("role") == "primary"] == first


def test_nothing_can_be_cancelled_while_a_question_is_open(qtbot):
    footer = Footer()
    qtbot.addWidget(footer)
    _show_run(footer, Readiness.CHECKED, running=True, resumable=True)
    assert not footer.findChild(QPushButton, "bulk.cancel").isEnabled()


def test_an_arrow_key_goes_to_the_next_step(qtbot):
    bar = StepBar()
    qtbot.addWidget(bar)
    with qtbot.waitActive(bar):
        bar.show()
        bar.activateWindow()
    first = bar.findChild(QPushButton, "bulk.step.source")
    first.setFocus()
    with qtbot.waitSignal(bar.chosen) as chosen:
        QTest.keyClick(first, Qt.Key.Key_Right)
    assert chosen.args == [Step.MAPPING]


def test_the_numbers_of_the_rows_have_room_for_all_their_digits(qtbot, tmp_path):
    path = tmp_path / "users.csv"
    path.write_text("id\n" + "".join(f"u-{n}\n" for n in range(60)), "utf-8")
    step = SourceStep()
    qtbot.addWidget(step)
    step.show_source(open_source(path))
    header = step.findChild(QTableView, "bulk.preview").verticalHeader()
    bold = header.font()
    bold.setBold(True)
    padding, line = 2 * SPACE, 1
    assert header.width() >= QFontMetrics(bold).horizontalAdvance("61") + padding + line

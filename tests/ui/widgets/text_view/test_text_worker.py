"""Work in a thread, whatever becomes of its owner."""

import threading

from PySide6.QtCore import QObject

from refiner_desktop.ui.widgets.text_view.worker import Worker


def test_the_newest_work_wins(qtbot):
    parent = QObject()
    worker, results, go = Worker(parent), [], threading.Event()
    worker.done.connect(results.append)
    seen = []

    def slow(cancelled):
        go.wait(5)
        seen.append(cancelled())
        return "old"

    worker.start(slow)
    worker.start(lambda cancelled: "new")
    go.set()
    qtbot.waitUntil(lambda: bool(results and seen))
    assert (results, seen, worker.busy) == (["new"], [True], False)


def test_work_outlives_its_deleted_owner_without_harm(qtbot):
    parent = QObject()
    worker, go, seen = Worker(parent), threading.Event(), []

    def work(cancelled):
        go.wait(5)
        seen.append(cancelled())

    worker.start(work)
    with qtbot.waitSignal(parent.destroyed):
        parent.deleteLater()
    go.set()
    qtbot.waitUntil(lambda: seen == [True])


def test_a_failure_is_not_lost(qtbot):
    parent = QObject()
    worker = Worker(parent)
    with qtbot.captureExceptions() as failures:
        worker.start(lambda cancelled: 1 / 0)
        qtbot.waitUntil(lambda: bool(failures))
    assert failures[0][0] is ZeroDivisionError
    assert not worker.busy

"""The key is in nothing that was written, shown or copied, in whatever form it could be."""

import logging
import sys
from base64 import b64encode
from contextlib import asynccontextmanager
from urllib.parse import quote

import httpx
import pytest
from PySide6.QtCore import QAbstractListModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QTableView, QWidget

from refiner_desktop.app import Options
from refiner_desktop.app.building import assemble
from refiner_desktop.app.driver import Driver
from refiner_desktop.app.tour import Tour
from refiner_desktop.app.unforeseen import unforeseen
from refiner_desktop.datasets.exports.formats import CSV
from refiner_desktop.services.rows.view import RowFilter
from refiner_desktop.ui.widgets.text_view import TextView

pytestmark = pytest.mark.anyio

TYPED_BY_THE_PERSON = (
    "connection.api_key",
    "identify.",
    "console.query",
    "console.headers",
    "console.path",
)


def _forms(secret):
    """Return a secret in every form that the issue names, as bytes."""
    forms = {quote(secret, safe=""), secret.replace("/", r"\/")}
    for each in (secret, secret.upper()):
        escaped = "".join(f"%{byte:02x}" for byte in each.encode())
        in_json = "".join(rf"\u{ord(letter):04x}" for letter in each)
        forms |= {each, escaped, escaped.upper(), in_json}
        for before in ("", "a", "ab"):
            encoded = b64encode(f"{before}{each}".encode()).decode()
            forms.add(encoded[4 if before else 0 : len(encoded) // 4 * 4 - 4])
    return [form.encode() for form in forms]


def _holds(content, secret):
    return [form for form in _forms(secret) if form in content]


def _written(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _shown(window):
    """Return every text of the window, but for what a person typed."""
    texts = [window.windowTitle()]
    for each in window.findChildren(QWidget):
        if any(name.startswith(TYPED_BY_THE_PERSON) for name in _names(each)):
            continue
        texts += [each.toolTip(), each.accessibleName(), each.windowTitle()]
        if isinstance(each, QLabel | QLineEdit | TextView):
            texts.append(each.text())
        if isinstance(each, QAbstractItemView) and each.model() is not None:
            texts += _cells(each.model())
    return "\n".join(map(str, texts)).encode()


def _names(widget):
    while widget is not None:
        yield widget.objectName()
        widget = widget.parentWidget()


def _cells(model):
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(min(model.rowCount(), 100)):
        yield from (str(model.index(row, column).data()) for column in range(columns))


def _reprs(window):
    services = vars(window)["_workbench"]
    named = [each for each in vars(services).values() if hasattr(each, "__dict__")]
    return "\n".join(f"{each!r} {vars(each)!r}" for each in named).encode()


@asynccontextmanager
async def _talkative(options):
    """Run the application with everything logged that any library has to say."""
    loggers = [logging.getLogger(name) for name in ("", "httpx", "httpcore", "uvicorn")]
    async with assemble(options) as application:
        levels = [each.level for each in loggers]
        for each in loggers:
            each.setLevel(logging.DEBUG)
        try:
            application.window.show()
            yield application
        finally:
            for each, level in zip(loggers, levels, strict=True):
                each.setLevel(level)


async def test_nothing_that_a_full_tour_wrote_holds_the_key(tmp_path):
    folder = tmp_path / "data"
    options = Options(tour=tmp_path / "tour", data_dir=folder)
    async with _talkative(options) as application:
        result = await Tour(application, tmp_path / "tour").run()
        secrets = [application.demo.sandbox.key, Driver(application.window).text("webhooks.token")]
        assert not any(_holds(_shown_without_token(application.window), each) for each in secrets)
        assert not any(_holds(_reprs(application.window), each) for each in secrets)
        during = _written(tmp_path)  # with the log of the database, which is gone at the end
    assert result.passed, result.sentence
    written = [*during.items(), *_written(tmp_path).items()]
    names = {path.name for path, _ in written}
    assert {"refiner.db", "refiner.db-wal", "settings.json", "tour.json"} <= names
    assert any(path.suffix == ".png" for path, _ in written)
    assert any(b"httpcore" in content for path, content in written if ".log" in path.name)
    for path, content in written:
        for secret in secrets:
            assert not _holds(content, secret), path


def _shown_without_token(window):
    shown = _shown(window)
    for name in ("webhooks.token", "webhooks.setup.token"):  # they are there to hand it out
        shown = shown.replace(window.findChild(QLineEdit, name).text().encode(), b"", 1)
    return shown


async def test_a_key_that_is_echoed_everywhere_is_written_shown_and_copied_nowhere(tmp_path):
    options = Options(demo=True, data_dir=tmp_path / "data")
    async with _talkative(options) as application:
        window = application.window
        drive = Driver(window)
        await drive.until(lambda: "5 received" in drive.status_bar(), "the first deliveries")
        await drive.until(lambda: not window.tasks.running("opening"), "the opening is done")
        sandbox = application.demo.sandbox
        key = sandbox.key
        await _identify_with(drive, key)
        await _export_contacts(drive, key, tmp_path / "contacts.csv")
        copied = await _console_echoes(drive, sandbox)
        copied += await _delivery_with(drive, key)
        with unforeseen(window.support.tell_of):
            sys.excepthook(RuntimeError, RuntimeError(f"failed with {key}"), None)
            said = window.messages.text
            await drive.until(lambda: "The application goes on" in said(), "a report")
        drive.click("message.offer")
        await drive.until(lambda: drive.question() is not None, "the report")
        shown, reprs = _shown(window), _reprs(window)
        during = _written(tmp_path)
        drive.question().reject()
    assert "••••••••" in copied
    assert any(path.name.startswith("report-") for path in during)
    for content in (shown, reprs, copied.encode()):
        assert not _holds(content, key)
    written = [*during.items(), *_written(tmp_path).items()]
    logs = b"".join(content for path, content in written if ".log" in path.name)
    assert b"failed with" in logs
    for path, content in written:
        assert not _holds(content, key), path


async def _identify_with(drive, key):
    drive.open_tab(2)
    drive.open_page("Identify one user")
    drive.write("identify.user_id", "leak-1")
    await drive.write_rows("identify.traits", (("note", key), ("upper", key.upper())))
    drive.click("identify.send")
    await drive.until(lambda: "contact_uuid" in drive.text("identify.result"), "the answer")
    drive.window.messages.dismiss()


async def _export_contacts(drive, key, path):
    drive.open_tab(1)
    await drive.until(lambda: drive.enabled("contacts.load"), "the demo has loaded")
    drive.write("contacts.limit", "All")
    drive.click("contacts.load")
    await drive.until(lambda: drive.rows("contacts.table") > 1_000, "rows")
    await drive.until(lambda: drive.enabled("contacts.load"), "all rows")
    drive.write("contacts.filter", "leak-1")
    await drive.until(lambda: drive.rows("contacts.table") == 1, "the contact")
    drive.click_row("contacts.table", 0)
    await drive.until(lambda: "leak-1" in drive.texts_in("contacts.detail"), "the detail")
    contacts = vars(drive.window)["_workbench"].contacts
    columns = await contacts.columns()
    order = await contacts.order(RowFilter(), (), columns)
    await contacts.export(order, CSV, columns, path, lambda done, total: None)
    assert "••••••••".encode() in path.read_bytes()


async def _console_echoes(drive, sandbox):
    drive.open_tab(3)
    copied = []
    for count, status in enumerate((200, 401, 422), start=1):
        sandbox.faults.echo(status, path="/account", times=1)
        drive.write("console.path", f"account?api_key={sandbox.key}")
        drive.click("console.send")
        await drive.until(lambda s=status: str(s) in drive.text("console.status"), "the answer")
        await drive.until(lambda n=count: drive.rows("console.history") == n, "the history")
        views = ("console.response", "console.response_headers", "console.history")
        copied += [_copy_all(drive, view) for view in views]
    drive.click_row("console.history", 0)
    drive.click("console.history.open")
    await drive.until(lambda: "from the history" in drive.text("console.status"), "the record")
    await drive.until(lambda: "•" in drive.text("console.path"), "the request without the key")
    return "\n".join(copied) + drive.text("console.path")


async def _delivery_with(drive, key):
    drive.open_tab(4)
    before = drive.rows("webhooks.deliveries")
    headers = {"Authorization": f"Bearer {drive.text('webhooks.token')}", "X-Key": key}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        url = f"{drive.text('webhooks.url')}?key={quote(key)}"
        await client.post(
            url, json={"email": key, "display_name": key, "segments": [], "uuid": key}
        )
    await drive.until(lambda: drive.rows("webhooks.deliveries") == before + 1, "the delivery")
    drive.click_row("webhooks.deliveries", 0)
    await drive.until(lambda: "email" in drive.text("webhooks.detail"), "the payload")
    return _copy_all(drive, "webhooks.detail") + _copy_all(drive, "webhooks.detail.headers")


def _copy_all(drive, name):
    view = drive.find(name, QWidget)
    QGuiApplication.clipboard().clear()
    if isinstance(view, QTableView):
        view.selectAll()
        view.copy_selection()
    else:
        view.select_all()
        view.copy()
    text = QGuiApplication.clipboard().text()
    assert text, name
    return text

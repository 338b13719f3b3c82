"""What the console says and shows of an answer."""

import asyncio
import struct
import zlib
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from refiner_desktop.api.exchange import Answer, CallRequest, Timings
from refiner_desktop.api.intake import Room
from refiner_desktop.services.requests.all_pages import AllPages, PagesProgress
from refiner_desktop.storage.exchange_rows import ExchangeRow, ExchangeState
from refiner_desktop.ui.tabs.console import answer_words as words
from refiner_desktop.ui.tabs.console import items_page
from refiner_desktop.ui.tabs.console.answer_body import NO_BODY
from refiner_desktop.ui.tabs.console.answer_view import (
    LOST,
    RESEND,
    SEND_AGAIN,
    WAITED_FOR,
    WAITING,
    AnswerView,
)
from refiner_desktop.ui.tabs.console.history_panel import SHOWN, HistoryPanel
from refiner_desktop.ui.tabs.console.shown_call import ShownCall
from refiner_desktop.ui.task_runner import TaskRunner
from refiner_desktop.ui.widgets.text_view import Mode

pytestmark = pytest.mark.anyio


def _answer(body=b"{}", kind="application/json", **more):
    given = {
        "status": 200, "reason": "OK", "http_version": "HTTP/1.1",
        "headers": (("Content-Type", kind),), "method": "GET", "url": "https://x.test/v1/a",
        "request_headers": (("Authorization", "Bearer ••••••••"),), "with_key": True,
        "seconds": 0.123, "body": body,
    }  # fmt: skip
    return Answer(**given | more)


def _call(*args, **more):
    return ShownCall(CallRequest("GET", "a"), _answer(*args, **more))


@pytest.fixture
async def view(qtbot):
    tasks = TaskRunner()
    made = AnswerView(tasks)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    yield made
    await made.put_away()
    await tasks.aclose()


def test_times_sizes_and_phases_in_words():
    timings = Timings(dns=0.001, connect=0.002, wait=0.09, read=0.004)
    answer = _answer(b"x" * 20_000, timings=timings, wire_size=4_500, with_key=False)
    assert words.status_line(answer) == "200 OK · 123 ms · 20.0 kB"
    assert words.facts(answer) == (
        "name 1.0 ms, connect 2.0 ms, wait 90 ms, read 4.0 ms · 4.5 kB on the wire · HTTP/1.1"
        " · sent without the key"
    )


@pytest.mark.parametrize(
    ("path", "kind", "body", "name"),
    [
        ("contacts?page=2", "application/json", b"{}", "contacts.json"),
        ("https://x.test/a/../b.png", "image/png", b"\x89PNG", "https-x.test-a-..-b.png"),
        ("/", "", b"\0\1", "answer.bin"),
        ("log", "text/plain", b"hello", "log.txt"),
    ],
)
def test_a_file_gets_a_name_from_path_and_type(path, kind, body, name):
    assert words.file_name(_answer(body, kind), path) == name


async def test_json_text_and_bytes_are_shown_each_in_its_way(view):
    shown = view._body.pane.view
    view.show_call(_call(b'{"a":1}'))
    assert shown.mode is Mode.PRETTY
    view.show_call(_call(b"<p>no json</p>", "text/html"))
    assert (shown.mode, shown.text()) == (Mode.RAW, "<p>no json</p>")
    view.show_call(_call(b"\0\1\2", "application/octet-stream"))
    assert shown.mode is Mode.HEX
    view.show_call(_call(b"", status=204))
    assert shown.text() == ""


async def test_a_cut_answer_a_redirect_and_a_lost_body_are_said(view):
    view.show_call(_call(cut="the connection closed after 10 of 20 bytes"))
    assert "Not all of the answer is here" in view._warning.text()
    view.show_call(_call(status=302, location="https://x.test/b"))
    assert view._warning.isHidden()
    wanted = []
    view.redirect_wanted.connect(wanted.append)
    view._redirect.click()
    assert wanted == ["https://x.test/b"]
    view.show_call(ShownCall(CallRequest("GET", "a"), _answer(b""), lost=True, exchange=3))
    assert "no longer" in view._warning.text()
    assert "from the history" in view._status.text()


async def test_what_was_sent_is_shown_with_its_key_as_dots(view):
    view.show_call(_call(request_body=b'{"id":"u-1"}'))
    assert view._sent._head.view.text() == (
        "GET https://x.test/v1/a HTTP/1.1\nAuthorization: Bearer ••••••••"
    )
    assert '"u-1"' in view._sent._body.view.text()


@pytest.mark.parametrize("is_answered", [True, False])
async def test_a_key_in_an_address_or_a_body_is_sent_and_not_shown(view, is_answered):
    key = "1f0c9b3e-0000-4000-8000-000000000000"
    body = f'{{"api_key":"{key}"}}'.encode()
    request = CallRequest("POST", f"a?api_key={key}", body=body)
    answer = _answer(url=f"https://x.test/v1/a?api_key={key}", request_body=body)
    view.show_call(ShownCall(request, answer if is_answered else None))
    sent = view._sent
    assert "api_key=••••••••" in sent._head.view.text()
    assert key not in sent._head.view.text() + sent._body.view.text()


async def test_an_image_is_looked_at(view, qtbot):
    import asyncio

    view.show_call(_call(_png(3, 2), "image/png"))
    for _ in range(200):
        if view._body._image.isVisible():
            break
        await asyncio.sleep(0.01)
    assert view._body._note.text() == "Image, 3 × 2 pixels"
    view.show_call(_call(b"{}"))
    assert view._body.pane.isVisible()


async def test_an_image_that_is_none_is_shown_as_bytes(view):
    import asyncio

    view.show_call(_call(b"\x89PNG\0broken", "image/png"))
    await asyncio.sleep(0.1)
    assert view._body.pane.isVisible()
    assert view._body.pane.view.mode is Mode.HEX


async def test_only_a_list_that_was_asked_for_with_get_is_fetched_again(view):
    paged = b'{"items": [], "pagination": {}}'
    view.show_call(_call(paged))
    assert not view._fetch_all.isHidden()
    view.show_call(_call(paged, method="DELETE"))
    assert view._fetch_all.isHidden()


async def test_the_keyboard_follows_the_fetching_of_pages_and_ends_in_the_rows(view, qtbot):
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    pages = AllPages(None, CallRequest("GET", "a"), None, Room())
    paged = _answer(b'{"items": [], "pagination": {}}')
    view.show_call(ShownCall(CallRequest("GET", "a"), paged))
    view.adopt(ShownCall(CallRequest("GET", "a"), paged, pages=pages))
    row = view._fetch_all
    row._fetch.setFocus()
    view.show_pages_coming(pages)
    assert row._stop.hasFocus()
    pages.progress = PagesProgress(pages=2, items=9, wanted=9, total=9)
    view.end_pages(pages)
    assert view._items._grid.table.hasFocus()


def test_more_calls_than_are_shown_are_hinted_at(qtbot):
    panel = HistoryPanel()
    qtbot.addWidget(panel)
    sent = datetime.now(UTC)
    rows = [_row(number, sent) for number in range(SHOWN + 1)]
    panel.show_rows(rows)
    assert not panel._more_found.isHidden()
    assert panel._rows.index(0, 1).data() == "GET forms?page=2&api_key=••••••••"
    panel.show_rows(rows[:SHOWN])
    assert panel._more_found.isHidden()


def _row(number, sent):
    known = {
        "id": number,
        "sent_at": sent,
        "method": "GET",
        "path": "forms",
        "query": (("page", "2"), ("api_key", "typed")),
    }
    rest = {"pinned": False, "state": ExchangeState.IN_FLIGHT, "pages": 1}
    return ExchangeRow(**_defaults(ExchangeRow) | known | rest)


def _defaults(kind):
    return {each.name: None for each in fields(kind)}


def _png(width, height):
    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


async def _until(there):
    async with asyncio.timeout(5):
        while not there():
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("name", ["utf-16", "iso-8859-1"])
async def test_another_charset_is_decoded_and_its_bytes_are_still_there(view, qtbot, name):
    body = '{"name": "Zoë"}'.encode(name)
    view.show_call(_call(body, f"application/json; charset={name}"))
    pane = view._body.pane.view
    await _until(lambda: pane.text())
    assert '"name": "Zoë"' in pane.text()
    assert f"Decoded from {name}" in view._body._note.text()
    pane.set_mode(Mode.RAW)
    assert pane.document.data == body
    pane.set_mode(Mode.HEX)
    assert pane.content() == body
    assert view.body == body  # what is saved
    assert bytes(view._body.text).decode() == '{"name": "Zoë"}'  # what becomes a table
    pane.set_mode(Mode.PRETTY)


async def test_a_wrong_charset_is_said_and_shown_as_utf_8(view):
    view.show_call(_call("Zoë!".encode(), "text/plain; charset=utf-16"))
    await _until(lambda: view._body._note.text())
    assert view._body._note.text() == "It says it is utf-16, but it is not; shown as UTF-8."
    assert view._body.pane.view.text() == "Zoë!"


async def test_an_answer_that_is_not_laid_out_says_why_and_what_can_be_done(view):
    warning = view._warning
    view.show_call(_call(b"[" * 100_000 + b"]" * 100_000))
    assert "nests too deep" in warning.text()
    assert "searched" in warning.text()
    view.show_call(_call(b'{"a": 1} and more'))
    assert "no JSON" in warning.text()
    view.show_call(_call(b'{"a": 1}'))
    assert not warning.isVisible()
    view.show_call(_call(b"[" * 600_000 + b"]" * 600_000))  # prepared in a thread
    for _ in range(100):
        if "nests too deep" in warning.text():
            break
        await asyncio.sleep(0.02)
    assert "nests too deep" in warning.text()


async def test_a_redirect_to_a_long_address_makes_the_window_no_wider(view):
    narrow = view.minimumSizeHint().width()
    location = "https://x.test/" + "path/" * 100 + "end"
    view.show_call(_call(status=302, location=location))
    assert view.minimumSizeHint().width() < narrow + 300
    assert view._redirect.text().startswith("Open https://x.test/path/")
    assert view._redirect.text().endswith("path/end")
    assert location in view._redirect.toolTip()


async def test_every_part_says_why_it_has_nothing_to_show_and_what_to_do(view):
    def said():
        sent = view._sent._head.view
        return (
            view._body.pane.view._placeholder,
            view._header_table._empty.text(),
            view._items._grid.table._empty.text(),
            "" if sent.text() else sent._placeholder,
        )

    assert all("Ctrl+Enter" in each or "Send" in each for each in said()[:3])
    view.show_waiting(0.0)
    assert set(said()) == {WAITED_FOR}
    failed = ShownCall(CallRequest("GET", "a"), why="No answer. It is off.")
    view.show_call(failed)
    assert said() == (*(f"No answer. It is off.\n\n{SEND_AGAIN}",) * 3, "")
    view.show_call(failed, can_go_back=True)
    assert RESEND in said()[0]
    view.show_call(_call(b"", status=204))
    assert (said()[0], said()[2]) == (NO_BODY, NO_BODY)
    view.show_call(ShownCall(CallRequest("GET", "a"), _answer(b""), lost=True, exchange=3))
    assert LOST in said()[0]
    assert LOST in said()[2]


async def test_items_that_can_not_be_read_say_so_and_others_are_not_said_to_be_unread(view):
    async def broken():
        raise OSError("gone")

    async def slow():
        await asyncio.Event().wait()

    items = view._items
    items._tasks.failed.connect(lambda _error: None)
    view._pages.setCurrentWidget(items)
    table = items._grid.table
    items.offer(broken)
    assert table._empty.text() == items_page.READING
    await _until(lambda: table._empty.text() == items_page.UNREAD)
    items.offer(slow)
    await asyncio.sleep(0)
    items.clear(WAITED_FOR)
    await _until(lambda: not items._tasks.running(items_page.BUILD))
    assert table._empty.text() == WAITED_FOR


async def test_an_answer_is_read_aloud_in_front_or_once_it_was_waited_for(view, heard):
    import time

    view.hide()
    view.show_call(_call(b"{}"))
    view.show()
    view.clear()
    assert heard == []
    view.show_waiting(time.monotonic() - 2)
    view._show_seconds()
    view.hide()
    view.show_call(_call(b"{}"))
    waiting, answered = heard
    assert waiting == WAITING, "the seconds that pass are not read"
    assert answered.startswith("200")

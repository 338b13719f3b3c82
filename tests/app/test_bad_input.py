"""Everything that goes wrong at the start or with the key is said in words, and nothing is lost."""

import gc
import socket
import uuid

import pytest
from PySide6.QtWidgets import QSpinBox

from refiner_desktop.app import Options, build
from refiner_desktop.app.driver import Driver
from refiner_desktop.app.instance import AlreadyRunning
from refiner_desktop.serving import ServerThread
from refiner_desktop.settings.paths import DataDirUnusable

pytestmark = pytest.mark.anyio


@pytest.fixture
def options(tmp_path):
    return Options(data_dir=tmp_path, secrets="memory")


async def _say_on_connect(options, url, key):
    async with build(options) as window:
        window.show()
        drive = Driver(window)
        drive.write("connection.base_url", url)
        drive.write("connection.api_key", key)
        drive.click("connection.connect")
        await drive.until(lambda: window.messages.text() != "", "a message")
        assert "Traceback" not in window.messages.text()
        if key:
            assert key not in window.messages.text()
        return window.messages.text()


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("", "There is no API key yet."),
        ("tiny-key", "Refiner saw no API key."),
        ("x" * 30, "This does not look like an API key."),
        (str(uuid.uuid4()), "Refiner does not know this key."),
    ],
)
async def test_each_kind_of_wrong_key(options, sandbox, key, sentence):
    assert sentence in await _say_on_connect(options, sandbox.base_url, key)


async def test_a_name_that_does_not_resolve(options, monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    text = await _say_on_connect(options, "https://api.refiner.invalid/v1", str(uuid.uuid4()))
    assert "The server's name is not known." in text


async def test_nobody_listens_there(options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = await _say_on_connect(options, f"http://127.0.0.1:{port}/v1", str(uuid.uuid4()))
    assert "Refiner could not be reached." in text


async def test_a_proxys_page_with_status_200(options, sandbox):
    sandbox.faults.html()
    text = await _say_on_connect(options, sandbox.base_url, sandbox.key)
    assert "Something else answered instead of Refiner." in text


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "Too many calls a minute for Refiner."),
        (500, "Refiner has trouble of its own."),
        (503, "Refiner has trouble of its own."),
    ],
)
async def test_a_service_that_refuses_for_its_own_reasons(options, sandbox, status, sentence):
    sandbox.faults.status(status, retry_after=900 if status == 429 else None)
    assert sentence in await _say_on_connect(options, sandbox.base_url, sandbox.key)


async def test_a_server_that_can_not_prove_who_it_is(options, sandbox):
    without_tls = sandbox.base_url.replace("http://", "https://")
    text = await _say_on_connect(options, without_tls, sandbox.key)
    assert "The server could not prove who it is." in text
    assert "certificate" in text


@pytest.mark.parametrize("url", ["", "not a url", "ftp://example.org", "http://"])
async def test_a_base_url_that_is_none_is_said_at_once(opened, url):
    async with opened() as drive:
        drive.write("connection.base_url", url)
        drive.write("connection.api_key", str(uuid.uuid4()))
        drive.click("connection.connect")
        assert drive.text("connection.status").startswith("The base URL must ")


async def test_a_port_in_use(options):
    other = ServerThread(None)
    other.start()
    async with build(options) as window:
        window.show()
        drive = Driver(window)
        drive.open_tab(4)
        drive.find("webhooks.port", QSpinBox).setValue(other.port)
        drive.click("webhooks.start")
        await drive.until(
            lambda: f"listens on port {other.port} already" in window.messages.text(), "a message"
        )
        assert drive.enabled("webhooks.start")
    other.stop()


@pytest.mark.parametrize(
    ("name", "damage"), [("settings.json", b"{broken"), ("refiner.db", b"not a database at all")]
)
async def test_a_damaged_file_is_moved_aside_and_said(options, tmp_path, name, damage):
    (tmp_path / name).write_bytes(damage)
    async with build(options) as window:
        text = window.messages.text()
    (aside,) = [path for path in tmp_path.iterdir() if ".damaged-" in path.name]
    assert str(aside) in text
    assert aside.read_bytes() == damage


async def test_a_data_directory_that_is_a_file(tmp_path):
    path = tmp_path / "data"
    path.write_text("I am a file")
    with pytest.raises(DataDirUnusable):
        async with build(Options(data_dir=path)):
            pass
    assert path.read_text() == "I am a file"


async def test_a_second_copy_on_the_same_data_directory(options):
    async with build(options):
        with pytest.raises(AlreadyRunning):
            async with build(options):
                pass
    async with build(options):
        pass  # the first one has let go


async def test_settings_that_can_not_be_saved_are_said_and_the_connection_works(
    options, sandbox, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    async with build(options) as window:
        window.show()
        drive = Driver(window)
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", sandbox.key)
        monkeypatch.setattr("refiner_desktop.settings.settings.write_whole", full)
        drive.click("connection.connect")
        await drive.until(lambda: window.messages.text() != "", "a message")
        await drive.until(lambda: "Connected" in drive.text("connection.status"), "connected")


async def test_a_problem_is_over_when_the_same_thing_works(opened, sandbox):
    async with opened() as drive:
        drive.write("connection.base_url", sandbox.base_url)
        drive.write("connection.api_key", "x" * 30)
        drive.click("connection.connect")
        said = drive.window.messages.text
        await drive.until(lambda: "does not look like" in said(), "the refusal")
        drive.write("connection.api_key", sandbox.key)
        drive.click("connection.connect")
        await drive.until(lambda: said().startswith("Connected"), "the good news")


async def test_a_lock_that_names_no_process_is_taken_over(options, tmp_path):
    (tmp_path / "refiner.lock").write_text("junk")
    async with build(options):
        pass


async def test_a_log_that_can_not_be_opened_is_an_error_in_words(tmp_path, options):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "refiner-desktop.log").mkdir()
    with pytest.raises(OSError, match="refiner-desktop"):
        async with build(options):
            pass


async def test_an_opened_and_closed_application_leaves_no_widget(options, qapp):
    async with build(options):
        pass
    gc.collect()
    assert [widget for widget in qapp.allWidgets() if widget.objectName() == "tabs"] == []

"""Tunnels, with programs that write what the real ones do."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.dispatch import NotListening
from refiner_desktop.services.deliveries.listener_life import TokenDemanded
from refiner_desktop.services.deliveries.tunnels import (
    TunnelNotStarted,
    TunnelsService,
    TunnelState,
)

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are scripts"),
]

CLOUDFLARED = r"""
say("2026-11-23T10:00:00Z INF Thank you for trying Cloudflare Tunnel.", sys.stderr)
say("2026-11-23T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...", sys.stderr)
say("2026-11-23T10:00:02Z INF +------------------------------------------+", sys.stderr)
say("2026-11-23T10:00:02Z INF |  Your quick Tunnel has been created!      |", sys.stderr)
say("2026-11-23T10:00:02Z INF |  https://four-dashed-word-url.trycloudflare.com   |", sys.stderr)
say("2026-11-23T10:00:03Z INF Registered tunnel connection connIndex=0", sys.stderr)
"""
NGROK = r"""
say('t=2026-11-23T10:00:00+0000 lvl=info msg="starting web service" obj=web addr=127.0.0.1:4040')
say('t=2026-11-23T10:00:01+0000 lvl=info msg="started tunnel" obj=tunnels name=command_line'
    f' addr={sys.argv[2]} url=https://a1b2-c3.ngrok-free.app')
"""
TAILSCALE = r"""
say("Available on the internet:\n")
say("https://desk.tail1234.ts.net/")
say(f"|-- proxy http://127.0.0.1:{sys.argv[2]}\n")
say("Press Ctrl+C to exit.")
"""
SAYING = {"cloudflared": CLOUDFLARED, "ngrok": NGROK, "tailscale": TAILSCALE}
STAY = "time.sleep(60)\n"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Write programs into the only folder where programs are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def write(name, lines, *, end=STAY):
        path = folder / name
        path.write_text(
            f"#!{sys.executable}\nimport os, signal, sys, time\n"
            "def say(line, file=sys.stdout): print(line, file=file, flush=True)\n"
            f"open({str(folder / 'started')!r}, 'a').write(' '.join([str(os.getpid()), *sys.argv]))"
            f"\n{lines}{end}"
        )
        path.chmod(0o755)
        return folder

    return write


@pytest.fixture
async def tunnels(listening):
    service = TunnelsService(listening, patience=0.2)
    yield service
    await service.aclose()


async def _until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or "Z" not in state.read_text().rpartition(")")[2].split()[0]


async def test_the_programs_of_this_machine_are_found(tunnels, programs):
    assert tunnels.found() == ()
    for name in SAYING:
        programs(name, "")
    assert [tool.name for tool in tunnels.found()] == list(SAYING)


@pytest.mark.parametrize(
    ("name", "url", "arguments"),
    [
        (
            "cloudflared",
            "https://four-dashed-word-url.trycloudflare.com",
            "tunnel --no-autoupdate --url http://127.0.0.1:{port}",
        ),
        (
            "ngrok",
            "https://a1b2-c3.ngrok-free.app",
            "http http://127.0.0.1:{port} --log stdout --log-format logfmt",
        ),
        ("tailscale", "https://desk.tail1234.ts.net", "funnel http://127.0.0.1:{port}"),
    ],
)
async def test_the_public_address_is_read_and_let_in(
    listener, tunnels, programs, name, url, arguments
):
    folder = programs(name, SAYING[name])
    states = []
    tunnels.changed.connect(lambda status: states.append(status.state))
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)
    assert tunnels.status.url == url
    assert tunnels.url(listener.hooks[0]) == f"{url}/hooks/completed-surveys"
    assert states[0] is TunnelState.STARTING
    assert states[-1] is TunnelState.UP
    assert url.removeprefix("https://") in listener._names
    pid, path, *rest = (folder / "started").read_text().split(" ")
    assert path == str(folder / name)
    assert " ".join(rest) == arguments.format(port=listener.status.port)
    await tunnels.stop()
    assert not _alive(int(pid))
    assert tunnels.status.state is TunnelState.OFF
    assert listener._names == ()


@pytest.mark.parametrize(
    ("name", "said", "trouble"),
    [
        (
            "cloudflared",
            'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": no host',
            "failed to request quick Tunnel",
        ),
        (
            "ngrok",
            't=2026-11-23T10:00:01+0000 lvl=eror msg="failed" err="ERR_NGROK_4018 no token"',
            "ERR_NGROK_4018 no token",
        ),
        ("ngrok", "ERROR:  authentication failed", "authentication failed"),
        ("tailscale", "error: not logged in", "not logged in"),
        ("tailscale", "something that nobody knows", "something that nobody knows"),
    ],
)
async def test_a_tunnel_that_ends_says_why_in_its_own_words(
    listener, tunnels, programs, name, said, trouble
):
    programs(name, f"say({said!r}, sys.stderr)\n", end="sys.exit(1)\n")
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.failed)
    assert trouble in tunnels.status.trouble
    assert tunnels.status.url == ""
    assert listener._names == ()


async def test_a_tunnel_that_waits_for_a_person_says_for_what(tunnels, programs):
    link = "https://login.tailscale.com/f/funnel?node=n123"
    programs(
        "tailscale",
        f"say('Funnel is not enabled on your tailnet.\\nTo enable, visit:\\n\\n  {link}\\n')\n",
    )
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.trouble)
    assert (tunnels.status.state, tunnels.status.trouble) == (TunnelState.STARTING, link)


async def test_a_tunnel_that_dies_later_is_noticed(listener, tunnels, programs):
    folder = programs("cloudflared", CLOUDFLARED)
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)
    os.kill(int((folder / "started").read_text().split(" ")[0]), 9)
    await _until(lambda: tunnels.status.failed)
    assert listener._names == ()


async def test_a_program_that_will_not_end_is_ended(tunnels, programs, monkeypatch):
    monkeypatch.setattr("refiner_desktop.webhooks.tunnels.STOP_SECONDS", 0.2)
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    folder = programs("cloudflared", ignore + CLOUDFLARED)
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)
    await tunnels.stop()
    assert not _alive(int((folder / "started").read_text().split(" ")[0]))


async def test_another_tunnel_takes_the_place_of_the_first(tunnels, programs):
    folder = programs("cloudflared", CLOUDFLARED)
    programs("tailscale", TAILSCALE)
    first, second = tunnels.found()
    await tunnels.start(first)
    await _until(lambda: tunnels.status.url)
    pid = int((folder / "started").read_text().split(" ")[0])
    await tunnels.start(second)
    await _until(lambda: tunnels.status.url.endswith(".ts.net"))
    assert not _alive(pid)


async def test_a_line_without_an_end_does_no_harm(tunnels, programs):
    programs("cloudflared", "sys.stdout.write('x' * 500_000)\nsay('')\n" + CLOUDFLARED)
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)


async def test_a_tunnel_needs_the_listener(listener, tunnels, programs):
    programs("cloudflared", CLOUDFLARED)
    await listener.stop()
    with pytest.raises(NotListening):
        await tunnels.start(tunnels.found()[0])


async def test_a_program_that_cannot_be_run_is_said(tunnels, programs):
    folder = programs("cloudflared", CLOUDFLARED)
    tool = tunnels.found()[0]
    (folder / "cloudflared").write_text("#!/nowhere/at/all\n")
    with pytest.raises(TunnelNotStarted):
        await tunnels.start(tool)
    assert tunnels.status.state is TunnelState.OFF


ORPHAN = """
import asyncio, os, sys
from refiner_desktop.webhooks.tunnels import Tunnel, find_tools

async def main():
    tunnel = Tunnel(find_tools()[0], lambda url: print(url, flush=True), print, print)
    await tunnel.start("http://127.0.0.1:8787")
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_program_ends_when_the_application_is_killed(programs):
    folder = programs("cloudflared", CLOUDFLARED)
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True
    ) as application:
        while "https://four" not in application.stdout.readline():
            pass
        pid = int((folder / "started").read_text().split(" ")[0])
        assert _alive(pid)
        application.kill()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and _alive(pid):
        assert time.monotonic() < deadline, "it lives on"
        time.sleep(0.01)


WRAPPER = """
import subprocess
child = subprocess.Popen([sys.executable, "-c",
    "import os, time; print('https://a-b.trycloudflare.com', os.getpid(), flush=True);"
    " time.sleep(60)"])
"""


async def test_a_wrapper_ends_with_what_it_has_started(tunnels, programs):
    programs("cloudflared", WRAPPER, end="child.wait()\n")
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)
    child = int(tunnels.status.lines[-1].split()[-1])
    async with asyncio.timeout(3):
        await tunnels.stop()
    await _until(lambda: not _alive(child))
    assert tunnels.status.state is TunnelState.OFF


async def test_a_wrapper_that_leaves_its_program_behind_has_ended(tunnels, programs):
    programs("cloudflared", WRAPPER, end="time.sleep(0.2)\n")
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.url)
    child = int(tunnels.status.lines[-1].split()[-1])
    await _until(lambda: tunnels.status.failed)
    await _until(lambda: not _alive(child))


async def test_a_tunnel_to_a_hook_without_a_token_is_asked_about(tunnels, hooks, programs):
    programs("cloudflared", CLOUDFLARED)
    assert tunnels.danger() is None
    await hooks.put(replace(hooks.hooks[0], token=Secret("")))
    danger = tunnels.danger()
    assert hooks.hooks[0].name in danger.question
    with pytest.raises(TokenDemanded, match=hooks.hooks[0].name):
        await tunnels.start(tunnels.found()[0])
    assert tunnels.status.state is TunnelState.OFF
    await tunnels.start(tunnels.found()[0], open_too=True)
    await _until(lambda: tunnels.status.url)


async def test_a_tunnel_says_that_nobody_listens(tunnels, listening, programs):
    programs("cloudflared", CLOUDFLARED)
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.well)
    port = listening.status.port
    await listening.stop()
    assert not tunnels.status.well
    assert tunnels.status.sentence == "Cloudflare Tunnel leads here, but the listener is off"
    await listening.start(port)
    assert tunnels.status.well
    assert "off" not in tunnels.status.sentence


async def test_a_tunnel_follows_the_listener_to_another_address(tunnels, listening, programs):
    folder = programs("cloudflared", CLOUDFLARED)
    await tunnels.start(tunnels.found()[0])
    await _until(lambda: tunnels.status.well)
    first = int((folder / "started").read_text().split(" ")[0])
    await listening.change(structs.replace(listening.settings, host="::1"))
    url = f"http://[::1]:{listening.status.port}"
    await _until(lambda: url in (folder / "started").read_text())
    await _until(lambda: tunnels.status.well)
    assert not _alive(first)
    assert "four-dashed-word-url.trycloudflare.com" in listening._names

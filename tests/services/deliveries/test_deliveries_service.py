"""The listener as the window sees it: batches, counts, tokens, tests and restarts."""

import asyncio
import json
import logging
import os
import socket
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec import structs
from starlette.applications import Starlette

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.deliveries.deliveries import DeliveriesService, TokenDemanded
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept
from refiner_desktop.services.deliveries.hooks import HooksService
from refiner_desktop.services.deliveries.listener_status import ListenerState
from refiner_desktop.serving import PortInUse, ServerThread
from refiner_desktop.settings.secrets import KeyringMissing, MemoryStore
from refiner_desktop.settings.settings import Retention
from refiner_desktop.storage.database import StorageUnavailable
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.admission import WrongHost
from refiner_desktop.webhooks.delivery import Kind, Verdict
from refiner_desktop.webhooks.hooks import HookAnswer

pytestmark = pytest.mark.anyio

PAYLOAD = {"uuid": "c-1", "remote_id": "u-1", "triggered_event": "Segment Match", "segments": []}


def serve(database, secrets, settings, mask=None):
    hooks = HooksService(settings, secrets)
    return DeliveriesService(DeliveryStore(database), hooks, settings, mask or Mask())


@pytest.fixture
async def deliveries(database, secrets, settings):
    service = serve(database, secrets, settings)
    yield service
    await service.aclose()


@pytest.fixture
async def arrived(deliveries):
    rows = []
    deliveries.arrived.connect(rows.extend)
    return rows


async def _post(deliveries, hook, *, token=None, content=None, headers=None):
    token = hook.token.reveal() if token is None else token
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(
            deliveries.url(hook),
            content=json.dumps(PAYLOAD).encode() if content is None else content,
            headers={"Authorization": f"Bearer {token}", "X-Case": "Kept", **(headers or {})},
        )


async def _until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_delivery_is_shown_and_kept(deliveries, arrived):
    await deliveries.start(0)
    hook = deliveries.hooks[1]
    assert (await _post(deliveries, hook)).status_code == 200
    await _until(lambda: arrived)
    assert (arrived[0].kind, arrived[0].verdict) == (Kind.SEGMENT_ENTERED, Verdict.ACCEPTED)
    assert [row.id for row in await deliveries.newest(limit=10)] == [arrived[0].id]
    assert (await deliveries.get(arrived[0].id)).body == json.dumps(PAYLOAD).encode()
    assert deliveries.status.kept == 1


async def test_a_wrong_token_is_refused_kept_and_counted(deliveries, arrived):
    await deliveries.start(0)
    assert (await _post(deliveries, deliveries.hooks[0], token="wrong")).status_code == 401
    await _until(lambda: arrived)
    assert arrived[0].verdict is Verdict.REFUSED
    assert deliveries.status.refused == 1


async def test_many_deliveries_come_in_few_batches(deliveries):
    batches = []
    deliveries.arrived.connect(lambda rows: batches.append(len(rows)))
    await deliveries.start(0)
    await asyncio.gather(*(_post(deliveries, deliveries.hooks[1]) for _ in range(60)))
    await _until(lambda: sum(batches) == 60)
    assert len(batches) < 30


async def test_what_arrived_before_a_stop_is_still_handed_over(deliveries, arrived):
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1])
    await deliveries.stop()
    assert len(arrived) == 1
    assert not deliveries.status.listening


async def test_a_port_in_use_is_said_and_the_listener_stays_off(deliveries):
    other = ServerThread(Starlette())
    other.start()
    with pytest.raises(PortInUse) as caught:
        await deliveries.start(other.port)
    other.stop()
    assert deliveries.status.state is ListenerState.OFF
    assert caught.value.next_free > other.port
    if sys.platform == "linux":
        assert f"(process {os.getpid()})" in str(caught.value)


async def test_tokens_and_port_are_the_same_after_a_restart(
    deliveries, database, secrets, settings
):
    await deliveries.start(0)
    port, tokens = deliveries.status.port, [hook.token for hook in deliveries.hooks]
    await deliveries.stop()
    again = serve(database, secrets, settings)
    await again.start(port)
    assert [hook.token for hook in again.hooks] == tokens
    assert again.status.port == port
    await again.aclose()


async def test_without_a_keyring_the_listener_runs_with_tokens_for_the_session(database, settings):
    class NoStore(MemoryStore):
        async def load(self, name):
            raise KeyringMissing("none")

    service = serve(database, NoStore(), settings)
    with pytest.raises(TokensNotKept):
        await service.start(0)
    assert service.status.listening
    assert (await _post(service, service.hooks[1])).status_code == 200
    await service.aclose()


async def test_no_token_is_written_to_any_file(deliveries, arrived, tmp_path):
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1])
    await _until(lambda: arrived)
    token = deliveries.hooks[1].token.reveal().encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(token in path.read_bytes() for path in files)


async def test_clearing_deletes_what_was_kept(deliveries, arrived):
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1])
    await _until(lambda: arrived)
    await deliveries.clear()
    assert await deliveries.newest(limit=10) == []


async def test_a_listener_that_was_turned_on_is_remembered_and_one_that_was_started_is_not(
    deliveries, settings
):
    await deliveries.start(0)
    assert not settings.current.listener.autostart
    await deliveries.turn_on(0)
    assert settings.current.listener.autostart
    await deliveries.turn_off()
    assert not settings.current.listener.autostart


async def test_a_keyring_that_waits_delays_the_listener_only_for_a_while(database, settings):
    class SlowStore(MemoryStore):
        async def load(self, name):
            await asyncio.sleep(60)

    service = serve(database, SlowStore(), settings)
    service._hooks._tokens._patience = 0.05
    with pytest.raises(TokensNotKept):
        await service.start(0)
    assert service.status.listening
    await service.aclose()


async def test_a_start_that_is_cancelled_leaves_no_port_open(deliveries):
    for _ in range(5):
        starting = asyncio.create_task(deliveries.start(0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    assert not [each for each in threading.enumerate() if each.name == "webhook listener"]
    assert not deliveries.status.listening


def _of(project):
    return json.dumps(PAYLOAD | {"project_uuid": project}).encode()


async def test_deliveries_of_other_environments_are_kept_counted_and_not_shown(deliveries, arrived):
    withheld = []
    deliveries.withheld.connect(lambda: withheld.append(1))
    deliveries.hide_projects(frozenset({"p-2", ""}))
    await deliveries.start(0)
    for project in ("p-1", "p-2", ""):
        await _post(deliveries, deliveries.hooks[1], content=_of(project))
    await _until(lambda: len(arrived) == 2 and withheld)
    assert [row.id for row in await deliveries.newest(limit=10)] == [3, 1]
    assert await deliveries.count_hidden() == 1
    assert deliveries.status.kept == 3
    deliveries.hide_projects(frozenset())
    assert len(await deliveries.newest(limit=10)) == 3
    assert await deliveries.count_hidden() == 0


async def test_hiding_the_same_projects_again_changes_nothing(deliveries):
    changes = []
    deliveries.hiding_changed.connect(lambda: changes.append(1))
    deliveries.hide_projects(frozenset({"p-1"}))
    deliveries.hide_projects(frozenset({"p-1", ""}))
    assert changes == [1]


async def test_the_token_that_is_listened_for_is_masked_everywhere(database, secrets, settings):
    mask = Mask()
    service = serve(database, secrets, settings, mask)
    await service.start(0)
    token = service.hooks[0].token.reveal()
    await service.aclose()
    assert mask.text(f"a {token} b") == f"a {MASK} b"


async def test_received_kept_and_shown_come_out_the_same(deliveries, arrived):
    await deliveries.start(0)
    await asyncio.gather(*(_post(deliveries, deliveries.hooks[1]) for _ in range(20)))
    await _until(lambda: len(arrived) == 20)
    status = deliveries.status
    assert (status.received, status.kept, status.shown) == (20, 20, 20)
    assert status.amiss == ""
    assert replace(status, shown=19).amiss
    assert replace(status, kept=19).amiss
    assert replace(status, failed=1).amiss


async def test_it_answers_itself_soon_after_the_start_without_a_delivery(deliveries, arrived):
    await deliveries.start(0)
    await _until(lambda: deliveries.status.tested_at)
    now = deliveries.status.tested_at + timedelta(seconds=12)
    assert deliveries.status.tested(now).startswith("tested 12 s ago, ")
    assert 0 < deliveries.status.test_seconds < 5
    assert deliveries.status.received == 0
    assert await deliveries.count() == 0
    assert arrived == []


async def test_a_listener_that_has_died_is_restarted_on_its_port_and_counts_on(deliveries):
    states = []
    deliveries.changed.connect(lambda status: states.append(status.state))
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1])
    port = deliveries.status.port
    await asyncio.to_thread(deliveries._listener.stop)  # as when its thread dies
    assert await deliveries.test()
    assert ListenerState.RESTARTING in states
    assert (deliveries.status.state, deliveries.status.port) == (ListenerState.LISTENING, port)
    assert (await _post(deliveries, deliveries.hooks[1])).status_code == 200
    assert (await deliveries.amount()).count == 2


async def test_a_listener_whose_port_was_taken_meanwhile_says_so_and_goes_on_trying(deliveries):
    await deliveries.start(0)
    await _until(lambda: deliveries.status.tested_at)
    port = deliveries.status.port
    await asyncio.to_thread(deliveries._listener.stop)
    thief = ServerThread(Starlette(), port=port)
    thief.start()
    assert not await deliveries.test()
    assert deliveries.status.state is ListenerState.RESTARTING
    assert str(port) in deliveries.status.sentence
    thief.stop()
    assert await deliveries.test()
    assert deliveries.status.listening


async def test_a_listener_that_answers_is_not_restarted_whatever_it_says(deliveries, caplog):
    def full():
        raise StorageUnavailable(Path("refiner.db"), "database or disk is full")

    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    proofs, states = [full, lambda: None], []
    deliveries._store.prove = lambda: proofs[0]()
    deliveries.changed.connect(lambda status: states.append(status.state))
    await deliveries.start(0)
    with socket.create_connection(("127.0.0.1", deliveries.status.port)) as sender:
        assert not await deliveries.test()
        assert "but it answered 507: The delivery could not be kept" in deliveries.status.sentence
        assert ListenerState.RESTARTING not in states
        del proofs[0]
        assert await deliveries.test()
        assert deliveries.status.problem == ""
        sender.sendall(b"GARBAGE\r\n\r\n")
        assert (await asyncio.to_thread(sender.recv, 100)).startswith(b"HTTP/1.1 400")


async def test_host_names_are_cleaned_or_refused(deliveries):
    def with_hosts(*hosts):
        return structs.replace(deliveries.settings, hosts=hosts)

    await deliveries.change(with_hosts("https://Hooks.example.org/a", "b.example:443"))
    assert deliveries.settings.hosts == ("hooks.example.org", "b.example")
    with pytest.raises(WrongHost, match="b/c"):
        await deliveries.change(with_hosts("a.example", "b/c"))
    assert deliveries.settings.hosts == ("hooks.example.org", "b.example")


async def test_an_open_hook_is_served_to_this_machine_only(deliveries):
    hook = replace(deliveries.hooks[0], token=Secret(""))
    await deliveries._hooks.put(hook)
    await deliveries.start(0)
    await deliveries.stop()
    await deliveries.change(structs.replace(deliveries.settings, host="0.0.0.0"))
    with pytest.raises(TokenDemanded, match=hook.name):
        await deliveries.start(0)
    assert deliveries.status.state is ListenerState.OFF


async def test_other_settings_hold_at_once(deliveries, arrived):
    await deliveries.start(0)
    port, hook = deliveries.status.port, deliveries.hooks[1]
    small = structs.replace(
        deliveries.settings, body_megabytes=1, browsers=True, hosts=("my.host.example",)
    )
    await deliveries.change(small)
    assert (deliveries.status.listening, deliveries.status.port) == (True, port)
    assert (await _post(deliveries, hook, content=b"x" * 2_000_000)).status_code == 413
    headers = {"Origin": "https://a.example", "Host": "My.Host.example:80"}
    assert (await _post(deliveries, hook, headers=headers)).status_code == 200


async def test_a_tunnels_name_is_let_in_as_long_as_it_runs(deliveries):
    await deliveries.start(0)
    hook, headers = deliveries.hooks[1], {"Host": "a-b.trycloudflare.com"}
    assert (await _post(deliveries, hook, headers=headers)).status_code == 403
    deliveries.let_in("a-b.trycloudflare.com")
    assert (await _post(deliveries, hook, headers=headers)).status_code == 200
    deliveries.let_in("")
    assert (await _post(deliveries, hook, headers=headers)).status_code == 403


async def test_hooks_that_are_changed_are_listened_for_at_once(deliveries):
    await deliveries.start(0)
    hook = replace(deliveries._hooks.draft(), answer=HookAnswer(202, (("X-A", "b"),), "thanks"))
    await deliveries._hooks.put(hook)
    answer = await _post(deliveries, hook)
    assert (answer.status_code, answer.headers["x-a"], answer.text) == (202, "b", "thanks")
    await deliveries._hooks.remove(hook.id)
    assert (await _post(deliveries, hook)).status_code == 404


async def test_retention_holds_from_when_it_is_set(deliveries, arrived):
    trimmed = []
    deliveries.trimmed.connect(lambda: trimmed.append(1))
    await deliveries.start(0)
    for _ in range(5):
        await _post(deliveries, deliveries.hooks[1])
    await _until(lambda: len(arrived) == 5)
    await deliveries.pin([arrived[0].id], True)
    retention = Retention(deliveries=2)
    await deliveries.change(structs.replace(deliveries.settings, retention=retention))
    assert list(await deliveries.ids()) == [arrived[4].id, arrived[3].id, arrived[0].id]
    assert trimmed == [1]


async def test_a_full_disk_is_told_to_the_sender_and_in_the_status(deliveries, database, caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    store, limits = deliveries._store, []

    def keep_on_a_full_disk(batch):
        if not limits:  # it holds for the listener's own connection
            pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
            database.connection().execute(f"PRAGMA max_page_count = {pages}").fetchall()
            limits.append(pages)
        return DeliveryStore.add_many(store, batch)

    store.add_many = keep_on_a_full_disk
    await deliveries.start(0)
    assert (await _post(deliveries, deliveries.hooks[1], content=b"x" * 200_000)).status_code == 507
    await deliveries.test()
    assert (deliveries.status.failed, deliveries.status.kept) == (1, 0)
    assert "not kept" in deliveries.status.sentence
    assert await deliveries.count() == 0

"""The listener as the window sees it: batches, counts, tokens, tests and restarts."""

import asyncio
import json
import logging
import os
import socket
import sys
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from msgspec import structs
from starlette.applications import Starlette

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.deliveries.arrivals import Arrivals
from refiner_desktop.services.deliveries.deliveries import DeliveriesService
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept, TokensRenewed
from refiner_desktop.services.deliveries.hooks import HookInvalid, HooksService
from refiner_desktop.services.deliveries.language import parse
from refiner_desktop.services.deliveries.listener import ListenerService
from refiner_desktop.services.deliveries.listener_life import NotListening, TokenDemanded
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
    store = DeliveryStore(database)
    hooks = HooksService(settings, secrets)
    deliveries = DeliveriesService(store, hooks, settings)
    arrivals = Arrivals(deliveries)
    return ListenerService(store, deliveries, arrivals, hooks, settings, mask or Mask())


@pytest.fixture
async def arrived(arrivals):
    rows = []
    arrivals.arrived.connect(rows.extend)
    return rows


async def _post(listener, hook, *, token=None, content=None, headers=None):
    token = hook.token.reveal() if token is None else token
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(
            listener.url(hook),
            content=json.dumps(PAYLOAD).encode() if content is None else content,
            headers={"Authorization": f"Bearer {token}", "X-Case": "Kept", **(headers or {})},
        )


async def _until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_delivery_is_shown_and_kept(listener, deliveries, arrived):
    await listener.start(0)
    hook = listener.hooks[1]
    assert (await _post(listener, hook)).status_code == 200
    await _until(lambda: arrived)
    assert (arrived[0].kind, arrived[0].verdict) == (Kind.SEGMENT_ENTERED, Verdict.ACCEPTED)
    assert [row.id for row in await deliveries.newest(limit=10)] == [arrived[0].id]
    assert (await deliveries.get(arrived[0].id)).body == json.dumps(PAYLOAD).encode()
    assert listener.status.kept == 1


async def test_a_wrong_token_is_refused_kept_and_counted(listener, arrived):
    await listener.start(0)
    assert (await _post(listener, listener.hooks[0], token="wrong")).status_code == 401
    await _until(lambda: arrived)
    assert arrived[0].verdict is Verdict.REFUSED
    assert listener.status.refused == 1


async def test_many_deliveries_come_in_few_batches(listener, arrivals):
    batches = []
    arrivals.arrived.connect(lambda rows: batches.append(len(rows)))
    await listener.start(0)
    await asyncio.gather(*(_post(listener, listener.hooks[1]) for _ in range(60)))
    await _until(lambda: sum(batches) == 60)
    assert len(batches) < 30


async def test_what_arrived_before_a_stop_is_still_handed_over(listener, arrived):
    await listener.start(0)
    await _post(listener, listener.hooks[1])
    await listener.stop()
    assert len(arrived) == 1
    assert not listener.status.listening


async def test_a_port_in_use_is_said_and_the_listener_stays_off(listener):
    other = ServerThread(Starlette())
    other.start()
    with pytest.raises(PortInUse) as caught:
        await listener.start(other.port)
    other.stop()
    assert listener.status.state is ListenerState.OFF
    assert caught.value.next_free > other.port
    if sys.platform == "linux":
        assert f"(process {os.getpid()})" in str(caught.value)


async def test_tokens_and_port_are_the_same_after_a_restart(listener, database, secrets, settings):
    await listener.start(0)
    port, tokens = listener.status.port, [hook.token for hook in listener.hooks]
    await listener.stop()
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


async def test_it_listens_with_new_tokens_and_says_so_where_the_old_ones_are_gone(
    listener, database, settings
):
    await listener.start(0)
    await listener.stop()
    again = serve(database, MemoryStore(), settings)
    with pytest.raises(TokensRenewed):
        await again.start(0)
    old, new = listener.hooks[1].token, again.hooks[1].token
    assert (await _post(again, again.hooks[1])).status_code == 200
    assert (await _post(again, replace(again.hooks[1], token=old))).status_code == 401
    assert old != new
    await again.aclose()


async def test_no_token_is_written_to_any_file(listener, arrived, tmp_path):
    await listener.start(0)
    await _post(listener, listener.hooks[1])
    await _until(lambda: arrived)
    token = listener.hooks[1].token.reveal().encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(token in path.read_bytes() for path in files)


async def test_a_listener_that_was_turned_on_is_remembered_and_one_that_was_started_is_not(
    listener, settings
):
    await listener.start(0)
    assert not settings.current.listener.autostart
    await listener.turn_on(0)
    assert settings.current.listener.autostart
    await listener.turn_off()
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


async def test_a_start_that_is_cancelled_leaves_no_port_open(listener):
    for _ in range(5):
        starting = asyncio.create_task(listener.start(0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    assert not [each for each in threading.enumerate() if each.name == "webhook listener"]
    assert not listener.status.listening


def _of(project):
    return json.dumps(PAYLOAD | {"project_uuid": project}).encode()


async def test_deliveries_of_other_environments_are_kept_counted_and_not_shown(
    listener, deliveries, arrivals, arrived
):
    withheld = []
    arrivals.withheld.connect(lambda: withheld.append(1))
    deliveries.hidden.hide(frozenset({"p-2", ""}))
    await listener.start(0)
    for project in ("p-1", "p-2", ""):
        await _post(listener, listener.hooks[1], content=_of(project))
    await _until(lambda: len(arrived) == 2 and withheld)
    assert [row.id for row in await deliveries.newest(limit=10)] == [3, 1]
    assert await deliveries.count_hidden() == 1
    assert listener.status.kept == 3
    deliveries.hidden.hide(frozenset())
    assert len(await deliveries.newest(limit=10)) == 3
    assert await deliveries.count_hidden() == 0


async def test_hiding_the_same_projects_again_changes_nothing(deliveries):
    changes = []
    deliveries.hidden.changed.connect(lambda: changes.append(1))
    deliveries.hidden.hide(frozenset({"p-1"}))
    deliveries.hidden.hide(frozenset({"p-1", ""}))
    assert changes == [1]


async def test_the_token_that_is_listened_for_is_masked_everywhere(database, secrets, settings):
    mask = Mask()
    service = serve(database, secrets, settings, mask)
    await service.start(0)
    token = service.hooks[0].token.reveal()
    await service.aclose()
    assert mask.text(f"a {token} b") == f"a {MASK} b"


async def test_received_kept_and_shown_come_out_the_same(listener, arrived):
    await listener.start(0)
    await asyncio.gather(*(_post(listener, listener.hooks[1]) for _ in range(20)))
    await _until(lambda: len(arrived) == 20)
    status = listener.status
    assert (status.received, status.kept, status.shown) == (20, 20, 20)
    assert status.amiss == ""
    assert replace(status, shown=19).amiss
    assert replace(status, kept=19).amiss
    assert replace(status, failed=1).amiss


async def test_it_answers_itself_soon_after_the_start_without_a_delivery(
    listener, deliveries, arrived
):
    await listener.start(0)
    await _until(lambda: listener.status.tested_at)
    assert 0 < listener.status.test_seconds < 5
    assert listener.status.received == 0
    assert await deliveries.count() == 0
    assert arrived == []


async def test_a_listener_that_has_died_is_restarted_on_its_port_and_counts_on(
    listener, deliveries
):
    states = []
    listener.changed.connect(lambda status: states.append(status.state))
    await listener.start(0)
    await _post(listener, listener.hooks[1])
    port = listener.status.port
    await asyncio.to_thread(listener._life._listener.stop)  # as when its thread dies
    assert await listener.test()
    assert ListenerState.RESTARTING in states
    assert (listener.status.state, listener.status.port) == (ListenerState.LISTENING, port)
    assert (await _post(listener, listener.hooks[1])).status_code == 200
    assert (await deliveries.amount()).count == 2


async def test_a_listener_whose_port_was_taken_meanwhile_says_so_and_goes_on_trying(listener):
    await listener.start(0)
    await _until(lambda: listener.status.tested_at)
    port = listener.status.port
    await asyncio.to_thread(listener._life._listener.stop)
    thief = ServerThread(Starlette(), port=port)
    thief.start()
    assert not await listener.test()
    assert listener.status.state is ListenerState.RESTARTING
    assert str(port) in listener.status.sentence()
    thief.stop()
    assert await listener.test()
    assert listener.status.listening


async def test_an_open_hook_is_served_to_this_machine_only(listener):
    hook = replace(listener.hooks[0], token=Secret(""))
    await listener._hooks.put(hook)
    await listener.start(0)
    await listener.stop()
    await listener.change(structs.replace(listener.settings, host="0.0.0.0"))
    with pytest.raises(TokenDemanded, match=hook.name):
        await listener.start(0)
    assert listener.status.state is ListenerState.OFF


async def test_other_settings_hold_at_once(listener, arrived):
    await listener.start(0)
    port, hook = listener.status.port, listener.hooks[1]
    small = structs.replace(
        listener.settings, body_megabytes=1, browsers=True, hosts=("my.host.example",)
    )
    await listener.change(small)
    assert (listener.status.listening, listener.status.port) == (True, port)
    assert (await _post(listener, hook, content=b"x" * 2_000_000)).status_code == 413
    headers = {"Origin": "https://a.example", "Host": "My.Host.example:80"}
    assert (await _post(listener, hook, headers=headers)).status_code == 200


async def test_a_tunnels_name_is_let_in_as_long_as_it_runs(listener):
    await listener.start(0)
    hook, headers = listener.hooks[1], {"Host": "a-b.trycloudflare.com"}
    assert (await _post(listener, hook, headers=headers)).status_code == 403
    listener.let_in("a-b.trycloudflare.com")
    assert (await _post(listener, hook, headers=headers)).status_code == 200
    listener.let_in("")
    assert (await _post(listener, hook, headers=headers)).status_code == 403


async def test_hooks_that_are_changed_are_listened_for_at_once(listener):
    await listener.start(0)
    hook = replace(listener._hooks.draft(), answer=HookAnswer(202, (("X-A", "b"),), "thanks"))
    await listener._hooks.put(hook)
    answer = await _post(listener, hook)
    assert (answer.status_code, answer.headers["x-a"], answer.text) == (202, "b", "thanks")
    await listener._hooks.remove(hook.id)
    assert (await _post(listener, hook)).status_code == 404


async def test_retention_holds_from_when_it_is_set(listener, deliveries, arrived):
    trimmed = []
    deliveries.trimmed.connect(trimmed.append)
    await listener.start(0)
    for _ in range(5):
        await _post(listener, listener.hooks[1])
    await _until(lambda: len(arrived) == 5)
    await deliveries.pin([arrived[0].id], True)
    retention = Retention(deliveries=2)
    await listener.change(structs.replace(listener.settings, retention=retention))
    assert list(await deliveries.ids()) == [arrived[4].id, arrived[3].id, arrived[0].id]
    assert trimmed == [[arrived[2].id, arrived[1].id]]


async def test_what_arrives_pushes_the_oldest_out_within_two_seconds(
    listener, deliveries, settings, arrived
):
    limits = structs.replace(listener.settings, retention=Retention(deliveries=2))
    await settings.save(structs.replace(settings.current, listener=limits))
    await listener.start(0)
    for _ in range(5):
        await _post(listener, listener.hooks[1])
    await _until(lambda: len(arrived) == 5)
    async with asyncio.timeout(2):
        while await deliveries.count() > 2:
            await asyncio.sleep(0.02)


async def test_a_full_disk_is_told_to_the_sender_and_in_the_status(
    listener, deliveries, store, database, caplog
):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    limits = []

    def keep_on_a_full_disk(batch):
        if not limits:  # it holds for the listener's own connection
            pages = database.connection().execute("PRAGMA page_count").fetchone()[0]
            database.connection().execute(f"PRAGMA max_page_count = {pages}").fetchall()
            limits.append(pages)
        return DeliveryStore.add_many(store, batch)

    store.add_many = keep_on_a_full_disk
    await listener.start(0)
    await _until(lambda: listener.status.tested_at)  # it leaves room for the test, and only for it
    assert (await _post(listener, listener.hooks[1], content=b"x" * 200_000)).status_code == 507
    await listener.test()
    assert (listener.status.failed, listener.status.kept) == (1, 0)
    assert "not kept" in listener.status.sentence()
    assert await deliveries.count() == 0


async def test_what_was_not_kept_is_counted_though_the_test_fails_as_well(listener, store, caplog):
    def full(*_):
        raise StorageUnavailable(Path("refiner.db"), "database or disk is full")

    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    store.add_many = store.prove = full
    await listener.start(0)
    assert (await _post(listener, listener.hooks[1])).status_code == 507
    assert not await listener.test()
    assert (listener.status.failed, listener.status.kept) == (1, 0)
    assert "could not be written to the disk" in listener.status.amiss


async def test_no_hook_is_opened_while_others_reach_the_listener(listener, hooks):
    guarded, other = listener.hooks
    await listener.change(structs.replace(listener.settings, host="0.0.0.0"))
    await listener.start(0)
    with pytest.raises(HookInvalid) as caught:
        await hooks.put(replace(guarded, token=Secret("")))
    assert list(caught.value.problems) == ["token"]
    assert (await _post(listener, guarded, token="any")).status_code == 401
    await listener.stop()
    await hooks.put(replace(guarded, token=Secret("")))
    await listener.change(structs.replace(listener.settings, host="127.0.0.1"))
    await listener.start(0)
    listener.let_in("a-b.trycloudflare.com")
    with pytest.raises(HookInvalid, match="trycloudflare"):
        await hooks.put(replace(other, token=Secret("")))
    await hooks.put(replace(guarded, token=Secret(""), name="Open on purpose"))


async def test_settings_that_can_not_hold_are_not_saved_and_it_goes_on_as_before(listener):
    await listener.start(0)
    before, port = listener.settings, listener.status.port
    with pytest.raises(OSError, match=r"."):
        await listener.change(structs.replace(before, host="203.0.113.1"))
    assert listener.settings == before
    assert (listener.status.listening, listener.status.port) == (True, port)
    assert (await _post(listener, listener.hooks[1])).status_code == 200


async def test_a_test_while_it_is_off_says_that_it_is_off(listener):
    with pytest.raises(NotListening):
        await listener.test()


async def test_a_test_that_meets_a_stop_leaves_nothing_listening(listener):
    for turns in range(8):
        await listener.start(0)
        started = listener._life._listener

        async def test_later(turns=turns):
            for _ in range(turns * 3):
                await asyncio.sleep(0)
            return await listener.test()

        await asyncio.gather(listener.stop(), test_later(), return_exceptions=True)
        assert not started.running
        assert listener.status.state is ListenerState.OFF


async def test_hidden_deliveries_are_counted_apart_from_those_that_are_shown(
    listener, deliveries, arrivals, arrived
):
    deliveries.hidden.hide(frozenset({"p-2"}))
    await listener.start(0)
    for project in ("p-1", "p-2"):
        await _post(listener, listener.hooks[1], content=_of(project))
    await _until(lambda: listener.status.shown + listener.status.hidden == 2)
    assert (listener.status.shown, listener.status.hidden, len(arrived)) == (1, 1, 1)
    assert listener.status.amiss == ""


async def test_its_address_is_the_one_it_listens_on(listener, hooks):
    await hooks.open_tokens()
    await listener.change(structs.replace(listener.settings, host="::1"))
    await listener.start(0)
    assert listener.address("/x") == f"http://[::1]:{listener.status.port}/x"
    assert (await _post(listener, listener.hooks[1])).status_code == 200


async def test_a_renamed_hook_keeps_its_deliveries_and_a_removed_one_is_offered(
    listener, deliveries, arrived, hooks
):
    await listener.start(0)
    first, second = hooks.hooks
    for hook in (first, second):
        await _post(listener, hook)
    await _until(lambda: len(arrived) == 2)
    await hooks.put(replace(first, name="NPS"))
    await hooks.remove(second.id)
    assert [row.hook for row in await deliveries.newest()] == [second.name, "NPS"]
    known = await deliveries.known_hooks()
    assert known == ((first.id, "NPS"), (second.id, second.name))
    found = await deliveries.newest(parse("hook:NPS", known).search)
    assert [row.hook_id for row in found] == [first.id]
    assert len(await deliveries.newest(parse(f'hook:"{second.name}"', known).search)) == 1


async def test_a_listener_that_answers_is_not_restarted_whatever_it_says(listener, store, caplog):
    def full():
        raise StorageUnavailable(Path("refiner.db"), "database or disk is full")

    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    proofs, states = [full, lambda: None], []
    store.prove = lambda: proofs[0]()
    listener.changed.connect(lambda status: states.append(status.state))
    await listener.start(0)
    with socket.create_connection(("127.0.0.1", listener.status.port)) as sender:
        assert not await listener.test()
        assert "but it answered 507: The delivery could not be kept" in listener.status.sentence()
        assert ListenerState.RESTARTING not in states
        del proofs[0]
        assert await listener.test()
        assert listener.status.problem == ""
        sender.sendall(b"GARBAGE\r\n\r\n")
        assert (await asyncio.to_thread(sender.recv, 100)).startswith(b"HTTP/1.1 400")


async def test_host_names_are_cleaned_or_refused(listener):
    def with_hosts(*hosts):
        return structs.replace(listener.settings, hosts=hosts)

    await listener.change(with_hosts("https://Hooks.example.org/a", "b.example:443"))
    assert listener.settings.hosts == ("hooks.example.org", "b.example")
    with pytest.raises(WrongHost, match="b/c"):
        await listener.change(with_hosts("a.example", "b/c"))
    assert listener.settings.hosts == ("hooks.example.org", "b.example")

"""The listener as the window sees it: batches, counts, tokens, replay and passing on."""

import asyncio
import json
import threading

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.services.deliveries import DeliveriesService, NotListening
from refiner_desktop.services.hook_tokens import TokensNotKept
from refiner_desktop.serving import PortInUse, ServerThread
from refiner_desktop.settings.secrets import KeyringMissing, MemoryStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.storage.deliveries import DeliveryStore
from refiner_desktop.webhooks.delivery import Kind, Verdict

pytestmark = pytest.mark.anyio

PAYLOAD = {"uuid": "c-1", "remote_id": "u-1", "triggered_event": "Segment Match", "segments": []}


@pytest.fixture
async def deliveries(database, secrets, settings):
    service = DeliveriesService(DeliveryStore(database), secrets, settings, Mask())
    yield service
    await service.aclose()


@pytest.fixture
async def arrived(deliveries):
    rows = []
    deliveries.arrived.connect(rows.extend)
    return rows


async def _post(deliveries, hook, *, token=None, content=None):
    token = hook.token.reveal() if token is None else token
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(
            deliveries.url(hook),
            content=json.dumps(PAYLOAD).encode() if content is None else content,
            headers={"Authorization": f"Bearer {token}", "X-Case": "Kept"},
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
    assert [row.id for row in await deliveries.newest(10)] == [arrived[0].id]
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
    with pytest.raises(PortInUse):
        await deliveries.start(other.port)
    other.stop()
    assert not deliveries.status.listening


async def test_tokens_and_port_are_the_same_after_a_restart(
    deliveries, database, secrets, settings
):
    await deliveries.start(0)
    port, tokens = deliveries.status.port, [hook.token for hook in deliveries.hooks]
    await deliveries.stop()
    again = DeliveriesService(DeliveryStore(database), secrets, settings, Mask())
    await again.start(port)
    assert [hook.token for hook in again.hooks] == tokens
    assert again.status.port == port
    await again.aclose()


async def test_without_a_keyring_the_listener_runs_with_tokens_for_the_session(database, settings):
    class NoStore(MemoryStore):
        async def load(self, name):
            raise KeyringMissing("none")

    service = DeliveriesService(DeliveryStore(database), NoStore(), settings, Mask())
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


async def test_a_replay_brings_the_same_bytes_with_a_token_that_opens(deliveries, arrived):
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1], content=b'{"a": 1,   "b": [2]}')
    await _until(lambda: arrived)
    outcome = await deliveries.replay(arrived[0].id)
    assert outcome.status == 200
    await _until(lambda: len(arrived) == 2)
    again = await deliveries.get(arrived[1].id)
    assert again.body == b'{"a": 1,   "b": [2]}'
    assert ("X-Case", "Kept") in again.headers


async def test_a_replay_needs_the_listener(deliveries):
    with pytest.raises(NotListening):
        await deliveries.replay(1)


async def test_deliveries_are_passed_on_with_the_same_bytes(deliveries, settings, tmp_path):
    bodies = []

    async def receive(request):
        bodies.append(await request.body())
        return Response()

    target = ServerThread(Starlette(routes=[Route("/in", receive, methods=["POST"])]))
    target.start()
    hook = deliveries.hooks[1]
    await deliveries.set_forward_to(hook, f"http://127.0.0.1:{target.port}/in")
    outcomes = []
    deliveries.forwarded.connect(lambda row, outcome: outcomes.append(outcome.status))
    await deliveries.start(0)
    await _post(deliveries, hook)
    await _post(deliveries, hook, token="wrong")
    await _until(lambda: outcomes)
    target.stop()
    assert bodies == [json.dumps(PAYLOAD).encode()]
    assert outcomes == [200]
    assert SettingsStore(tmp_path / "settings.json").current.listener.forward_to


async def test_clearing_deletes_what_was_kept(deliveries, arrived):
    await deliveries.start(0)
    await _post(deliveries, deliveries.hooks[1])
    await _until(lambda: arrived)
    await deliveries.clear()
    assert await deliveries.newest(10) == []


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

    service = DeliveriesService(DeliveryStore(database), SlowStore(), settings, Mask())
    service._tokens._patience = 0.05
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


@pytest.mark.parametrize("url", ["localhost:3000", "ftp://x", "http://", "http://exa mple/"])
async def test_deliveries_are_passed_on_to_http_addresses_only(deliveries, url):
    with pytest.raises(ValueError, match="HTTP"):
        await deliveries.set_forward_to(deliveries.hooks[0], url)
    assert deliveries.forward_to(deliveries.hooks[0]) == ""


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
    assert [row.id for row in await deliveries.newest(10)] == [3, 1]
    assert await deliveries.count_hidden() == 1
    assert deliveries.status.kept == 3
    deliveries.hide_projects(frozenset())
    assert len(await deliveries.newest(10)) == 3
    assert await deliveries.count_hidden() == 0


async def test_hiding_the_same_projects_again_changes_nothing(deliveries):
    changes = []
    deliveries.hiding_changed.connect(lambda: changes.append(1))
    deliveries.hide_projects(frozenset({"p-1"}))
    deliveries.hide_projects(frozenset({"p-1", ""}))
    assert changes == [1]


async def test_a_hidden_delivery_is_passed_on_all_the_same(deliveries):
    target = ServerThread(Starlette(routes=[Route("/", lambda _: Response(), methods=["POST"])]))
    target.start()
    hook = deliveries.hooks[1]
    await deliveries.set_forward_to(hook, f"http://127.0.0.1:{target.port}/")
    outcomes = []
    deliveries.forwarded.connect(lambda row, outcome: outcomes.append(outcome.status))
    deliveries.hide_projects(frozenset({"p-2"}))
    await deliveries.start(0)
    await _post(deliveries, hook, content=_of("p-2"))
    await _until(lambda: outcomes)
    target.stop()
    assert outcomes == [200]


async def test_a_key_in_a_delivery_is_neither_kept_shown_nor_passed_on(
    database, secrets, settings, tmp_path
):
    bodies = []

    async def receive(request):
        bodies.append(await request.body())
        return Response()

    target = ServerThread(Starlette(routes=[Route("/", receive, methods=["POST"])]))
    target.start()
    key = "b5d1f7a0-3c1e-4f6b-8a2d-123456789abc"
    service = DeliveriesService(DeliveryStore(database), secrets, settings, Mask(Secret(key)))
    rows = []
    service.arrived.connect(rows.extend)
    hook = service.hooks[1]
    await service.set_forward_to(hook, f"http://127.0.0.1:{target.port}/")
    await service.start(0)
    content = json.dumps(PAYLOAD | {"email": key, "display_name": key}).encode()
    await _post(service, service.hooks[1], content=content)
    await _until(lambda: bodies and rows)
    await service.aclose()
    target.stop()
    assert key not in repr(rows)
    assert bodies == [content.replace(key.encode(), MASK.encode())]
    assert not any(key.encode() in path.read_bytes() for path in tmp_path.rglob("*.db*"))


async def test_the_token_that_is_listened_for_is_masked_everywhere(database, secrets, settings):
    mask = Mask()
    service = DeliveriesService(DeliveryStore(database), secrets, settings, mask)
    await service.start(0)
    token = service.hooks[0].token.reveal()
    await service.aclose()
    assert mask.text(f"a {token} b") == f"a {MASK} b"

"""Hooks that are added, edited and removed, and what of them outlives the application."""

from dataclasses import replace

import pytest

from refiner_desktop.secret import Secret
from refiner_desktop.services.deliveries.hook_tokens import TokensNotKept, TokensRenewed
from refiner_desktop.services.deliveries.hooks import HookInvalid, HooksService
from refiner_desktop.settings.secrets import KeyringMissing, MemoryStore
from refiner_desktop.settings.settings import SettingsStore
from refiner_desktop.webhooks.delivery import Kind
from refiner_desktop.webhooks.hooks import HookAnswer

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hooks(settings, secrets):
    service = HooksService(settings, secrets)
    await service.open_tokens()
    return service


@pytest.fixture
async def restarted(tmp_path, secrets):
    async def restart():
        service = HooksService(SettingsStore(tmp_path / "settings.json"), secrets)
        await service.open_tokens()
        return service.hooks

    return restart


async def test_the_first_two_hooks_are_there_with_the_tokens_of_last_time(hooks, restarted):
    assert [hook.name for hook in hooks.hooks] == ["Completed surveys", "Segment entries"]
    assert await restarted() == hooks.hooks


async def test_a_hook_comes_back_as_it_was_put(hooks, restarted):
    changes = []
    hooks.changed.connect(lambda: changes.append(1))
    hook = replace(
        hooks.draft(),
        name="Tags",
        path="/hooks/tags",
        watches=frozenset({Kind.TAG_ADDED, Kind.OTHER}),
        answer=HookAnswer(202, (("X-A", "b"),), "thanks", 1.5),
        forward_to="http://localhost:3000/",
        header="X-Token",
        prefix="",
    )
    await hooks.put(hook)
    await hooks.put(renamed := replace(hook, name="Tagged", token=Secret("another-long-token")))
    assert hooks.hooks[2:] == (renamed,)
    assert await restarted() == hooks.hooks
    assert changes == [1, 1]
    assert (hooks.named("Tagged"), hooks.hook(hook.id)) == (renamed, renamed)


async def test_a_hook_without_a_token_stays_open(hooks, restarted):
    await hooks.put(replace(hooks.hooks[0], token=Secret("")))
    assert not (await restarted())[0].token


async def test_a_removed_hook_is_gone_with_its_token(hooks, restarted, secrets):
    gone = hooks.hooks[0]
    await hooks.remove(gone.id)
    await hooks.remove("nobody")
    assert [hook.name for hook in await restarted()] == ["Segment entries"]
    assert await secrets.load(gone.token_name) is None


async def test_a_hook_in_the_way_of_another_is_refused(hooks):
    before = hooks.hooks
    with pytest.raises(HookInvalid) as caught:
        await hooks.put(replace(hooks.draft(), path=before[0].path))
    assert list(caught.value.problems) == ["path"]
    assert hooks.hooks == before


async def test_a_hook_holds_though_its_token_could_not_be_kept(settings):
    class NoStore(MemoryStore):
        async def save(self, name, secret):
            raise KeyringMissing("none")

    hooks = HooksService(settings, NoStore())
    with pytest.raises(TokensNotKept):
        await hooks.put(hook := hooks.draft())
    assert hook in hooks.hooks


async def test_it_is_said_once_that_tokens_of_earlier_sessions_are_gone(hooks, tmp_path):
    saved = SettingsStore(tmp_path / "settings.json")
    without_a_keyring = HooksService(saved, MemoryStore())
    with pytest.raises(TokensRenewed, match=r"^Completed surveys, Segment entries$"):
        await without_a_keyring.open_tokens()
    assert {hook.token for hook in without_a_keyring.hooks}.isdisjoint(
        hook.token for hook in hooks.hooks
    )
    await without_a_keyring.open_tokens()
    await without_a_keyring.put(replace(without_a_keyring.draft(), token=Secret("")))
    await without_a_keyring.open_tokens()


async def test_no_token_is_in_the_settings(hooks, tmp_path):
    await hooks.put(hook := hooks.draft())
    assert hook.token.reveal() not in (tmp_path / "settings.json").read_text()


async def test_what_a_person_wrote_wrongly_into_the_settings_becomes_what_is_usual(
    hooks, tmp_path, restarted
):
    await hooks.put(replace(hooks.draft(), watches=frozenset({Kind.OTHER})))
    file = tmp_path / "settings.json"
    text = file.read_text().replace('"other"', '"others"').replace('"status": 200', '"status": 9')
    file.write_text(text)
    hook = (await restarted())[2]
    assert (hook.watches, hook.answer) == (frozenset(), HookAnswer())

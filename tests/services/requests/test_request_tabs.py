"""Tabs come back as they were typed, whatever ends the application."""

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.masking import Mask
from refiner_desktop.services.requests.draft import EMPTY, BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.request_tab import RequestTab, read, written
from refiner_desktop.services.requests.tabs import SCRATCH, WRITE_SECONDS, RequestTabs
from refiner_desktop.settings.settings import Patience
from refiner_desktop.storage.database import Database, StorageUnavailable
from refiner_desktop.storage.request_tabs import RequestTabStore

pytestmark = pytest.mark.anyio

FULL = RequestDraft(
    "POST",
    "responses?a=1",
    query=(Row("form_uuids[]", "x"), Row("page", "2", on=False)),
    headers=(Row("X-A", "ö"), Row("", "")),
    without=("accept",),
    body=BodyKind.FORM,
    text='{"half": "\ud83d"}',
    form=(Row("response_data[nps]", "9"),),
    file="~/body.bin",
    patience=Patience(connect=1, read=2, total=3),
)

texts = st.text(st.characters(codec=None), max_size=20)
rows = st.lists(st.builds(Row, texts, texts, st.booleans()), max_size=3).map(tuple)
drafts = st.builds(
    RequestDraft, method=texts, path=texts, query=rows, headers=rows, text=texts, form=rows
)


async def again(tab_store, mask, environment="here"):
    other = RequestTabs(tab_store, mask)
    await other.enter(environment)
    return other


async def test_a_scratch_tab_is_there_from_the_start(tabs):
    assert [tab.id for tab in tabs.all] == [SCRATCH]
    assert tabs.front.draft == RequestDraft()
    assert tabs.front.title == "New request"
    assert not tabs.front.edited


async def test_everything_typed_comes_back_in_its_order_with_the_front_one(tabs, tab_store, mask):
    tabs.edit(SCRATCH, RequestDraft(path="forms"))
    first = tabs.open(FULL)
    second = tabs.open(RequestDraft(path="second"), saved="a/b.toml")
    tabs.arrange([second.id, SCRATCH, first.id])
    tabs.show(first.id)
    await tabs.flush()
    other = await again(tab_store, mask)
    assert other.all == tabs.all
    assert other.front.draft == FULL
    assert other.tab(second.id).title == "b"


async def test_what_is_typed_is_on_the_disk_within_300_ms(tabs, tab_store, mask):
    tabs.edit(SCRATCH, RequestDraft(path="a"))
    for _ in range(5):  # typing on does not put it off
        await asyncio.sleep(WRITE_SECONDS / 5)
        tabs.edit(SCRATCH, RequestDraft(path=tabs.front.draft.path + "b"))
    await asyncio.sleep(0.1)
    assert (await again(tab_store, mask)).front.draft.path.startswith("ab")


async def test_what_was_typed_survives_a_kill(tmp_path):
    program = f"""
    import asyncio, os, signal
    from pathlib import Path
    from refiner_desktop.masking import Mask
    from refiner_desktop.services.requests.draft import RequestDraft
    from refiner_desktop.services.requests.tabs import RequestTabs
    from refiner_desktop.storage.database import Database
    from refiner_desktop.storage.request_tabs import RequestTabStore

    async def main():
        database = Database.open(Path({str(tmp_path / "refiner.db")!r}))
        tabs = RequestTabs(RequestTabStore(database), Mask())
        await tabs.enter("here")
        tabs.open(RequestDraft("POST", "track-event"))
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(main())
    """
    await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", textwrap.dedent(program)], check=False, timeout=60
    )
    database = Database.open(tmp_path / "refiner.db")
    tabs = await again(RequestTabStore(database), Mask())
    database.close()
    assert tabs.front.draft == RequestDraft("POST", "track-event")


async def test_environments_have_tabs_of_their_own(tabs):
    tabs.edit(SCRATCH, RequestDraft(path="here"))
    await tabs.enter("there")
    assert tabs.front.draft == RequestDraft()
    tabs.edit(SCRATCH, RequestDraft(path="there"))
    await tabs.enter("here")
    assert tabs.front.draft.path == "here"


async def test_a_closed_tab_can_be_opened_again(tabs, tab_store, mask):
    tab = tabs.open(FULL, saved="a.toml")
    tabs.edit(tab.id, RequestDraft(path="changed"))
    assert tabs.close(tab.id).id == SCRATCH
    await tabs.flush()
    assert len((await again(tab_store, mask)).all) == 1
    back = tabs.reopen()
    assert (back.draft.path, back.saved, back.base) == ("changed", "a.toml", FULL)
    assert back.edited
    assert tabs.reopen() is None


async def test_closing_the_front_tab_shows_its_neighbour(tabs):
    first, second, third = (tabs.open(RequestDraft(path=str(n))) for n in range(3))
    tabs.show(second.id)
    assert tabs.close(second.id).id == third.id
    assert tabs.close(third.id).id == first.id
    assert tabs.front.id == first.id


async def test_the_scratch_tab_is_emptied_and_not_closed(tabs):
    tabs.edit(SCRATCH, FULL)
    assert tabs.close(SCRATCH).draft == RequestDraft()
    assert tabs.reopen().draft == FULL
    assert {tab.id for tab in tabs.all} > {SCRATCH}


async def test_tabs_follow_a_file_or_folder_that_is_moved(tabs):
    one = tabs.open(FULL, saved="old/a.toml")
    other = tabs.open(FULL, saved="older/a.toml")
    tabs.follow("old", "new")
    assert tabs.tab(one.id).saved == "new/a.toml"
    assert tabs.tab(other.id).saved == "older/a.toml"
    tabs.follow("new/a.toml", "b.toml")
    assert tabs.tab(one.id).title == "b"


async def test_a_tab_is_edited_until_its_file_has_the_same(tabs):
    tab = tabs.open(FULL, saved="a.toml")
    assert not tab.edited
    changed = tabs.edit(tab.id, RequestDraft())
    assert changed.edited
    assert not tabs.settle(tab.id, "a.toml", RequestDraft()).edited


async def test_no_credential_reaches_the_disk(tabs, key, tab_store, mask, tmp_path):
    text = key.reveal()
    tabs.edit(
        SCRATCH,
        RequestDraft(
            path=f"account?api_key={text}",
            query=(Row("a", text), Row("api_key", "someone-elses-key")),
            headers=(
                Row("Authorization", "Bearer not-known-to-us"),
                Row("Cookie", "a=1"),
                Row("Authorization", "Bearer {{token}}"),
            ),
            text=f'{{"k": "{text}", "api_key": "not-known-to-us"}}\na=1&api_key=not-known-to-us',
        ),
    )
    await tabs.flush()
    assert text in tabs.front.draft.path  # what is on the screen stays
    back = (await again(tab_store, mask)).front.draft
    assert back.headers[0] == Row("Authorization", "", on=False)
    assert back.headers[2] == Row("Authorization", "Bearer {{token}}")
    for path in tmp_path.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert text.encode() not in data
        assert b"not-known-to-us" not in data
        assert b"someone-elses-key" not in data


async def test_a_failed_write_is_told_and_made_up_for(tabs, tab_store, mask, database):
    troubles = []
    tabs.troubled.connect(troubles.append)
    database.connection().execute("ALTER TABLE request_tab RENAME TO gone")
    tabs.edit(SCRATCH, RequestDraft(path="a"))
    await tabs.flush()
    assert len(troubles) == 1
    database.connection().execute("ALTER TABLE gone RENAME TO request_tab")
    tabs.open(RequestDraft(path="b"))
    await tabs.flush()
    assert [tab.draft.path for tab in (await again(tab_store, mask)).all] == ["a", "b"]


async def test_a_tab_that_another_version_wrote_is_left_alone(tabs, tab_store, mask):
    tab_store.put("here", [SCRATCH, "later"], SCRATCH, {"later": '{"draft": 7}'})
    other = await again(tab_store, mask)
    other.open(FULL)
    await other.flush()
    assert "later" in tab_store.all("here")[0]


@given(drafts)
def test_any_text_comes_back_from_the_disk(draft):
    tab = RequestTab("x", draft)
    assert read(written(tab, Mask())).draft == draft


@pytest.fixture
def full_disk(database):
    """The first write fails, and the disk has room again when it is emptied."""
    database.connection().execute("ALTER TABLE request_tab RENAME TO gone")
    return lambda: database.connection().execute("ALTER TABLE gone RENAME TO request_tab")


@pytest.mark.parametrize("leave", [lambda tabs: tabs.enter("there"), lambda tabs: tabs.aclose()])
async def test_what_a_write_has_failed_for_is_written_before_it_is_left(
    tabs, tab_store, mask, full_disk, leave
):
    tabs.edit(SCRATCH, RequestDraft(path="precious"))
    await tabs.flush()
    full_disk()
    await leave(tabs)
    assert (await again(tab_store, mask)).front.draft.path == "precious"


async def test_what_could_not_be_written_at_all_is_there_when_its_environment_is_again(
    tabs, tab_store, mask, monkeypatch
):
    def refuse(*_arguments):
        raise StorageUnavailable(Path("refiner.db"), "disk full")

    tabs.edit(SCRATCH, RequestDraft(path="precious"))
    with monkeypatch.context() as patched:
        patched.setattr(tab_store, "put", refuse)
        await tabs.enter("there")
    await tabs.enter("here")
    assert tabs.front.draft.path == "precious"
    await tabs.flush()
    assert (await again(tab_store, mask)).front.draft.path == "precious"


async def test_every_tab_that_was_closed_can_be_opened_again_in_its_own_environment(tabs):
    for number in range(30):
        tabs.close(tabs.open(RequestDraft(path=f"work{number}")).id)
    await tabs.enter("there")
    assert tabs.reopen() is None
    await tabs.enter("here")
    assert [tabs.reopen().draft.path for _ in range(30)] == [f"work{n}" for n in range(29, -1, -1)]
    assert tabs.reopen() is None


async def test_what_was_typed_before_an_environment_was_entered_waits_for_the_next_start(
    tab_store, mask
):
    early = RequestTabs(tab_store, mask)
    early.edit(SCRATCH, RequestDraft(path="contacts"))
    early.open(RequestDraft("POST", "identify-user"))
    await early.aclose()  # so quickly that no environment was entered
    tabs = RequestTabs(tab_store, mask)
    await tabs.enter("here")
    assert [tab.draft.path for tab in tabs.all] == ["contacts", "identify-user"]
    await tabs.flush()
    later = RequestTabs(tab_store, mask)
    await later.enter("here")
    assert [tab.draft.path for tab in later.all] == ["contacts", "identify-user"]  # and once


async def test_tabs_that_were_there_before_the_environment_was_entered_stay_the_same(
    tab_store, mask
):
    tabs = RequestTabs(tab_store, mask)
    tabs.edit(SCRATCH, RequestDraft(path="account"))
    one, empty = tabs.open(RequestDraft(path="one")), tabs.open(EMPTY)
    tabs.show(one.id)
    await tabs.enter("here")
    assert [tab.id for tab in tabs.all] == [SCRATCH, one.id, empty.id]
    assert tabs.front == one


async def test_a_scratch_that_was_typed_early_takes_no_other_ones_place(tab_store, mask):
    before = RequestTabs(tab_store, mask)
    await before.enter("here")
    before.edit(SCRATCH, RequestDraft(path="before"))
    await before.aclose()
    tabs = RequestTabs(tab_store, mask)
    tabs.edit(SCRATCH, RequestDraft(path="early"))
    await tabs.enter("here")
    assert [tab.draft.path for tab in tabs.all] == ["before", "early"]
    assert tabs.front.draft.path == "early"

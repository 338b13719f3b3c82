"""Saved requests are plain files, without secrets, that other programs may change."""

import asyncio
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.file_names import WrongName, checked_name, suggested_name
from refiner_desktop.services.requests.request_file import (
    RequestUnreadable,
    draft_from_toml,
    draft_to_toml,
)
from refiner_desktop.services.requests.saved import (
    LOOK_SECONDS,
    ChangedOnDisk,
    RequestNameTaken,
    SavedRequests,
)
from refiner_desktop.services.requests.tabs import SCRATCH
from refiner_desktop.settings.settings import Patience

pytestmark = pytest.mark.anyio

LIST = RequestDraft(path="contacts", query=(Row("page_length", "10"),))

texts = st.text(
    st.sampled_from("'\"\\\n\r\t\0\x7f\x85\u2028{}=[]#,ö🦆") | st.characters(codec="utf-8"),
    max_size=12,
)
rows = st.lists(st.builds(Row, texts, texts, st.booleans()), max_size=3).map(tuple)
seconds = st.integers(1, 500)
drafts = st.builds(
    RequestDraft,
    method=texts,
    path=texts,
    query=rows,
    headers=rows,
    without=st.lists(texts, max_size=2).map(tuple),
    body=st.sampled_from(BodyKind),
    text=texts,
    form=rows,
    file=texts,
    patience=st.none() | st.builds(Patience, connect=seconds, read=seconds, total=seconds),
)


@given(drafts)
def test_any_request_comes_back_from_its_file(draft):
    assert draft_from_toml(draft_to_toml(draft).encode()) == draft


def test_a_file_is_one_that_a_person_reads_and_compares():
    draft = RequestDraft(
        "POST",
        "responses",
        query=(Row("form_uuids[]", "{{nps}}"), Row("page", "2", on=False)),
        body=BodyKind.JSON,
        text='{\n  "id": "it\'s \\n"\n}',
    )
    assert draft_to_toml(draft) == (
        'method = "POST"\n'
        'path = "responses"\n'
        "query = [\n"
        '  { name = "form_uuids[]", value = "{{nps}}" },\n'
        '  { name = "page", value = "2", on = false },\n'
        "]\n"
        'body = "json"\n'
        "text = '''\n"
        "{\n"
        '  "id": "it\'s \\n"\n'
        "}'''\n"
    )


def test_line_ends_of_another_system_change_nothing():
    draft = RequestDraft(body=BodyKind.JSON, text="{\n}\n")
    on_windows = b"\xef\xbb\xbf" + draft_to_toml(draft).replace("\n", "\r\n").encode()
    assert draft_from_toml(on_windows) == draft


def test_half_a_character_does_not_keep_a_request_from_being_saved():
    assert draft_from_toml(draft_to_toml(RequestDraft(text="a\ud800")).encode()).text == "a\ufffd"


@pytest.mark.parametrize(
    "data",
    [b"method = ", b"\xff", b"method = 7", b'methd = "GET"', b'body = "xml"', b"query = [{n = 1}]"],
)
def test_what_is_no_request_says_why(data):
    with pytest.raises(RequestUnreadable, match=r".+\."):
        draft_from_toml(data)


async def test_requests_lie_in_folders_as_files(saved, folder):
    assert (await saved.tree()).requests == ()
    path = await saved.add("Surveys/NPS", " All contacts ", LIST)
    assert path == "Surveys/NPS/All contacts.toml"
    assert (folder / path).is_file()
    await saved.add("", "b", LIST)
    await saved.add("", "A", LIST)
    tree = await saved.tree()
    assert [each.name for each in tree.requests] == ["A", "b"]
    assert [each.path for each in tree.walk()] == [path, "A.toml", "b.toml"]
    assert tree.folders[0].folders[0].requests[0].draft == LIST
    assert await saved.read(path) == LIST


async def test_a_name_is_taken_once(saved):
    await saved.add("", "a", LIST)
    with pytest.raises(RequestNameTaken):
        await saved.add("", "a", RequestDraft())
    assert await saved.read("a.toml") == LIST
    await saved.add_folder("", "f")
    with pytest.raises(RequestNameTaken):
        await saved.add_folder("", "f")


async def test_a_request_is_renamed_and_moved(saved):
    moved = []
    saved.moved.connect(lambda *paths: moved.append(paths))
    await saved.add("", "a", LIST)
    await saved.add("", "b", RequestDraft())
    with pytest.raises(RequestNameTaken):
        await saved.place("a.toml", "", "b")
    assert await saved.place("a.toml", "", "c") == "c.toml"
    assert await saved.move("c.toml", "x/y") == "x/y/c.toml"
    assert await saved.place("x", "", "z") == "z"
    assert await saved.read("z/y/c.toml") == LIST
    assert moved == [("a.toml", "c.toml"), ("c.toml", "x/y/c.toml"), ("x", "z")]


async def test_what_is_deleted_can_be_put_back(saved, folder):
    await saved.add("f/g", "a", LIST)
    await saved.add("f", "b", RequestDraft())
    (folder / "f" / "g" / "notes.md").write_text("mine")
    deleted = await saved.delete("f")
    assert [each.path for each in (await saved.tree()).walk()] == []
    assert (folder / "f" / "g" / "notes.md").read_text() == "mine"
    await saved.restore(deleted)
    assert [each.path for each in (await saved.tree()).walk()] == ["f/g/a.toml", "f/b.toml"]
    one = await saved.delete("f/b.toml")
    await saved.add("f", "b", LIST)
    await saved.restore(one)
    assert await saved.read("f/b.toml") == LIST


async def test_an_empty_folder_is_deleted_and_put_back(saved, folder):
    await saved.add_folder("", "empty")
    deleted = await saved.delete("empty")
    assert not (folder / "empty").exists()
    await saved.restore(deleted)
    assert (folder / "empty").is_dir()


async def test_what_another_program_changed_is_not_replaced_unasked(saved, folder):
    path = await saved.add("", "a", LIST)
    (folder / path).write_text('path = "theirs"\n')
    with pytest.raises(ChangedOnDisk):
        await saved.save(path, RequestDraft(path="ours"), over=LIST)
    assert (await saved.read(path)).path == "theirs"
    await saved.save(path, RequestDraft(path="ours"), over=None)
    (folder / path).unlink()
    with pytest.raises(ChangedOnDisk):
        await saved.save(path, LIST, over=RequestDraft(path="ours"))
    await saved.save(path, LIST, over=None)
    await saved.save(path, RequestDraft(path="ours"), over=LIST)
    assert (await saved.read(path)).path == "ours"


async def test_changes_by_other_programs_are_noticed(saved, folder, monkeypatch):
    monkeypatch.setattr("refiner_desktop.services.requests.saved.LOOK_SECONDS", 0.02)
    assert LOOK_SECONDS <= 1
    await saved.add("", "a", LIST)
    seen = []
    saved.changed.connect(lambda: seen.append(1))
    watching = asyncio.create_task(saved.watch())
    await asyncio.sleep(0.2)
    assert seen == []
    for change in (
        lambda: (folder / "a.toml").write_text('path = "longer than before"'),
        lambda: (folder / "new").mkdir(),
        lambda: (folder / "a.toml").rename(folder / "new" / "b.toml"),
        lambda: (folder / "new" / "b.toml").unlink(),
    ):
        before = len(seen)
        change()
        async with asyncio.timeout(10):
            while len(seen) == before:
                await asyncio.sleep(0.01)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_files_that_are_no_requests_are_told_with_their_trouble(saved, folder):
    await saved.add("", "good", LIST)
    (folder / "bad.toml").write_text("= 1")
    (folder / "notes.md").write_text("")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.toml").write_text("")
    tree = await saved.tree()
    assert [each.name for each in tree.walk()] == ["bad", "good"]
    assert tree.requests[0].trouble
    assert tree.folders == ()
    with pytest.raises(RequestUnreadable):
        await saved.read("bad.toml")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
async def test_a_folder_that_leads_to_itself_is_looked_at_once(saved, folder):
    await saved.add("f", "a", LIST)
    (folder / "f" / "again").symlink_to(folder)
    assert [each.path for each in (await saved.tree()).walk()] == ["f/a.toml"]


async def test_no_credential_is_written_into_a_file(saved, folder, key):
    text = key.reveal()
    draft = RequestDraft(
        path=f"https://other.example/x?api_key=another-one&b={text}",
        headers=(Row("Authorization", "Basic YW5hOnNlY3JldA=="), Row("X-A", text)),
        text=f'{{"a": "{text}"}}',
    )
    path = await saved.add("", "a", draft)
    written = (folder / path).read_text()
    assert text not in written
    assert "another-one" not in written
    assert "YW5h" not in written
    assert await saved.read(path) == saved.kept(draft)


@pytest.mark.parametrize(
    "name", ["", " ", "a/b", "a\\b", "..", ".a", "a.", "a:b", "con", "NUL.x", "a\nb", "x" * 121]
)
async def test_a_name_that_some_system_refuses_is_refused_everywhere(saved, name):
    with pytest.raises(WrongName, match=r"\.$"):
        await saved.add("", name, LIST)


@pytest.mark.parametrize("path", ["../x.toml", "/etc/x.toml", "a/../../x.toml", ".git/x.toml"])
async def test_no_path_leads_out_of_the_folder(saved, path):
    for work in (saved.read(path), saved.delete(path), saved.save(path, LIST, over=None)):
        with pytest.raises(WrongName):
            await work


@given(st.text(st.characters(codec=None)))
def test_any_title_suggests_a_name(title):
    assert checked_name(suggested_name(title)) == suggested_name(title)


async def test_a_folder_of_ones_own_takes_over_at_once(tmp_path, mask):
    folders = [tmp_path / "one"]
    saved = SavedRequests(lambda: folders[-1], mask)
    await saved.add("", "a", LIST)
    folders.append(tmp_path / "two")
    assert (await saved.tree()).requests == ()
    await saved.add("", "a", LIST)
    assert (tmp_path / "two" / "a.toml").is_file()


async def test_a_tab_is_saved_edited_and_saved_again(requests, folder):
    requests.tabs.edit(SCRATCH, LIST)
    tab = await requests.save_tab_as(SCRATCH, "f", "List")
    assert (tab.title, tab.edited, tab.saved) == ("List", False, "f/List.toml")
    tab = requests.tabs.edit(SCRATCH, RequestDraft(path="forms"))
    assert tab.edited
    assert not (await requests.save_tab(SCRATCH)).edited
    assert (await requests.saved.read("f/List.toml")).path == "forms"
    (folder / "f" / "List.toml").write_text('path = "theirs"')
    requests.tabs.edit(SCRATCH, LIST)
    with pytest.raises(ChangedOnDisk):
        await requests.save_tab(SCRATCH)
    assert requests.tabs.front.edited
    assert not (await requests.save_tab(SCRATCH, anyway=True)).edited


async def test_a_saved_request_opens_in_one_tab(requests):
    path = await requests.saved.add("", "a", LIST)
    tab = await requests.open_saved(path)
    assert (tab.draft, tab.title, tab.edited) == (LIST, "a", False)
    requests.tabs.show(SCRATCH)
    assert (await requests.open_saved(path)).id == tab.id == requests.tabs.front.id
    await requests.saved.place(path, "", "b")
    assert requests.tabs.front.title == "b"


async def test_a_tab_follows_its_file_unless_it_was_edited(requests, saved, folder):
    changed = replace(LIST, path="segments")

    async def write(draft):
        (folder / "a.toml").write_text(draft_to_toml(draft))
        return requests.follow_files(await saved.tree())

    await saved.add("", "a", LIST)
    tab = await requests.open_saved("a.toml")
    (followed,) = await write(changed)
    assert (followed.id, followed.draft, followed.edited) == (tab.id, changed, False)
    assert requests.tabs.front.draft == changed
    assert not requests.has_newer(tab.id)

    mine = replace(changed, path="forms")
    requests.tabs.edit(tab.id, mine)
    assert not requests.has_newer(tab.id)
    assert await write(LIST) == ()
    assert requests.tabs.front.draft == mine
    assert requests.has_newer(tab.id)

    requests.take_newer(tab.id)
    assert (requests.tabs.front.draft, requests.tabs.front.edited) == (LIST, False)
    assert not requests.has_newer(tab.id)
    back = requests.tabs.reopen()
    assert (back.draft, back.saved) == (mine, "")  # nothing that was typed is lost

    requests.tabs.edit(tab.id, changed)
    await write(changed)  # the same was typed in both places
    assert not requests.tabs.tab(tab.id).edited
    assert not requests.has_newer(tab.id)


async def test_a_tab_keeps_what_was_deleted(requests):
    tab = await requests.open_saved(await requests.saved.add("f", "a", LIST))
    await requests.delete_saved("f")
    tab = requests.tabs.tab(tab.id)
    assert (tab.draft, tab.saved, tab.edited) == (LIST, "", True)


async def test_a_number_of_thousands_of_digits_is_one_files_trouble(saved, folder):
    await saved.add("", "fine", LIST)
    (folder / "bad.toml").write_text(f'method = "GET"\nx = {"1" * 5_000}\n')
    bad, fine = (await saved.tree()).requests
    assert (fine.trouble, bad.name) == ("", "bad")
    assert bad.trouble.endswith(".")


async def test_a_folder_is_deleted_without_files_that_are_no_requests(saved, folder):
    path = await saved.add("team/inner", "a", LIST)
    (folder / "team/.venv").mkdir()
    others = [folder / "team/pyproject.toml", folder / "team/.venv/pyproject.toml"]
    for other in others:
        other.write_text('[project]\nname = "x"\n')
    deleted = await saved.delete("team")
    assert list(deleted.files) == [path]
    assert all(other.exists() for other in others)
    assert not (folder / "team/inner").exists()
    await saved.restore(deleted)
    assert await saved.read(path) == LIST


@pytest.mark.skipif(os.name == "nt", reason="no file can have such a name")
async def test_what_is_listed_can_be_opened_deleted_and_brought_back(saved, folder):
    await saved.add_folder("", "team")
    (folder / "team/why?.toml").write_text('method = "GET"\npath = "a"\n')
    (listed,) = (await saved.tree()).folders[0].requests
    assert (await saved.read(listed.path)).path == "a"
    await saved.restore(await saved.delete("team"))
    assert (await saved.read(listed.path)).path == "a"

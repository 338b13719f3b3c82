"""Parameters complete with what the service has and what was loaded."""

import pytest

from refiner_desktop.api import catalogue
from refiner_desktop.secret import Secret
from refiner_desktop.services.contacts.view import ContactChoice
from refiner_desktop.settings.settings import Environment

pytestmark = pytest.mark.anyio

SURVEYS = catalogue.RESPONSES.parameter("form_uuids[]")
SEGMENTS = catalogue.CONTACTS.parameter("segment_uuid")
MANUAL = catalogue.ADD_TO_SEGMENT.parameter("segment_uuid")
USERS = catalogue.CONTACT.parameter("id")


@pytest.fixture
async def ids(requests, connection, environment, sandbox):
    await connection.connect(environment, Secret(sandbox.key))
    return requests.ids


async def test_surveys_and_segments_complete_by_name_or_id(ids, sandbox):
    every = await ids.known(SURVEYS)
    first = every[0]
    assert first in await ids.known(SURVEYS, first.label.upper()[:4])
    assert first in await ids.known(SURVEYS, first.value[:8])
    assert await ids.known(SURVEYS, "no such survey") == []
    manual = await ids.known(MANUAL)
    assert 0 < len(manual) < len(await ids.known(SEGMENTS))


async def test_the_service_is_asked_once_for_each_list(ids, sandbox):
    for typed in ("", "a", "ab"):
        await ids.known(SURVEYS, typed)
        await ids.known(SEGMENTS, typed)
    assert len(sandbox.record.to("GET", "/forms")) == 1
    assert len(sandbox.record.to("GET", "/segments")) == 1


async def test_users_complete_once_they_are_loaded(ids, contacts, sandbox):
    assert await ids.known(USERS) == []
    await contacts.load(ContactChoice(), lambda _: None)
    found = await ids.known(USERS)
    assert len(found) == 50
    assert all(each.value for each in found)
    wanted = next(each for each in found if "@" in each.label)
    email = next(part for part in wanted.label.split(" · ") if "@" in part)
    assert wanted in await ids.known(USERS, email)
    by_email = await ids.known(catalogue.CONTACT.parameter("email"), email)
    assert by_email[0].value == email


async def test_users_of_another_project_are_not_offered(ids, contacts, connection):
    await contacts.load(ContactChoice(limit=10), lambda _: None)
    assert await ids.known(USERS)
    await connection.switch(Environment(name="Other", base_url="http://127.0.0.1:9"))
    assert await ids.known(USERS) == []


async def test_without_an_answer_there_is_nothing_to_complete(ids, sandbox, connection):
    sandbox.faults.drop(path="/forms")
    assert await ids.known(catalogue.REPORT.parameter("type")) == []
    await connection.disconnect()
    assert await ids.known(SURVEYS) == []

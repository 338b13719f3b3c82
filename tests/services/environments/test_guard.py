"""A read-only environment sends nothing but GET; a production one asks for its name."""

import msgspec
import pytest

from refiner_desktop.api.errors import ReadOnly
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.bulk.mapping import BulkAction
from refiner_desktop.services.environments.environments import EnvironmentsService
from refiner_desktop.services.environments.guard import danger_of_call, danger_of_run
from refiner_desktop.services.users.drafts import IdentifyDraft, TrackDraft
from refiner_desktop.services.users.tracking import TrackingService
from refiner_desktop.settings.settings import Environment

PRODUCTION = Environment(name="Live", production=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "contact"),
        ("delete", "/v1/contact?id=u-1"),
        ("DELETE", "https://api.refiner.io/v1/forms"),
        ("DELETE", "anything"),
        ("POST", "forms/publish"),
        ("POST", "/v1//forms/publish/"),
        ("POST", "https://api.refiner.io/v1/forms/publish"),
        ("POST", "/forms%2Fpublish"),
        ("PUT", "FORMS/PUBLISH"),
        ("POST", "forms/publish/."),
        ("POST", "forms/other/../publish"),
        ("POST", "forms/%2e/publish"),
        ("POST", "//forms/publish"),
        ("POST", "///forms/publish"),
        ("POST", "https://api.refiner.io//v1/forms/publish"),
        ("POST", "forms/publish;x=1"),
        ("POST", "forms/publish%20"),
        ("POST", "forms/publish%00"),
        ("POST", "forms\\publish"),
        ("HEAD", "forms/publish"),
    ],
)
def test_deleting_archiving_and_publishing_ask_in_production(method, path):
    danger = danger_of_call(PRODUCTION, CallRequest(method, path))
    assert danger.name == "Live"
    assert danger.question.endswith("?")
    assert danger.explanation.endswith(".")
    assert danger_of_call(Environment(name="Test"), CallRequest(method, path)) is None


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "contact"), ("GET", "forms/publish"), ("POST", "identify-user")]
)
def test_other_calls_go_out_as_they_are(method, path):
    assert danger_of_call(PRODUCTION, CallRequest(method, path)) is None


def test_deleting_a_contact_says_that_its_responses_go_too():
    assert "responses" in danger_of_call(PRODUCTION, CallRequest("DELETE", "contact")).explanation


def test_bulk_runs_ask_in_production():
    assert "1,200 calls" in danger_of_run(PRODUCTION, "1,200 calls", "").question
    assert danger_of_run(Environment(), "1,200 calls", "") is None


def test_a_question_about_a_run_says_what_is_billed_and_of_a_removal_that_nothing_is():
    assert "active" in danger_of_run(PRODUCTION, "2 calls", "").explanation
    removal = danger_of_run(PRODUCTION, "2 calls", "", BulkAction.REMOVE_FROM_SEGMENT)
    assert "active" not in removal.explanation
    assert "out of the segment" in removal.explanation
    assert danger_of_run(PRODUCTION, "2 calls", "3 rows.").explanation == "3 rows."


def test_what_is_refused_anyway_is_not_asked_about():
    read_only = msgspec.structs.replace(PRODUCTION, read_only=True)
    assert danger_of_run(read_only, "1,200 calls", "") is None
    assert danger_of_call(read_only, CallRequest("DELETE", "contact")) is None


def test_the_question_names_the_environment_and_the_call():
    request = CallRequest("DELETE", "contact", query=(("id", "u-1"),))
    danger = danger_of_call(PRODUCTION, request)
    assert danger.question.startswith("Live: ")
    assert "DELETE contact id=u-1" in danger.explanation


@pytest.fixture
async def read_only(connected, settings, keys, records):
    environments = EnvironmentsService(settings, keys, connected, lambda: records)
    await environments.save(msgspec.structs.replace(connected.environment, read_only=True))
    return connected


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "post"])
async def test_read_only_refuses_every_free_call_but_get(read_only, sandbox, method):
    sandbox.record.clear()
    with pytest.raises(ReadOnly):
        await read_only.client.call(CallRequest(method, "contacts"))
    assert sandbox.record.calls == []
    assert (await read_only.client.call(CallRequest("GET", "contacts"))).status == 200


@pytest.mark.anyio
async def test_read_only_refuses_forms(read_only, sandbox, sends):
    sandbox.record.clear()
    tracking = TrackingService(read_only, sends)
    with pytest.raises(ReadOnly):
        await tracking.identify(IdentifyDraft(user_id="u-1"))
    with pytest.raises(ReadOnly):
        await tracking.track(TrackDraft(user_id="u-1", event="clicked"))
    assert sandbox.record.calls == []


@pytest.mark.anyio
async def test_read_only_can_be_lifted_without_a_new_connection(
    read_only, settings, keys, records, sends
):
    client = read_only.client
    environments = EnvironmentsService(settings, keys, read_only, lambda: records)
    await environments.save(msgspec.structs.replace(read_only.environment, read_only=False))
    assert read_only.client is client
    await TrackingService(read_only, sends).track(TrackDraft(user_id="u-1", event="clicked"))


@pytest.mark.parametrize("path", ["//contact", "/v1//contact", "https://api.refiner.io/v1/contact"])
def test_the_question_is_about_the_address_that_is_called(path):
    danger = danger_of_call(PRODUCTION, CallRequest("DELETE", path))
    assert danger.question == "Live: Delete a contact?"
    assert danger.action == "Send DELETE /contact"


def test_what_can_not_be_sent_asks_by_what_is_written():
    assert danger_of_call(PRODUCTION, CallRequest("DELETE", "http://")) is not None
    assert danger_of_call(PRODUCTION, CallRequest("POST", "ftp://x/forms/publish")) is not None

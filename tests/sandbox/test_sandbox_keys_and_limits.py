"""Key failures and rate limits."""

from __future__ import annotations

import httpx
import pytest

from refiner_desktop.sandbox.behaviour import Behaviour, Limits
from refiner_desktop.sandbox.server import Sandbox

FOREIGN = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("header", "status", "body"),
    [
        (None, 401, {"error": "No API key found in headers"}),
        ("Bearer", 401, {"error": "No API key found in headers"}),
        ("Bearer short", 401, {"error": "No API key found in headers"}),
        ("Bearer not-a-uuid-but-long-enough", 401, {"error": "API key does not look valid"}),
        (f"Bearer {FOREIGN}", 404, {"message": "API key not valid or does not exist"}),
    ],
)
def test_the_three_key_failures(sandbox, header, status, body):
    headers = {"Authorization": header} if header else {}
    answer = httpx.get(f"{sandbox.base_url}/account", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()) == (status, body)


def test_the_key_is_taken_from_each_place(sandbox):
    url = f"{sandbox.base_url}/"
    key = sandbox.key
    with httpx.Client(trust_env=False) as client:
        assert client.get(url, headers={"Authorization": f"Bearer {key}"}).status_code == 200
        assert client.get(url, params={"api_key": key}).status_code == 200
        assert client.get(url, auth=(key, "")).status_code == 200
        assert client.request("GET", url, json={"api_key": key}).status_code == 200


def test_a_key_among_the_parameters_does_not_become_a_trait(sandbox, client, user):
    client.post("/identify-user", json={"id": user, "api_key": sandbox.key})
    contact = client.get("/contact", params={"id": user}).json()
    assert "api_key" not in contact["attributes"]


def limited(**limits):
    return Sandbox(contacts=5, limits=Limits(**limits))


def calls(sandbox, *users):
    with httpx.Client(trust_env=False, base_url=sandbox.base_url) as client:
        headers = {"Authorization": f"Bearer {sandbox.key}"}
        return [
            client.post("/track-event", json={"id": user, "event": "x"}, headers=headers)
            for user in users
        ]


def test_too_many_calls_with_a_key_are_refused_with_the_time_to_wait():
    with limited(per_key=3) as sandbox:
        answers = calls(sandbox, "a", "b", "c", "d")
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "60"
    assert answers[3].json() == {"error": "You are doing this too often."}


def test_too_many_calls_for_one_user_leave_the_others_alone():
    with limited(per_user=2) as sandbox:
        answers = calls(sandbox, "a", "a", "a", "b")
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]


def test_refused_calls_do_not_count_and_the_window_moves_on():
    with limited(per_key=1, window=0.2, retry_after=1) as sandbox:
        first, refused = calls(sandbox, "a", "a")
        assert (first.status_code, refused.status_code) == (200, 429)
        assert refused.headers["Retry-After"] == "1"
        while calls(sandbox, "a")[0].status_code == 429:
            pass
        assert sandbox.record.users("POST", "/track-event") == {"a": 2}


def test_no_limit_at_all():
    with limited(per_key=None, per_user=None) as sandbox:
        assert {a.status_code for a in calls(sandbox, *["a"] * 150)} == {200}


def get(behaviour, path, **params):
    with Sandbox(contacts=30, behaviour=behaviour) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.key}"}
        url = sandbox.base_url + path
        return httpx.get(url, params=params, headers=headers, trust_env=False)


def test_bad_parameters_can_be_a_422():
    answer = get(Behaviour(bad_parameter_status=422), "/contact")
    assert answer.status_code == 422
    assert "id" in answer.json()["message"]


def test_an_unknown_path_can_be_a_page():
    answer = get(Behaviour(html_not_found=True), "/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_pages_can_be_of_another_length():
    pagination = get(Behaviour(page_length=7), "/contacts").json()["pagination"]
    assert (pagination["page_length"], pagination["last_page"]) == (7, 5)


def test_tags_can_be_objects_or_absent():
    found = get(Behaviour(tags="objects"), "/responses").json()["items"]
    tags = [tag for response in found for tag in response["tags"]]
    assert tags
    assert all(set(tag) == {"uuid", "name"} for tag in tags)
    assert all("tags" not in r for r in get(Behaviour(tags="absent"), "/responses").json()["items"])


def test_empty_maps_can_be_lists():
    found = get(Behaviour(empty_maps_as_lists=True), "/responses", include="all").json()["items"]
    assert [] in [response["data"] for response in found]


def test_unset_traits_can_be_listed_as_null():
    found = get(Behaviour(unset_attributes=True), "/contacts").json()["items"]
    assert len({frozenset(contact["attributes"]) - {"email"} for contact in found}) >= 1
    assert all("t_shirt_size" in contact["attributes"] for contact in found)

"""Parameters arrive by query, form and JSON alike."""

from __future__ import annotations

import pytest

from refiner_desktop.sandbox.params import from_pairs


def test_query_form_and_json_mean_the_same(client, user):
    sent = {"id": user, "plan": "pro"}
    account = {"id": "acme", "name": "Acme Ltd"}
    brackets = {f"account[{key}]": value for key, value in account.items()}
    answers = [
        client.post("/identify-user", json={**sent, "account": account}),
        client.post("/identify-user", data={**sent, **brackets}),
        client.post("/identify-user", params={**sent, **brackets}),
    ]
    assert len({answer.json()["contact_uuid"] for answer in answers}) == 1
    shown = client.get("/contact", params={"id": user}).json()
    assert shown["attributes"]["plan"] == "pro"
    assert shown["account"]["remote_id"] == "acme"
    assert shown["account"]["display_name"] == "Acme Ltd"


def test_delete_takes_a_json_body_too(client, user):
    client.post("/identify-user", json={"id": user})
    assert client.request("DELETE", "/contact", json={"id": user}).status_code == 200
    assert client.get("/contact", params={"id": user}).status_code == 404


def test_brackets_are_lists_and_maps():
    pairs = [("tags[]", "a"), ("tags[]", "b"), ("data[nps]", "9"), ("data[why]", "x"), ("id", "1")]
    assert from_pairs(pairs) == {
        "tags": ["a", "b"],
        "data": {"nps": "9", "why": "x"},
        "id": "1",
    }


def test_brackets_are_literal_in_json(sandbox, client):
    uuid = next(iter(sandbox.world.responses)).uuid
    answer = client.post("/responses/tags", json={"uuid": uuid, "tags[]": ["bug"]})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", ["{", "[1]", "\xff"])
def test_a_body_that_is_no_json_object_is_refused(client, body):
    headers = {"Content-Type": "application/json"}
    answer = client.post("/identify-user", content=body.encode("latin-1"), headers=headers)
    assert answer.status_code == 400
    assert "body" in answer.json()["error"]

"""Faults hit the calls they are meant for, and the record tells what arrived."""

from __future__ import annotations

import json
import threading
import time

import httpx
import pytest

from refiner_desktop.sandbox.server import Sandbox


def test_a_status_hits_the_next_calls_only(sandbox, client):
    sandbox.faults.status(503, times=2)
    assert [client.get("/account").status_code for _ in range(3)] == [503, 503, 200]


def test_a_refusal_can_say_how_long_to_wait(sandbox, client):
    sandbox.faults.status(429, retry_after=7, times=1)
    answer = client.get("/account")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json() == {"error": "You are doing this too often."}


def test_an_echo_brings_the_key_back_and_changes_nothing(sandbox, client, user):
    sandbox.faults.echo(422, path="/identify-user", times=1)
    answer = client.post("/identify-user", params={"a": "1"}, json={"id": user})
    assert answer.status_code == 422
    assert sandbox.key in answer.json()["error"]
    assert sandbox.key in answer.headers["X-Received"]
    assert answer.json()["url"].endswith("/identify-user?a=1")
    assert client.get("/contact", params={"id": user}).status_code == 404


def test_a_fault_hits_the_paths_it_is_meant_for(sandbox, client):
    sandbox.faults.status(500, path="/contacts")
    assert client.get("/contacts").status_code == 500
    assert client.get("/segments").status_code == 200
    sandbox.faults.clear()
    assert client.get("/contacts").status_code == 200


def test_a_refused_call_changes_nothing(sandbox, client, user):
    sandbox.faults.status(500, times=1)
    client.post("/identify-user", json={"id": user})
    assert client.get("/contact", params={"id": user}).status_code == 404


@pytest.mark.parametrize("processed", [False, True])
def test_a_connection_is_cut_before_or_after_the_effect(sandbox, client, processed, user):
    sandbox.faults.drop(times=1, processed=processed)
    with pytest.raises(httpx.TransportError):
        client.post("/identify-user", json={"id": user})
    known = client.get("/contact", params={"id": user}).status_code == 200
    assert known == processed
    assert sandbox.record.calls[0].status == 0


def test_json_can_end_in_the_middle(sandbox, client):
    sandbox.faults.truncate(times=1)
    answer = client.get("/contacts")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_a_proxy_can_answer_with_a_page(sandbox, client):
    sandbox.faults.html(times=1)
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!doctype html>")


def test_latency_adds_to_other_faults(sandbox, client):
    sandbox.faults.latency(0.1, times=1)
    sandbox.faults.status(502, times=1)
    begun = time.monotonic()
    assert client.get("/account").status_code == 502
    assert time.monotonic() - begun >= 0.09  # a timer of the server may be a millisecond early


def test_the_server_stops_while_a_call_is_held_back():
    with Sandbox(contacts=1) as sandbox:
        sandbox.faults.latency(60)
        headers = {"Authorization": f"Bearer {sandbox.key}"}
        url = f"{sandbox.base_url}/account"
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(httpx.get(url, headers=headers, trust_env=False))
        )
        waiting.start()
        time.sleep(0.1)
    waiting.join(5)
    assert [answer.status_code for answer in answers] == [200]


def test_the_record_tells_each_call_and_its_user(sandbox, client):
    for row in range(5):
        client.post("/identify-user", json={"id": f"n-{row}"})
    client.post("/identify-user", json={"email": "a@example.org"})
    client.post("/identify-user", json={})
    record = sandbox.record
    assert set(record.users("POST", "/identify-user").values()) == {1}
    assert record.users("POST", "/identify-user")["a@example.org"] == 1
    assert [call.status for call in record.calls] == [200] * 6 + [400]
    assert record.total == 7
    assert record.statuses == {200: 6, 400: 1}
    record.clear()
    assert (record.calls, record.total) == ([], 0)

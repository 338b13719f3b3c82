"""What the listener keeps and answers, on real sockets and a real file."""

import json
import logging
import os
import socket
import sqlite3
import sys
import threading
import time
from http.client import HTTPResponse

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK, Secret
from refiner_desktop.serving import PortInUse
from refiner_desktop.webhooks.delivery import Kind, Origin, Verdict
from refiner_desktop.webhooks.hooks import Hook, HookAnswer
from refiner_desktop.webhooks.listener import Listener
from refiner_desktop.webhooks.marks import Mark
from refiner_desktop.webhooks.ports import holder, next_free
from refiner_desktop.webhooks.reception import Counts
from refiner_desktop.webhooks.self_test import SelfTestFailed, post_to_itself

COMPLETED = json.dumps(
    {
        "uuid": "1",
        "display_name": "Ana Example",
        "form": {"name": "NPS March"},
        "response": {"completed_at": "2026-03-04T09:15:02.000000Z", "data": {"nps": "9"}},
    }
).encode()


def test_a_delivery_is_kept_byte_for_byte_answered_and_handed_on(desk, eventually):
    assert desk.send(COMPLETED, "X-CaSe: Kept", "x-case: twice") == 200
    kept = desk.newest()
    assert kept.body == COMPLETED
    assert (kept.hook, kept.method, kept.path) == ("Surveys", "POST", "/hooks/surveys")
    assert kept.headers == (
        ("Host", "localhost"),
        ("Authorization", f"Bearer {MASK}"),
        ("Content-Length", str(len(COMPLETED))),
        ("X-CaSe", "Kept"),
        ("x-case", "twice"),
    )
    assert (kept.kind, kept.verdict, kept.answer) == (
        Kind.SURVEY_COMPLETED,
        Verdict.ACCEPTED,
        200,
    )
    assert kept.gist.sentence == "Ana Example completed NPS March: 9, promoter"
    assert kept.peer.startswith("127.0.0.1:")
    eventually(lambda: desk.handed_on == [kept.id])


def test_the_token_is_nowhere_in_the_file(make_desk):
    desk = make_desk()
    desk.send(COMPLETED)
    desk.close()
    content = b"".join(file.read_bytes() for file in desk.database.path.parent.iterdir())
    assert COMPLETED in content
    assert desk.hook.token.reveal().encode() not in content


def _percent(key):
    return "".join(f"%{byte:02x}" for byte in key.encode())


KEY = "b5d1f7a0-3c1e-4f6b-8a2d-123456789abc"


@pytest.mark.parametrize("write", [str, str.upper, _percent], ids=["plain", "upper", "percent"])
def test_a_key_is_dotted_out_wherever_it_comes_and_all_else_stays(make_desk, eventually, write):
    mask = Mask(Secret(KEY))
    desk = make_desk(mask=mask)
    body = b'{"email":  "%s",\n "response": null }' % write(KEY).encode()
    assert desk.send(body, f"X-Key: {write(KEY)}", path=f"/hooks/surveys?k={write(KEY)}&b=1") == 200
    kept = desk.newest()
    assert kept.body == b'{"email":  "%s",\n "response": null }' % MASK.encode()
    assert dict(kept.headers)["X-Key"] == MASK
    assert kept.path == f"/hooks/surveys?k={MASK}&b=1"
    eventually(lambda: desk.handed_on == [kept.id])
    desk.close()
    content = b"".join(file.read_bytes() for file in desk.database.path.parent.iterdir())
    assert write(KEY).encode() not in content


def test_a_key_that_is_learned_later_is_dotted_out_from_then_on(make_desk):
    mask = Mask()
    desk = make_desk(mask=mask)
    mask.learn(Secret(KEY))
    desk.send(KEY.encode())
    assert desk.newest().body == MASK.encode()


def test_a_token_is_dotted_out_of_other_headers_and_bodies_too(desk):
    token = desk.hook.token.reveal()
    desk.send(f'{{"token": "{token}"}}'.encode(), f"X-Token: {token}")
    kept = desk.newest()
    assert token not in repr(kept)
    assert json.loads(kept.body) == {"token": MASK}


def test_a_delivery_is_read_before_dots_are_put_in_it(make_desk):
    desk = make_desk(mask=Mask(Secret("completed_at"), Secret("Ana Example")))
    desk.send(COMPLETED)
    kept = desk.newest()
    assert kept.kind is Kind.SURVEY_COMPLETED
    assert kept.gist.sentence == f"{MASK} completed NPS March: 9, promoter"
    assert b"Ana Example" not in kept.body


def test_a_token_is_dotted_by_the_header_it_is_looked_for_in_however_short(desk):
    desk.listener.admit([Hook("Odd", "/odd", token=Secret("odd"), header="X-Odd", prefix="")])
    for shown in ("odd", "wrong"):
        desk.send(b"odd", f"x-odd: {shown}", path="/odd")
        kept = desk.newest()
        assert dict(kept.headers)["x-odd"] == MASK
        assert kept.body == b"odd"


def test_the_project_that_a_payload_names_is_kept_with_it(desk):
    desk.send(b'{"project_uuid": "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"}')
    assert desk.newest().project == "7d1f0c52-3b6e-4a0b-9a53-0f6f2a9f4c11"
    desk.send(b"no JSON")
    assert desk.newest().project == ""


def test_it_is_committed_before_it_is_answered(desk):
    committed = []

    def keep_slowly(batch):
        time.sleep(0.2)
        ids = desk.store.add_many(batch)
        committed.append(time.monotonic())
        return ids

    desk.keep = keep_slowly
    assert desk.send(COMPLETED) == 200
    assert committed[0] <= time.monotonic()
    assert desk.store.count() == 1


@pytest.mark.parametrize(
    ("request_", "status", "hook"),
    [
        ({"token": "wrong"}, 401, "Surveys"),
        ({"path": "/hooks/other"}, 404, ""),
    ],
)
def test_a_refused_request_is_kept_too(desk, request_, status, hook):
    assert desk.send(COMPLETED, **request_) == status
    kept = desk.newest()
    assert (kept.verdict, kept.answer, kept.hook) == (Verdict.REFUSED, status, hook)
    assert kept.body == COMPLETED
    assert kept.reason in kept.gist.sentence


def test_it_counts_what_it_receives_keeps_refuses_and_fails_to_keep(make_desk, caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    desk = make_desk()
    desk.send()
    desk.send(token="wrong")
    desk.keep = len  # its answer is no list of ids
    desk.send()
    assert desk.listener.counts == Counts(received=3, kept=2, refused=1, failed=1)


def test_a_browsers_page_is_refused(desk):
    assert desk.send(COMPLETED, "Origin: https://evil.example") == 403
    assert desk.newest().verdict is Verdict.REFUSED


def test_a_foreign_host_is_refused_unless_it_is_let_in(make_desk):
    desk = make_desk(hosts=["My.Tunnel.example"])
    request = desk.head("Content-Length: 0")
    assert desk.send_raw(request.replace(b"localhost", b"rebound.example")) == 403
    assert desk.newest().verdict is Verdict.REFUSED
    assert desk.send_raw(request.replace(b"localhost", b"my.tunnel.example")) == 200


def test_a_kind_that_the_hook_does_not_watch_is_kept_under_it(desk):
    assert desk.send(b'{"triggered_event": "Segment Match"}') == 200
    assert (desk.newest().hook, desk.newest().kind) == ("Surveys", Kind.SEGMENT_ENTERED)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_any_method_is_recorded_as_it_is(desk, method):
    assert desk.send(method=method, path="/hooks/surveys?a=%20b&c") == 200
    kept = desk.newest()
    assert (kept.method, kept.path) == (method, "/hooks/surveys?a=%20b&c")


@pytest.mark.parametrize("status", [200, 202, 204, 304, 418, 500, 599])
def test_a_hook_is_answered_as_it_says_and_the_connection_goes_on(desk, status):
    desk.listener.admit([Hook("Other", "/other", answer=HookAnswer(status))])
    with desk.connect() as connection:
        for _ in range(2):
            connection.sendall(desk.head("Content-Length: 2", path="/other") + b"{}")
            assert desk.answer(connection) == status
    assert desk.store.count() == 2


def test_hooks_are_replaced_while_it_runs(desk):
    assert desk.send(path="/new") == 404
    desk.listener.admit([Hook("New", "/new", token=Secret("other"))])
    assert desk.send(path="/new", token="other") == 200
    assert desk.send() == 404


def test_a_chunked_body_is_put_together(desk):
    request = desk.head("Transfer-Encoding: chunked") + b"2\r\n{}\r\n3\r\n \n \r\n0\r\n\r\n"
    assert desk.send_raw(request) == 200
    assert desk.newest().body == b"{} \n "


def test_a_sender_that_asks_first_is_told_to_go_on(desk):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2", "Expect: 100-continue"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        assert desk.answer(connection) == 200
    assert desk.newest().body == b"{}"


@pytest.mark.parametrize(
    "offer", [("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"), ("Upgrade: websocket",)]
)
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("pause", [0, 1, 200], ids=["one packet", "cut in the body", "cut behind"])
def test_an_offer_of_another_protocol_costs_no_body(desk, offer, chunked, pause):
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(COMPLETED)}"
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(COMPLETED), COMPLETED)
    head = desk.head(*offer, "Connection: Upgrade", length)
    sent = head + (chunk if chunked else COMPLETED) + desk.head("Content-Length: 4") + b"next"
    with desk.connect() as connection:
        if pause:
            connection.sendall(sent[: len(head) + pause])
            time.sleep(0.02)
            sent = sent[len(head) + pause :]
        connection.sendall(sent)
        assert desk.answers(connection, 2) == [200, 200]
    assert desk.bodies() == [COMPLETED, b"next"]
    kept = desk.store.get(desk.store.ids()[1])
    assert (kept.kind, kept.verdict) == (Kind.SURVEY_COMPLETED, Verdict.ACCEPTED)
    assert ("Upgrade", offer[-1].partition(": ")[2]) in kept.headers


def test_a_tunnel_through_the_listener_is_refused(desk):
    request = desk.head(path="elsewhere.example:443", method="CONNECT")
    assert desk.send_raw(request + b"whatever") == 404
    assert (desk.newest().method, desk.newest().body) == ("CONNECT", b"")


def test_requests_sent_without_waiting_are_answered_in_their_order(desk):
    one = desk.head("Content-Length: 1", "Connection: keep-alive")
    last = desk.head("Content-Length: 1", "Connection: close")
    with desk.connect() as connection:
        connection.sendall(one + b"1" + one + b"2" + last + b"3")
        answers = b""
        while part := connection.recv(4096):
            answers += part
    assert answers.count(b"HTTP/1.1 200 ") == 3
    assert desk.bodies() == [b"1", b"2", b"3"]


def test_a_sender_that_closes_its_side_after_the_body_is_answered(desk):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2") + b"{}")
        connection.shutdown(socket.SHUT_WR)
        assert desk.answer(connection) == 200
        assert connection.recv(4096) == b""
    assert desk.newest().verdict is Verdict.ACCEPTED


def test_a_sender_that_leaves_at_once_has_delivered_all_the_same(desk, eventually):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2") + b"{}")
    eventually(lambda: desk.store.count() == 1)
    assert desk.newest().verdict is Verdict.ACCEPTED


tokens = st.text(st.sampled_from("!#$%&'*+-.^_`|~0123456789abcXYZ"), min_size=1, max_size=20)
values = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    body=st.binary(max_size=5000),
    headers=st.lists(st.tuples(tokens.map("X-{}".format), values.map(str.strip)), max_size=8),
)
def test_any_body_and_headers_arrive_as_they_were_sent(lasting_desk, body, headers):
    lasting_desk.clear()
    lines = [f"{name}: {value}" for name, value in headers]
    assert lasting_desk.send(body, *lines) == 200
    kept = lasting_desk.newest()
    assert kept.body == body
    assert [(name, value.strip()) for name, value in kept.headers[3:]] == headers


def test_many_connections_at_once_lose_nothing(desk, eventually):
    def burst(number):
        with desk.connect() as connection:
            for place in range(20):
                body = f"{number}/{place}".encode()
                connection.sendall(desk.head(f"Content-Length: {len(body)}") + body)
                assert desk.answer(connection) == 200

    senders = [threading.Thread(target=burst, args=(number,)) for number in range(16)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(10)
    assert set(desk.bodies()) == {f"{n}/{place}".encode() for n in range(16) for place in range(20)}
    eventually(lambda: len(desk.handed_on) == 320)
    assert set(desk.handed_on) == set(desk.store.ids())


def test_a_full_disk_is_answered_507_and_the_listener_lives_on(desk, caplog):
    def full(batch):
        raise sqlite3.OperationalError("database or disk is full")

    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    desk.keep = full
    assert desk.send() == 507
    assert desk.store.count() == 0
    assert desk.handed_on == []
    desk.keep = desk.store.add_many
    assert desk.send() == 200
    assert desk.store.count() == 1


def test_a_receiver_of_deliveries_that_fails_does_no_harm(desk, caplog):
    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    desk.on_kept = len
    assert desk.send() == 200
    assert desk.send() == 200


def test_a_port_in_use_is_said_and_can_be_tried_again(desk):
    other = Listener(desk.store.add_many, print, port=desk.listener.port)
    with pytest.raises(PortInUse) as caught:
        other.start()
    assert caught.value.port == desk.listener.port
    assert not other.running
    desk.listener.stop()
    other.start()
    assert other.running
    other.stop()


def test_it_can_be_stopped_and_started_again_on_its_port(desk):
    port, kept = desk.listener.port, desk.listener.counts.kept
    desk.listener.stop()
    assert not desk.listener.running
    with pytest.raises(ConnectionRefusedError):
        desk.connect()
    desk.listener.start()
    assert desk.listener.port == port
    assert desk.send() == 200
    assert desk.listener.counts.kept == kept + 1


def test_a_hook_answers_with_its_own_headers_and_body(desk):
    answer = HookAnswer(202, (("X-Odd", "b\xe9"), ("content-type", "application/json")), '{"a": 1}')
    desk.listener.admit([Hook("Own", "/own", answer=answer)])
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 0", path="/own"))
        with HTTPResponse(connection) as response:
            response.begin()
            assert (response.status, response.read()) == (202, b'{"a": 1}')
            assert response.headers["X-Odd"] == "b\xe9"
            assert response.headers.get_all("Content-Type") == ["application/json"]


def test_an_answer_is_held_back_and_those_behind_it_wait(desk):
    slow = Hook("Slow", "/slow", answer=HookAnswer(201, delay=1))
    desk.listener.admit([slow, Hook("Quick", "/quick")])
    requests = [desk.head("Content-Length: 0", path=path) for path in ("/slow", "/quick")]
    with desk.connect() as connection:
        started = time.monotonic()
        connection.sendall(b"".join(requests))
        assert desk.answer(connection) == 201
        assert 0.95 < time.monotonic() - started < 5
    assert desk.store.count() == 2
    started = time.monotonic()
    assert desk.send(path="/quick") == 200
    assert time.monotonic() - started < 0.9


def test_stopping_sends_answers_that_are_held_back(desk):
    desk.listener.admit([Hook("Slow", "/slow", answer=HookAnswer(delay=60))])
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 0", path="/slow"))
        while not desk.store.count():
            time.sleep(0.01)
        desk.listener.stop()
        assert desk.answer(connection) == 200


def test_what_this_application_sends_is_marked_and_kept_with_the_headers_that_were_sent(desk):
    name, value = desk.listener.marks.header(Mark(Origin.REPLAY, 7, edited=True))
    assert desk.send(b"{}", f"{name}: {value}", "X-A: b") == 200
    kept = desk.newest()
    assert (kept.origin, kept.replay_of, kept.edited) == (Origin.REPLAY, 7, True)
    assert kept.headers[2:] == (("Content-Length", "2"), ("X-A", "b"))
    assert desk.send(b"{}", f"{name}: {'0' * 32}{value[32:]}") == 200
    assert desk.newest().origin is Origin.SENDER


def test_it_answers_itself_by_the_way_of_a_hook_and_keeps_nothing_of_it(desk):
    before, written = desk.listener.counts, (desk.database.path.parent / "refiner.db-wal").stat()
    assert 0 < desk.test() < 5
    assert (desk.store.count(), desk.listener.counts) == (0, before)
    assert (desk.database.path.parent / "refiner.db-wal").stat().st_mtime_ns > written.st_mtime_ns
    assert desk.send() == 200
    number = desk.newest().id
    desk.test()
    desk.send()
    assert desk.newest().id == number + 1


def test_without_hooks_it_answers_itself_that_there_is_none(desk):
    desk.listener.admit([])
    assert post_to_itself("127.0.0.1", desk.listener.port, desk.listener.marks) > 0


@pytest.mark.parametrize(
    ("hooks", "said"),
    [([], "404: No hook"), ([Hook("Surveys", "/hooks/surveys", token=Secret("other"))], "401")],
)
def test_it_does_not_pass_its_test_when_it_would_refuse_a_delivery(desk, hooks, said):
    desk.listener.admit(hooks)
    with pytest.raises(SelfTestFailed, match=said) as caught:
        desk.test()
    assert caught.value.answered


def test_it_does_not_pass_its_test_when_the_disk_is_full(desk, caplog):
    def full():
        raise sqlite3.OperationalError("database or disk is full")

    caplog.set_level(logging.CRITICAL, "refiner_desktop")
    desk.prove = full
    with pytest.raises(SelfTestFailed, match="507") as caught:
        desk.test()
    assert caught.value.answered


def test_nothing_answers_a_test_when_it_is_off(desk):
    desk.listener.stop()
    with pytest.raises(SelfTestFailed) as caught:
        desk.test()
    assert not caught.value.answered


def test_a_head_request_is_answered_without_a_body(desk):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 0", method="HEAD"))
        connection.sendall(desk.head("Content-Length: 0", "Connection: close"))
        answers = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, rest = answers.partition(b"\r\n\r\n")
    assert b"content-length: 5" in head
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert answers.endswith(b"Kept\n")


def test_headers_behind_a_chunked_body_are_kept_and_open_nothing(desk):
    request = desk.head("Transfer-Encoding: chunked", token="wrong")
    trailer = f"0\r\nAuthorization: Bearer {desk.hook.token.reveal()}\r\nX-Sum: 1\r\n\r\n"
    assert desk.send_raw(request + trailer.encode()) == 401
    assert desk.newest().headers[-2:] == (("Authorization", f"Bearer {MASK}"), ("X-Sum", "1"))


def test_a_port_tells_who_has_it_and_which_is_free(desk):
    port = desk.listener.port
    assert next_free("127.0.0.1", port) > port
    if sys.platform == "linux":
        assert holder(port).endswith(f"(process {os.getpid()})")
    assert holder(1) == ""

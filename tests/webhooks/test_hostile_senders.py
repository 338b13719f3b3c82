"""Senders that are slow, huge, broken or many."""

import gzip
import socket
import threading
import time
from contextlib import suppress
from select import select

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refiner_desktop.masking import Mask
from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Kind, Verdict
from refiner_desktop.webhooks.hooks import Hook, HookAnswer
from refiner_desktop.webhooks.limits import MEGABYTE, Limits
from refiner_desktop.webhooks.reception import SHORT_BODY


@pytest.mark.parametrize("length", ["Content-Length: 600000", "Transfer-Encoding: chunked"])
def test_a_body_over_the_cap_is_answered_413_and_kept_without_its_bytes(make_desk, length):
    desk = make_desk(limits=Limits(body=MEGABYTE // 2))
    body = b"x" * 600_000
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    request = desk.head(length) + (chunk if "chunked" in length else body)
    assert desk.send_raw(request) == 413
    kept = desk.newest()
    assert (kept.verdict, kept.answer, kept.body) == (Verdict.REFUSED, 413, b"")
    assert "over 0.5 MB" in kept.reason
    assert desk.send(b"x" * (MEGABYTE // 2)) == 200


def test_a_sender_that_asks_first_is_not_told_to_send_too_much(make_desk):
    desk = make_desk(limits=Limits(body=10))
    assert desk.send_raw(desk.head("Content-Length: 11", "Expect: 100-continue")) == 413


def test_a_sender_that_was_refused_early_can_end_its_body_and_read_why(make_desk):
    desk = make_desk(limits=Limits(body=1000))
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 30000000"))
        for _ in range(300):
            connection.sendall(b"x" * 100_000)
        assert desk.answer(connection) == 413
        assert connection.recv(4096) == b""


def test_a_sender_that_leaves_in_mid_body_has_delivered_nothing(desk, eventually):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 100") + b'{"half": ')
    eventually(lambda: desk.store.count() == 1)
    kept = desk.newest()
    assert (kept.verdict, kept.answer) == (Verdict.REFUSED, None)
    assert kept.reason == "The connection ended in mid-body"


def test_unfinished_bodies_share_one_budget(make_desk, eventually):
    desk = make_desk(limits=Limits(body=100_000, unfinished=200_000))
    half = desk.head("Content-Length: 90000") + b"x" * 80_000
    with desk.connect() as one, desk.connect() as two, desk.connect() as three:
        one.sendall(half)
        two.sendall(half)
        three.sendall(half)
        answered = [each for each in (one, two, three) if select([each], [], [], 0.3)[0]]
        assert [desk.answer(each) for each in answered] == [503]
        assert desk.newest().body == b""
        assert desk.send(b"small") == 200
        for each in {one, two, three} - set(answered):
            each.sendall(b"x" * 10_000)
            assert desk.answer(each) == 200
    assert desk.send(b"x" * 100_000) == 200


def test_the_budget_is_given_back_however_a_request_ends(make_desk, eventually):
    desk = make_desk(limits=Limits(body=100_000, unfinished=200_000))
    chunked = desk.head("Transfer-Encoding: chunked") + b"11170\r\n" + b"x" * 70_000
    for _ in range(4):
        desk.send_raw(chunked + b"no chunk")  # invalid
        with desk.connect() as connection:
            connection.sendall(chunked)  # cut off
        desk.send(b"x" * 70_000, token="wrong")
        desk.send_raw(chunked + b"\r\n11170\r\n" + b"x" * 70_000)  # too large
    eventually(lambda: desk.store.count() == 16)
    assert desk.send(b"x" * 100_000) == 200


def test_of_what_is_refused_by_its_head_only_the_beginning_is_kept(desk):
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 9000000", token="wrong") + b"x" * 100_000)
        assert desk.answer(connection) == 401
        kept = desk.newest()
        assert (kept.verdict, kept.answer, kept.body) == (Verdict.REFUSED, 401, b"x" * 65_536)
        assert "cut at 64 kB" in kept.reason
        connection.sendall(b"x" * 1_000_000)  # read and dropped
    assert desk.send(b"x" * 65_536, token="wrong") == 401
    assert "cut" not in desk.newest().reason


def test_a_body_in_many_small_parts_is_put_together(desk):
    chunk = b"2\r\nab\r\n" * 50_000
    assert desk.send_raw(desk.head("Transfer-Encoding: chunked") + chunk + b"0\r\n\r\n") == 200
    assert desk.newest().body == b"ab" * 50_000


@pytest.mark.parametrize("token", ["wrong", None], ids=["refused", "accepted"])
def test_a_bomb_is_not_read_on_arrival_and_nobody_waits_for_it(desk, token):
    bomb = gzip.compress(b'{"uuid":[' + b"[]," * 5_000_000 + b"[]]}")
    head = {} if token is None else {"token": token}
    started = time.monotonic()
    desk.send(bomb, "Content-Encoding: gzip", **head)
    assert time.monotonic() - started < 1.5  # it took 2 s
    kept = desk.newest()
    assert (kept.kind, kept.body) == (Kind.OTHER, bomb)
    assert ("too large" in kept.gist.sentence) == (token is None)


def test_what_is_refused_is_not_read(desk):
    assert desk.send(b'{"uuid": "c", "email": "ana@x.org", "segments": []}', token="wrong") == 401
    assert (desk.newest().kind, desk.newest().gist.user) == (Kind.OTHER, "")
    assert desk.newest().gist.sentence == "Refused: The token is missing or wrong"


@pytest.mark.parametrize("line", [b"X-Trailer: %b\r\n" % (b"a" * 60_000), b"X: %b" % (b"b" * 9999)])
def test_headers_behind_a_body_know_a_cap(desk, line):
    request = desk.head("Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n"
    with desk.connect() as connection:
        with suppress(ConnectionError):
            connection.sendall(request + line)
            for _ in range(100):
                connection.sendall(line)
        assert desk.answer(connection) == 431
    kept = desk.newest()
    assert (kept.verdict, kept.answer, kept.body) == (Verdict.REFUSED, 431, b"{}")
    assert sum(len(value) for _, value in kept.headers) < 70_000


def test_a_head_is_not_charged_with_the_body_before_it(desk):
    body = b"x" * 200_000
    two = desk.head("Content-Length: 2") + b"{}"
    with desk.connect() as connection:
        connection.sendall(desk.head(f"Content-Length: {len(body)}") + body + two[:40])
        assert desk.answer(connection) == 200
        connection.sendall(two[40:50])
        connection.sendall(two[50:])
        assert desk.answer(connection) == 200


def test_any_number_of_requests_may_be_sent_without_waiting(desk):
    request = desk.head("Content-Length: 2") + b"{}"
    count = 3000
    with desk.connect() as connection:
        sender = threading.Thread(target=connection.sendall, args=(request * count,))
        sender.start()
        assert desk.answers(connection, count) == [200] * count
        sender.join()
        connection.sendall(request)
        assert desk.answer(connection) == 200
    assert desk.store.count() == count + 1


def test_answers_that_are_held_back_let_no_waiting_request_time_out(make_desk):
    desk = make_desk(limits=Limits(seconds=0.2))
    desk.listener.admit([Hook("Slow", "/slow", answer=HookAnswer(delay=0.6))])
    request = desk.head("Content-Length: 2", path="/slow") + b"{}"
    with desk.connect() as connection:
        connection.sendall(request * 100 + request[:20])
        assert desk.answers(connection, 100) == [200] * 100
        connection.sendall(request[20:])
        assert desk.answer(connection) == 200


@pytest.mark.parametrize("crowd", [10, 300])
def test_the_listener_keeps_a_place_for_its_own_test(make_desk, crowd):
    desk = make_desk(limits=Limits(connections=5))
    waiting = [desk.connect() for _ in range(crowd)]
    assert desk.test() > 0
    for connection in waiting:
        connection.close()


@pytest.mark.parametrize("part", [b"", b"POST /hoo", b"\r\n"])
def test_a_head_that_never_ends_is_cut_off(make_desk, part):
    desk = make_desk(limits=Limits(seconds=0.2))
    with desk.connect() as connection:
        connection.sendall(part)
        assert desk.answer(connection) == 408
        assert connection.recv(4096) == b""


def test_a_sender_of_one_byte_at_a_time_is_cut_off(make_desk, eventually):
    desk = make_desk(limits=Limits(seconds=0.3))
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 1000"))
        started = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() < started + 3:
                connection.sendall(b"x")
                time.sleep(0.02)
        assert time.monotonic() - started < 2
    eventually(lambda: desk.store.count() == 1)
    assert (desk.newest().verdict, desk.newest().answer) == (Verdict.REFUSED, 408)


def test_a_connection_that_falls_silent_after_a_delivery_is_cut_off_in_mid_head(make_desk):
    desk = make_desk(limits=Limits(seconds=0.3))
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2") + b"{}")
        assert desk.answer(connection) == 200
        connection.sendall(b"PO")
        connection.settimeout(3)
        assert desk.answer(connection) == 408
        assert connection.recv(4096) == b""


def test_a_head_that_is_too_large_is_refused(desk):
    sent = 0
    with desk.connect() as connection, suppress(ConnectionError):
        connection.sendall(b"POST / HTTP/1.1\r\nX: ")
        while sent < 10_000_000:
            connection.sendall(b"x" * 10_000)
            sent += 10_000
            time.sleep(0.001)
    assert sent < 10_000_000
    assert desk.send() == 200


@pytest.mark.parametrize(
    "request_",
    [b"\x16\x03\x01\x02\x00", b"GARBAGE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 99],
)
def test_what_is_no_http_is_answered_400(desk, request_):
    assert desk.send_raw(request_) == 400
    assert desk.send() == 200


def test_connections_beyond_the_limit_are_turned_away_and_the_others_served(make_desk):
    desk = make_desk(limits=Limits(connections=5))
    waiting = [desk.connect() for _ in range(10)]
    for connection in waiting:
        connection.sendall(desk.head("Content-Length: 2")[:-2])
    assert desk.send() == 503
    for connection in waiting:
        connection.close()
    for _ in range(100):
        if desk.send() == 200:
            break
        time.sleep(0.02)
    else:
        pytest.fail("it never recovered")


def test_a_long_body_that_is_being_masked_keeps_nobody_waiting(make_desk):
    class HeldUp(Mask):
        masking, go_on = threading.Event(), threading.Event()

        def data(self, data):
            if len(data) > SHORT_BODY:
                self.masking.set()
                assert self.go_on.wait(5)
            return super().data(data)

    desk = make_desk(mask=HeldUp())
    body = b"x" * SHORT_BODY + desk.hook.token.reveal().encode()
    with desk.connect() as long:
        long.sendall(desk.head(f"Content-Length: {len(body)}") + body)
        assert HeldUp.masking.wait(5)
        assert desk.send(b"{}") == 200
        HeldUp.go_on.set()
        assert desk.answer(long) == 200
    assert desk.bodies() == [b"{}", b"x" * SHORT_BODY + MASK.encode()]
    counts = desk.listener.counts
    assert (counts.received, counts.kept, len(desk.handed_on)) == (2, 2, 2)


def test_stopping_waits_for_no_slow_sender(desk):
    with desk.connect() as in_body, desk.connect() as in_head, desk.connect() as silent:
        in_body.sendall(desk.head("Content-Length: 1000") + b"half")
        in_head.sendall(b"POST /hooks")
        started = time.monotonic()
        desk.listener.stop()
        assert time.monotonic() - started < 3
        for connection in (in_body, in_head, silent):
            connection.settimeout(1)
            with suppress(ConnectionResetError):  # what was not read yet is dropped
                assert not connection.recv(4096).startswith(b"HTTP/1.1 2")


def test_a_delivery_that_is_being_committed_is_answered_before_the_stop(desk):
    def keep_slowly(batch):
        time.sleep(0.3)
        return desk.store.add_many(batch)

    desk.keep = keep_slowly
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2") + b"{}")
        time.sleep(0.1)
        desk.listener.stop()
        assert desk.answer(connection) == 200
    assert desk.store.count() == 1


methods = st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"])
odd_headers = st.lists(
    st.sampled_from(
        [
            "Content-Type: application/json; charset=utf-16",
            "Content-Encoding: gzip",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Connection: close",
            "Origin: null",
            "Cookie: a=b",
            "Authorization: Bearer twice",
            "X-Forwarded-For: 1.2.3.4, unknown",
        ]
    ),
    max_size=4,
    unique=True,
)


@settings(max_examples=60, deadline=None)
@given(
    method=methods,
    path=st.text(st.sampled_from("/abc%20?&=#;:@~.é"), max_size=30).map("/{}".format),
    headers=odd_headers,
    body=st.binary(max_size=300) | st.sampled_from([b'{"response": 1}', b'{"a":', b"[" * 3000]),
)
def test_no_request_is_answered_500_and_every_whole_one_is_kept(
    lasting_desk, method, path, headers, body
):
    lasting_desk.clear()
    status = lasting_desk.send(body, *headers, path=path, method=method)
    assert status in (200, 400, 401, 403, 404)
    assert lasting_desk.store.count() == 1 or status == 400  # noise is kept in part


@settings(max_examples=40, deadline=None)
@given(noise=st.binary(min_size=1, max_size=500))
def test_noise_breaks_nothing(lasting_desk, noise):
    lasting_desk.clear()
    with lasting_desk.connect() as connection:
        connection.sendall(noise)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(4096)
    assert not answer.startswith(b"HTTP/1.1 5")
    assert lasting_desk.send() == 200


def test_a_body_that_breaks_off_in_invalid_http_is_kept_as_refused(desk):
    request = desk.head("Transfer-Encoding: chunked") + b"2\r\n{}\r\nno number\r\n"
    assert desk.send_raw(request) == 400
    kept = desk.newest()
    assert (kept.verdict, kept.answer, kept.body) == (Verdict.REFUSED, 400, b"{}")


def test_two_thousand_connections_are_served_told_or_dropped_and_it_lives_on(make_desk, eventually):
    desk = make_desk(limits=Limits(connections=50))
    connections, refused = [], 0
    try:
        for _ in range(2000):
            try:
                connections.append(desk.connect())
            except OSError:  # this process may open no more files
                refused += 1
                break
        assert len(connections) > 250
    finally:
        for connection in connections:
            connection.close()
    eventually(lambda: desk.send() == 200)
    assert desk.listener.counts.turned_away > 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe{\x00}\x00",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"response": {"data": {"nps": 1e999}, "uuid": 7, "tags": {}}, "segments": "x"}',
        b'{"uuid": null, "form": [], "response": {"completed_at": [], "data": "x"}}',
        b'"\\ud800"',
        b"\x1f\x8b\x08\x00not really gzip",
    ],
    ids=range(8),
)
def test_a_payload_that_makes_no_sense_is_kept_as_it_came(desk, body):
    assert desk.send(body, "Content-Encoding: gzip") == 200
    assert desk.newest().body == body


bodies = st.binary(max_size=40)
requests = st.lists(
    st.tuples(st.sampled_from(["POST", "PUT", "GET", "HEAD"]), bodies, st.booleans()),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(requests=requests, cuts=st.lists(st.integers(1, 400), max_size=6))
def test_requests_in_a_row_cut_anywhere_are_all_kept_and_answered_in_order(
    lasting_desk, requests, cuts
):
    lasting_desk.clear()
    sent = b""
    for number, (method, body, chunked) in enumerate(requests):
        size = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
        sent += lasting_desk.head(length, path=f"/hooks/surveys?{number}", method=method)
        sent += size + b"0\r\n\r\n" if chunked else body
    with lasting_desk.connect() as connection:
        for cut in cuts:
            connection.sendall(sent[:cut])
            sent = sent[cut:]
            time.sleep(0.001)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answers = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == len(requests)
    kept = [lasting_desk.store.get(number) for number in reversed(lasting_desk.store.ids())]
    assert [each.path for each in kept] == [f"/hooks/surveys?{n}" for n in range(len(requests))]
    assert [(each.method, each.body) for each in kept] == [each[:2] for each in requests]


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 300), noise=st.binary(max_size=8), more=st.binary(max_size=30))
def test_a_request_that_is_damaged_anywhere_is_no_500_and_counted(lasting_desk, place, noise, more):
    lasting_desk.clear()
    before = lasting_desk.listener.counts
    request = lasting_desk.head("Transfer-Encoding: chunked") + b"5\r\n{...}\r\n0\r\n\r\n"
    with lasting_desk.connect() as connection:
        connection.sendall(request[:place] + noise + request[place + len(noise) :] + more)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b" 5" not in answer[8:11]
    assert lasting_desk.send(b"next") == 200
    after = lasting_desk.listener.counts
    assert after.received - before.received == lasting_desk.store.count()
    assert after.failed == before.failed

"""What reaches the listener and never becomes a request."""

import socket
import ssl
from contextlib import suppress

import pytest

from refiner_desktop.secret import MASK
from refiner_desktop.webhooks.delivery import Kind, Verdict
from refiner_desktop.webhooks.fragments import AT_ONCE, FRAGMENT_LIMIT, Allowance, dotted, guess
from refiner_desktop.webhooks.hooks import Hook
from refiner_desktop.webhooks.limits import Limits


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (b"\x00\xffnoise\n", "It is not HTTP"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "It is not HTTP, but an SSH client"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "It began in HTTP/2"),
        (b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n\r\n", "turn that off"),
        (b"GET /a b HTTP/1.1\r\n\r\n", "It is no valid HTTP"),
        (b"GET / HTTP/9.9\r\n\r\n", "It is no valid HTTP"),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", "It is no valid HTTP"),
    ],
    ids=["noise", "SSH", "HTTP/2", "PROXY", "line", "version", "header"],
)
def test_what_is_no_request_is_answered_and_kept_with_what_it_probably_was(
    make_desk, sent, sentence
):
    desk = make_desk()
    assert desk.send_raw(sent) == 400
    kept = desk.newest()
    assert (kept.verdict, kept.kind, kept.answer) == (Verdict.REFUSED, Kind.OTHER, 400)
    assert (kept.method, kept.path, kept.headers, kept.hook) == ("", "", (), "")
    assert kept.body == sent
    assert sentence in kept.reason
    assert sentence in kept.gist.sentence
    assert kept.peer.startswith("127.0.0.1:")
    assert not kept.is_request
    counts = desk.listener.counts
    assert (counts.received, counts.kept, counts.refused) == (1, 1, 1)


def test_a_sender_that_speaks_tls_is_told_apart(make_desk, eventually):
    desk = make_desk()
    context = ssl.create_default_context()
    with desk.connect() as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname="localhost")
    eventually(lambda: desk.store.count() == 1)
    assert desk.newest().body.startswith(b"\x16\x03")
    assert desk.newest().reason == "It spoke TLS to a plain port: use http://, not https://"


def test_a_head_that_is_too_large_is_kept_in_part(make_desk, eventually):
    desk = make_desk()
    request = b"POST / HTTP/1.1\r\nX-Long: " + b"x" * 500_000
    with desk.connect() as connection, suppress(ConnectionError):  # it is ended in our midst
        connection.sendall(request)
        assert desk.answer(connection) == 431
    eventually(lambda: desk.store.count() == 1)
    kept = desk.newest()
    assert (kept.answer, kept.body) == (431, request[:FRAGMENT_LIMIT])
    assert kept.reason == "The head of the request is over 64 kB"


@pytest.mark.parametrize("parts", [[b"POST /hooks/surv"], [b"PO", b"ST /hooks", b"/surveys HT"]])
def test_a_head_that_breaks_off_is_kept(make_desk, eventually, parts):
    desk = make_desk()
    with desk.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
    eventually(lambda: desk.store.count() == 1)
    kept = desk.newest()
    assert (kept.body, kept.answer) == (b"".join(parts), None)
    assert kept.reason == "The connection ended in mid-head"


def test_a_head_that_comes_too_slowly_is_kept(make_desk):
    desk = make_desk(limits=Limits(seconds=0.2))
    with desk.connect() as connection:
        connection.sendall(b"POST /hoo")
        assert desk.answer(connection) == 408
    assert (desk.newest().body, desk.newest().answer) == (b"POST /hoo", 408)


def test_noise_behind_a_delivery_is_kept_besides_it_and_answered_in_its_turn(make_desk):
    desk = make_desk()
    with desk.connect() as connection:
        connection.sendall(desk.head("Content-Length: 2") + b"{}")
        assert desk.answer(connection) == 200
        connection.sendall(b"\x00noise")
        assert desk.answer(connection) == 400
    assert desk.bodies() == [b"{}", b"\x00noise"]


def test_a_connection_that_says_nothing_leaves_nothing(make_desk):
    desk = make_desk()
    desk.connect().close()
    with desk.connect() as connection:
        connection.sendall(b"\r\n")
    assert desk.send() == 200
    assert desk.store.count() == 1


def test_no_token_is_kept_of_a_head_that_is_no_request(make_desk, eventually):
    desk = make_desk()
    desk.listener.admit([desk.hook, Hook("Own", "/own", token=desk.hook.token, header="X-Own")])
    token = desk.hook.token.reveal()[:-3]  # cut off, so that it is not known
    sent = f"POST / HTTP/1.1\r\nX-Own: {token}\r\nauthorization : Bearer {token}".encode()
    with desk.connect() as connection:
        connection.sendall(sent[: sent.index(b"authorization")])
    eventually(lambda: desk.store.count() == 1)
    assert desk.newest().body == f"POST / HTTP/1.1\r\nX-Own: {MASK}\r\n".encode()
    desk.send_raw(sent)
    assert token.encode() not in desk.newest().body


def test_a_flood_of_noise_is_kept_in_part_answered_whole_and_counted(make_desk):
    desk = make_desk()
    desk.send(b"genuine")
    for _ in range(10 * AT_ONCE):
        assert desk.send_raw(b"\x00") == 400
    counts = desk.listener.counts
    assert AT_ONCE <= desk.store.count() - 1 < 3 * AT_ONCE
    assert counts.received == counts.kept == desk.store.count()
    assert counts.turned_away == 10 * AT_ONCE - (counts.kept - 1)


def test_an_allowance_comes_back_with_time_and_no_further():
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    assert [allowance.take() for _ in range(AT_ONCE + 2)] == [True] * AT_ONCE + [False] * 2
    now[0] += 2
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now[0] += 1e6
    assert sum(allowance.take() for _ in range(2 * AT_ONCE)) == AT_ONCE


@pytest.mark.parametrize("data", [b"POST /", b"GET / HTTP/1.1\r\nHost"])
def test_what_began_as_a_request_is_no_guess(data):
    assert guess(data) == ""


def test_dots_end_with_their_line():
    data = b"GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\nHost: here"
    dots = MASK.encode()
    assert dotted(data, ["authorization"]) == data.replace(b"Bearer abc", dots)

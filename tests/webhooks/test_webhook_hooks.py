"""Tokens, and who may deliver."""

from dataclasses import replace

import pytest

from refiner_desktop.secret import MASK, Secret
from refiner_desktop.webhooks.admission import OWN_NAMES, Admission, WrongHost, host_name
from refiner_desktop.webhooks.delivery import Kind, Verdict
from refiner_desktop.webhooks.hooks import (
    Hook,
    HookAnswer,
    default_hooks,
    fields_of,
    new_hook,
    path_for,
)

HOOK = Hook(
    "Orders",
    "/hooks/orders",
    frozenset({Kind.TAG_ADDED}),
    Secret("s3cret-of-orders"),
    HookAnswer(202),
)


def authorized(value=b"Bearer s3cret-of-orders"):
    return {b"host": b"127.0.0.1:8080", b"authorization": value}


@pytest.mark.parametrize(
    "value", [b"Bearer s3cret-of-orders", b"bearer s3cret-of-orders", b"Bearer   s3cret-of-orders "]
)
def test_the_token_opens_whatever_the_case_of_its_scheme(value):
    assert HOOK.accepts({b"authorization": value})


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"Bearer",
        b"Bearer s3cret-of-order",
        b"Bearer s3cret-of-orders2",
        b"Bearers3cret-of-orders",
        b"s3cret-of-orders",
        b"Basic s3cret-of-orders",
        b"Bearer \xe9",
    ],
)
def test_a_wrong_token_does_not_open(value):
    assert not HOOK.accepts({b"authorization": value})
    assert not HOOK.accepts({})


def test_a_hook_without_a_token_is_open_to_all():
    assert Hook("Open", "/open").accepts({})


def test_the_token_may_come_under_another_header_and_without_a_prefix():
    hook = Hook("Odd", "/odd", token=Secret("s3crét"), header="X-Token", prefix="")
    assert hook.accepts({b"x-token": "s3crét".encode()})
    assert not hook.accepts({b"authorization": "Bearer s3crét".encode()})


def test_a_hook_watches_its_kinds_or_everything():
    assert HOOK.wants(Kind.TAG_ADDED)
    assert not HOOK.wants(Kind.SURVEY_SEEN)
    assert all(Hook("All", "/all").wants(kind) for kind in Kind)


def test_the_default_hooks_have_tokens_of_their_own():
    completed, entered = default_hooks()
    assert (completed.name, completed.path) == ("Completed surveys", "/hooks/completed-surveys")
    assert (entered.name, entered.path) == ("Segment entries", "/hooks/segment-entries")
    assert completed.watches == {Kind.SURVEY_COMPLETED, Kind.SURVEY_PARTIAL}
    assert entered.watches == {Kind.SEGMENT_ENTERED}
    tokens = {hook.token for hook in (*default_hooks(), completed, entered)}
    assert len(tokens) == 4
    assert all(len(token.reveal()) >= 32 for token in tokens)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answer": HookAnswer(199)}, "status"),
        ({"answer": HookAnswer(600)}, "status"),
        ({"answer": HookAnswer(delay=-1)}, "delay"),
        ({"answer": HookAnswer(delay=301)}, "delay"),
        ({"answer": HookAnswer(headers=(("X Y", "1"),))}, "headers"),
        ({"answer": HookAnswer(headers=(("X", "1\r\nSet-Cookie: a=b"),))}, "headers"),
        ({"answer": HookAnswer(headers=(("Content-Length", "9"),))}, "headers"),
        ({"name": "  "}, "name"),
        ({"name": "completed SURVEYS"}, "name"),
        ({"path": "hooks/x"}, "path"),
        ({"path": "/hooks/x?y"}, "path"),
        ({"path": "/hooks/completed-surveys"}, "path"),
        ({"header": "X:Y"}, "header"),
        ({"token": Secret("fifteen-letters")}, "token"),
    ],
)
def test_a_field_that_cannot_stay_is_said_by_its_name(change, field):
    assert HOOK.problems(default_hooks()) == {}
    assert list(replace(HOOK, **change).problems(default_hooks())) == [field]


def test_a_hook_stands_in_its_own_way_neither_with_name_nor_path():
    hooks = default_hooks()
    assert all(hook.problems(hooks) == {} for hook in hooks)


def test_new_hooks_have_names_paths_and_tokens_of_their_own():
    hooks = list(default_hooks())
    for _ in range(3):
        hooks.append(new_hook(hooks))
    assert [hook.name for hook in hooks[2:]] == ["New hook", "New hook 2", "New hook 3"]
    assert all(hook.problems(hooks) == {} for hook in hooks)
    assert len({hook.token for hook in hooks}) == len({hook.path for hook in hooks}) == 5


def test_a_path_follows_the_name_and_may_end_in_what_nobody_guesses():
    assert path_for("NPS März / 2026!") == "/hooks/nps-m-rz-2026"
    assert path_for("…") == "/hooks/hook"
    one, other = path_for("A", unguessable=True), path_for("A", unguessable=True)
    assert one.startswith("/hooks/a-")
    assert one != other


def test_a_genuine_delivery_is_accepted_with_the_status_of_its_hook():
    ruling = Admission([HOOK]).judge("/hooks/orders?a=1", authorized())
    assert (ruling.verdict, ruling.answer.status, ruling.hook) == (Verdict.ACCEPTED, 202, HOOK)


def test_the_first_of_two_hooks_with_the_same_path_has_it():
    admission = Admission([HOOK, Hook("Later", HOOK.path, answer=HookAnswer(500))])
    ruling = admission.judge("/hooks/orders", authorized())
    assert (ruling.hook, ruling.answer.status) == (HOOK, 202)


@pytest.mark.parametrize(
    ("path", "fields", "status", "hook"),
    [
        ("/hooks/orders", authorized(b"Bearer wrong"), 401, "Orders"),
        ("/hooks/orders", {b"host": b"localhost"}, 401, "Orders"),
        ("/hooks/orders/more", authorized(), 404, None),
        ("/", authorized(), 404, None),
        ("/hooks/orders", authorized() | {b"origin": b"null"}, 403, "Orders"),
        ("/hooks/orders", authorized() | {b"host": b"rebound.example:80"}, 403, "Orders"),
        ("/hooks/orders", authorized() | {b"host": b"127.0.0.1.example"}, 403, "Orders"),
        ("/hooks/orders", authorized() | {b"host": b"localhost, localhost"}, 403, "Orders"),
        ("http://rebound.example/hooks/orders", authorized(), 403, "Orders"),
        ("ftp://localhost/hooks/orders", authorized(), 404, None),
        ("/hooks/orders", authorized() | {b"sec-fetch-site": b"cross-site"}, 403, "Orders"),
    ],
)
def test_others_are_refused_with_a_reason(path, fields, status, hook):
    ruling = Admission([HOOK]).judge(path, fields)
    assert (ruling.verdict, ruling.answer.status) == (Verdict.REFUSED, status)
    assert (ruling.hook.name if ruling.hook else None) == hook
    assert ruling.reason


@pytest.mark.parametrize(
    "host",
    [
        *(b"localhost", b"LOCALHOST:80", b"127.0.0.1:8080", b"[::1]:8080", b"[::1]", b""),
        *(b"192.168.1.20:8080", b"10.0.0.7", b"[fe80::2]:80", b"[2001:db8::2]"),
    ],
)
def test_this_machine_has_several_names_and_an_address_cannot_be_rebound(host):
    ruling = Admission([HOOK]).judge("/hooks/orders", authorized() | {b"host": host})
    assert ruling.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "target",
    ["/hooks/orders/", "http://localhost:80/hooks/orders?a=1", "HTTP://127.0.0.1/hooks/orders/"],
)
def test_a_path_may_end_in_a_slash_and_stand_behind_the_host(target):
    fields = authorized() | {b"host": b"whatever.example"} if "://" in target else authorized()
    ruling = Admission([HOOK]).judge(target, fields)
    assert (ruling.verdict, ruling.hook) == (Verdict.ACCEPTED, HOOK)


def test_of_a_header_that_comes_twice_neither_value_counts():
    right, wrong = (
        (b"Authorization", b"Bearer s3cret-of-orders"),
        (b"authorization", b"Bearer wrong"),
    )
    host = (b"Host", b"localhost")
    judge = Admission([HOOK]).judge
    assert judge("/hooks/orders", fields_of([host, right])).verdict is Verdict.ACCEPTED
    for headers in ([wrong, right], [right, wrong], [right, right]):
        assert judge("/hooks/orders", fields_of([host, *headers])).answer.status == 401
    assert judge("/hooks/orders", fields_of([host, host, right])).answer.status == 403


def test_a_page_that_was_asked_for_by_hand_comes_from_no_other_site():
    fields = authorized() | {b"sec-fetch-site": b"none"}
    assert Admission([HOOK]).judge("/hooks/orders", fields).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("hooks.example.org", "hooks.example.org"),
        (" Hooks.Example.org:443 ", "hooks.example.org"),
        ("https://hooks.example.org/hooks/surveys", "hooks.example.org"),
        ("http://hooks.example.org.:8080", "hooks.example.org"),
    ],
)
def test_a_host_name_is_taken_out_of_what_a_person_wrote(written, name):
    assert host_name(written) == name


@pytest.mark.parametrize("written", ["", "https://", "a b", "hooks.example.org/x", "*.example.org"])
def test_what_holds_no_host_name_is_said(written):
    with pytest.raises(WrongHost, match="not the name of a host"):
        host_name(written)


def test_a_tunnels_name_can_be_let_in():
    admission = Admission([HOOK], OWN_NAMES | {"ana.tunnel.example"})
    fields = authorized() | {b"host": b"Ana.Tunnel.example"}
    assert admission.judge("/hooks/orders", fields).verdict is Verdict.ACCEPTED


def test_pages_in_a_browser_can_be_let_in():
    admission = Admission([HOOK], browsers=True)
    fields = authorized() | {b"origin": b"https://example.org"}
    assert admission.judge("/hooks/orders", fields).verdict is Verdict.ACCEPTED


def test_dots_stand_wherever_the_token_is_looked_for_whatever_it_is():
    headers = (("Authorization", "bearer abc"), ("authorization", "Basic x y"), ("X-Key", "abc"))
    assert HOOK.mask(headers) == (
        ("Authorization", f"bearer {MASK}"),
        ("authorization", MASK),
        ("X-Key", "abc"),
    )
    odd = replace(HOOK, header="x-key", prefix="")
    assert odd.mask(headers) == (*headers[:2], ("X-Key", MASK))
    assert replace(HOOK, token=Secret("")).mask(headers) == headers


def test_a_masked_token_becomes_that_of_now_and_other_dots_stay():
    headers = (("authorization", f"Bearer {MASK}"), ("X-Key", MASK), ("A", "b"))
    assert HOOK.unmask(headers) == (
        ("authorization", "Bearer s3cret-of-orders"),
        ("X-Key", MASK),
        ("A", "b"),
    )

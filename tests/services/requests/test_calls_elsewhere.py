"""A call to another server says where it goes and what it takes along, and has a way back."""

import pytest

from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.services.requests.draft import RequestDraft, Row
from refiner_desktop.services.requests.home import Elsewhere, brought_home, elsewhere

BASE = "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("more", "carried"),
    [
        ({}, ()),
        ({"headers": (("Authorization", "Bearer abc"), ("X-A", "1"))}, ("Authorization",)),
        ({"headers": (("Authorization", ""),)}, ()),
        ({"query": (("api_key", "abc"),)}, ("api_key",)),
        ({"body": b'{"api_key": "abc"}'}, ("api_key",)),
        ({"headers": (("Cookie", "a=b"),), "query": (("api_key", "c"),)}, ("Cookie", "api_key")),
    ],
)
def test_what_is_secret_in_a_call_is_named(more, carried):
    request = CallRequest("GET", "https://api.refiner.io/v1/account", **more)
    assert elsewhere(request, "Demo") == Elsewhere("api.refiner.io", "Demo", carried)


def test_a_key_in_the_address_is_named():
    request = CallRequest("GET", "https://example.org:444/a?api_key=abc")
    assert elsewhere(request, "Demo") == Elsewhere("example.org:444", "Demo", ("api_key",))


@pytest.mark.parametrize(
    ("path", "at_home"),
    [
        ("https://api.refiner.io/v1/identify-user", "identify-user"),
        (" https://api.refiner.io/v1/contact?id=u-1&api_key=abc", "contact?id=u-1&"),
        ("https://api.refiner.io/v1", "/"),
    ],
)
def test_the_same_call_is_found_on_the_own_server_without_the_key_of_the_other(path, at_home):
    headers = (Row("Authorization", "Bearer abc"), Row("X-A", "1"))
    draft = RequestDraft("POST", path, headers=headers)
    assert brought_home(draft, BASE) == RequestDraft("POST", at_home, headers=(Row("X-A", "1"),))


@pytest.mark.parametrize("path", ["contacts", "https://example.org/v2/contacts", "{{host}}/v1/a"])
def test_what_is_no_call_of_the_service_elsewhere_has_no_twin(path):
    assert brought_home(RequestDraft(path=path), BASE) is None

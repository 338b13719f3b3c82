"""The catalogue says what the API reference says."""

from __future__ import annotations

import pytest

from refiner_desktop.api.catalogue import ENDPOINTS, find_endpoint
from refiner_desktop.api.endpoint import Endpoint

PAGE = "page page_length"
CURSOR = f"{PAGE} page_cursor"
DATA = "response_data[key] contact_data[key] account_data[key]"

REFERENCE = {
    "GET /": "",
    "GET /account": "",
    "POST /identify-user": "id email account",
    "POST /track-event": "id email event",
    "GET /contacts": f"order_by form_uuid segment_uuid search {CURSOR}",
    "GET /contact": "id email uuid",
    "DELETE /contact": "id email uuid",
    "GET /segments": PAGE,
    "POST /sync-segment": "id email segment_uuid",
    "DELETE /sync-segment": "id email segment_uuid",
    "GET /forms": f"list include_info include_config {PAGE}",
    "POST /forms/publish": "form_uuid published",
    "POST /forms/duplicate": "form_uuid name",
    "DELETE /forms": "form_uuid",
    "GET /forms/history": f"form_uuid {PAGE}",
    "GET /responses": "form_uuid form_uuids[] segment_uuid segment_uuids[] tag_uuid "
    f"date_range_start date_range_end include search {DATA} with_attributes {CURSOR}",
    "POST /responses": "form_uuid id email uuid date prevent_duplicates tags[] account",
    "POST /responses/tags": "uuid tags[]",
    "GET /reporting": "type question_identifiers[] form_uuids[] segment_uuids[] tag_uuids[] "
    f"date_range_start date_range_end {DATA}",
}
"""The parameters of each call: API reference, section 4."""

endpoints = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)


def test_the_parameters_are_those_of_the_reference() -> None:
    found = {
        f"{each.method} {each.path}": " ".join(p.query_name for p in each.parameters)
        for each in ENDPOINTS
    }
    assert found == REFERENCE


@endpoints
def test_each_parameter_is_explained_in_a_sentence(endpoint: Endpoint) -> None:
    assert endpoint.does.endswith(".")
    for parameter in endpoint.parameters:
        assert parameter.says.endswith(".")
        assert not parameter.allowed or parameter.default in ("", *parameter.allowed)
        assert parameter.kind != "flag" or parameter.allowed


@endpoints
def test_each_example_uses_what_the_call_takes(endpoint: Endpoint) -> None:
    assert (endpoint.example is not None) == (endpoint.method == "POST")
    names = {parameter.name for parameter in endpoint.parameters}
    needed = {parameter.name for parameter in endpoint.parameters if parameter.required}
    given = (endpoint.example or {}).keys()
    assert endpoint.open_keys or given <= names
    assert endpoint.method != "POST" or needed <= given


@endpoints
def test_a_parameter_is_found_as_it_is_written(endpoint: Endpoint) -> None:
    for parameter in endpoint.parameters:
        assert endpoint.parameter(parameter.query_name) is parameter
        assert endpoint.parameter(parameter.query_name.replace("key", "nps")) is parameter
    assert endpoint.parameter("nothing[]") is None
    assert endpoint.parameter("page[]") is None


@endpoints
def test_an_endpoint_is_found_by_its_call(endpoint: Endpoint) -> None:
    for path in (endpoint.path, f"/v1{endpoint.path}?a=1", f" {endpoint.path.strip('/')} "):
        assert find_endpoint(endpoint.method.lower(), path) is endpoint
    assert find_endpoint("PATCH", endpoint.path) is None
    assert find_endpoint(endpoint.method, f"v1x{endpoint.path}x") is None

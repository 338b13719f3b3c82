"""What a draft sends: variables filled in, rows that are on, the body of its kind."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.api.catalogue import ENDPOINTS, find_endpoint
from refiner_desktop.api.exchange import CallRequest
from refiner_desktop.api.policy import Timeouts
from refiner_desktop.services.requests.draft import BodyKind, RequestDraft, Row
from refiner_desktop.services.requests.filling import fill
from refiner_desktop.services.requests.opening import draft_of_call, draft_of_endpoint
from refiner_desktop.services.requests.variables import SecretVariable, WrongVariable, filled_json
from refiner_desktop.settings.settings import Patience

JSON, FORM, TEXT, FILE = BodyKind.JSON, BodyKind.FORM, BodyKind.TEXT, BodyKind.FILE


def test_variables_are_filled_in_everywhere():
    draft = RequestDraft(
        "post",
        " contacts/{{ id }}?x={{id}} ",
        query=(Row("{{id}}", "a{{id}}b"),),
        headers=(Row("X-{{id}}", "{{id}}"),),
        body=JSON,
        text='{"id": {{id}}, "name": "{{name}}"}',
    )
    filled = fill(draft, {"id": "7", "name": 'Ana "A"\n'})
    assert filled.request == CallRequest(
        "POST",
        "contacts/7?x=7",
        (("7", "a7b"),),
        (("X-7", "7"),),
        b'{"id": 7, "name": "Ana \\"A\\"\\n"}',
    )
    assert filled.unknown == ()


def test_variables_without_a_value_are_named_and_stay():
    draft = RequestDraft(
        path="{{a}}",
        query=(Row("x", "{{b}} {{known}}"), Row("y", "{{off}}", on=False)),
        form=(Row("{{not_sent}}", ""),),
        body=TEXT,
        text="{{c}} {{a}} {{ }} {{9}} { {d} }",
    )
    filled = fill(draft, {"known": "{{a}}"})
    assert filled.unknown == ("a", "b", "c")
    assert filled.request.query == (("x", "{{b}} {{a}}"),)


@given(st.text(), st.text())
def test_a_value_between_quotation_marks_stays_a_text(value, around):
    text = json.dumps({"a": around + "{{v}}"})
    if "{{v}}" not in around:
        assert json.loads(filled_json(text, {"v": value})) == {"a": around + value}


@pytest.mark.parametrize(
    ("kind", "body", "content_type"),
    [
        (JSON, b'{"a": 1}', ""),
        (TEXT, b'{"a": 1}', "text/plain; charset=utf-8"),
        (FORM, b"response_data%5Bnps%5D=9&a+b=%C3%B6%26", "application/x-www-form-urlencoded"),
        (FILE, b"\x00file", "text/csv"),
    ],
)
def test_each_kind_of_body_brings_its_type(kind, body, content_type):
    draft = RequestDraft(
        "POST",
        body=kind,
        text='{"a": 1}',
        form=(Row("response_data[nps]", "9"), Row("off", "1", on=False), Row("a b", "ö&")),
        file="data.csv",
    )
    filled = fill(draft, {}, b"\x00file")
    assert filled.request.body == body
    assert filled.added == ((("Content-Type", content_type),) if content_type else ())
    assert filled.request.headers == filled.added


def test_a_type_that_a_person_wrote_or_left_out_is_not_added():
    draft = RequestDraft(body=TEXT, text="x", headers=(Row("content-type ", "a/b"),))
    assert fill(draft, {}).added == ()
    assert fill(RequestDraft(body=TEXT, text="x", without=("Content-Type",)), {}).added == ()
    assert fill(RequestDraft(body=TEXT), {}).added == ()


def test_what_is_switched_off_or_blank_is_not_sent():
    rows = (Row("a", "1", on=False), Row(), Row("", "2"))
    request = fill(RequestDraft(query=rows, headers=rows), {}).request
    assert request.query == request.headers == (("", "2"),)


def test_patience_goes_with_the_request():
    draft = RequestDraft(patience=Patience(connect=1, read=2, total=3))
    assert fill(draft, {}).request.timeouts == Timeouts(1, 2, 3)


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
pairs = st.lists(st.tuples(names, names), max_size=3).map(tuple)
types = st.sampled_from(
    ["", "application/json", "application/x-www-form-urlencoded", "text/plain; charset=utf-8",
     "application/vnd.api+json", "text/csv"]
)  # fmt: skip


@given(
    query=pairs,
    body=st.binary(max_size=20) | st.sampled_from([b"a=1&b[]=%20", b'{"a": 1}', b"a", b"&"]),
    content_type=types,
)
def test_a_call_of_the_history_sends_the_same_again(query, body, content_type):
    headers = (("X-A", "1"), *([("Content-Type", content_type)] if content_type else ()))
    call = CallRequest("POST", "contacts", query, headers, body)
    draft = draft_of_call(call)
    if any("{{" in text for pair in query for text in pair) or b"{{" in body:
        return
    again = fill(draft, {}).request
    assert (again.method, again.path, again.query) == ("POST", "contacts", query)
    if draft.body is BodyKind.FORM:
        assert fill(draft_of_call(again), {}).request == again
    else:
        assert again.body == body
    if body and content_type:
        json_type = ("Content-Type", "application/json")
        there = (*again.headers, *([json_type] if draft.body is JSON else ()))
        assert ("Content-Type", content_type) in there


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_an_endpoint_of_the_catalogue_is_ready_to_be_filled_in(endpoint):
    draft = draft_of_endpoint(endpoint)
    assert find_endpoint(draft.method, draft.path) is endpoint
    assert find_endpoint(draft.method.lower(), f"/v1/{draft.path}/?a=1") is endpoint
    if endpoint.example is not None:
        assert json.loads(fill(draft, {}).request.body) == endpoint.example
        return
    assert [row.name for row in draft.query] == [each.query_name for each in endpoint.parameters]
    required = {each.query_name for each in endpoint.parameters if each.required}
    assert required <= {row.name for row in draft.query if row.on}
    assert all(endpoint.parameter(row.name) is not None for row in draft.query)


@pytest.mark.anyio
async def test_variables_are_kept_for_each_environment(
    requests, connection, variables, environment
):
    await requests.save_variables({"survey": "63b0", "b": "ö\n"})
    assert requests.variables == {"survey": "63b0", "b": "ö\n"}
    here = connection.environment
    await connection.switch(environment)
    await requests.enter()
    assert requests.variables == {}
    assert requests.preview(RequestDraft(path="{{survey}}")).unknown == ("survey",)
    assert list(await variables.read(here.id)) == ["survey", "b"]


@pytest.mark.anyio
async def test_a_key_is_refused_as_a_variable(requests, key, tmp_path):
    await requests.save_variables({"a": "1"})
    with pytest.raises(SecretVariable, match="“token”"):
        await requests.save_variables({"token": f"Bearer {key.reveal()}"})
    assert requests.variables == {"a": "1"}
    assert not any(
        key.reveal().encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["", "9a", "a b", "ä", "a}}"])
async def test_a_name_that_can_not_be_found_again_is_refused(requests, name):
    with pytest.raises(WrongVariable):
        await requests.save_variables({name: "1"})


@pytest.mark.anyio
async def test_a_file_is_sent_as_it_is(requests, tmp_path):
    file = tmp_path / "body.bin"
    file.write_bytes(b"\x00\xff{{a}}")
    draft = RequestDraft("PUT", "x", body=BodyKind.FILE, file=str(file))
    assert (await requests.filled(draft)).request.body == b"\x00\xff{{a}}"
    with pytest.raises(FileNotFoundError):
        await requests.filled(RequestDraft(body=BodyKind.FILE, file=str(tmp_path / "gone")))


def test_what_is_left_between_braces_is_named_wherever_it_came_from():
    draft = RequestDraft(path="{{a}}/{{user id}}", body=BodyKind.JSON, text='{"x": "{{ größe }}"}')
    assert fill(draft, {"a": "{{b}}"}).unknown == ("b", "user id", "größe")
    assert fill(RequestDraft(body=BodyKind.JSON, text='{"a":{"b":{}}}'), {}).unknown == ()


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("contacts?search={{odd}}", "contacts?search=a%26b%3D1%23c%3Fd%2Fe%20%25"),
        ("contacts?{{odd}}=1", "contacts?a%26b%3D1%23c%3Fd%2Fe%20%25=1"),
        ("contacts?{{query}}&page=2", "contacts?list=all&tags[]=b&page=2"),  # a query of its own
        ("contacts/{{odd}}/x", "contacts/a&b=1%23c%3Fd/e%20%/x"),
        ("{{whole}}", "https://api.example.org/v2?x=1"),
        ("{{whole}}&y={{odd}}", "https://api.example.org/v2?x=1&y=a%26b%3D1%23c%3Fd%2Fe%20%25"),
    ],
)
def test_a_variable_in_a_path_can_not_become_another_parameter(path, sent):
    values = {
        "odd": "a&b=1#c?d/e %", "query": "list=all&tags[]=b",
        "whole": "https://api.example.org/v2?x=1",
    }  # fmt: skip
    assert fill(RequestDraft(path=path), values).request.path == sent

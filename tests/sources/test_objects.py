"""JSON and JSON Lines: objects as rows, however they are nested and wherever they break off."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.sources import json_stream, objects
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import Format, SourceOptions, SourceUnreadable

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)  # fmt: skip


@pytest.fixture
def put(tmp_path):
    def write(content, name="users.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def table(source):
    columns = [column.name for column in source.columns]
    return [dict(zip(columns, row.cells, strict=True)) for row in source.rows()]


@given(
    items=st.lists(VALUES, max_size=6), indent=st.sampled_from([None, 1]), size=st.integers(1, 9)
)
def test_every_list_is_read_in_pieces_of_any_size(tmp_path_factory, items, indent, size):
    path = tmp_path_factory.getbasetemp() / "any.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_READ_AT_ONCE", size)
        path.write_text(json.dumps(items, indent=indent))
        assert list(json_stream.listed(path, "utf-8")) == items
        path.write_text(json.dumps({"total": 1, "tags": ["x"], "items": items}, indent=indent))
        if not items or isinstance(items[0], dict):
            assert list(json_stream.listed(path, "utf-8")) == items


def test_nested_objects_become_columns_and_lists_stay_json(put):
    user = {"id": 1042, "account": {"id": "acme", "address": {"city": "Bern"}}, "tags": ["a", 1]}
    rest = {"trial": True, "plan": None, "rate": 1.5, "empty": {}}
    source = open_source(put(json.dumps([user, rest])))
    assert table(source) == [
        {
            "id": "1042",
            "account.id": "acme",
            "account.address.city": "Bern",
            "tags": '["a", 1]',
            "trial": "",
            "plan": "",
            "rate": "",
        },
        {
            "id": "",
            "account.id": "",
            "account.address.city": "",
            "tags": "",
            "trial": "true",
            "plan": "",
            "rate": "1.5",
        },
    ]


def test_what_is_nested_very_deeply_stays_json(put):
    deep = json.loads('{"a":' * 20 + "1" + "}" * 20)
    [column] = open_source(put(json.dumps([deep]))).columns
    assert column.name == ".".join("a" * 9)


def test_the_list_of_an_answer_is_found(put):
    answer = {"pagination": {"items_count": 1}, "tags": ["x"], "items": [{"id": "u-1"}]}
    assert table(open_source(put(json.dumps(answer)))) == [{"id": "u-1"}]


def test_a_column_that_only_the_last_object_has_is_a_column(put):
    lines = [{"id": n} for n in range(500)] + [{"id": 500, "plan": "pro"}]
    source = open_source(put("\n".join(map(json.dumps, lines)), "users.jsonl"))
    assert [column.name for column in source.columns] == ["id", "plan"]


def test_of_a_large_file_the_first_objects_name_the_columns(put, monkeypatch):
    monkeypatch.setattr(objects, "READ_WHOLE", 10)
    monkeypatch.setattr(objects, "LOOKED_AT", 2)
    lines = [{"id": 1}, {"id": 2, "plan": "pro"}, {"id": 3, "late": "x"}]
    source = open_source(put("\n".join(map(json.dumps, lines)), "users.jsonl"))
    assert [bool(row.problem) for row in source.rows()] == [False, False, True]
    assert "“late”" in list(source.rows())[2].problem


def test_a_line_that_is_no_object_is_a_problem_of_its_row_alone(put):
    content = '{"id": 1}\n\n{"id": \n[1]\n"x"\nNaN\n{"id": 2}\n'
    rows = list(open_source(put(content, "users.jsonl")).rows())
    assert [row.line for row in rows if not row.problem] == [1, 7]
    assert {row.problem for row in rows[1:5]} == {"This is not a JSON object."}


def test_json_that_breaks_off_says_where(put):
    whole = json.dumps([{"id": number} for number in range(100)])
    with pytest.raises(SourceUnreadable, match="breaks off at object 99") as info:
        open_source(put(whole[:-20]))
    assert info.value.line == 99


def test_json_that_is_broken_says_so_without_reading_the_rest(put):
    path = put('[{"id": 1}, {"id": oops}, ' + '{"id": 3}, ' * 2_000_000)
    with pytest.raises(SourceUnreadable, match="object 2: Expecting value"):
        open_source(path)


def test_a_list_on_one_long_line_is_read(put):
    users = [{"id": number, "note": "x" * 1_000} for number in range(10_000)]
    assert sum(1 for _ in open_source(put(json.dumps(users))).rows()) == 10_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("[" + '{"a":' * 100_000, "nested too deeply"),
        ('[{"a": NaN}]', "NaN is not JSON"),
        ('[{"a": 1}{"a": 2}]', "“]” is missing"),
        ('{"a": 1, "b": [1, 2]}\n\n', "holds no objects|holds no list"),
        ("[]", "holds no objects"),
        ("[1, 2]", "holds no objects"),
        ("[{}, {}]", "holds no objects"),
        ("   \n", "empty"),
    ],
)
def test_what_is_no_list_of_objects_says_so(put, content, reason):
    with pytest.raises(SourceUnreadable, match=reason):
        list(open_source(put(content), SourceOptions(format=Format.JSON)).rows())


def test_a_huge_value_is_not_read_into_memory(put):
    with pytest.raises(SourceUnreadable, match="too large"):
        open_source(put('[{"a": 1}, {"a": "' + "x" * 10_000_000))


def test_a_huge_number_is_no_crash(put):
    lines = '{"a": 1}\n{"a": ' + "9" * 5_000 + "}\n"
    rows = list(open_source(put(lines, "users.jsonl")).rows())
    assert [bool(row.problem) for row in rows] == [False, True]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_other_encodings_are_read(put, encoding):
    path = put(json.dumps([{"näme": "Zoë"}], ensure_ascii=False).encode(encoding))
    assert table(open_source(path)) == [{"näme": "Zoë"}]


def test_half_a_character_is_never_passed_on(put):
    [row] = open_source(put(r'[{"id": "u-1", "name": "a\ud800b"}]')).rows()
    assert "half a character" in row.problem
    assert msgspec.json.encode(row.cells)


def test_half_a_character_in_a_name_is_never_passed_on(put, monkeypatch):
    lines = '{"id": "u-1"}\n{"a\\ud800b": "x"}\n'
    with pytest.raises(SourceUnreadable, match="half a character"):
        open_source(put(lines, "users.jsonl"))
    monkeypatch.setattr(objects, "READ_WHOLE", 1)
    monkeypatch.setattr(objects, "LOOKED_AT", 1)
    _, row = open_source(put(lines, "users.jsonl")).rows()
    assert msgspec.json.encode(row.problem)


def test_names_with_blanks_and_without_letters_are_kept_apart(put):
    source = open_source(put('[{"": 1, "Column 1": 2, " a": 3, "a": 4}]'))
    assert len({column.name for column in source.columns}) == 4
    assert [row.cells for row in source.rows()] == [("1", "2", "3", "4")]


def test_decimals_keep_every_digit(put):
    content = '[{"a": 12345678901234567.89, "b": 1.50, "c": 1e400, "d": [0.5]}]'
    [row] = open_source(put(content)).rows()
    assert row.cells == ("12345678901234567.89", "1.50", "1e400", "[0.5]")


def test_a_key_without_a_name_makes_a_column_with_one(put):
    [column] = open_source(put('[{"": 1}]')).columns
    assert (column.name, column.title) == ("Column 1", "")


def test_a_dot_in_a_key_is_not_a_key_in_an_object(put):
    source = open_source(put('[{"a.b": 2, "a": {"b": 3}}]'))
    assert table(source) == [{"a.b": "2", "a.b (2)": "3"}]

"""CSV as it comes: any delimiter, any encoding, and everything that goes wrong with quotes."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refiner_desktop.sources.delimited import DELIMITERS
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import SourceOptions, SourceUnreadable


def names(source):
    return [column.name for column in source.columns]


def cells(source):
    return [row.cells for row in source.rows()]


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_table_is_read_as_it_was_written(tmp_path_factory, rows, delimiter, encoding, end):
    path = tmp_path_factory.getbasetemp() / "any-table.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
            [("a", "b", "c"), *rows]
        )
    source = open_source(path, SourceOptions(encoding=encoding, delimiter=delimiter))
    assert cells(source) == rows


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_found(put, delimiter):
    line = delimiter.join(["u-1", "Ana, Ben; Cy", "x"]) if delimiter in "\t|" else None
    content = delimiter.join(["id", "name", "plan"]) + "\n"
    content += line or delimiter.join(["u-1", "Ana", '"pro,free;none"'])
    source = open_source(put(content))
    assert source.options.delimiter == delimiter
    assert names(source) == ["id", "name", "plan"]


def test_a_single_column_needs_no_delimiter(put):
    source = open_source(put("email\nana@example.org\n"))
    assert cells(source) == [("ana@example.org",)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "cp1252"),
        ("cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_with_and_without_a_mark(put, written, found):
    source = open_source(put("id,näme\nu-1,Zoë\n".encode(written)))
    assert source.options.encoding == found
    assert names(source) == ["id", "näme"]
    assert cells(source) == [("u-1", "Zoë")]


def test_a_big_endian_mark_is_known(put):
    source = open_source(put("\ufeffid\nZoë\n".encode("utf-16-be")))
    assert (names(source), cells(source)) == (["id"], [("Zoë",)])


def test_utf_16_without_a_mark_is_found_in_other_scripts(put):
    source = open_source(put("名前,計画\n花子,無料\n".encode("utf-16-le")))
    assert names(source) == ["名前", "計画"]


def test_what_windows_1252_lacks_is_latin_1(put):
    assert open_source(put(b"id\n\x81\xe9\n")).options.encoding == "iso-8859-1"


def test_an_accent_far_down_decides_about_the_encoding(put):
    content = b"id\n" + b"plain\n" * 50_000 + "Zoë\n".encode("latin-1")
    assert open_source(put(content)).options.encoding == "cp1252"


def test_another_encoding_can_be_chosen(put):
    path = put("id\nŻółw\n".encode("cp1250"))
    assert cells(open_source(path, SourceOptions(encoding="cp1250"))) == [("Żółw",)]
    with pytest.raises(SourceUnreadable, match="not UTF-8: choose another encoding"):
        open_source(path, SourceOptions(encoding="utf-8"))


def test_a_file_without_a_header_gets_numbered_columns(put):
    source = open_source(put("u-1,pro\nu-2,free\n"), SourceOptions(has_header=False))
    assert names(source) == ["Column 1", "Column 2"]
    assert [(row.line, row.cells) for row in source.rows()] == [
        (1, ("u-1", "pro")),
        (2, ("u-2", "free")),
    ]


def test_a_header_alone_has_no_rows(put):
    source = open_source(put("id,plan\n"))
    assert names(source) == ["id", "plan"]
    assert source.samples == ()
    assert cells(source) == []


def test_a_header_without_names_is_refused(put):
    with pytest.raises(SourceUnreadable, match="names no columns"):
        open_source(put(" ,,\n1,2,3\n"))


def test_columns_that_share_a_name_are_told_apart(put):
    source = open_source(put("id,id,,id (2), plan \n1,2,3,4,5\n"))
    assert names(source) == ["id", "id (2)", "Column 3", "id (2) (2)", "plan"]


def test_blank_lines_are_not_rows(put):
    source = open_source(put("\n\nid,plan\n\nu-1,pro\n\n\nu-2,free\n\n"))
    found = [(row.number, row.line, row.cells[0]) for row in source.rows()]
    assert found == [(1, 5, "u-1"), (2, 8, "u-2")]


def test_a_row_is_where_it_begins_in_the_file_although_quotes_go_over_lines(put):
    source = open_source(put('id,note\r\nu-1,"two\r\nlines"\r\nu-2,x\r\n'))
    assert [(row.number, row.line) for row in source.rows()] == [(1, 2), (2, 4)]


def test_a_row_of_another_width_has_a_problem_and_keeps_its_cells(put):
    source = open_source(put("id,plan,seats\nu-1,pro\nu-2,pro,1,x,y\nu-3,pro,1,,\nu-4,pro,2\n"))
    short, long, trailing, right = source.rows()
    assert short.cells == ("u-1", "pro", "")
    assert short.problem == "This row has 2 cells, the table 3 columns."
    assert long.cells == ("u-2", "pro", "1,x,y")
    assert long.problem == "This row has 5 cells, the table 3 columns."
    assert trailing.cells == ("u-3", "pro", "1")
    assert not trailing.problem
    assert not right.problem


def test_cells_may_hold_line_ends_and_quotes(put):
    source = open_source(put('id,note\nu-1,"a\nb ""c"""\nu-2,d "e" f\n'))
    assert cells(source) == [("u-1", 'a\nb "c"'), ("u-2", 'd "e" f')]


def test_a_formula_is_nothing_but_text(put):
    source = open_source(put('id,note\nu-1,=1+1\nu-2,"=HYPERLINK(""http://x"")"\n'))
    assert cells(source) == [("u-1", "=1+1"), ("u-2", '=HYPERLINK("http://x")')]


def test_a_quote_that_never_closes_is_found_where_it_opens(put):
    content = "id,note\n" + "u,x\n" * 60 + 'u-61,"open\n' + "u,x\n" * 60
    rows = open_source(put(content)).rows()
    assert [next(rows).line for _ in range(60)][-1] == 61
    with pytest.raises(SourceUnreadable, match="opens in line 62 of the file never closes") as info:
        next(rows)
    assert info.value.line == 62


def test_a_quote_that_swallows_a_large_file_is_not_kept_in_memory(put):
    content = "id,note\n" + "u,x\n" * 60 + 'u-61,"open\n' + "u,some more text\n" * 100_000
    with pytest.raises(
        SourceUnreadable, match="line 62 of the file is too long: perhaps a quote"
    ) as info:
        cells(open_source(put(content)))
    assert info.value.line == 62


def test_a_line_without_an_end_is_not_read_into_memory(put):
    with pytest.raises(SourceUnreadable, match="Line 2 of the file is too long"):
        open_source(put(b"id\n" + b"x" * 9_000_000))


def test_five_thousand_columns_are_read(put):
    wide = ",".join(f"c{number}" for number in range(5_000))
    source = open_source(put(f"{wide}\n{wide}\n"))
    assert len(source.columns) == 5_000
    assert source.samples[0].cells[-1] == "c4999"


def test_a_file_that_got_other_columns_meanwhile_is_not_read(put):
    source = open_source(put("id,plan\nu-1,pro\n"))
    put("plan,id\npro,u-1\n")
    with pytest.raises(SourceUnreadable, match="not the same"):
        cells(source)


def test_a_cell_that_is_too_long_is_a_problem_of_its_row_alone(put):
    content = "id;note\nu-1;x\nu-2;" + "y" * 140_000 + '\nu-3;"' + "z" * 140_000 + '"\nu-4;z\n'
    source = open_source(put(content))
    rows = list(source.rows())
    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert [row.line for row in rows if row.problem] == [3, 4]
    assert rows[3].cells == ("u-4", "z")
    assert {len(row.cells) for row in rows} == {2}


def test_a_header_with_a_cell_that_is_too_long_is_refused(put):
    with pytest.raises(SourceUnreadable, match="first line is too long"):
        open_source(put("x" * 140_000 + ",id\n1,2\n"))


def test_a_column_knows_its_title_as_the_file_has_it(put):
    source = open_source(put("id,First  Name,Tel,Tel,\n1,2,3,4,5\n"))
    assert [column.title for column in source.columns] == ["id", "First  Name", "Tel", "Tel", ""]


def test_only_files_of_results_lose_the_apostrophes_that_made_them_harmless(put):
    assert cells(open_source(put("id,note\nu-1,'=x\n"))) == [("u-1", "'=x")]
    ours = open_source(put("id,'=note,line,state,status,reason\nu-1,'=x,2,failed,422,No.\n"))
    assert ours.columns[1].name == "=note"
    assert cells(ours)[0][1] == "=x"

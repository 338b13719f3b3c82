"""Workbooks as spreadsheets write them."""

import base64
import zipfile
import zlib
from datetime import date, datetime

import pytest
import xlsxwriter

from refiner_desktop.sources import workbook_size
from refiner_desktop.sources.opening import open_source
from refiner_desktop.sources.source import Format, Kind, SourceOptions, SourceUnreadable


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "users.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as written:
        users = written.add_worksheet("Users")
        users.write_row(2, 1, ["id", "seats", "rate", "trial", "since", "seen", "total"])
        users.write_row(3, 1, ["u-1", 12, 0.5, True])
        users.write_datetime(3, 5, date(2026, 3, 4))
        users.write_datetime(3, 6, datetime(2026, 3, 4, 9, 15))  # noqa: DTZ001
        users.write_formula(3, 7, "=6*7", None, 42)
        users.write_row(5, 1, ["007", 1e9])
        written.add_worksheet("More").write_row(0, 0, ["email", "plan"])
        written.add_worksheet("Nothing")
    return path


XLS = (
    "c-rk)O=uHA6#izDO_SLC)l_JO5(-wWRj6LPv|9!3$x;PTL}<5Wk<c_Ln-<iAR%?!e;7RdP=*3Ibi$CZ=Zytn-9t1"
    "&1)te_l!9$z%&C6~~HDCi;ROVae&6_v#?aa=5GrO}d789kpyX{N(0sZiy?1T`gu?b2cuMh{-JC0PnJV?n=_@@vGk"
    "|P5;9z~uvNgqmoFG0f{|5K8{J4z=piJ^SXO06UI^B7Da$IwSo;3iq3XyZ|}usp?bBg@;|@-fQ+wp?M^M{P^u1Qv~"
    "<?!9glAJ;m$E(&?y`^<U6mR_{tnT+BKS4E|*j(v8<%>JDf9sXv_gZwsV<t*FGmXIU|&f|-d0zP{y^+`(E*VisU_O"
    "Gk$O?B+oG(Ru{XOsiHhzLITWQ~ra1<NihQzQr6HAzmMCfi6RtpnDCnaNUKu*|6fF{XF+#sD*C4p?W*iOH<BD{r4>"
    "`|hyZvw4ljSFP~~$9^-(G-9kLcm>317hk^h>E)rZVPk|XGrX@?cK<DMz;JL;GKd`I8edg*Gh+wKOMKVOthcjF(t}"
    "anHQeed2WPp>Wv=a_e)ce48Cz@gZKM}J9)8eKd~a+gePM9vTyo*HF^5ii8>NXauUYhn9&zKk#6!c&g}YO{W!d)At"
    "`XGY?${mo6&J$_!mK7(R!VYqM75;3b0yiL4qGtW=e8Hjmh*OAlO@THx@@fuTVu8^4O+nUjAUxe+&~`e*IIB-Hlz6"
    "XjxZDy6ciK`6ciK`eg(nbvz4!RKOa4+=MDa^vqGt?ev|ySID$M~Q*<yrfE?vE&NdW3o1hEtUSf?L?|-4hG3wpMIL"
    "3G!;|<3zo$o~L^Q@T||9wlS(f-SgjPnoo{|)b6&(i"
)
"""A sheet of three columns and two rows, as Excel 97 to 2003 saved it; packed."""


def test_cells_are_what_they_show(book):
    source = open_source(book)
    assert source.options.format is Format.EXCEL
    assert [(row.number, row.line) for row in source.rows()] == [(1, 4), (2, 6)]
    assert [row.cells for row in source.rows()] == [
        ("u-1", "12", "0.5", "true", "2026-03-04", "2026-03-04T09:15:00", "42"),
        ("007", "1000000000", "", "", "", "", ""),
    ]


def test_columns_have_names_and_kinds(book):
    columns = open_source(book).columns
    assert [column.name for column in columns][:3] == ["id", "seats", "rate"]
    kinds = [column.kind for column in columns]
    assert kinds[3:] == [Kind.YES_NO, Kind.DATE, Kind.DATE_TIME, Kind.NUMBER]


def test_the_first_sheet_is_read_unless_another_is_chosen(book):
    first = open_source(book)
    assert (first.options.sheet, first.sheets) == ("Users", ("Users", "More", "Nothing"))
    other = open_source(book, SourceOptions(sheet="More"))
    assert [column.name for column in other.columns] == ["email", "plan"]
    assert list(other.rows()) == []


def test_an_empty_sheet_is_said_to_be_empty(book):
    with pytest.raises(SourceUnreadable, match="empty"):
        open_source(book, SourceOptions(sheet="Nothing"))


def test_a_sheet_that_is_not_there_is_said_to_be_missing(book):
    with pytest.raises(SourceUnreadable, match="no sheet “Gone”"):
        open_source(book, SourceOptions(sheet="Gone"))


def test_a_workbook_is_known_under_any_name(book):
    assert open_source(book.rename(book.with_name("users.csv"))).options.format is Format.EXCEL


def test_a_sheet_without_a_header_is_read(book):
    source = open_source(book, SourceOptions(has_header=False))
    assert next(source.rows()).cells[0] == "id"


def test_a_workbook_that_broke_off_says_so(book):
    book.write_bytes(book.read_bytes()[:-300])
    with pytest.raises(SourceUnreadable, match="damaged"):
        open_source(book)


def test_a_damaged_sheet_says_so(book, tmp_path):
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(damaged, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part, content[:200] if "sheet1" in part.filename else content)
    with pytest.raises(SourceUnreadable):
        list(open_source(damaged).rows())


def test_another_zip_is_no_workbook(tmp_path):
    path = tmp_path / "users.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")
    with pytest.raises(SourceUnreadable, match="damaged, or of an unknown kind"):
        open_source(path)


def test_a_workbook_that_would_fill_the_memory_is_refused(book, monkeypatch):
    monkeypatch.setattr(workbook_size, "LARGEST", 2_000)
    with pytest.raises(SourceUnreadable, match="too large: save the sheet as CSV"):
        open_source(book)


def test_a_cell_far_away_from_the_others_does_not_end_the_application(tmp_path):
    path = tmp_path / "users.xlsx"
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, ["id", "plan"])
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(SourceUnreadable, match="far away from the others"):
        open_source(path)


def test_a_count_beyond_reason_does_not_end_the_application(book, tmp_path):
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(damaged, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(b'uniqueCount="', b'uniqueCount="9999999999')
            new.writestr(part, content)
    with pytest.raises(SourceUnreadable, match="counts more than it holds"):
        open_source(damaged)


def test_a_reference_between_two_pieces_is_seen(book, monkeypatch):
    for size in (1, 7, 40):
        monkeypatch.setattr(workbook_size, "_READ_AT_ONCE", size)
        monkeypatch.setattr(workbook_size, "_OVERLAP", 32)
        assert open_source(book).options.sheet == "Users"
    monkeypatch.setattr(workbook_size, "MOST_CELLS", 6 * 8 - 1)
    with pytest.raises(SourceUnreadable, match="far away"):
        open_source(book)


def test_a_workbook_that_is_gone_is_an_error_of_the_system(book):
    source = open_source(book)
    book.unlink()
    with pytest.raises(FileNotFoundError):
        list(source.rows())


def test_an_error_is_no_empty_cell(tmp_path):
    path = tmp_path / "users.xlsx"
    with xlsxwriter.Workbook(path) as written:
        written.add_worksheet("Other").write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet = written.add_worksheet("A & B")
        sheet.write_row(2, 1, ["id", "plan", "seats"])
        sheet.write_row(3, 1, ["u-1", "pro", 1])
        sheet.write_row(5, 1, ["u-2"])
        sheet.write_formula(5, 2, "=NA()", None, "#N/A")
        sheet.write_formula(5, 3, '=IF("a"<"b",1/0,2)', None, "#DIV/0!")
        sheet.write_formula(6, 3, "=NA()", None, "#N/A")
    source = open_source(path, SourceOptions(sheet="A & B"))
    assert [row.cells for row in source.rows()] == [
        ("u-1", "pro", "1"),
        ("u-2", "#N/A", "#DIV/0!"),
        ("", "", "#N/A"),
    ]


def test_errors_are_found_between_two_pieces(tmp_path, monkeypatch):
    path = tmp_path / "users.xlsx"
    with xlsxwriter.Workbook(path) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, ["id", "plan"])
        for row in range(1, 40):
            sheet.write(row, 0, f"u-{row}")
            sheet.write_formula(row, 1, "=NA()", None, "#N/A")
    monkeypatch.setattr("refiner_desktop.sources.workbook_errors._READ_AT_ONCE", 97)
    assert {row.cells[1] for row in open_source(path).rows()} == {"#N/A"}


def test_a_workbook_of_an_old_excel_is_read(tmp_path):
    path = tmp_path / "users.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(XLS)))
    source = open_source(path)
    assert [column.name for column in source.columns] == ["user_id", "email", "seats"]
    assert [row.cells for row in source.rows()] == [
        ("u-1", "ana@example.org", "3"),
        ("u-2", "", "4.5"),
    ]

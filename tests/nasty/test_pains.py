"""Workbooks that readers in use today get wrong: each in a few lines that say what is nasty, and what is right."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Literal

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openxml_audit import OpenXmlValidator, ValidationSeverity

import iepdocs
from iepdocs.findings import CellPlace, Finding, IepdocsError, Severity
from iepdocs.measurement import Measurement
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, TRANSITIONAL, Rows, parts_of, progress_sheets, raw_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook

HEADERS = {
    "Students": ["Student ID", "Last Name", "First Name"],
    "Goals": ["Student ID", "Goal Number", "Area", "Standard"],
    "Meetings": ["Student ID", "Meeting Date", "Start Time"],
    "Plans": ["Student ID", "Start Date", "General Education Percent"],
    "Contacts": ["Student ID", "Contact Name", "Zip"],
    "Progress": ["Student ID", "Goal Number", "Date", "Value"],
}


FORMATS = ["0%", "0.0%"]


def text(address: str, content: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def rows(title: str, *more: str) -> str:
    """Return a sheet's headers, and rows of cells written as XML below them."""
    headers = [text(f"{'ABCDEFGH'[place]}1", header) for place, header in enumerate(HEADERS[title])]
    all_rows = ["".join(headers), *more]
    return "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(all_rows, 1))


def read(tmp_path: Path, package: bytes, name: str = "plans.xlsx") -> Any:
    path = tmp_path / name
    path.write_bytes(package)
    return iepdocs.open_workbook(path)


def column(workbook: Any, title: str, key: str) -> list[Any]:
    return [row.values.get(key) for row in workbook.tables[title].rows]


def said(findings: list[Finding]) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in findings]


def test_p01_an_id_keeps_the_zeros_that_a_number_format_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    students, goals, progress = book.worksheets[0], book.create_sheet("Goals"), book.create_sheet("Progress")
    students.title = "Students"
    for sheet, content in ((students, STUDENTS), (goals, GOALS), (progress, PROGRESS)):
        for row in content:
            sheet.append(row)
    students["A2"].value = 42
    students["A2"].number_format = "00000"
    students["A3"].value = 107
    students["A3"].number_format = '"00"000'
    book.save(tmp_path / "plans.xlsx")
    assert iepdocs.check(tmp_path / "plans.xlsx", date=TODAY) == []
    iepdocs.generate(tmp_path / "plans.xlsx", tmp_path / "out", date=TODAY)
    made = sorted((tmp_path / "out").rglob("*.docx"))
    assert ["00107" in made[0].name, "00042" in made[1].name] == [True, True]
    footers = [xml for name, xml in parts_of(made[1].read_bytes()).items() if "footer" in name]
    assert footers
    assert all(b"00042" in xml for xml in footers)


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("42", "00000", "00042"),
        ("42", '"ID-"00000', "ID-00042"),
        ("5555550142", "[<=9999999]###-####;(###) ###-####", "(555) 555-0142"),
        ("9104437286.0", "General", "9104437286"),
        ("1.0E+3", "0", "1000"),
        ("12345678901234", "General", "12345678901234"),
    ],
)
def test_p01_an_id_is_what_its_format_shows(tmp_path: Path, number: str, code: str, shown: str) -> None:
    sheet = rows("Students", f'<c r="A2" s="1"><v>{number}</v></c>')
    workbook = read(tmp_path, raw_workbook({"Students": sheet}, formats=[code]))
    assert column(workbook, "Students", "student_id") == [shown]


def test_p01_an_id_beyond_excels_fifteen_digits_is_asked_about(tmp_path: Path) -> None:
    workbook = read(tmp_path, raw_workbook({"Students": rows("Students", '<c r="A2"><v>1.23456789012345E+17</v></c>')}))
    [finding] = workbook.findings
    assert (str(finding.place), finding.severity) == ("Students A2 (Student ID)", Severity.WARNING)
    assert column(workbook, "Students", "student_id") == ["123456789012345000"]


def test_p01_an_id_that_lost_its_zeros_is_asked_about_and_its_row_is_nobodys(make_workbook: MakeWorkbook) -> None:
    [found] = iepdocs.check(make_workbook(progress_sheets(Progress=[*PROGRESS, [42, "1", TODAY, 60]])), date=TODAY)
    assert said([found]) == [
        "Progress A5 (Student ID): There is no student 42 on the Students sheet, so this row is in no document."
    ]
    assert found.mend.startswith("Did you mean 00042?")


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [("2139", "00000", "02139"), ("21391234", "00000-0000", "02139-1234"), ("2139", "General", "2139")],
)
def test_p01_a_zip_code_keeps_the_zeros_that_a_number_format_shows(
    tmp_path: Path, number: str, code: str, shown: str
) -> None:
    sheet = rows("Contacts", text("A2", "00042") + f'<c r="C2" s="1"><v>{number}</v></c>')
    workbook = read(tmp_path, raw_workbook({"Contacts": sheet}, formats=[code]))
    assert column(workbook, "Contacts", "zip") == [shown]


def test_p02_a_percentage_is_what_is_shown_and_a_bare_fraction_is_asked_about(tmp_path: Path) -> None:
    cells = ['<c r="C2" s="1"><v>0.855</v></c>', '<c r="C3"><v>85.5</v></c>', '<c r="C4"><v>0.5</v></c>']
    sheet = rows("Plans", *(text(f"A{number}", "00042") + cell for number, cell in enumerate(cells, 2)))
    workbook = read(tmp_path, raw_workbook({"Plans": sheet}, formats=["0.0%"]))
    assert column(workbook, "Plans", "general_education_percent") == [85.5, 85.5, None]
    [finding] = workbook.findings
    assert (str(finding.place), finding.severity) == ("Plans C4 (General Education Percent)", Severity.ERROR)


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        ('<c r="D2" s="1"><v>0.8</v></c>', Measurement("80%", 80, unit="percent")),
        ('<c r="D2" s="2"><v>0.805</v></c>', Measurement("80.5%", 80.5, unit="percent")),
        ('<c r="D2"><v>0.8</v></c>', Measurement("0.8", 0.8)),
        (text("D2", "80 %"), Measurement("80 %", 80, unit="percent")),
    ],
)
def test_p02_a_result_in_percent_is_what_is_shown(tmp_path: Path, cell: str, percent: Measurement) -> None:
    workbook = read(tmp_path, raw_workbook({"Progress": rows("Progress", text("A2", "00042") + cell)}, formats=FORMATS))
    assert column(workbook, "Progress", "value") == [percent]


def test_p03_dates_of_the_1904_system(tmp_path: Path) -> None:
    properties = (
        '<workbookPr date1904="1"/><extLst><ext uri="x" '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">'
        '<x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    )
    sheet = rows("Meetings", text("A2", "00042") + '<c r="B2" s="1"><v>44562</v></c>')
    workbook = read(tmp_path, raw_workbook({"Meetings": sheet}, properties=properties, formats=["m/d/yyyy"]))
    assert column(workbook, "Meetings", "meeting_date") == [dt.date(2026, 1, 2)]


def test_p04_error_cells_are_named_also_in_an_optional_column(tmp_path: Path) -> None:
    cells = '<c r="C2" t="e"><f>#REF!</f><v>#REF!</v></c><c r="D2" t="e"><v>#N/A</v></c>'
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042") + cells)}))
    assert said(workbook.findings) == [
        "Goals C2 (Area): The cell shows the error #REF!.",
        "Goals D2 (Standard): The cell shows the error #N/A.",
    ]


@pytest.mark.parametrize("error", ["#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!"])
def test_p04_every_error_is_named_and_its_id_is_neither_blank_nor_unknown(tmp_path: Path, error: str) -> None:
    path = tmp_path / "plans.xlsx"
    sheet = rows("Goals", f'<c r="A2" t="e"><v>{error}</v></c>' + text("B2", "1"))
    path.write_bytes(raw_workbook({"Goals": sheet}))
    assert said(iepdocs.check(path, date=TODAY)) == [f"Goals A2 (Student ID): The cell shows the error {error}."]


def test_p04_an_error_that_was_typed_as_text_is_text(tmp_path: Path) -> None:
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042") + text("D2", "#N/A"))}))
    assert column(workbook, "Goals", "standard") == ["#N/A"]


def test_p05_a_formula_that_was_never_calculated_is_not_called_missing(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(progress_sheets(Goals=[GOALS[0], [*GOALS[1][:2], "=VLOOKUP(A2,X!A:B,2,0)", *GOALS[1][3:]]]))
    found = [finding for finding in iepdocs.check(path, date=TODAY) if str(finding.place).startswith("Goals C2")]
    assert said(found) == ["Goals C2 (Area): This cell holds a formula that has never been calculated."]
    assert "Excel" in found[0].mend


def test_p05_a_formula_that_gives_an_empty_text_is_blank(tmp_path: Path) -> None:
    empty = '<c r="C2" t="str"><f>IF(A2="","x","")</f><v></v></c>'
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042") + empty)}))
    assert (column(workbook, "Goals", "area"), workbook.findings) == ([None], [])


def test_p05_a_date_that_was_never_calculated_is_named_and_not_missing(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(progress_sheets(Progress=[PROGRESS[0], ["00042", "1", "=TODAY()", 43]]))
    found = iepdocs.check(path, date=TODAY)
    assert said(found) == ["Progress C2 (Date): This cell holds a formula that has never been calculated."]


def test_p06_the_escape_of_a_line_break_leaves_no_residue(tmp_path: Path) -> None:
    escaped = text("C2", "First line_x000D_\nSecond line")
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042") + escaped)}))
    assert column(workbook, "Goals", "area") == ["First line\nSecond line"]


def test_p06_the_escape_in_a_header_leaves_its_column_found(tmp_path: Path) -> None:
    cells = '<row r="1">' + text("A1", "Student_x000D_\nID") + "</row>" + '<row r="2">' + text("A2", "00042") + "</row>"
    assert column(read(tmp_path, raw_workbook({"Goals": cells})), "Goals", "student_id") == ["00042"]


def test_p06_what_was_typed_with_underscores_stays(tmp_path: Path) -> None:
    typed = text("C2", "the code _x005F_x000D_")
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042") + typed)}))
    assert column(workbook, "Goals", "area") == ["the code _x000D_"]


def test_p07_an_export_with_broken_styles_is_read(tmp_path: Path) -> None:
    styles = f'<styleSheet xmlns="{TRANSITIONAL}"><fills count="1"><fill/></fills></styleSheet>'
    workbook = read(tmp_path, raw_workbook({"Goals": rows("Goals", text("A2", "00042"))}, styles=styles))
    assert column(workbook, "Goals", "student_id") == ["00042"]


@pytest.mark.parametrize(
    "styles",
    [
        f'<styleSheet xmlns="{TRANSITIONAL}"/>',
        f'<styleSheet xmlns="{TRANSITIONAL}"><cellXfs count="9"/></styleSheet>',
        f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts><numFmt numFmtId="x" formatCode="0"/></numFmts></styleSheet>',
    ],
)
def test_p07_a_cell_of_a_style_that_is_not_there_is_read(tmp_path: Path, styles: str) -> None:
    sheet = rows("Goals", f"{text('A2', '00042')[:-4].replace('<c ', '<c s=' + chr(34) + '7' + chr(34) + ' ')}</c>")
    workbook = read(tmp_path, raw_workbook({"Goals": sheet}, styles=styles))
    assert column(workbook, "Goals", "student_id") == ["00042"]


def test_p08_an_xls_that_is_a_web_page_is_read_as_shown(tmp_path: Path) -> None:
    page = b"<html><table id='Students'><tr><td>Student ID</td></tr><tr><td>00042</td></tr></table></html>"
    workbook = read(tmp_path, page, "students.xls")
    assert column(workbook, "Students", "student_id") == ["00042"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Students.xls", b"Student ID\tLast Name\r\n00042\tReyes\r\n"),
        ("Students.xls", b"Student ID,Last Name\r\n00042,Reyes\r\n"),
        ("Students.xlsx", "Student ID;Last Name\r\n00042;Reyes\r\n".encode("utf-16")),
    ],
)
def test_p08_a_list_under_the_name_of_a_workbook_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    workbook = read(tmp_path, content, name)
    assert [row.values for row in workbook.tables["Students"].rows] == [{"student_id": "00042", "last_name": "Reyes"}]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x05\x06" + bytes(18),
        b"{\\rtf1\\ansi Students}",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\x00" * 64,
    ],
    ids=["pdf", "picture", "empty zip", "rtf", "broken xls", "zeros"],
)
def test_p08_what_is_no_workbook_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(IepdocsError) as raised:
        read(tmp_path, content, "students.xls")
    [finding] = raised.value.findings
    assert str(finding.place).endswith("students.xls")
    assert not {"corrupt", "BadZipFile", "XML", "Error", "Exception"} & set(finding.message.split())
    assert finding.mend


@pytest.mark.parametrize("surname", ["None", "NA", "Null", "N/A", "nan", "TRUE", "1E5"])
def test_p09_a_child_may_be_called_anything(tmp_path: Path, surname: str) -> None:
    sheet = rows("Students", text("A2", "00042") + text("B2", surname), text("A3", "00107"))
    workbook = read(tmp_path, raw_workbook({"Students": sheet}))
    assert column(workbook, "Students", "last_name") == [surname, None]


@pytest.mark.parametrize("surname", ["None", "NA", "Null", "N/A", "nan", "TRUE", "1E5", "007", "Infinity"])
def test_p09_a_child_in_a_list_may_be_called_anything(tmp_path: Path, surname: str) -> None:
    content = f"Student ID,Last Name\n00042,{surname}\n00107,\n".encode()
    workbook = read(tmp_path, content, "Students.csv")
    assert column(workbook, "Students", "last_name") == [surname, None]


def test_p10_a_merged_id_belongs_to_each_of_its_rows(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(
        {"Services": [["Student ID", "Service"], ["0012", "speech"], [None, "reading"], ["0013", "x"]]}
    )
    book = openpyxl.load_workbook(path)
    book["Services"].merge_cells("A2:A3")
    book.save(path)
    workbook = iepdocs.open_workbook(path)
    assert column(workbook, "Services", "student_id") == ["0012", "0012", "0013"]
    [note] = workbook.findings
    assert (note.severity, "A2:A3" in note.message) == (Severity.NOTE, True)


def test_p10_a_column_under_a_merged_header_is_asked_about(make_workbook: MakeWorkbook) -> None:
    path = make_workbook({"Goals": [["Student ID", "Goal", None], ["00042", "Read.", "Write."]]})
    book = openpyxl.load_workbook(path)
    book["Goals"].merge_cells("B1:C1")
    book.save(path)
    [found] = iepdocs.open_workbook(path).findings
    assert said([found]) == ["Goals C1: Column C has values but no header, and was not read."]


def test_p11_a_meeting_at_ten_is_at_ten(tmp_path: Path) -> None:
    cells = ['<c r="C2" s="1"><v>0.41666666</v></c>', '<c r="C3" s="2"><v>46000.41666666</v></c>']
    sheet = rows("Meetings", *(text(f"A{number}", "00042") + cell for number, cell in enumerate(cells, 2)))
    package = raw_workbook({"Meetings": sheet}, formats=["h:mm AM/PM", "m/d/yyyy h:mm"])
    workbook = read(tmp_path, package)
    assert column(workbook, "Meetings", "start_time") == [dt.time(10), dt.time(10)]
    assert [row.cells[3].shown for row in workbook.tables["Meetings"].rows] == ["10:00 AM", "12/9/2025 10:00"]


def test_p11_the_last_moment_of_a_day_is_midnight_as_excel_shows_it(tmp_path: Path) -> None:
    sheet = rows("Meetings", text("A2", "00042") + '<c r="C2" s="1"><v>0.99999999</v></c>')
    workbook = read(tmp_path, raw_workbook({"Meetings": sheet}, formats=["h:mm"]))
    assert workbook.tables["Meetings"].rows[0].cells[3].shown == "0:00"
    assert column(workbook, "Meetings", "start_time") in ([dt.time(0)], [None])


@pytest.mark.parametrize(
    ("number", "code", "time"),
    [
        ("0.604166666666667", "h:mm AM/PM", dt.time(14, 30)),
        ("0.604166666666", "[h]:mm", dt.time(14, 30)),
        ("0.999305555", "h:mm", dt.time(23, 59)),
        ("0.333333333333333", "h:mm:ss", dt.time(8)),
        ("0", "h:mm", dt.time(0)),
    ],
)
def test_p11_a_time_is_the_one_that_is_shown(tmp_path: Path, number: str, code: str, time: dt.time) -> None:
    sheet = rows("Meetings", text("A2", "00042") + f'<c r="C2" s="1"><v>{number}</v></c>')
    workbook = read(tmp_path, raw_workbook({"Meetings": sheet}, formats=[code]))
    assert column(workbook, "Meetings", "start_time") == [time]


def test_p12_the_lines_of_an_ods_cell_stay_apart(tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Goals"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Student ID</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>Goal</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>00042</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>c<text:line-break/>d<text:tab/>e</text:p>'
        '<text:p>f<text:s text:c="3"/>g</text:p></table:table-cell></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    workbook = read(tmp_path, stream.getvalue(), "plans.ods")
    assert column(workbook, "Goals", "goal") == ["c\nd\te\nf   g"]


def test_p13_a_csv_of_excel_has_its_first_column(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "Students.csv").write_bytes(b"\xef\xbb\xbfStudent ID;First Name\r\n00042;Jos\xc3\xa9\r\n")
    workbook = iepdocs.open_workbook(folder)
    assert workbook.tables["Students"].rows[0].values == {"student_id": "00042", "first_name": "José"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_p13_a_list_has_its_first_column_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [["Student ID", "First Name", "School"], ["00042", "José", "“Alder” Creek"]]
    content = "".join(delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    workbook = read(tmp_path, content.encode(encoding), "Students.csv")
    assert [row.values for row in workbook.tables["Students"].rows] == [
        {"student_id": "00042", "first_name": "José", "school": "“Alder” Creek"}
    ]


def test_p14_a_title_used_twice_names_both_cells(make_workbook: MakeWorkbook) -> None:
    progress = [["Student ID", "Goal Number", "Date", "Value", "Date"], ["00042", "1", TODAY, 43, TODAY]]
    [finding] = iepdocs.open_workbook(make_workbook({"Progress": progress})).findings
    assert isinstance(finding.place, CellPlace)
    assert (finding.place.cell, "C1" in finding.message, finding.severity) == ("E1", True, Severity.ERROR)


def test_p14_one_column_under_two_of_its_names_names_both_cells(make_workbook: MakeWorkbook) -> None:
    students = [["Student ID", "DOB", "Date of Birth"], ["00042", dt.date(2016, 5, 14), dt.date(2016, 5, 15)]]
    [finding] = iepdocs.open_workbook(make_workbook({"Students": students})).findings
    assert isinstance(finding.place, CellPlace)
    assert {finding.place.cell, *re.findall(r"\b[A-C]1\b", finding.message)} == {"B1", "C1"}
    assert finding.severity is Severity.ERROR


def test_p15_filtered_rows_are_read_and_announced(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(progress_sheets())
    book = openpyxl.load_workbook(path)
    book["Students"].auto_filter.ref = "A1:G3"
    book["Students"].row_dimensions[3].hidden = True
    book["Students"].column_dimensions["D"].hidden = True
    book.save(path)
    findings = iepdocs.check(path, date=TODAY)
    assert said(findings) == [
        "Students: 1 hidden row (3) was included.",
        "Students: 1 hidden column (D) was read.",
    ]
    assert {finding.severity for finding in findings} == {Severity.NOTE}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_p15_a_hidden_sheet_is_read_and_announced(
    make_workbook: MakeWorkbook, state: Literal["hidden", "veryHidden"]
) -> None:
    path = make_workbook(progress_sheets())
    book = openpyxl.load_workbook(path)
    book["Goals"].sheet_state = state
    book.save(path)
    [note] = iepdocs.check(path, date=TODAY)
    assert (str(note.place), note.severity) == ("Goals", Severity.NOTE)
    assert "hidden" in note.message


def test_p15_rows_of_a_closed_group_are_read_and_announced(make_workbook: MakeWorkbook) -> None:
    path = make_workbook(progress_sheets())
    book = openpyxl.load_workbook(path)
    book["Progress"].row_dimensions.group(2, 3, hidden=True)
    book.save(path)
    assert said(iepdocs.check(path, date=TODAY)) == ["Progress: 2 hidden rows (2, 3) were included."]


def test_p16_an_annotated_copy_keeps_drop_downs_charts_and_pictures(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    path = make_workbook(progress_sheets(Goals=[GOALS[0], [*GOALS[1][:4], None, GOALS[1][5]]]))
    book = openpyxl.load_workbook(path)
    chart = BarChart()
    chart.add_data(Reference(book["Progress"], min_col=4, min_row=1, max_row=3))
    book.worksheets[1].add_chart(chart, "H2")
    book.save(path)
    drop_down = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1" '
        b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list">'
        b"<x14:formula1><xm:f>Students!$G$2:$G$3</xm:f></x14:formula1><xm:sqref>C2:C9</xm:sqref>"
        b"</x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>"
    )
    before = parts(path.read_bytes())
    goals = next(name for name, content in before.items() if b"<drawing" in content and "sheets/" in name)
    before[goals] = before[goals].replace(b"</worksheet>", drop_down)
    path.write_bytes(zipped(before))
    out = tmp_path / "marked.xlsx"
    assert iepdocs.check(path, annotate=out, date=TODAY)
    after = parts(out.read_bytes())
    assert drop_down in after[goals]
    assert {name: after[name] for name in before if "chart" in name or "drawing" in name.lower()} == {
        name: content for name, content in before.items() if "chart" in name or "drawing" in name.lower()
    }
    assert openpyxl.load_workbook(out)["Goals"]["E2"].comment is not None
    assert faults(out) == faults(path)


def faults(workbook: Path) -> list[str]:
    found = OpenXmlValidator().validate(str(workbook)).errors
    return [error.description for error in found if error.severity is ValidationSeverity.ERROR]


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("yes|no", "yesterday"),
        ("[0-9]+|x", "12y"),
        ("x|[0-9]", "x9"),
        ("^x$|^y$", "x\ny"),
        ("x$", "x\n1"),
        ("(?i)x|Y", "XX"),
    ],
)
def test_p17_a_pattern_must_match_the_whole_value(
    make_workbook: MakeWorkbook, tmp_path: Path, pattern: str, value: str
) -> None:
    schema = tmp_path / "district" / "schema" / "students.yaml"
    schema.parent.mkdir(parents=True)
    schema.write_text(f"columns: {{bus: {{regex: '{pattern}', meta: {{help: The bus., example: x}}}}}}")
    students = [[*row, bus] for row, bus in zip(STUDENTS, ["Bus", value, "x" if "x" in pattern else "no"], strict=True)]
    findings = iepdocs.check(
        make_workbook(progress_sheets(Students=students)), district=tmp_path / "district", date=TODAY
    )
    assert [str(finding.place) for finding in findings] == ["Students H2 (Bus)"]


@pytest.mark.parametrize(
    "rules", ["{anyof: [{regex: 'yes|no'}]}", "{type: list, schema: {type: string, regex: 'yes|no'}}"]
)
def test_p17_a_pattern_within_other_rules_must_match_the_whole_value(
    make_workbook: MakeWorkbook, tmp_path: Path, rules: str
) -> None:
    schema = tmp_path / "district" / "schema" / "students.yaml"
    schema.parent.mkdir(parents=True)
    schema.write_text(f"columns: {{bus: {rules}}}")
    students = [[*row, bus] for row, bus in zip(STUDENTS, ["Bus", "yes", "yesterday"], strict=True)]
    path = make_workbook(progress_sheets(Students=students))
    findings = iepdocs.check(path, district=tmp_path / "district", date=TODAY)
    assert [str(finding.place) for finding in findings] == ["Students H3 (Bus)"]


def test_dates_across_stand_for_rows_of_progress(make_workbook: MakeWorkbook) -> None:
    first, second = dt.date(2026, 9, 14), dt.date(2026, 9, 21)
    across = [
        ["Student ID", "Goal Number", first, second, "10/5/2026"],
        ["00042", "1", 43, None, "80 %"],
        ["00107", "1", "3 of 5", dt.date(2026, 4, 5), None],
    ]
    findings = iepdocs.check(make_workbook(progress_sheets(Progress=across)), date=TODAY)
    assert [str(finding.place) for finding in findings] == ["Progress D3 (Value)"]
    assert "4 of 5" in findings[0].mend
    table = iepdocs.open_workbook(make_workbook(progress_sheets(Progress=across))).tables["Progress"]
    assert [(row.number, row.values.get("date"), row.values.get("value")) for row in table.rows] == [
        (2, first, Measurement("43", 43)),
        (2, dt.date(2026, 10, 5), Measurement("80 %", 80, unit="percent")),
        (3, first, Measurement("3 of 5", 3, 5, "trials")),
        (3, second, None),
    ]
    assert [row.unreadable for row in table.rows] == [set(), set(), set(), {"value"}]


def test_parents_in_the_students_row_get_their_letters(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    students = [
        [*STUDENTS[0], "Parent 1", "Parent 1 Relationship", "Parent 1 Phone"],
        [*STUDENTS[1], "Rosa Reyes", "mom", "555-0100"],
        [*STUDENTS[2], "Obi Okafor", "father", None],
    ]
    report = iepdocs.generate(make_workbook(progress_sheets(Students=students)), tmp_path / "out", date=TODAY)
    assert [finding.message for finding in report.findings] == []
    assert {path.stem.rpartition(" ")[2] for path in (tmp_path / "out").rglob("*.docx")} >= {"Reyes", "Okafor"}


def test_a_name_in_one_column_fills_both(make_workbook: MakeWorkbook) -> None:
    students = [["Student Name", *STUDENTS[0][3:], "Student ID"]]
    students += [["Reyes, Ana", *STUDENTS[1][3:], "00042"], ["Okafor, Ben", *STUDENTS[2][3:], "00107"]]
    path = make_workbook(progress_sheets(Students=students))
    assert iepdocs.check(path, date=TODAY) == []
    assert column(iepdocs.open_workbook(path), "Students", "last_name") == ["Reyes", "Okafor"]


def test_services_as_people_write_them(make_workbook: MakeWorkbook) -> None:
    written = [
        "2 x 30 min weekly",
        "30 min x 5 Times = 150 min Weekly",
        "300 min Yearly",
        "30 min x 5 Times = 160 min Weekly",
    ]
    services = [["Student ID", "Frequency"], *(["00042", words] for words in written)]
    workbook = iepdocs.open_workbook(make_workbook({"Services": services}))
    keys = ("sessions", "minutes_per_session", "per", "frequency")
    assert [tuple(row.values.get(key) for key in keys) for row in workbook.tables["Services"].rows][:3] == [
        (2, 30, "week", written[0]),
        (5, 30, "week", written[1]),
        (1, 300, "year", written[2]),
    ]
    [finding] = workbook.findings
    assert (str(finding.place), finding.severity) == ("Services B5 (Frequency)", Severity.WARNING)


def test_banners_bands_repeated_headers_and_totals_are_no_data(make_workbook: MakeWorkbook) -> None:
    students: Rows = [
        ["Maple Valley School District"],
        [None, "Printed 11/25/2026"],
        STUDENTS[0],
        ["Teacher: D. Whitfield"],
        STUDENTS[1],
        STUDENTS[0],
        STUDENTS[2],
        ["Total students: 2"],
    ]
    findings = iepdocs.check(make_workbook(progress_sheets(Students=students)), date=TODAY)
    assert sorted(said(findings)) == [
        "Students: 1 row (4) was left out, since it stands above a group.",
        "Students: 1 row (6) was left out, since it repeats the headers.",
        "Students: 1 row (8) was left out, since it is a total.",
    ]


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0], [3, 0, 6, 1, 5, 2, 4]])
def test_the_order_of_columns_and_rows_changes_nothing(make_workbook: MakeWorkbook, order: list[int]) -> None:
    students = [[row[place] for place in order] for row in (STUDENTS[0], STUDENTS[2], STUDENTS[1])]
    workbook = iepdocs.open_workbook(make_workbook({"Students": students}))
    usual = iepdocs.open_workbook(make_workbook({"Students": STUDENTS}))
    by_id = [{row.values["student_id"]: row.values for row in one.tables["Students"].rows} for one in (workbook, usual)]
    assert by_id[0] == by_id[1]

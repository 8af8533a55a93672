"""PDFs beside documents, and files to print, with LibreOffice itself."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import docx
import pytest
from pypdf import PdfReader, PdfWriter

import iepdocs
from iepdocs.findings import IepdocsError
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, need_libreoffice, progress_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.batch import Report
    from tests.support import MakeTemplate, MakeWorkbook


@pytest.fixture(autouse=True)
def libreoffice() -> None:
    need_libreoffice()


@pytest.fixture
def workbook(make_workbook: MakeWorkbook) -> Path:
    students = [*STUDENTS, ["00211", "Lee", "Zoë", STUDENTS[1][3], "5", "Birch/Hill", "Omar Haddad"]]
    goals, progress = [*GOALS, ["00211", *GOALS[1][1:]]], [*PROGRESS, ["00211", *PROGRESS[1][1:]]]
    return make_workbook(progress_sheets(Students=students, Goals=goals, Progress=progress))


@pytest.fixture
def templates(make_template: MakeTemplate) -> Path:
    return make_template("{{ student.full_name }}").parent


def run(workbook: Path, tmp_path: Path, templates: Path, **wanted: Any) -> Report:
    return iepdocs.generate(workbook, tmp_path / "out", templates=templates, date=TODAY, **wanted)


def words(pdf: Path) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(pdf).pages]


def test_pdfs_lie_beside_their_documents_and_are_made_once(workbook: Path, tmp_path: Path, templates: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = run(workbook, tmp_path, templates, pdf=True, watch_pdfs=lambda *now: seen.append(now))
    assert report.printed
    assert (report.printed.made, report.printed.problems) == (3, [])
    assert seen[-1] == (3, 3)
    [ana] = (tmp_path / "out" / "progress_report").glob("Reyes*.pdf")
    assert words(ana) == ["Ana Reyes"]
    assert ana.stat().st_mode & 0o077 == 0
    document = docx.Document(str(ana.with_suffix(".docx")))
    document.add_paragraph("Call me.")
    document.save(str(ana.with_suffix(".docx")))
    os.utime(ana.with_suffix(".docx"), (time.time() + 5, time.time() + 5))
    again = run(workbook, tmp_path, templates, pdf=True)
    assert again.printed
    assert (again.printed.made, again.printed.unchanged) == (1, 2)
    assert again.edited == [f"progress_report/{ana.stem}.docx"]
    assert words(ana) == ["Ana Reyes\nCall me."]


def test_one_file_to_print_begins_each_document_on_the_right(workbook: Path, tmp_path: Path, templates: Path) -> None:
    report = run(workbook, tmp_path, templates, combine=True)
    assert report.printed
    assert report.printed.files == {"print/Progress Report.pdf": 5}
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf") == ["Ana Reyes", "", "Ben Okafor", "", "Zoë Lee"]
    outline = PdfReader(tmp_path / "out" / "print" / "Progress Report.pdf").outline
    assert [mark.title for mark in outline] == ["Reyes, Ana 00042", "Okafor, Ben 00107", "Lee, Zoë 00211"]  # type: ignore[union-attr]
    ids = run(workbook, tmp_path, templates, combine=True, no_names=True)
    assert ids.printed
    outline = PdfReader(tmp_path / "out" / "print" / "Progress Report.pdf").outline
    assert [mark.title for mark in outline] == ["00042", "00107", "00211"]  # type: ignore[union-attr]


def test_a_file_to_print_for_each_school(workbook: Path, tmp_path: Path, templates: Path) -> None:
    report = run(workbook, tmp_path, templates, by="school")
    assert report.printed
    assert report.printed.files == {
        "print/Progress Report - Alder Creek.pdf": 3,
        "print/Progress Report - Birch-Hill.pdf": 1,
    }


def test_a_school_written_in_two_ways_has_one_file_to_print(
    make_workbook: MakeWorkbook, tmp_path: Path, templates: Path
) -> None:
    students = [*STUDENTS[:2], [*STUDENTS[2][:5], "ALDER CREEK", STUDENTS[2][6]]]
    report = run(make_workbook(progress_sheets(Students=students)), tmp_path, templates, by="school")
    assert report.printed
    assert report.printed.files == {"print/Progress Report - Alder Creek.pdf": 3}


def test_a_pdf_that_cannot_be_made_is_named_and_the_others_are_printed(
    workbook: Path, tmp_path: Path, templates: Path
) -> None:
    run(workbook, tmp_path, templates)
    [ben] = (tmp_path / "out" / "progress_report").glob("Okafor*.docx")
    (ben.with_suffix(".pdf") / "in the way").mkdir(parents=True)
    report = run(workbook, tmp_path, templates, combine=True)
    assert report.printed
    [problem] = report.printed.problems
    assert "Okafor" in str(problem.place)
    assert not report.is_complete
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf") == ["Ana Reyes", "", "Zoë Lee"]


def test_a_document_that_is_taken_away_while_pdfs_are_made_is_named_and_the_others_are_printed(
    workbook: Path, tmp_path: Path, templates: Path
) -> None:
    def take_away(*_: int) -> None:
        for ben in (tmp_path / "out" / "progress_report").glob("Okafor*.docx"):
            ben.unlink()

    report = run(workbook, tmp_path, templates, combine=True, watch_pdfs=take_away, jobs=1)
    assert report.printed
    [problem] = report.printed.problems
    assert "Okafor" in str(problem.place)
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf") == ["Ana Reyes", "", "Zoë Lee"]


def test_what_cannot_be_is_said_before_anything_is_made(
    workbook: Path, tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IepdocsError) as raised:
        run(workbook, tmp_path, templates, by="schol")
    assert "school" in raised.value.findings[0].mend
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("iepdocs.pdf.office._usual_places", lambda _: [])
    with pytest.raises(IepdocsError) as raised:
        run(workbook, tmp_path, templates, pdf=True)
    assert "Get it, free" in raised.value.findings[0].mend
    assert not (tmp_path / "out").exists()


def test_a_document_from_a_clock_that_is_ahead_is_printed_too(workbook: Path, tmp_path: Path, templates: Path) -> None:
    run(workbook, tmp_path, templates)
    [ben] = (tmp_path / "out" / "progress_report").glob("Okafor*.docx")
    os.utime(ben, (time.time() + 10**6,) * 2)
    report = run(workbook, tmp_path, templates, combine=True)
    assert report.printed
    assert report.printed.problems == []
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf")[2] == "Ben Okafor"
    os.utime(ben, (time.time() - 10**6,) * 2)
    again = run(workbook, tmp_path, templates, pdf=True)
    assert again.printed
    assert (again.printed.made, again.printed.unchanged) == (0, 3)


def signed(pdf: Path) -> bytes:
    """Add a page to a PDF, as a program does that signs it, some time after it was made."""
    writer = PdfWriter(clone_from=pdf)
    writer.add_blank_page()
    writer.write(pdf)
    os.utime(pdf, (time.time() + 60, time.time() + 60))
    return pdf.read_bytes()


@pytest.fixture
def changed(make_workbook: MakeWorkbook) -> Path:
    """Return the workbook with another name for Ana, whose document changes, and without Zoë."""
    students = [STUDENTS[0], [*STUDENTS[1][:2], "Anita", *STUDENTS[1][3:]], *STUDENTS[2:]]
    pattern = progress_sheets(Students=students)
    return make_workbook(pattern, name="changed.xlsx")


NAME = "{student_id}"


def test_a_pdf_that_someone_has_signed_is_never_written_over(
    workbook: Path, changed: Path, tmp_path: Path, templates: Path
) -> None:
    run(workbook, tmp_path, templates, pdf=True, name=NAME)
    pdf = tmp_path / "out" / "progress_report" / "00042.pdf"
    content = signed(pdf)
    again = run(workbook, tmp_path, templates, pdf=True, combine=True, name=NAME)
    assert again.printed
    assert (again.printed.made, again.printed.unchanged, again.printed.problems) == (0, 3, [])
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf")[:3] == ["Ana Reyes", "", "Ben Okafor"]
    other = run(changed, tmp_path, templates, combine=True, name=NAME)
    assert other.printed
    [problem] = [finding for finding in other.printed.problems if finding.rule == "edited-since"]
    assert str(problem.place) == str(pdf)
    assert pdf.read_bytes() == content
    assert words(tmp_path / "out" / "print" / "Progress Report.pdf") == ["Ben Okafor"]
    new = run(changed, tmp_path, templates, pdf=True, overwrite=True, name=NAME)
    assert new.printed
    [kept] = new.printed.kept
    assert ((tmp_path / "out" / kept).read_bytes(), words(pdf)) == (content, ["Anita Reyes"])


def test_a_pdf_that_no_run_has_made_is_left_alone(workbook: Path, tmp_path: Path, templates: Path) -> None:
    run(workbook, tmp_path, templates, name=NAME)
    pdf = tmp_path / "out" / "progress_report" / "00042.pdf"
    writer = PdfWriter()
    writer.add_blank_page(612, 792)
    writer.write(pdf)
    content = signed(pdf)
    report = run(workbook, tmp_path, templates, pdf=True, name=NAME)
    assert report.printed
    assert (report.printed.made, [finding.rule for finding in report.printed.problems]) == (2, ["edited-since"])
    assert pdf.read_bytes() == content


def test_pdfs_of_a_run_that_was_killed_before_it_took_note_of_them_are_known(
    workbook: Path, tmp_path: Path, templates: Path
) -> None:
    run(workbook, tmp_path, templates, pdf=True)
    (tmp_path / "out" / ".iepdocs" / "beside.jsonl").unlink()
    again = run(workbook, tmp_path, templates, pdf=True)
    assert again.printed
    assert (again.printed.made, again.printed.unchanged) == (0, 3)


def test_a_pdf_that_a_power_cut_left_short_is_made_again(workbook: Path, tmp_path: Path, templates: Path) -> None:
    run(workbook, tmp_path, templates, pdf=True, name=NAME)
    pdf = tmp_path / "out" / "progress_report" / "00042.pdf"
    pdf.write_bytes(pdf.read_bytes()[:1000])
    again = run(workbook, tmp_path, templates, pdf=True, name=NAME)
    assert again.printed
    assert (again.printed.made, words(pdf)) == (1, ["Ana Reyes"])


def test_a_run_without_pdfs_names_those_that_are_old_and_those_of_documents_that_are_left(
    workbook: Path, changed: Path, tmp_path: Path, templates: Path
) -> None:
    run(workbook, tmp_path, templates, pdf=True, name=NAME)
    report = run(changed, tmp_path, templates, name=NAME)
    assert report.old_pdfs == ["progress_report/00042.pdf"]
    assert report.left == ["progress_report/00211.docx", "progress_report/00211.pdf"]
    assert report.left_edited == set()
    old = [one for one in iepdocs.status(tmp_path / "out") if one.state == "out of date"]
    assert [(one.file, one.message) for one in old] == [
        ("progress_report/00042.docx", "Its PDF is not of the document as it is now; run again with --pdf.")
    ]
    signed(tmp_path / "out" / "progress_report" / "00211.pdf")
    assert run(changed, tmp_path, templates, name=NAME).left_edited == {"progress_report/00211.pdf"}

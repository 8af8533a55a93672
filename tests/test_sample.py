"""The sample district, as `make demo` makes it: every document is there, valid, complete and readable."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from openxml_audit import OpenXmlValidator

import iepdocs
from iepdocs.pack import Pack, sample_workbook
from iepdocs.workbook import open_workbook
from tests.support import TODAY, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.batch import Report

KINDS = ("iep", "prior_written_notice", "meeting_invitation", "progress_report")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def report(out: Path) -> Report:
    return iepdocs.generate(sample_workbook(), out, date=TODAY)


def test_the_sample_has_no_problem(report: Report) -> None:
    assert list(report.findings) == []
    assert report.skipped == []


def test_it_makes_at_least_sixty_documents_of_four_kinds(report: Report, out: Path) -> None:
    assert report.made.total() == len(list(out.rglob("*.docx"))) >= 60
    assert set(report.made) == set(KINDS)
    assert report.made["iep"] == 12


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("kind", KINDS)
def test_no_document_has_a_problem_that_its_template_has_not(kind: str, out: Path, pack: Pack) -> None:
    validator = OpenXmlValidator()
    template = validator.validate(pack.template(pack.kinds[kind].template))
    known = Counter(error.description for error in template.errors)
    for path in (out / kind).glob("*.docx"):
        found = Counter(error.description for error in validator.validate(path).errors)
        assert not found - known, path.name


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_carries_the_students_id_and_no_tag_is_left(kind: str, out: Path) -> None:
    for path in (out / kind).glob("*.docx"):
        student_id = re.findall(r" (\d{5}) ", path.name)[0]
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}
        feet = [xml for name, xml in parts.items() if re.search("word/footer", name)]
        assert feet
        assert all(student_id in xml and "NUMPAGES" in xml for xml in feet), path.name
        assert not [name for name, xml in parts.items() if re.search(r"\{[{%#]|[%#}]\}", xml)], path.name


@pytest.mark.usefixtures("report")
def test_narratives_arrive_as_they_were_typed(out: Path, pack: Pack) -> None:
    plans = open_workbook(sample_workbook(), pack).tables["Plans"].rows
    assert any("&" in row.values["present_levels_academic"] for row in plans)
    assert any("\n" in row.values["present_levels_academic"] for row in plans)
    for row in plans:
        [iep] = (out / "iep").glob(f"*{row.values['student_id']}*.docx")
        text = text_of(iep)
        for column in ("present_levels_academic", "present_levels_functional", "parent_concerns"):
            assert row.values[column] in text


@pytest.mark.usefixtures("report")
def test_a_letter_goes_to_each_contact_who_receives_mail_and_to_no_other(out: Path, pack: Pack) -> None:
    tables = open_workbook(sample_workbook(), pack).tables
    receiving = Counter(
        row.values["student_id"] for row in tables["Contacts"].rows if row.values.get("receives_mail", True)
    )
    meetings = Counter(row.values["student_id"] for row in tables["Meetings"].rows)
    expected = Counter({student: receiving[student] * count for student, count in meetings.items()})
    made = Counter(re.findall(r" (\d{5}) ", path.name)[0] for path in (out / "meeting_invitation").glob("*.docx"))
    assert made == expected


@pytest.mark.usefixtures("report")
def test_libreoffice_opens_one_of_each_kind_and_every_page_says_whose_it_is(out: Path, tmp_path: Path) -> None:
    soffice, pdftotext = shutil.which("soffice"), shutil.which("pdftotext")
    if not (soffice and pdftotext):
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice and poppler are not installed")
        pytest.skip("LibreOffice and poppler are not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    documents = [min((out / kind).glob("*.docx")) for kind in KINDS]
    for kind, document in zip(KINDS, documents, strict=True):
        subprocess.run(  # noqa: S603
            [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path / kind, document],
            check=True,
            capture_output=True,
            timeout=120,
        )
        pdf = tmp_path / kind / f"{document.stem}.pdf"
        text = subprocess.run([pdftotext, "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()  # noqa: S603
        pages = text.split("\f")[:-1]
        student_id = re.findall(r" (\d{5}) ", document.name)[0]
        for number, page in enumerate(pages, start=1):
            assert f"Page {number} of {len(pages)}" in page
            assert student_id in page

"""Documents in the languages that parents read: a template and a small file of terms for each."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from tests.support import STUDENTS, TODAY, para, part_of, progress_sheets, raw_document, run, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import MakeWorkbook, Rows

MEETING: dict[str, Rows] = {
    "Students": STUDENTS,
    "Meetings": [
        ["Student ID", "Meeting Date", "Start Time", "Purpose", "Video Link"],
        ["00042", dt.date(2026, 12, 8), dt.time(15, 30), "annual review; exit", None],
    ],
    "Team": [["Student ID", "Member Name", "Role"], ["00042", "Dana Whitfield", "special education teacher"]],
}
CONTACTS = ["Student ID", "Contact Name", "Relationship", "Language", "Interpreter Needed"]
SAID = (
    "{{ meeting.meeting_date }}|{{ meeting.start_time }}|{{ meeting.purpose|join_and }}|{{ recipient.relationship }}|"
    "{{ recipient.interpreter_needed }}|{{ terms.iep_team }}|{{ terms.case_manager }}|{{ document.language }}|"
    "{% if 'exit' in meeting.purpose and recipient.relationship == 'mother' %}compared{% endif %}"
)


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Return a district's folder with an invitation in English, and whatever a test adds."""
    folder = tmp_path / "district"
    (folder / "docx").mkdir(parents=True)
    (folder / "terms").mkdir()
    (folder / "docx" / "meeting_invitation.docx").write_bytes(raw_document(para(run(SAID))))
    return folder


def invited(make_workbook: MakeWorkbook, district: Path, *contacts: list[str]) -> list[bytes]:
    """Return the invitations to the contacts, in their order."""
    out = district.parent / "out"
    sheets = {**MEETING, "Contacts": [list(CONTACTS), *(["00042", *contact] for contact in contacts)]}
    report = iepdocs.generate(make_workbook(sheets), out, kinds=["meeting_invitation"], district=district, date=TODAY)
    assert report.skipped == []
    return [(out / planned.path).read_bytes() for planned in report.planned]


def test_values_choices_and_terms_are_said_in_the_readers_language(make_workbook: MakeWorkbook, district: Path) -> None:
    (district / "docx" / "meeting_invitation.vi.docx").write_bytes(raw_document(para(run(SAID))))
    (district / "terms" / "vi.yaml").write_text(
        "iep_team: nhóm IEP\nyes: có\nchoices:\n  mother: mẹ\n  annual review: họp thường niên\n  exit: kết thúc\n",
        encoding="utf-8",
    )
    contacts = [["Lê Thị Bích", "mother", "Vietnamese", "yes"], ["Juan Reyes", "father", "", "no"]]
    vietnamese, english = invited(make_workbook, district, *contacts)
    assert text_of(vietnamese) == (
        "8 tháng 12, 2026|15:30|họp thường niên và kết thúc|mẹ|có|nhóm IEP|case manager|vi|compared"
    )
    assert text_of(english) == ("December 8, 2026|3:30 PM|annual review and exit|father|no|IEP team|case manager|en|")


def test_a_language_of_which_no_words_are_declared_has_its_dates_and_english_words(
    make_workbook: MakeWorkbook, district: Path
) -> None:
    (district / "docx" / "meeting_invitation.fr.docx").write_bytes(raw_document(para(run(SAID))))
    [french] = invited(make_workbook, district, ["Aimée Saint-Fleur", "mother", "French", "yes"])
    assert text_of(french).startswith("8 décembre 2026|15:30|annual review et exit|mother|yes|IEP team|")


def test_a_language_written_from_right_to_left_keeps_its_direction(make_workbook: MakeWorkbook, district: Path) -> None:
    rtl = "<w:rtl/>"
    body = para(
        run("الاجتماع يوم {{ meeting.meeting_date }} ", rtl),
        run("{{ recipient.contact_name }}، {{ student.first_name }}", rtl),
        properties="<w:bidi/>",
    )
    (district / "docx" / "meeting_invitation.ar.docx").write_bytes(raw_document(body))
    [arabic] = invited(make_workbook, district, ["ليلى حداد", "mother", "Arabic", "yes"])
    assert text_of(arabic) == "الاجتماع يوم 8 ديسمبر 2026 ليلى حداد، Ana"
    body_out = part_of(arabic, "word/document.xml")
    assert len(body_out.findall(".//{*}rtl")) == 2
    assert len(body_out.findall(".//{*}bidi")) == 1


def test_a_districts_own_word_in_another_language_is_a_row_of_its_settings(
    make_workbook: MakeWorkbook, district: Path
) -> None:
    (district / "docx" / "meeting_invitation.es.docx").write_bytes(raw_document(para(run("{{ terms.iep_team }}"))))
    sheets = {**MEETING, "District": [["District Name", "Fern Valley"], ["terms.es.iep_team", "comité ARD"]]}
    out = district.parent / "out"
    contacts = [list(CONTACTS), ["00042", "Rosa Reyes", "mother", "Spanish", ""]]
    workbook = make_workbook({**sheets, "Contacts": contacts})
    iepdocs.generate(workbook, out, kinds=["meeting_invitation"], district=district, date=TODAY)
    assert [text_of(path) for path in out.rglob("*.docx")] == ["comité ARD"]


def test_what_the_district_says_may_be_said_in_each_language(make_workbook: MakeWorkbook, district: Path) -> None:
    text = "{{ notice.assistance_sources }}|{{ district.parent_center }}"
    for name in ("prior_written_notice.docx", "prior_written_notice.es.docx"):
        (district / "docx" / name).write_bytes(raw_document(para(run(text))))
    notices: Rows = [["Student ID", "Notice Date", "Concerning"], ["00042", TODAY, "evaluation"]]
    settings: Rows = [["Assistance Sources", "Call Helen"], ["Assistance Sources (Spanish)", "Llame a Helen"]]
    settings += [["Parent Center", "Fern Center"]]
    contacts = [list(CONTACTS), ["00042", "Rosa Reyes", "mother", "Spanish (Mexico)", ""]]
    contacts += [["00042", "Juan Reyes", "father", "", ""]]
    workbook = make_workbook({"Students": STUDENTS, "Notices": notices, "Contacts": contacts, "District": settings})
    out = district.parent / "out"
    report = iepdocs.generate(workbook, out, kinds=["prior_written_notice"], district=district, date=TODAY)
    said = {planned.language: text_of(out / planned.path) for planned in report.planned}
    assert said == {"es-MX": "Llame a Helen|Fern Center", "en": "Call Helen|Fern Center"}


def test_what_is_in_english_alone_in_a_letter_of_another_language_is_noted(
    make_workbook: MakeWorkbook, district: Path
) -> None:
    text = "{{ district.safeguards_contact }}{% for code in codes %}{{ code.meaning }}{% endfor %}"
    for name in ("progress_report.docx", "progress_report.es.docx"):
        (district / "docx" / name).write_bytes(raw_document(para(run(text))))
    contacts = [list(CONTACTS), ["00042", "Rosa Reyes", "mother", "Spanish", ""]]
    codes: Rows = [["Code", "Meaning"], ["M", "Met"]]
    settings: Rows = [["Safeguards Contact", "Call Helen"]]
    sheets = progress_sheets(Contacts=contacts, Codes=codes, District=settings)
    report = iepdocs.generate(make_workbook(sheets), district.parent / "out", district=district, date=TODAY)
    noted = {str(finding.place): finding.mend for finding in report.findings if finding.severity == "note"}
    assert noted["District B1 (Safeguards Contact)"].startswith("Add a setting named Safeguards Contact (Spanish)")
    assert "Codes (Language)" in noted


def test_the_figures_of_a_goal_that_has_a_setting_in_the_readers_language_are_its_own(
    make_workbook: MakeWorkbook, district: Path
) -> None:
    text = "{% for goal in goals %}{{ goal.room }} {{ goal.goal }}: {{ goal.progress.latest }}{% endfor %}"
    for name in ("progress_report.docx", "progress_report.es.docx"):
        (district / "docx" / name).write_bytes(raw_document(para(run(text))))
    (district / "schema").mkdir()
    for sheet, meta in (("goals", "default_from: district.room"), ("district", "help: Where they meet.")):
        column = f"columns:\n  room:\n    type: string\n    meta:\n      {meta}\n"
        (district / "schema" / f"{sheet}.yaml").write_text(column, encoding="utf-8")
    ids = [str(number) for number in range(101, 121)]
    sheets: dict[str, Rows] = {
        "Students": [STUDENTS[0], *([one, *STUDENTS[1][1:]] for one in ids)],
        "Contacts": [CONTACTS, *([one, "Rosa Reyes", "mother", "Spanish", ""] for one in ids)],
        "Goals": [["Student ID", "Goal Number", "Area", "Goal"], *([one, "1", "Reading", one] for one in ids)],
        "Progress": [["Student ID", "Goal Number", "Date", "Value"], *([one, "1", TODAY, int(one)] for one in ids)],
        "District": [["Room", "Room 5"], ["Room (Spanish)", "Sala 5"]],
    }
    out = district.parent / "out"
    iepdocs.generate(make_workbook(sheets), out, kinds=["progress_report"], district=district, date=TODAY, jobs=1)
    assert sorted(map(text_of, out.rglob("*.docx"))) == [f"Sala 5 {one}: {one}" for one in ids]


@pytest.mark.parametrize(
    ("rows", "legends"),
    [
        ([["M", "Met", "English"], ["M", "Alcanzada", "Spanish"]], {"Met", "Alcanzada"}),
        ([["M", "Met", None], ["M", "Alcanzada", "es-MX"]], {"Met", "Alcanzada"}),
        ([["M", "Met", "English"]], {"Met"}),
        ([["M", "Alcanzada", "Spanish"]], {"Alcanzada"}),
    ],
)
def test_the_legend_of_codes_is_in_the_documents_language(
    make_workbook: MakeWorkbook, district: Path, rows: list[list[Any]], legends: set[str]
) -> None:
    for name in ("progress_report.docx", "progress_report.es.docx"):
        text = "{% for code in codes %}{{ code.meaning }}{% endfor %}"
        (district / "docx" / name).write_bytes(raw_document(para(run(text))))
    contacts = [
        list(CONTACTS),
        ["00042", "Rosa Reyes", "mother", "Spanish", ""],
        ["00042", "Juan Reyes", "father", "English", ""],
    ]
    sheets = progress_sheets(Contacts=contacts, Codes=[["Code", "Meaning", "Language"], *rows])
    out = district.parent / "out"
    iepdocs.generate(make_workbook(sheets), out, district=district, students=["00042"], date=TODAY)
    assert {text_of(path) for path in out.rglob("*.docx")} == legends


def test_a_preview_is_in_the_language_of_its_template(district: Path, tmp_path: Path) -> None:
    template = district / "docx" / "meeting_invitation.es.docx"
    template.write_bytes(raw_document(para(run("{{ meeting.meeting_date }} {{ document.language }}"))))
    iepdocs.preview_template(template, tmp_path / "shown.docx", date=TODAY)
    text = text_of(tmp_path / "shown.docx")
    assert " de 2026 es" in text or " de 2027 es" in text


@pytest.mark.parametrize("language", ["English", "Spanish"])
def test_no_letter_to_the_adult_student_speaks_of_the_student_as_of_somebody_else(
    make_workbook: MakeWorkbook, tmp_path: Path, language: str
) -> None:
    asked = ["initial evaluation", "reevaluation", "initial services", "agency invitation", "release of records"]
    consents = [*asked, "public insurance", "revocation"]
    meeting = ["00042", dt.date(2026, 12, 8), dt.time(15, 30), "Library", "reevaluation; transition planning; exit"]
    sheets: dict[str, Rows] = {
        "Students": [
            [
                *("Student ID", "Last Name", "First Name", "Pronouns", "Date of Birth", "Grade", "School"),
                *("Primary Disability", "Adult Rights Transferred"),
            ],
            [
                *("00042", "Reyes", "Zoraida", "she/her", dt.date(2008, 5, 14), "12", "Alder Creek High School"),
                *("autism", "yes"),
            ],
        ],
        "Contacts": [CONTACTS, ["00042", "Zoraida Reyes", "adult student", language, "no"]],
        "Consents": [["Student ID", "Kind"], *(["00042", kind] for kind in consents)],
        "Notices": [
            [
                *("Student ID", "Notice Date", "Action", "Concerning", "Description", "Explanation"),
                *("Evaluation Basis", "Options Considered", "Other Factors"),
                *("Safeguards How to Get", "Assistance Sources"),
            ],
            ["00042", TODAY, "propose", "placement", *["as agreed"] * 7],
        ],
        "Meetings": [["Student ID", "Meeting Date", "Start Time", "Location", "Purpose"], meeting],
        "Team": MEETING["Team"],
    }
    kinds = ["consent", "prior_written_notice", "meeting_invitation"]
    iepdocs.generate(make_workbook(sheets), tmp_path / "out", kinds=kinds, date=TODAY)
    letters = [text_of(path) for path in sorted((tmp_path / "out").rglob("*.docx"))]
    assert len(letters) == len(consents) + 2
    for letter in letters:
        said = re.sub("Zoraida Reyes|(Dear|Hola,) Zoraida", "", letter)
        assert not re.search(r"Zoraida|\b(she|her)\b|su hij[oa]", said), said

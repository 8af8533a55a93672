"""Which documents there are: for each plan, notice, meeting or period, and each person who gets a copy."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import docx
import pytest

import iepdocs
from iepdocs.documents import Wanted, expand
from iepdocs.pack import load_pack
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.documents import Contexts, Document
    from tests.documents.conftest import ContextsOf, Texts
    from tests.support import MakeWorkbook, Rows

OLD, NEW = dt.date(2025, 10, 13), dt.date(2026, 10, 13)
PLANS: Rows = [
    ["Student ID", "Start Date", "Plan Type", "Progress Report Schedule"],
    ["00042", OLD, None, "quarter"],
    ["00042", NEW, "IEP", "trimester"],
    ["00107", NEW, "504", None],
]
MEETINGS: Rows = [["Student ID", "Meeting Date", "Start Time"], ["00042", dt.date(2026, 12, 8), dt.time(15, 30)]]
CONTACTS: Rows = [
    ["Student ID", "Contact Name", "Relationship", "Receives Mail"],
    ["00042", "Rosa Reyes", "mother", "yes"],
    ["00042", "Juan Reyes", "father", None],
    ["00042", "Ines Cole", "advocate", "no"],
]
PERIOD: list[Any] = ["Period", "Schedule", "Start Date", "End Date", "Report Date", "School", "Grades"]
QUARTERS: Rows = [
    PERIOD,
    ["Quarter 1", "quarter", dt.date(2026, 8, 31), dt.date(2026, 10, 1), dt.date(2026, 10, 9), None, None],
    ["Quarter 2", "quarter", dt.date(2026, 10, 2), dt.date(2026, 12, 1), dt.date(2026, 12, 9), None, None],
    ["Quarter 3", "quarter", dt.date(2026, 12, 2), dt.date(2027, 3, 1), dt.date(2027, 3, 9), None, None],
]
FALL = [dt.date(2026, 8, 31), dt.date(2026, 12, 1), dt.date(2026, 12, 9)]


def made(
    contexts: Contexts, kind: str, students: tuple[str, ...] = (), periods: tuple[str, ...] = ()
) -> list[Document]:
    return list(expand(contexts.pack.kinds[kind], contexts, Wanted.of(students, periods)))


def column(documents: list[Document], name: str, key: str) -> list[Any]:
    return [document.bound[name].get(key) for document in documents]


def test_there_is_an_iep_for_each_plan_that_is_one(contexts_of: ContextsOf) -> None:
    documents = made(contexts_of({"Students": STUDENTS, "Plans": PLANS}), "iep")
    assert column(documents, "student", "student_id") == ["00042", "00042"]
    assert column(documents, "plan", "start_date") == [OLD, NEW]


def test_documents_come_student_by_student(contexts_of: ContextsOf) -> None:
    plans = [PLANS[0], ["00107", NEW, "IEP", None], *PLANS[1:3]]
    documents = made(contexts_of({"Students": STUDENTS, "Plans": plans}), "iep")
    assert column(documents, "student", "student_id") == ["00042", "00042", "00107"]


def test_only_the_students_wanted_have_documents(contexts_of: ContextsOf) -> None:
    documents = made(contexts_of(progress_sheets()), "progress_report", students=(" 00107 ",))
    assert column(documents, "student", "student_id") == ["00107"]


def test_everyone_who_receives_mail_gets_a_copy(contexts_of: ContextsOf) -> None:
    sheets = {"Students": STUDENTS, "Meetings": MEETINGS, "Contacts": CONTACTS}
    assert column(made(contexts_of(sheets), "meeting_invitation"), "recipient", "contact_name") == [
        "Rosa Reyes",
        "Juan Reyes",
    ]


def test_guardians_of_the_students_row_get_a_copy(contexts_of: ContextsOf) -> None:
    students = [[*STUDENTS[0], "Guardian 1 Name", "Guardian 2 Name"], [*STUDENTS[1], "Rosa Reyes", "Juan Reyes"]]
    documents = made(contexts_of({"Students": students, "Meetings": MEETINGS}), "meeting_invitation")
    assert column(documents, "recipient", "contact_name") == ["Rosa Reyes", "Juan Reyes"]


def test_in_a_workbook_without_contacts_one_copy_goes_to_the_parents(contexts_of: ContextsOf) -> None:
    [document] = made(contexts_of({"Students": STUDENTS, "Meetings": MEETINGS}), "meeting_invitation")
    assert document.bound["recipient"].get("mailing_name") == "To the parents of Ana Reyes"
    assert document.bound["recipient"].get("address") is None
    assert document.bound["recipient"].get("language") == "English"


def test_where_only_others_have_contacts_the_copy_is_there_for_nobody(contexts_of: ContextsOf) -> None:
    contacts = [*CONTACTS[:1], ["00107", "Grace Okafor", "mother", "yes"]]
    sheets = {"Students": STUDENTS, "Meetings": MEETINGS, "Contacts": contacts}
    [document] = made(contexts_of(sheets), "meeting_invitation")
    assert document.bound["recipient"].get("contact_name") == "(nobody named yet)"


def test_a_plan_whose_type_is_wrong_is_there_as_if_it_were_blank(contexts_of: ContextsOf) -> None:
    plans: Rows = [["Student ID", "Start Date", "Plan Type"], ["00042", dt.date(2026, 9, 1), "IPE"]]
    sheets: dict[str, Rows] = {"Students": STUDENTS, "Plans": plans}
    assert len(made(contexts_of(sheets), "iep")) == 1
    assert made(contexts_of(sheets), "plan_504") == []


def test_there_is_a_report_for_each_period_in_which_something_was_measured(contexts_of: ContextsOf) -> None:
    documents = made(contexts_of({**progress_sheets(), "Reporting Periods": QUARTERS}), "progress_report")
    assert column(documents, "student", "first_name") == ["Ana", "Ana", "Ben"]
    assert column(documents, "period", "period") == ["Quarter 1", "Quarter 2", "Quarter 1"]


def test_there_is_a_report_for_each_period_in_which_something_was_said(contexts_of: ContextsOf) -> None:
    comments = [["Student ID", "Goal Number", "Period", "Comment"], ["00107", "1", "quarter 3", "Writes more."]]
    sheets = {**progress_sheets(), "Reporting Periods": QUARTERS, "Progress Comments": comments}
    documents = made(contexts_of(sheets), "progress_report", students=("00107",))
    assert column(documents, "period", "period") == ["Quarter 1", "Quarter 3"]


def test_a_period_that_is_asked_for_has_a_report_with_or_without_measurements(contexts_of: ContextsOf) -> None:
    contexts = contexts_of({**progress_sheets(Goals=GOALS[:2], Progress=PROGRESS[:3]), "Reporting Periods": QUARTERS})
    documents = made(contexts, "progress_report", periods=("quarter 3", " Quarter  1 "))
    assert column(documents, "period", "period") == ["Quarter 1", "Quarter 3"]
    assert column(documents, "student", "first_name") == ["Ana", "Ana"]


def test_without_reporting_periods_there_is_one_up_to_the_day_of_the_run(contexts_of: ContextsOf) -> None:
    progress = [*PROGRESS[:3], ["00042", "1", TODAY, 60], ["00042", "1", TODAY + dt.timedelta(days=1), 70]]
    documents = made(contexts_of(progress_sheets(Progress=progress)), "progress_report")
    assert column(documents, "period", "start_date") == [dt.date(2026, 9, 14)]
    assert column(documents, "period", "end_date") == [TODAY]


def test_without_reporting_periods_the_report_shows_nothing_of_the_future(texts: Texts) -> None:
    progress = [*PROGRESS[:3], ["00042", "1", TODAY + dt.timedelta(days=1), 70]]
    template = "{% for m in goals[0].measurements %}{{ m.text }} {% endfor %}"
    assert texts(progress_sheets(Progress=progress), template) == ["43 52 "]


@pytest.mark.parametrize(
    ("schedule", "periods"),
    [("quarter", ["Quarter 1", "Quarter 2"]), ("Trimester", ["Fall"]), (None, ["Quarter 1", "Quarter 2", "Fall"])],
)
def test_a_plan_reports_in_the_periods_of_its_schedule(
    contexts_of: ContextsOf, schedule: str | None, periods: list[str]
) -> None:
    sheets = progress_sheets(Plans=[PLANS[0], ["00042", OLD, "IEP", schedule]])
    sheets["Reporting Periods"] = [*QUARTERS, ["Fall", "trimester", *FALL, None, None]]
    documents = made(contexts_of(sheets), "progress_report", students=("00042",))
    assert column(documents, "period", "period") == periods


def test_the_schedule_is_that_of_the_plan_in_effect_at_the_periods_end(contexts_of: ContextsOf) -> None:
    goals = [[*GOALS[0], "Plan Start"], [*GOALS[1], OLD], [*GOALS[1], NEW]]
    sheets = progress_sheets(Plans=PLANS, Goals=goals)
    sheets["Reporting Periods"] = [*QUARTERS, ["Fall", "trimester", *FALL, None, None]]
    documents = made(contexts_of(sheets), "progress_report", students=("00042",))
    assert column(documents, "period", "period") == ["Quarter 1", "Fall"]


def test_a_period_may_be_for_a_school_or_for_grades(contexts_of: ContextsOf) -> None:
    periods: Rows = [
        PERIOD,
        ["Everyone's", None, *FALL, None, None],
        ["Alder Creek's", None, *FALL, "alder creek", None],
        ["Birch's", None, *FALL, "Birch", None],
        ["Grade 4's", None, *FALL, None, "K; 3; 4"],
        ["Grade 6's", None, *FALL, None, 6],
    ]
    documents = made(contexts_of({**progress_sheets(), "Reporting Periods": periods}), "progress_report")
    assert [document.bound["period"].get("period") for document in documents if document.student_id == "00042"] == [
        "Everyone's",
        "Alder Creek's",
        "Grade 4's",
    ]
    assert [document.bound["period"].get("period") for document in documents if document.student_id == "00107"] == [
        "Everyone's",
        "Alder Creek's",
        "Grade 6's",
    ]


def test_a_document_has_the_date_that_its_kind_says(contexts_of: ContextsOf) -> None:
    contexts = contexts_of({**progress_sheets(Meetings=MEETINGS), "Reporting Periods": QUARTERS})
    dates = [contexts.date(document) for document in made(contexts, "progress_report", students=("00042",))]
    assert dates == [dt.date(2026, 10, 9), dt.date(2026, 12, 9)]
    [invitation] = made(contexts, "meeting_invitation")
    assert contexts.date(invitation) == TODAY


PLAN_504 = """
title: Section 504 Plan
template: plan_504.docx
for_each: [plan]
where: plan.plan_type == '504'
date: plan.start_date
needs: [Students, Plans]
uses: [Accommodations]
context: [accommodations]
file: "{last_name} {date}"
"""


@pytest.fixture
def district(tmp_path: Path) -> Path:
    """Return a district's folder that declares 504 plans, with a template of their own."""
    folder = tmp_path / "district"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "plan_504.yaml").write_text(PLAN_504)
    (folder / "docx").mkdir()
    document = docx.Document()
    document.add_paragraph("{{ document.title }} of {{ student.full_name }}: {{ plan.impairment }}; "
                           "{{ accommodations|map(attribute='accommodation')|join }}")  # fmt: skip
    document.save(str(folder / "docx" / "plan_504.docx"))
    return folder


def test_a_kind_that_a_district_declares_needs_no_python(
    make_workbook: MakeWorkbook, district: Path, tmp_path: Path
) -> None:
    plans: Rows = [
        ["Student ID", "Start Date", "Plan Type", "Impairment"],
        ["00042", NEW, "IEP", None],
        ["00107", NEW, "504", "Type 1 diabetes"],
    ]
    accommodations = [["Student ID", "Accommodation"], ["00107", "Snacks & water"]]
    workbook = make_workbook({"Students": STUDENTS, "Plans": plans, "Accommodations": accommodations})
    report = iepdocs.generate(workbook, tmp_path / "out", kinds=["plan_504"], district=district, date=TODAY)
    assert report.made == {"plan_504": 1}
    assert text_of(tmp_path / "out" / "plan_504" / "Okafor 2026-10-13.docx") == (
        "Section 504 Plan of Ben Okafor: Type 1 diabetes; Snacks & water"
    )


def test_a_districts_kind_stands_beside_the_built_in_ones(district: Path) -> None:
    assert {"plan_504", "iep", "progress_report"} <= load_pack(district).kinds.keys()


def test_a_district_says_otherwise_which_documents_there_are(texts: Texts, district: Path) -> None:
    (district / "documents" / "iep.yaml").write_text("where: plan.plan_type != '504' and student.grade == '4'\n")
    plans: Rows = [
        ["Student ID", "Start Date", "Meeting Date", "Plan Type"],
        ["00042", NEW, NEW, "services plan"],
        ["00107", NEW, NEW, "IEP"],
    ]
    sheets: dict[str, Rows] = {"Students": STUDENTS, "Plans": plans}
    assert texts(sheets, "{{ student.full_name }}", "iep", district=district) == ["Ana Reyes"]


def test_a_districts_columns_reach_its_templates_with_their_words(texts: Texts, district: Path) -> None:
    (district / "schema").mkdir()
    (district / "schema" / "students.yaml").write_text(
        "columns: {house: {type: string, allowed: [N, S], meta: {words: {N: North House, S: South House}}}}\n"
    )
    students = [[*STUDENTS[0], "House"], [*STUDENTS[1], "north house"], [*STUDENTS[2], "S"]]
    template = "{{ student.house }} ({{ student.house_code }})"
    assert texts(progress_sheets(Students=students), template, district=district) == [
        "South House (S)",
        "North House (N)",
    ]

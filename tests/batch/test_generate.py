"""What a run makes, what it skips and why: on workbooks that are right, wrong in one place, or poor."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from iepdocs.findings import CellPlace, IepdocsError
from tests.support import (
    GOALS,
    PROGRESS,
    STUDENTS,
    TODAY,
    lines,
    packed,
    parts_of,
    progress_sheets,
    raw_document,
    text_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.batch import Report
    from tests.support import MakeTemplate, MakeWorkbook, Rows

CONTACTS: Rows = [
    ["Student ID", "Contact Name", "Relationship", "Receives Mail"],
    ["00042", "Rosa Reyes", "mother", "yes"],
    ["00042", "Juan Reyes", "father", ""],
    ["00042", "Dana Cole", "advocate", "no"],
    ["00107", "Grace Okafor", "mother", "yes"],
]
NOTICES: Rows = [
    [
        *("Student ID", "Notice Date", "Action", "Concerning", "Description"),
        *("Explanation", "Evaluation Basis", "Options Considered", "Other Factors"),
        *("Safeguards How to Get", "Assistance Sources"),
    ],
    [
        "00042",
        dt.date(2026, 10, 1),
        "propose",
        "educational placement",
        "More reading.",
        "It helps.",
        *["None"] * 3,
        "Call us.",
        "Call us.",
    ],
    [
        "00042",
        dt.date(2026, 10, 9),
        "refuse",
        "educational placement",
        None,
        "It helps.",
        *["None"] * 3,
        "Call us.",
        "Call us.",
    ],
]


def run(workbook: Path, out: Path, **wanted: Any) -> Report:
    return iepdocs.generate(workbook, out, date=TODAY, **wanted)


def files(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*.doc*") if path.is_file())


def messages(report: Report) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in report.findings]


def test_three_sheets_make_progress_reports_and_nothing_complains(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    report = run(make_workbook(progress_sheets()), tmp_path / "out")
    assert messages(report) == []
    assert files(tmp_path / "out") == [
        "progress_report/Okafor, Ben 00107 2026-09-14.docx",
        "progress_report/Reyes, Ana 00042 2026-10-12.docx",
    ]
    text = text_of(tmp_path / "out" / "progress_report" / "Reyes, Ana 00042 2026-10-12.docx")
    assert "Ana will read 90 words a minute." in text
    assert "43" in text
    assert "3 of 5" not in text


def test_everyone_who_receives_mail_gets_a_copy(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    report = run(make_workbook(progress_sheets(Contacts=CONTACTS)), tmp_path / "out")
    assert report.made["progress_report"] == 3
    assert [file.split(" 00")[1] for file in files(tmp_path / "out")] == [
        "107 2026-09-14 Grace Okafor.docx",
        "042 2026-10-12 Juan Reyes.docx",
        "042 2026-10-12 Rosa Reyes.docx",
    ]


def test_an_error_stops_the_documents_that_it_touches_and_no_others(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    goals = [*GOALS[:2], ["00107", "1", "Writing", "2 sentences", None, "work samples"]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out")
    assert files(tmp_path / "out") == ["progress_report/Reyes, Ana 00042 2026-10-12.docx"]
    [skipped] = report.skipped
    assert skipped.path == "progress_report/Okafor, Ben 00107 2026-09-14.docx"
    [reason] = skipped.findings
    assert str(reason.place) == "Goals E3 (Goal)"
    assert reason.message == "Goal is blank."


def test_an_error_stops_also_what_a_template_shows_of_a_sheet_that_its_kind_does_not_name(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, lenient: Path, tmp_path: Path
) -> None:
    plans: Rows = [["Student ID", "Plan Type", "Start Date"], ["00042", "IEP", dt.date(2026, 9, 1)]]
    sheets = progress_sheets(Plans=plans, Progress=[PROGRESS[0], ["00042", "1", "someday", 43]])
    kind = "iep_at_a_glance"
    for text, count in (
        ("{{ student.full_name }}", 1),
        ("{% for goal in goals %}{{ goal.progress.latest }}{% endfor %}", 0),
    ):
        folder = make_template(text, name=f"{kind}.docx").parent
        out = tmp_path / f"out {count}"
        report = iepdocs.generate(
            make_workbook(sheets), out, kinds=[kind], templates=folder, district=lenient, date=TODAY
        )
        assert report.made[kind] == count
        assert [str(finding.place) for one in report.skipped for finding in one.findings] == ["Progress C2 (Date)"][
            count:
        ]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [(["0042", dt.date(2026, 9, 1)], "Plans A4 (Student ID)"), (["00042", "autumn"], "Plans B4 (Start Date)")],
)
def test_a_plan_that_may_be_the_students_stops_reports_on_goals_though_no_plan_is_shown(
    make_workbook: MakeWorkbook,
    make_template: MakeTemplate,
    lenient: Path,
    tmp_path: Path,
    wrong: list[Any],
    place: str,
) -> None:
    plans: Rows = [["Student ID", "Start Date"], ["00042", dt.date(2025, 9, 1)], ["00107", dt.date(2025, 9, 1)], wrong]
    templates = make_template("{% for goal in goals %}{{ goal.goal }}{% endfor %}", name="progress_report.docx").parent
    made: dict[str, Any] = {"kinds": ["progress_report"], "templates": templates, "district": lenient, "date": TODAY}
    report = iepdocs.generate(make_workbook(progress_sheets(Plans=plans)), tmp_path / "out", **made)
    [skipped] = report.skipped
    assert ("00042" in skipped.path, str(skipped.findings[0].place)) == (True, place)


def test_a_wrong_notice_does_not_stop_its_neighbour(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    report = run(make_workbook({"Students": STUDENTS, "Notices": NOTICES}), tmp_path / "out")
    assert files(tmp_path / "out") == ["prior_written_notice/Reyes, Ana 00042 2026-10-01.docx"]
    assert [skipped.path for skipped in report.skipped] == ["prior_written_notice/Reyes, Ana 00042 2026-10-09.docx"]


def test_two_notices_of_one_key_are_both_left(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    notices = [NOTICES[0], NOTICES[1], NOTICES[1]]
    report = run(make_workbook({"Students": STUDENTS, "Notices": notices}), tmp_path / "out")
    assert files(tmp_path / "out") == []
    assert len(report.skipped) == 2
    assert [finding.place.cell for finding in report.findings if isinstance(finding.place, CellPlace)] == ["B2", "B3"]


@pytest.mark.parametrize("wanted", [{}, {"periods": ["Q1"]}], ids=["all periods", "one"])
def test_a_student_whose_only_goals_have_one_number_is_named(
    make_workbook: MakeWorkbook, tmp_path: Path, wanted: dict[str, Any]
) -> None:
    periods = [["Period", "Start Date", "End Date", "Report Date"], ["Q1", dt.date(2026, 9, 1), *[TODAY] * 2]]
    sheets = {**progress_sheets(Goals=[*GOALS, GOALS[2]]), "Reporting Periods": periods}
    report = run(make_workbook(sheets), tmp_path / "out", **wanted)
    [skipped] = report.skipped
    assert "00107" in skipped.path
    assert {finding.rule for finding in skipped.findings} == {"duplicate"}


def test_a_hole_in_one_period_stops_the_report_of_that_period_alone(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    periods = [
        ["Period", "Start Date", "End Date", "Report Date"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 11, 6), dt.date(2026, 11, 6)],
        ["Q2", dt.date(2026, 11, 9), dt.date(2027, 1, 29), dt.date(2027, 2, 1)],
    ]
    goals = [*GOALS, ["00042", "2", *GOALS[1][2:]]]
    progress = [*PROGRESS, ["00042", "2", dt.date(2026, 11, 16), 50], ["00042", "1", dt.date(2026, 11, 16), 60]]
    workbook = make_workbook({**progress_sheets(Goals=goals, Progress=progress), "Reporting Periods": periods})
    report = run(workbook, tmp_path / "out", students=["00042"])
    assert [skipped.path for skipped in report.skipped] == ["progress_report/Reyes, Ana 00042 2026-11-06.docx"]
    assert {finding.rule for finding in report.skipped[0].findings} == {"goal-without-progress"}
    assert files(tmp_path / "out") == ["progress_report/Reyes, Ana 00042 2027-02-01.docx"]
    second = run(workbook, tmp_path / "second", periods=["q2"])
    assert (second.findings, second.made.total()) == ([], 1)
    [nothing] = second.skipped
    assert nothing.findings[0].message == "For the period Q2 there is no measurement, code or comment of student 00107."


def test_a_measurement_that_cannot_be_dated_stops_its_students_reports(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    progress = [*PROGRESS, ["00042", "1", "soon", 60]]
    report = run(make_workbook(progress_sheets(Progress=progress)), tmp_path / "out")
    assert files(tmp_path / "out") == ["progress_report/Okafor, Ben 00107 2026-09-14.docx"]
    assert [finding.message for skipped in report.skipped for finding in skipped.findings] == ["'soon' is not a date."]


def test_a_wrong_contact_keeps_its_own_copy_alone_from_being_made(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    contacts = [*CONTACTS[:2], ["00042", "Juan Reyes", "fater", "yes"]]
    report = run(make_workbook(progress_sheets(Contacts=contacts)), tmp_path / "out", students=["00042"])
    assert files(tmp_path / "out") == ["progress_report/Reyes, Ana 00042 2026-10-12 Rosa Reyes.docx"]
    assert [skipped.path for skipped in report.skipped] == [
        "progress_report/Reyes, Ana 00042 2026-10-12 Juan Reyes.docx"
    ]


def test_what_no_document_uses_is_not_required(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    students = [row[:3] + row[4:] for row in STUDENTS]
    report = run(make_workbook(progress_sheets(Students=students)), tmp_path / "out")
    assert report.made["progress_report"] == 2
    assert messages(report) == []


def test_a_missing_column_is_one_problem(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    goals = [row[:4] + row[5:] for row in GOALS]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out")
    assert messages(report) == ["Goals (Goal): Goal is missing."]
    assert len(report.skipped) == 2


def test_a_kind_that_is_asked_for_by_name_says_which_sheet_it_needs(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    report = run(make_workbook(progress_sheets()), tmp_path / "out", kinds=["meeting_invitation"])
    assert messages(report) == ["Meetings: The workbook has no sheet 'Meetings', which 'Meeting Invitation' needs."]


def test_students_and_periods_limit_the_run(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    periods: Rows = [
        ["Period", "Start Date", "End Date", "Report Date"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 9, 30), dt.date(2026, 10, 5)],
        ["Q2", dt.date(2026, 10, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 5)],
    ]
    workbook = make_workbook(progress_sheets(**{"Reporting Periods": periods}))
    run(workbook, tmp_path / "all")
    run(workbook, tmp_path / "one", students=["00042"], periods=["q2"])
    assert [file.split(" ", 3)[-1] for file in files(tmp_path / "all")] == [
        "2026-10-05.docx",
        "2026-10-05.docx",
        "2026-11-05.docx",
    ]
    assert files(tmp_path / "one") == ["progress_report/Reyes, Ana 00042 2026-11-05.docx"]


@pytest.mark.parametrize(
    ("wanted", "mend"),
    [
        ({"students": ["0042"]}, "Did you mean 00042?"),
        ({"kinds": ["progress_reports"]}, "Did you mean progress_report?"),
        ({"periods": ["Q9"]}, "There are: none."),
    ],
)
def test_what_is_wanted_and_not_there_is_said_before_anything_is_made(
    make_workbook: MakeWorkbook, tmp_path: Path, wanted: dict[str, list[str]], mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        run(make_workbook(progress_sheets()), tmp_path / "out", **wanted)
    assert raised.value.findings[0].mend.startswith(mend)
    assert not (tmp_path / "out").exists()


def test_a_districts_template_is_used_and_the_others_come_from_below(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template("{{ student.full_name }} rides {{ student.bus_route }}")
    students = [[*row, route] for row, route in zip(STUDENTS, ["Bus Route", "7 & 9", "12"], strict=True)]
    workbook = make_workbook(progress_sheets(Students=students, Notices=NOTICES[:2]))
    report = run(workbook, tmp_path / "out", templates=template.parent)
    assert report.made == {"progress_report": 2, "prior_written_notice": 1}
    own = tmp_path / "out" / "progress_report" / "Reyes, Ana 00042 2026-10-12.docx"
    assert text_of(own) == "Ana Reyes rides 7 & 9"


def test_a_misspelt_name_in_a_template_is_found_before_the_first_document(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template("{{ student.frist_name }}")
    with pytest.raises(IepdocsError) as raised:
        run(make_workbook(progress_sheets()), tmp_path / "out", templates=template.parent)
    [finding] = raised.value.findings
    assert str(finding.place) == 'progress_report.docx, body: "»{{ student.frist_name }}«"'
    assert finding.mend == "Did you mean student.first_name?"
    assert not (tmp_path / "out").exists()


def test_a_tag_that_fails_for_one_student_is_located_and_the_others_are_made(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template("{{ 1 // (0 if student.first_name == 'Ana' else 1) }}")
    report = run(make_workbook(progress_sheets()), tmp_path / "out", templates=template.parent)
    assert report.made["progress_report"] == 1
    [skipped] = report.skipped
    assert skipped.path == "progress_report/Reyes, Ana 00042 2026-10-12.docx"
    [finding] = skipped.findings
    assert finding.message.endswith("cannot be worked out: it divides by zero.")
    assert str(finding.place).startswith('progress_report.docx, body: "»{{ 1 //')


def test_characters_that_word_cannot_hold_are_left_out_and_said(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template("{{ student.full_name }} {% for goal in goals %}{{ goal.goal }}{% endfor %}")
    goals = [GOALS[0], [*GOALS[1][:4], "read_x0001_ 64 words", *GOALS[1][5:]], *GOALS[2:]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out", templates=template.parent)
    assert report.made["progress_report"] == 2
    [(path, [finding])] = report.odd.items()
    assert path == "progress_report/Reyes, Ana 00042 2026-10-12.docx"
    assert finding.rule == "characters-removed"
    assert "'goal.goal'" in finding.message
    assert text_of(tmp_path / "out" / path) == "Ana Reyes read 64 words"


@pytest.mark.parametrize("name", ["Progress Report.docx", "progress-report.dotx", "PROGRESS_REPORT.docx"])
def test_a_template_is_found_however_its_name_is_spelt(make_workbook: MakeWorkbook, tmp_path: Path, name: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / name).write_bytes(raw_document(lines("our own {{ student.full_name }}")))
    report = run(make_workbook(progress_sheets()), tmp_path / "out", templates=tmp_path / "templates")
    assert not [finding for finding in report.findings if finding.rule == "pack-unused"]
    made = tmp_path / "out" / "progress_report" / "Reyes, Ana 00042 2026-10-12.docx"
    assert text_of(made) == "our own Ana Reyes"


def test_of_two_templates_of_one_name_the_plainly_named_is_used_and_the_other_said(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    for name in ("progress_report.docx", "Progress Report.docx"):
        (tmp_path / "templates" / name).write_bytes(raw_document(lines(f"{name}")))
    report = run(make_workbook(progress_sheets()), tmp_path / "out", templates=tmp_path / "templates")
    [finding] = [finding for finding in report.findings if finding.rule == "pack-unused"]
    assert str(finding.place).endswith("Progress Report.docx")
    assert text_of(next((tmp_path / "out").rglob("*.docx"))) == "progress_report.docx"


def test_documents_of_a_template_with_macros_are_named_docm(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    parts = parts_of(raw_document(lines("{{ student.full_name }}")))
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    )
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "progress_report.dotm").write_bytes(packed(parts))
    report = run(make_workbook(progress_sheets()), tmp_path / "out", templates=folder)
    assert not [finding for finding in report.findings if finding.rule == "pack-unused"]
    assert files(tmp_path / "out")[0] == "progress_report/Okafor, Ben 00107 2026-09-14.docm"


def test_a_file_that_cannot_be_replaced_does_not_stop_the_others(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "progress_report" / "Okafor, Ben 00107 2026-09-14.docx" / "in the way").mkdir(parents=True)
    report = run(make_workbook(progress_sheets()), out)
    assert report.made["progress_report"] == 1
    [skipped] = report.skipped
    assert "close it there" in skipped.findings[0].mend


def test_a_second_run_makes_the_same_files(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    workbook = make_workbook(progress_sheets())
    run(workbook, tmp_path / "out")
    first = files(tmp_path / "out")
    run(workbook, tmp_path / "out")
    assert files(tmp_path / "out") == first


def test_two_students_of_one_name_have_a_file_each(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    students = [STUDENTS[0], STUDENTS[1], ["00107", *STUDENTS[1][1:]]]
    report = run(make_workbook(progress_sheets(Students=students)), tmp_path / "out")
    assert report.made["progress_report"] == 2
    assert len(files(tmp_path / "out")) == 2


def test_progress_is_told_after_each_document(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run(make_workbook(progress_sheets()), tmp_path / "out", watch=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_a_no_that_cannot_be_read_is_no_yes(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    contacts = [*CONTACTS[:2], ["00042", "Juan Reyes", "father", "NO - court order"]]
    report = run(make_workbook(progress_sheets(Contacts=contacts)), tmp_path / "out", students=["00042"])
    assert files(tmp_path / "out") == ["progress_report/Reyes, Ana 00042 2026-10-12 Rosa Reyes.docx"]
    assert [skipped.path.split(" ")[-2] for skipped in report.skipped] == ["Juan"]


def test_a_student_none_of_whose_contacts_receives_mail_gets_no_letter_and_is_named(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    contacts = [CONTACTS[0], ["00042", "Rosa Reyes", "mother", "no"], ["00107", "Grace Okafor", "mother", None]]
    report = run(make_workbook(progress_sheets(Contacts=contacts)), tmp_path / "out")
    assert files(tmp_path / "out") == ["progress_report/Okafor, Ben 00107 2026-09-14 Grace Okafor.docx"]
    assert messages(report) == [
        "Students A2 (Student ID): Nobody who holds the educational rights of this student receives mail."
    ]
    assert [(skipped.path, len(skipped.findings)) for skipped in report.skipped] == [
        ("progress_report/Reyes, Ana 00042 2026-10-12.docx", 1)
    ]


def test_a_row_whose_id_lost_its_zeros_holds_its_students_documents_back(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    goals = [*GOALS, [42, "2", "Writing", "2 sentences", "Ana will write.", "samples"]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out")
    assert files(tmp_path / "out") == ["progress_report/Okafor, Ben 00107 2026-09-14.docx"]
    assert report.findings[0].mend.startswith("Did you mean 00042?")


def test_a_sheet_without_rows_is_as_good_as_none(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    empty: Rows = [["Period", "Start Date", "End Date", "Report Date"]]
    report = run(
        make_workbook(progress_sheets(**{"Reporting Periods": empty}, Plans=[["Student ID"]])), tmp_path / "out"
    )
    assert report.made == {"progress_report": 2}
    assert messages(report) == []


def test_reporting_periods_that_are_not_a_students_are_named(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    periods: Rows = [
        ["Period", "Start Date", "End Date", "Report Date", "Grades"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 5), "4; 5"],
    ]
    report = run(make_workbook(progress_sheets(**{"Reporting Periods": periods})), tmp_path / "out")
    assert files(tmp_path / "out") == ["progress_report/Reyes, Ana 00042 2026-11-05.docx"]
    assert [str(finding.place) for finding in report.findings] == ["Students A3 (Student ID)"]


def test_a_column_that_one_student_lacks_stops_that_students_documents(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    notices = [row[:9] + row[10:] for row in NOTICES[:2]]
    notices.append([*notices[1]])
    notices[0].append("Initial Referral")
    notices[1].append("no")
    notices[2][0] = "00107"
    notices[2].append("yes")
    report = run(make_workbook({"Students": STUDENTS, "Notices": notices}), tmp_path / "out")
    assert messages(report) == ["Notices (Safeguards How to Get): Safeguards How to Get is missing."]
    assert files(tmp_path / "out") == ["prior_written_notice/Okafor, Ben 00107 2026-10-01.docx"]


def test_what_the_district_gives_for_all_notices_stands_in_each(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    notices = [row[:9] for row in NOTICES[:2]]
    district: Rows = [["Setting", "Value"], ["Safeguards Contact", "the office"], ["Assistance Sources", "Help Line"]]
    workbook = make_workbook({"Students": STUDENTS, "Notices": notices, "District": district})
    assert run(workbook, tmp_path / "out").made == {"prior_written_notice": 1}
    text = text_of(tmp_path / "out" / files(tmp_path / "out")[0])
    assert "the office" in text
    assert "Help Line" in text


def test_two_columns_of_one_name_stop_what_uses_them(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    goals = [[*row, "again"] for row in GOALS]
    goals[0][-1] = "Goal"
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out")
    assert report.made.total() == 0
    assert len(report.skipped) == 2


def test_a_run_for_one_student_is_not_troubled_by_another(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    goals = [GOALS[0], GOALS[1], ["00107", "1", "Writing", "2 sentences", None, "work samples"]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out", students=["00042"])
    assert messages(report) == []
    assert report.made == {"progress_report": 1}


def test_a_document_of_an_earlier_run_is_pointed_out_when_it_is_not_made_again(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    run(make_workbook(progress_sheets()), tmp_path / "out")
    goals = [GOALS[0], GOALS[1], ["00107", "1", "Writing", "2 sentences", None, "work samples"]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out")
    assert [(skipped.path, skipped.earlier) for skipped in report.skipped] == [
        ("progress_report/Okafor, Ben 00107 2026-09-14.docx", True)
    ]


def test_a_period_asks_for_progress_reports_alone(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    periods: Rows = [
        ["Period", "Start Date", "End Date", "Report Date"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 9, 30), dt.date(2026, 10, 5)],
    ]
    sheets = progress_sheets(**{"Reporting Periods": periods}, Notices=NOTICES[:2])
    assert run(make_workbook(sheets), tmp_path / "out", periods=["Q1"]).made == {"progress_report": 2}


def test_a_template_that_groups_its_goals_uses_their_columns(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    one = "{% for g in some %}{{ g.goal }}{% endfor %}"
    template = make_template(f"{{% for area, some in goals|groupby('area') %}}{{{{ area }}}}: {one}{{% endfor %}}")
    goals = [GOALS[0], GOALS[1], ["00107", "1", "Writing", "2 sentences", None, "work samples"]]
    report = run(make_workbook(progress_sheets(Goals=goals)), tmp_path / "out", templates=template.parent)
    assert len(report.skipped) == 1
    [made] = files(tmp_path / "out")
    assert text_of(tmp_path / "out" / made) == "Reading: Ana will read 90 words a minute."


def test_a_kind_for_each_member_of_a_meeting_takes_that_meetings_members(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    district = make_template("{{ member.member_name }} {{ meeting.meeting_date }}", name="excusal.docx").parent.parent
    (district / "templates").rename(district / "docx")
    (district / "documents").mkdir()
    (district / "documents" / "excusal.yaml").write_text(
        "{title: Excusal, template: excusal.docx, for_each: [meeting, member], date: meeting.meeting_date,\n"
        " needs: [Students, Meetings, Team], file: '{last_name} {meeting_date} {member_name}'}",
        encoding="utf-8",
    )
    days = [dt.date(2026, 12, 1), dt.date(2027, 1, 12)]
    meetings = [["Student ID", "Meeting Date"], *(["00042", day] for day in days)]
    team = [["Student ID", "Meeting Date", "Member Name"], ["00042", days[0], "Ann"], ["00042", days[1], "Bob"]]
    workbook = make_workbook({"Students": STUDENTS, "Meetings": meetings, "Team": team})
    run(workbook, tmp_path / "out", kinds=["excusal"], district=district)
    assert files(tmp_path / "out") == ["excusal/Reyes 2026-12-01 Ann.docx", "excusal/Reyes 2027-01-12 Bob.docx"]


def test_a_row_without_a_student_id_is_named_on_every_sheet_that_a_document_uses(
    make_workbook: MakeWorkbook, tmp_path: Path
) -> None:
    plans: Rows = [["Student ID", "Start Date", "Plan Type"], ["00042", TODAY, "IEP"]]
    services: Rows = [["Student ID", "Service Type", "Service", "Frequency", "Location"]]
    services.append([None, "related service", "Speech", "weekly", "room 4"])
    report = run(make_workbook({"Students": STUDENTS, "Plans": plans, "Services": services}), tmp_path / "out")
    assert "Services A2 (Student ID): Student ID is blank." in messages(report)


def test_goals_of_a_plan_whose_start_cannot_be_read_go_into_no_other_plan(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path, lenient: Path
) -> None:
    template = make_template("{% for goal in goals %}{{ goal.goal }}{% endfor %}", name="iep.docx")
    plans: Rows = [["Student ID", "Start Date", "Meeting Date"], ["00042", TODAY, TODAY], ["00042", "soon", TODAY]]
    workbook = make_workbook({"Students": STUDENTS, "Plans": plans, "Goals": GOALS[:2]})
    report = run(workbook, tmp_path / "out", kinds=["iep"], templates=template.parent, district=lenient)
    assert report.made.total() == 0
    assert [str(finding.place) for finding in report.findings] == ["Plans B3 (Start Date)", "Goals row 2 (Plan Start)"]


def test_a_document_has_its_name_whatever_else_is_made_with_it(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    periods: Rows = [
        ["Period", "Start Date", "End Date", "Report Date"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 9, 30), dt.date(2026, 11, 5)],
        ["Q2", dt.date(2026, 10, 1), dt.date(2026, 10, 31), dt.date(2026, 11, 5)],
    ]
    workbook = make_workbook(progress_sheets(**{"Reporting Periods": periods}))
    run(workbook, tmp_path / "all", students=["00042"])
    run(workbook, tmp_path / "one", students=["00042"], periods=["Q2"])
    second = "progress_report/Reyes, Ana 00042 2026-11-05 Q2 2026-10-01.docx"
    assert files(tmp_path / "all") == [second, "progress_report/Reyes, Ana 00042 2026-11-05.docx"]
    assert files(tmp_path / "one") == [second]


def test_a_measurement_that_no_report_shows_is_pointed_out(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    progress = [*PROGRESS, ["00107", "1", dt.date(2062, 9, 14), "4 of 5"]]
    report = run(make_workbook(progress_sheets(Progress=progress)), tmp_path / "out")
    assert {str(finding.place) for finding in report.findings} == {"Progress C5 (Date)"}
    assert {finding.rule for finding in report.findings} == {"unserved", "measured-in-the-future"}
    assert report.made == {"progress_report": 2}


def test_who_gets_no_letters_still_has_a_plan(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path, lenient: Path
) -> None:
    template = make_template("{{ student.full_name }}", name="iep.docx")
    plans: Rows = [["Student ID", "Start Date", "Meeting Date"], ["00042", TODAY, TODAY]]
    sheets = progress_sheets(Plans=plans, Contacts=[CONTACTS[0], ["00042", "Rosa Reyes", "mother", "no"]])
    report = run(
        make_workbook(sheets),
        tmp_path / "out",
        kinds=["iep", "progress_report"],
        templates=template.parent,
        district=lenient,
    )
    assert report.made == {"iep": 1}
    assert all("rights-holder" in [finding.rule for finding in skipped.findings] for skipped in report.skipped)


@pytest.mark.parametrize(("ids", "stopped"), [(["00042", None, "00042"], {"00042"}), ([None, "00107"], {"00107"})])
def test_a_service_of_nobody_keeps_back_the_plans_of_the_rows_beside_it(
    make_workbook: MakeWorkbook,
    make_template: MakeTemplate,
    tmp_path: Path,
    lenient: Path,
    ids: list[str | None],
    stopped: set[str],
) -> None:
    template = make_template("{% for s in services %}{{ s.service }}{% endfor %}", name="iep.docx")
    plans: Rows = [["Student ID", "Start Date", "Meeting Date"], ["00042", TODAY, TODAY], ["00107", TODAY, TODAY]]
    services: Rows = [["Student ID", "Service Type", "Service"]]
    services += [[one, "support for personnel", f"Training {number}"] for number, one in enumerate(ids)]
    sheets: dict[str, Rows] = {"Students": STUDENTS, "Plans": plans, "Services": services}
    report = run(make_workbook(sheets), tmp_path / "out", kinds=["iep"], templates=template.parent, district=lenient)
    assert {one.path.partition("00")[2][:3] for one in report.skipped} == {one[2:] for one in stopped}
    assert report.made == {"iep": 1}


def test_where_a_student_has_lost_the_id_no_other_is_taken_for_it(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    students = [*STUDENTS, [None, "Reed", "Cy"]]
    progress = [*PROGRESS, ["00108", "1", TODAY, "4 of 5"]]
    report = run(make_workbook(progress_sheets(Students=students, Progress=progress)), tmp_path / "out")
    [mend] = [finding.mend for finding in report.findings if finding.rule == "student-unknown"]
    assert mend.startswith("Row 4 of the Students sheet has no ID: is it this one?")
    assert report.made == {"progress_report": 2}


def test_a_kind_that_lacks_its_sheet_stops_no_other(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    report = run(make_workbook(progress_sheets()), tmp_path / "out", kinds=["iep", "progress_report"])
    assert report.made == {"progress_report": 2}
    assert [finding.rule for finding in report.findings] == ["sheet-missing"]


def test_an_amended_objective_stands_in_the_amendment_alone(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path, lenient: Path
) -> None:
    text = "{% for goal in goals %}{% for o in goal.objectives %}{{ o.objective }};{% endfor %}{% endfor %}"
    template = make_template(text, name="iep.docx")
    first, second = dt.date(2026, 9, 1), dt.date(2026, 11, 1)
    plans: Rows = [["Student ID", "Start Date", "Meeting Date", "Amends"], ["00042", first, first, None]]
    plans.append(["00042", second, second, first])
    objectives: Rows = [
        ["Student ID", "Plan Start", "Goal Number", "Objective Number", "Objective"],
        ["00042", first, "1", "1", "old"],
        ["00042", second, "1", "1", "amended"],
    ]
    workbook = make_workbook(progress_sheets(Plans=plans, Objectives=objectives))
    run(workbook, tmp_path / "out", kinds=["iep"], templates=template.parent, district=lenient)
    assert [text_of(tmp_path / "out" / file) for file in files(tmp_path / "out")] == ["old;", "amended;"]


def test_force_makes_drafts_of_what_only_its_content_would_stop(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template(
        "{{ notice.explanation }} {{ notice.description }}{% if document.draft %} DRAFT{% endif %}",
        name="prior_written_notice.docx",
    )
    workbook = make_workbook({"Students": STUDENTS, "Notices": NOTICES})
    made = {"kinds": ["prior_written_notice"], "templates": template.parent}
    report = run(workbook, tmp_path / "out", **made, force=True)
    assert {text_of(tmp_path / "out" / file) for file in files(tmp_path / "out")} == {
        "It helps. More reading.",
        "It helps.  DRAFT",
    }
    assert files(tmp_path / "out") == [
        "prior_written_notice/Reyes, Ana 00042 2026-10-01.docx",
        "prior_written_notice/Reyes, Ana 00042 2026-10-09 DRAFT.docx",
    ]
    assert report.skipped == []
    assert "error" in [finding.severity for finding in report.findings]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (1, "someday"),  # a key that cannot be read
        (2, "suggest"),  # a choice that cannot be read
        (3, None),  # which columns are read at all is no matter
    ],
)
def test_force_makes_nothing_of_what_cannot_be_read(
    make_workbook: MakeWorkbook, tmp_path: Path, column: int, value: str | None
) -> None:
    notice = [*NOTICES[1]]
    notice[column] = value
    workbook = make_workbook({"Students": STUDENTS, "Notices": [NOTICES[0], notice]})
    report = run(workbook, tmp_path / "out", kinds=["prior_written_notice"], force=True)
    assert bool(report.skipped) == (value is not None)


def test_force_makes_no_letter_to_a_guardian_without_a_name(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    students = [[*STUDENTS[0], "Guardian 1 Name", "Guardian 1 Address"], [*STUDENTS[1], None, "1 Elm Street"]]
    sheets: dict[str, Rows] = {"Students": students, "Notices": NOTICES[:2]}
    report = run(make_workbook(sheets), tmp_path / "out", kinds=["prior_written_notice"], force=True)
    [skipped] = report.skipped
    assert "Students H2 (Guardian 1 Name)" in [str(finding.place) for finding in skipped.findings]


def test_what_an_earlier_run_left_beside_a_document_is_named(
    make_workbook: MakeWorkbook, make_template: MakeTemplate, tmp_path: Path
) -> None:
    template = make_template("{{ notice.explanation }} {{ notice.description }}", name="prior_written_notice.docx")
    made = {"kinds": ["prior_written_notice"], "templates": template.parent}
    run(make_workbook({"Students": STUDENTS, "Notices": NOTICES}), tmp_path / "out", **made, force=True)
    column = NOTICES[0].index("Description")
    mended = [NOTICES[0], *([*row[:column], "More.", *row[column + 1 :]] for row in NOTICES[1:])]
    report = run(make_workbook({"Students": STUDENTS, "Notices": mended}), tmp_path / "out", **made, force=True)
    assert report.beside == ["prior_written_notice/Reyes, Ana 00042 2026-10-09 DRAFT.docx"]


def test_a_dry_run_makes_nothing_and_says_who_gets_what(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    contacts = [[*CONTACTS[0], "Court Order", "Holds Educational Rights"], *CONTACTS[1:]]
    contacts[2] = ["00042", "Juan Reyes", "father", "", "yes", "no"]
    report = run(make_workbook(progress_sheets(Contacts=contacts)), tmp_path / "out", dry_run=True)
    assert not (tmp_path / "out").exists()
    assert [(planned.path, planned.standing) for planned in report.planned if " 00042 " in planned.path] == [
        (
            "progress_report/Reyes, Ana 00042 2026-10-12 Rosa Reyes.docx",
            "a parent, who is presumed to hold the educational rights",
        )
    ]
    assert [(one.name, one.standing, one.sent) for one in report.addressees if one.student_id == "00042"] == [
        ("Rosa Reyes", "a parent, who is presumed to hold the educational rights", True),
        ("Juan Reyes", "no educational rights by court order", False),
        ("Dana Cole", "a copy; no parent in the sense of the law", False),
    ]


@pytest.mark.parametrize(
    ("header", "value", "stops"),
    [("Court Order", "it depends", True), ("Relationship", "kin", False), ("Interpreter Needed", "at times", False)],
)
def test_while_it_is_unclear_who_holds_the_rights_no_letter_goes_out(
    make_workbook: MakeWorkbook, tmp_path: Path, header: str, value: str, *, stops: bool
) -> None:
    contacts: Rows = [
        ["Student ID", "Contact Name", "Relationship", "Court Order", "Interpreter Needed", "Household"],
        ["00042", "Rosa Reyes", "mother", None, None, "A"],
        ["00042", "Juan Reyes", "father", None, None, "B"],
    ]
    contacts[2][contacts[0].index(header)] = value
    report = run(make_workbook(progress_sheets(Contacts=contacts)), tmp_path / "out", students=["00042"])
    made = {planned.recipient for planned in report.planned} - {
        path.removesuffix(".docx").split("10-12 ")[1] for path in (skipped.path for skipped in report.skipped)
    }
    assert ("Rosa Reyes" in made) is not stops

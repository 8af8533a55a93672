"""Rules over several cells or sheets, held against small workbooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

import iepdocs
from iepdocs.findings import CellPlace, IepdocsError, Severity
from iepdocs.plan.days import days_after, days_between, years_after, years_between
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, Rows, progress_sheets, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iepdocs.findings import Finding
    from tests.support import MakeWorkbook

    Broken = Callable[..., list[Finding]]

MARCH = dt.date(2026, 3, 2)
FEBRUARY = dt.date(2026, 2, 2)


@pytest.fixture
def broken(make_workbook: MakeWorkbook, tmp_path: Path) -> Broken:
    """Return a function that checks three sheets against one rule on Goals, and returns what that finds.

    A sheet may be replaced, or left out by no rows; `more` is what else the file of the rule says.
    """

    def check(
        require: str,
        when: str = "true",
        cells: str = "area",
        sheet: str = "Goals",
        message: str = "Not so on {{ today }} of {{ student_id }}.",
        more: str = "",
        **sheets: Rows,
    ) -> list[Finding]:
        rules = tmp_path / "district" / "rules" / "ours.yaml"
        rules.parent.mkdir(parents=True)
        rules.write_text(
            f'ours:\n  sheet: {sheet}\n  when: "{when}"\n  require: "{require}"\n  cells: [{cells}]\n'
            f"  severity: warning\n  message: {message}\n"
            f"  mend: Mend it.\n  citation: § 1\n{more}"
        )
        path = make_workbook({title: rows for title, rows in progress_sheets(**sheets).items() if rows})
        found = iepdocs.check(path, district=tmp_path / "district", date=TODAY)
        return [finding for finding in found if finding.rule == "ours"]

    return check


def cells(findings: list[Finding]) -> list[str | None]:
    return [finding.place.cell for finding in findings if isinstance(finding.place, CellPlace)]


def test_a_broken_rule_is_told_at_the_cells_that_it_blames(broken: Broken) -> None:
    found = broken("area == 'Writing'", cells="area, goal")
    assert cells(found) == ["C2", "E2"]
    assert [(one.message, one.mend, one.severity, one.citation) for one in found[:1]] == [
        ("Not so on 11/25/2026 of 00042.", "Mend it.", Severity.WARNING, "§ 1")
    ]


@pytest.mark.parametrize(
    ("require", "blamed"),
    [
        ("student.last_name == 'Reyes'", ["C3"]),
        ("rows('Progress')|length > 1", ["C3"]),
        ("rows('Students')|length == 1", []),
        ("rows('Progress')|selectattr('value')|list|length == 2", ["C3"]),
        ("years_between(student.date_of_birth, today) == 10", ["C3"]),
        ("params.meeting_notice_days == 10", []),
        ("district.age_of_majority == 21", ["C2", "C3"]),
        ("standard", ["C2", "C3"]),
        ("not standard", []),
        ("target_date > today", ["C2", "C3"]),
        ("years_between(target_date, today) >= 0", ["C2", "C3"]),
        ("years_between(target_date, today) is none", []),
        ("rows('Progress')[0].value.number > 3", ["C3"]),
        ("rows('Progress')|sum(attribute='value.number') > 3", ["C3"]),
        ("student and district and params", []),
    ],
)
def test_what_a_rule_may_ask_for(broken: Broken, require: str, blamed: list[str]) -> None:
    assert cells(broken(require)) == blamed


def test_a_rule_may_ask_for_the_figures_of_a_result(broken: Broken) -> None:
    assert cells(broken("value.number > 43 or value.total", cells="value", sheet="Progress")) == ["D2"]


@pytest.mark.parametrize("whole", ["student", "district", "params", "rows('Goals')[0]"])
def test_a_record_prints_nothing(broken: Broken, whole: str) -> None:
    [found] = broken("area == 'Writing'", message=f"Of{{{{ {whole} }}}}.")
    assert found.message == "Of."


def test_times_are_shown_as_people_write_them(make_workbook: MakeWorkbook) -> None:
    meetings = [["Student ID", "Start Time", "End Time"], ["00042", dt.time(15, 30), dt.time(9)]]
    found = iepdocs.check(make_workbook({"Students": STUDENTS, "Meetings": meetings}), date=TODAY)
    assert "The meeting ends at 9:00 AM, but starts at 3:30 PM." in {finding.message for finding in found}


@pytest.mark.parametrize(
    ("given", "require", "blamed"),
    [
        (
            "others: rows('Goals') | rejectattr('area', 'eq', area)",
            "area not in others | map(attribute='area') | list",
            [],
        ),
        (
            "all: rows('Goals')\n    others: all | rejectattr('area', 'eq', area)",
            "area not in others | map(attribute='area') | list",
            [],
        ),
        (
            "areas: rows('Goals') | map(attribute='area')",
            "area == areas[0] and areas | list | length == 3",
            ["C3", "C4"],
        ),
        ("pairs: \"[rows('Goals') | map(attribute='area')]\"", "pairs[0] | list | length == 3", []),
    ],
    ids=["of the row", "of the row through another", "of the student", "of the student, inside a list"],
)
def test_what_a_rule_gives_a_name_is_each_rows_own(broken: Broken, given: str, require: str, blamed: list[str]) -> None:
    goals: Rows = [
        *GOALS[:2],
        *(["00042", number, area, *GOALS[1][3:]] for number, area in (("2", "Math"), ("3", "Art"))),
    ]
    assert cells(broken(require, Goals=goals, more=f"  with:\n    {given}\n")) == blamed


def test_a_column_that_a_workbook_adds_takes_no_name_of_a_rules(broken: Broken) -> None:
    goals = [[*row, day] for row, day in zip(GOALS, ["Today", "Monday", "Friday"], strict=True)]
    assert cells(broken("today.year == 2026", Goals=goals)) == []


def test_a_rule_holds_for_the_rows_that_it_says(broken: Broken) -> None:
    assert cells(broken("false", when="area == 'Writing'")) == ["C3"]


@pytest.mark.parametrize("require", ["rows('Services')", "plan.start_date"])
def test_a_rule_holds_only_where_the_sheets_that_it_names_have_rows(broken: Broken, require: str) -> None:
    assert broken(require) == []


def test_a_plans_rows_are_those_of_the_plan(broken: Broken) -> None:
    later = dt.date(2026, 9, 1)
    plans: Rows = [["Student ID", "Start Date", "End Date"], ["00042", MARCH, later], ["00042", later, TODAY]]
    goals = [[*row, start] for row, start in zip(GOALS, ["Plan Start", MARCH, None], strict=True)]
    goals.append([*GOALS[1], later])
    goals.append(["00042", "2", *GOALS[1][2:], later])
    found = broken("rows('Goals')|length == 2", cells="start_date", sheet="Plans", Plans=plans, Goals=goals)
    assert cells(found) == ["B2"]


@pytest.mark.parametrize(
    ("students", "more"),
    [
        (STUDENTS, ""),
        ([], ""),
        ([["Last Name"], ["Reyes"]], ""),
        ([STUDENTS[0], STUDENTS[2]], "student-unknown: ignore\n"),
    ],
    ids=["with its student", "without a Students sheet", "without IDs there", "with a student that is let pass"],
)
def test_a_row_that_names_its_plan_belongs_to_that_one(broken: Broken, students: Rows, more: str) -> None:
    plans: Rows = [["Student ID", "Start Date"], ["00042", FEBRUARY], ["00042", MARCH]]
    goals: Rows = [["Student ID", "Goal Number", "Plan Start"], ["00042", "1", FEBRUARY], ["00042", "1", MARCH]]
    found = broken(
        "plan.start_date.month == 3", cells="plan_start", more=more, Students=students, Plans=plans, Goals=goals
    )
    assert cells(found) == ["C2"]


@pytest.mark.parametrize(
    "require",
    ["rows.__globals__", "rows.__self__", "student.__class__", "years_between.__code__", "today.__class__.__base__"],
)
def test_a_rule_reaches_nothing_but_the_data(broken: Broken, require: str) -> None:
    try:
        found = broken(f"not ({require})")
    except IepdocsError:
        return
    assert found == []


def test_a_rule_that_cannot_be_worked_out_is_a_mistake_of_the_pack(broken: Broken) -> None:
    with pytest.raises(IepdocsError, match="cannot be worked out for every row") as raised:
        broken("area == 'Reading' or area + 1 > 2")
    [finding] = raised.value.findings
    assert str(finding.place) == "rules/ours.yaml, ours.require"
    assert finding.message.endswith("The first such row is 3 of Goals.")


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (dt.date(2010, 5, 14), dt.date(2026, 5, 13), 15),
        (dt.date(2010, 5, 14), dt.date(2026, 5, 14), 16),
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), 18),
    ],
)
def test_years_are_whole(first: dt.date, last: dt.date, years: int) -> None:
    assert years_between(first, last) == years


def test_days_and_years_are_counted_on() -> None:
    assert years_after(dt.date(2008, 2, 29), 18) == dt.date(2026, 3, 1)
    assert years_after(MARCH, 1) == dt.date(2027, 3, 2)
    assert days_after(FEBRUARY, 28) == MARCH
    assert (days_between(FEBRUARY, MARCH), days_between(MARCH, FEBRUARY)) == (28, -28)


def test_a_name_that_a_rule_gives_itself_is_what_its_parts_may_use(broken: Broken) -> None:
    more = "  with: {late: first, first: today}\n"
    with pytest.raises(IepdocsError, match="no name 'first'"):
        broken("not late", more=more)


def test_names_are_given_in_turn_and_what_is_picked_is_a_list(broken: Broken) -> None:
    more = "  with: {last: 'days_after(today, -50)', late: \"rows('Progress') | selectattr('date', 'gt', last)\"}\n"
    [found] = broken("not late", message="'{{ late[0].date }}, {{ late | length }}'", more=more)
    assert found.message == "10/12/2026, 1"


def test_a_name_that_is_there_already_cannot_be_given(broken: Broken) -> None:
    with pytest.raises(IepdocsError, match="'area' is a name already"):
        broken("area", more="  with: {area: today}\n")


def test_what_a_condition_does_not_ask_for_is_worked_out_only_where_it_holds(broken: Broken) -> None:
    assert broken("not more", when="target_date", more="  with: {more: target_date.year + 1}\n") == []


def test_a_rule_may_hold_without_a_sheet_that_it_names(broken: Broken) -> None:
    assert cells(broken("rows('Services')", more="  even_without: [Services]\n")) == ["C2", "C3"]


def test_a_rule_speaks_in_the_districts_terms(broken: Broken) -> None:
    settings = [["Setting", "Value"], ["terms.iep_team", "ARD committee"]]
    [found, _] = broken("false", message="'{{ terms.iep_team }}, {{ terms.case_manager }}'", District=settings)
    assert found.message == "ARD committee, case manager"


def test_periods_are_those_in_which_the_plan_was_in_effect(broken: Broken) -> None:
    plans: Rows = [["Student ID", "Start Date", "End Date", "Progress Report Schedule"]]
    plans += [["00042", dt.date(2026, 9, 7), dt.date(2026, 10, 30), "quarter"]]
    periods: Rows = [["Period", "Start Date", "End Date", "Report Date", "Schedule"]]
    for month, schedule in [(8, "quarter"), (9, "quarter"), (10, "QUARTER"), (10, "trimester"), (11, "quarter")]:
        periods.append([str(month), dt.date(2026, month, 1), dt.date(2026, month, 30), TODAY, schedule])
    found = broken(
        "periods() | length == 0",
        cells="start_date",
        sheet="Plans",
        message="\"{{ periods() | map(attribute='period') | join(' ') }}\"",
        Plans=plans,
        **{"Reporting Periods": periods},
    )
    assert [finding.message for finding in found] == ["9 10"]


def test_an_error_may_stop_some_kinds_of_documents_alone(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    def made(documents: str) -> int:
        rules = tmp_path / documents / "rules" / "ours.yaml"
        rules.parent.mkdir(parents=True)
        rules.write_text(
            "ours:\n  sheet: Goals\n  require: area == 'Reading'\n  cells: [area]\n  severity: error\n"
            f"  message: Not so.\n  mend: Mend it.\n  documents: [{documents}]\n"
        )
        plans: Rows = [["Student ID", "Start Date", "End Date"], ["00042", MARCH, TODAY], ["00107", MARCH, TODAY]]
        path = make_workbook(progress_sheets(Plans=plans))
        report = iepdocs.generate(path, tmp_path / "out" / documents, district=tmp_path / documents, date=TODAY)
        assert "ours" in [finding.rule for finding in report.findings]
        return report.made["progress_report"]

    assert (made("iep"), made("progress_report")) == (2, 1)


SHEETS: dict[str, tuple[str, list[str], list[Any], list[Any]]] = {
    "plan-dates": (
        "Plans", ["Student ID", "Start Date", "End Date"], ["00042", MARCH, FEBRUARY], ["00042", MARCH, TODAY],
    ),
    "meeting-before-birth": (
        "Plans", ["Student ID", "Start Date"], ["00042", dt.date(2006, 3, 2)], ["00042", MARCH],
    ),
    "birth-in-the-past": (
        "Students", ["Student ID", "Date of Birth"], ["00042", dt.date(2062, 1, 1)], ["00042", dt.date(2016, 1, 1)],
    ),
    "service-dates": (
        "Services", ["Student ID", "Start Date", "End Date"], ["00042", MARCH, FEBRUARY], ["00042", MARCH, MARCH],
    ),
    "accommodation-dates": (
        "Accommodations", ["Student ID", "Start Date", "End Date"], ["00042", MARCH, FEBRUARY], ["00042", MARCH, MARCH],
    ),
    "goal-dates": (
        "Goals", ["Student ID", "Baseline Date", "Target Date"], ["00042", MARCH, MARCH], ["00042", FEBRUARY, MARCH],
    ),
    "period-dates": (
        "Reporting Periods", ["Period", "Start Date", "End Date"], ["Q1", MARCH, MARCH], ["Q1", FEBRUARY, MARCH],
    ),
    "meeting-times": (
        "Meetings", ["Student ID", "Start Time", "End Time"], ["00042", "9:30", "8:30"], ["00042", "9:00", "10:00"],
    ),
    "measured-in-the-future": (
        "Progress", ["Student ID", "Date"], ["00042", dt.date(2062, 1, 1)], ["00042", TODAY],
    ),
    "correct-within-total": (
        "Progress", ["Student ID", "Correct", "Total"], ["00042", 6, 5], ["00042", 5, 5],
    ),
}  # fmt: skip


ONE_OF_TWO = "Mend one of the two dates."
SAID: dict[str, tuple[Severity, list[str], str, str]] = {
    "plan-dates": (
        Severity.ERROR, ["C2"],
        "The plan ends on 2/2/2026, but starts on 3/2/2026.", ONE_OF_TWO,
    ),
    "meeting-before-birth": (
        Severity.ERROR, ["B2"],
        "The plan starts on 3/2/2006, before the student's birth.",
        "Mend this date, or the date of birth on the Students sheet.",
    ),
    "birth-in-the-past": (
        Severity.ERROR, ["B2"],
        "The date of birth, 1/1/2062, is not in the past.", "Mend the date.",
    ),
    "service-dates": (
        Severity.ERROR, ["C2"],
        "The service ends on 2/2/2026, before it starts on 3/2/2026.", ONE_OF_TWO,
    ),
    "accommodation-dates": (
        Severity.ERROR, ["C2"],
        "The accommodation ends on 2/2/2026, before it starts on 3/2/2026.", ONE_OF_TWO,
    ),
    "goal-dates": (
        Severity.WARNING, ["C2"],
        "The goal is to be met by 3/2/2026, but its baseline was measured on 3/2/2026.", ONE_OF_TWO,
    ),
    "period-dates": (
        Severity.ERROR, ["C2"],
        "The period ends on 3/2/2026, but starts on 3/2/2026.", ONE_OF_TWO,
    ),
    "meeting-times": (
        Severity.ERROR, ["C2"],
        "The meeting ends at 8:30 AM, but starts at 9:30 AM.",
        "Mend one of the two times; an afternoon's is written 3:30 PM.",
    ),
    "measured-in-the-future": (
        Severity.WARNING, ["B2"],
        "The measurement is dated 1/1/2062, which is still to come.", "Mend the date.",
    ),
    "correct-within-total": (
        Severity.ERROR, ["B2", "C2"],
        "6 were right of 5, which cannot be.", "Mend one of the two numbers.",
    ),
}  # fmt: skip


def found_by(rule: str, make_workbook: MakeWorkbook, row: list[Any]) -> list[Finding]:
    """Return what a built-in rule says of a row of its sheet."""
    title, headers, *_ = SHEETS[rule]
    path = make_workbook({"Students": STUDENTS, "Progress": PROGRESS, title: [headers, row]})
    return [finding for finding in iepdocs.check(path, date=TODAY) if finding.rule == rule]


@pytest.mark.parametrize("rule", SHEETS)
def test_a_row_that_breaks_a_built_in_rule_is_told(make_workbook: MakeWorkbook, rule: str) -> None:
    severity, blamed, message, mend = SAID[rule]
    found = found_by(rule, make_workbook, SHEETS[rule][2])
    assert cells(found) == blamed
    assert {(finding.severity, finding.message, finding.mend) for finding in found} == {(severity, message, mend)}


@pytest.mark.parametrize("rule", SHEETS)
def test_a_row_that_keeps_a_built_in_rule_is_not(make_workbook: MakeWorkbook, rule: str) -> None:
    assert found_by(rule, make_workbook, SHEETS[rule][3]) == []


@pytest.mark.parametrize("rule", SHEETS)
def test_a_row_with_a_blank_breaks_no_built_in_rule(make_workbook: MakeWorkbook, rule: str) -> None:
    wrong = SHEETS[rule][2]
    for place in range(1, len(wrong)):
        assert found_by(rule, make_workbook, [*wrong[:place], None, *wrong[place + 1 :]]) == []


def test_every_case_says_what_is_told() -> None:
    assert SHEETS.keys() == SAID.keys()


def test_a_duplicate_that_is_graded_down_keeps_its_rows(make_workbook: MakeWorkbook, tmp_path: Path) -> None:
    rules = tmp_path / "district" / "rules" / "ours.yaml"
    rules.parent.mkdir(parents=True)
    rules.write_text("duplicate: warning")
    path = make_workbook(progress_sheets(Goals=[*GOALS, GOALS[1]]))
    report = iepdocs.generate(path, tmp_path / "out", district=tmp_path / "district", date=TODAY)
    assert {finding.severity for finding in report.findings if finding.rule == "duplicate"} == {Severity.WARNING}
    assert report.made == {"progress_report": 2}


@pytest.mark.parametrize("severity", ["ignore", "warning"])
def test_a_row_of_no_student_is_in_no_document_however_it_is_graded(
    make_workbook: MakeWorkbook, tmp_path: Path, severity: str
) -> None:
    rules = tmp_path / "district" / "rules" / "ours.yaml"
    rules.parent.mkdir(parents=True)
    rules.write_text(f"student-unknown: {severity}")
    of_another = ["00043", "2", "Math", "none", "Cy will add to 20.", "weekly probe"]
    path = make_workbook(progress_sheets(Goals=[*GOALS, of_another]))
    report = iepdocs.generate(path, tmp_path / "out", district=tmp_path / "district", date=TODAY)
    assert report.made == {"progress_report": 2}
    assert not any("Cy will add" in text_of(made) for made in (tmp_path / "out").rglob("*.docx"))

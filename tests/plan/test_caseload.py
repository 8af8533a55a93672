"""What belongs to what: students, plans, goals, measurements and guardians of real workbooks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from iepdocs.plan import Caseload, SheetValidator, link
from iepdocs.workbook import open_workbook
from tests.support import GOALS, PROGRESS, STUDENTS, progress_sheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.findings import Finding
    from iepdocs.pack import Pack
    from tests.support import MakeWorkbook, Rows

    CaseloadOf = Callable[[dict[str, Rows]], "Linked"]

OLD, NEW = dt.date(2025, 10, 13), dt.date(2026, 10, 13)
BEFORE, BETWEEN, AFTER = dt.date(2025, 9, 1), dt.date(2026, 9, 14), dt.date(2026, 11, 2)
PLANS: Rows = [
    ["Student ID", "Start Date", "End Date"],
    ["00042", OLD, dt.date(2026, 10, 12)],
    ["00042", NEW, dt.date(2027, 10, 12)],
]
DATED_GOALS: Rows = [
    ["Student ID", "Plan Start", "Goal Number", "Area"],
    ["00042", OLD, "1", "Reading"],
    ["00042", NEW, "1", "Writing"],
]


class Linked(Caseload):
    """A caseload with what was found in linking its records."""

    findings: list[Finding]


@pytest.fixture
def caseload_of(make_workbook: MakeWorkbook, pack: Pack) -> CaseloadOf:
    """Return a function that puts together the records of sheets."""

    def put_together(sheets: dict[str, Rows]) -> Linked:
        tables = open_workbook(make_workbook(sheets), pack).tables
        records = {title: SheetValidator(pack.sheets[title], ()).validate(table)[0] for title, table in tables.items()}
        caseload = Linked(records, {}, pack)
        caseload.findings = link(caseload, tables, pack)
        return caseload

    return put_together


def said(caseload: Linked) -> list[str]:
    return [f"{finding.place}: {finding.message}" for finding in caseload.findings]


def test_three_right_sheets_belong_together(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets())
    assert said(caseload) == []
    assert list(caseload.students) == ["00042", "00107"]
    [goal] = caseload.of("Goals", "00042")
    assert [measurement.get("value").number for measurement in caseload.below("Progress", goal)] == [43, 52]


def test_an_unknown_student_is_named_with_the_nearest_id(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Progress=[*PROGRESS, ["00043", "1", BETWEEN, 50]]))
    assert said(caseload) == [
        "Progress A5 (Student ID): There is no student 00043 on the Students sheet, so this row is in no document."
    ]
    assert caseload.findings[0].mend.startswith("Did you mean 00042?")


def test_the_nearest_to_an_id_that_lost_its_zeros_is_the_one_that_has_them(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Progress=[*PROGRESS, [42, 1, BETWEEN, 50]]))
    assert caseload.findings[0].mend.startswith("Did you mean 00042?")


def test_where_no_id_is_near_none_is_proposed(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Progress=[*PROGRESS, ["XYZ", "1", BETWEEN, 50]]))
    assert caseload.findings[0].mend == "Mend the ID, or add the student to the Students sheet."


def test_without_a_students_sheet_no_student_is_unknown(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of({"Goals": GOALS, "Progress": PROGRESS})) == []


def test_an_unknown_goal_is_named_with_those_there_are(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Progress=[*PROGRESS, ["00042", "7", BETWEEN, 50]]))
    assert said(caseload) == [
        "Progress B5 (Goal Number): There is no Goal Number 7 on the Goals sheet for this student."
    ]
    assert caseload.findings[0].mend.startswith("The Goals sheet has 1 for this student.")


def test_a_goal_of_a_student_who_has_none_is_unknown(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Goals=GOALS[:2]))
    assert said(caseload) == [
        "Progress B4 (Goal Number): There is no Goal Number 1 on the Goals sheet for this student."
    ]
    assert caseload.findings[0].mend.startswith("Mend this cell, or add the row there.")


def test_another_students_goal_is_an_unknown_goal(caseload_of: CaseloadOf) -> None:
    goals = [*GOALS, ["00107", "2", "Math", "b", "g", "m"]]
    caseload = caseload_of(progress_sheets(Goals=goals, Progress=[*PROGRESS, ["00042", "2", BETWEEN, 50]]))
    assert said(caseload) == [
        "Progress B5 (Goal Number): There is no Goal Number 2 on the Goals sheet for this student."
    ]


def test_a_goal_number_is_the_same_as_text_and_as_a_number(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of(progress_sheets(Progress=[*PROGRESS, ["00042", 1, BETWEEN, 50]]))) == []


def test_a_measurement_of_an_unknown_objective_is_named(caseload_of: CaseloadOf) -> None:
    objectives = [["Student ID", "Goal Number", "Objective Number", "Objective"], ["00042", "1", "a", "Read 60."]]
    progress = [[*PROGRESS[0], "Objective Number"], ["00042", "1", BETWEEN, 50, "b"]]
    caseload = caseload_of(progress_sheets(Objectives=objectives, Progress=progress))
    assert said(caseload) == [
        "Progress E2 (Objective Number): There is no Objective Number b on the Objectives sheet for this student."
    ]


def test_a_comment_on_an_unknown_period_is_named_with_those_there_are(caseload_of: CaseloadOf) -> None:
    periods: Rows = [
        ["Period", "Start Date", "End Date"],
        ["Quarter 1", BEFORE, BETWEEN],
        ["Quarter 2", BETWEEN, AFTER],
    ]
    comments = [["Student ID", "Goal Number", "Period"], ["00042", "1", "quarter 1"], ["00042", "1", "Q2"]]
    caseload = caseload_of({**progress_sheets(), "Reporting Periods": periods, "Progress Comments": comments})
    assert said(caseload) == ["Progress Comments C3 (Period): There is no Period Q2 on the Reporting Periods sheet."]
    assert caseload.findings[0].mend.startswith("The Reporting Periods sheet has Quarter 1, Quarter 2.")


def test_a_students_sheet_without_ids_makes_no_other_row_wrong(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of(progress_sheets(Students=[row[1:] for row in STUDENTS]))) == []


def test_a_goals_sheet_without_numbers_makes_no_measurement_wrong(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of(progress_sheets(Goals=[[row[0], *row[2:]] for row in GOALS]))) == []


def test_a_measurement_of_nobody_is_not_called_one_of_an_unknown_goal(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of(progress_sheets(Progress=[*PROGRESS, [None, "1", BETWEEN, 50]]))) == []


def test_duplicates_name_each_other(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets(Goals=[*GOALS, GOALS[1]]))
    assert sorted(said(caseload)) == [
        "Goals B2 (Goal Number): This row and the one at B4 have the same Student ID, Goal Number.",
        "Goals B4 (Goal Number): This row and the one at B2 have the same Student ID, Goal Number.",
    ]


def test_a_goal_is_given_twice_where_a_blank_plan_start_means_the_same_plan(caseload_of: CaseloadOf) -> None:
    goals = [*DATED_GOALS[:2], ["00042", None, "1", "Math"]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": PLANS[:2], "Goals": goals})
    assert {finding.rule for finding in caseload.findings} == {"duplicate"}


def test_several_measurements_on_a_day_are_no_duplicates(caseload_of: CaseloadOf) -> None:
    assert said(caseload_of(progress_sheets(Progress=[*PROGRESS, PROGRESS[1]]))) == []


def test_two_measurements_of_the_same_session_are_duplicates(caseload_of: CaseloadOf) -> None:
    rows = [["00042", "1", BETWEEN, value, "morning"] for value in (43, 44)]
    caseload = caseload_of(progress_sheets(Progress=[[*PROGRESS[0], "Session"], *rows]))
    assert [finding.rule for finding in caseload.findings] == ["duplicate", "duplicate"]


def test_without_plans_goals_belong_to_no_plan(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(progress_sheets())
    assert {goal.plan_start for goal in caseload.rows("Goals")} == {None}
    assert caseload.plan_on("00042", BETWEEN) is None


@pytest.mark.parametrize("day", [BEFORE, BETWEEN, AFTER])
def test_the_only_plan_is_in_effect_whatever_the_day(caseload_of: CaseloadOf, day: dt.date) -> None:
    caseload = caseload_of(progress_sheets(Plans=PLANS[:2], Progress=[*PROGRESS, ["00042", "1", day, 50]]))
    assert said(caseload) == []
    assert {record.plan_start for record in caseload.of("Progress", "00042")} == {OLD}


@pytest.mark.parametrize(("day", "start"), [(BEFORE, OLD), (OLD, OLD), (BETWEEN, OLD), (NEW, NEW), (AFTER, NEW)])
def test_a_dated_row_belongs_to_the_plan_in_effect_on_its_day(
    caseload_of: CaseloadOf, day: dt.date, start: dt.date
) -> None:
    progress = [PROGRESS[0], ["00042", "1", day, 50]]
    caseload = caseload_of(
        {"Students": STUDENTS, "Plans": PLANS, "Goals": DATED_GOALS, "Progress": progress},
    )
    assert said(caseload) == []
    plan = caseload.plan_on("00042", day)
    assert plan
    assert plan.get("start_date") == start
    areas = {goal.get("area"): len(caseload.below("Progress", goal)) for goal in caseload.of("Goals", "00042")}
    assert areas == {"Reading": int(start == OLD), "Writing": int(start == NEW)}


def test_a_comment_belongs_to_the_plan_in_effect_at_its_periods_end(caseload_of: CaseloadOf) -> None:
    caseload = caseload_of(
        {
            "Students": STUDENTS,
            "Plans": PLANS,
            "Goals": DATED_GOALS,
            "Reporting Periods": [["Period", "Start Date", "End Date"], ["Quarter 1", BETWEEN, AFTER]],
            "Progress Comments": [["Student ID", "Goal Number", "Period"], ["00042", "1", "quarter 1"]],
        }
    )
    assert said(caseload) == []
    assert caseload.of("Progress Comments", "00042")[0].plan_start == NEW


def test_with_two_plans_an_undated_row_is_asked_about_with_both_starts(caseload_of: CaseloadOf) -> None:
    goals = [*DATED_GOALS, ["00042", None, "2", "Math"]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": PLANS, "Goals": goals})
    [finding] = caseload.findings
    assert str(finding.place) == "Goals B4 (Plan Start)"
    assert finding.message.startswith("This student has plans from 10/13/2025 and 10/13/2026,")


def test_a_row_of_which_it_cannot_be_said_where_it_belongs_is_kept_apart(caseload_of: CaseloadOf) -> None:
    goals = [*DATED_GOALS, ["00042", None, "2", "Math"]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": PLANS, "Goals": goals})
    assert [goal.get("area") for goal in caseload.of("Goals", "00042")] == ["Reading", "Writing"]
    assert [goal.get("area") for goal in caseload.loose("Goals", "00042")] == ["Math"]


def test_a_row_without_its_key_is_kept_apart(caseload_of: CaseloadOf) -> None:
    goals = [*GOALS, ["00042", None, "Math", "b", "g", "m"]]
    caseload = caseload_of(progress_sheets(Goals=goals))
    assert [goal.get("area") for goal in caseload.of("Goals", "00042")] == ["Reading"]
    assert [goal.get("area") for goal in caseload.loose("Goals", "00042")] == ["Math"]


def test_a_plan_start_that_no_plan_has_is_named_with_those_there_are(caseload_of: CaseloadOf) -> None:
    goals = [*DATED_GOALS, ["00042", BETWEEN, "2", "Math"]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": PLANS, "Goals": goals})
    assert said(caseload) == ["Goals B4 (Plan Start): No plan of this student starts on 9/14/2026."]
    assert caseload.findings[0].mend.startswith("The Plans sheet has 10/13/2025 and 10/13/2026.")


def test_without_a_plans_sheet_the_goals_say_which_plans_there_are(caseload_of: CaseloadOf) -> None:
    progress = [PROGRESS[0], ["00042", "1", BETWEEN, 43], ["00042", "1", AFTER, 52]]
    caseload = caseload_of({"Students": STUDENTS, "Goals": DATED_GOALS, "Progress": progress})
    assert said(caseload) == []
    assert [record.plan_start for record in caseload.of("Progress", "00042")] == [OLD, NEW]


@pytest.mark.parametrize(
    ("first", "last", "starts"),
    [(BETWEEN, AFTER, {OLD, NEW}), (BEFORE, BETWEEN, {OLD}), (NEW, AFTER, {NEW}), (None, None, {OLD, NEW})],
)
def test_a_stretch_of_time_has_the_plans_in_effect_in_it(
    caseload_of: CaseloadOf, first: dt.date | None, last: dt.date | None, starts: set[dt.date]
) -> None:
    assert caseload_of({"Students": STUDENTS, "Plans": PLANS}).timeline("00042").within(first, last) == starts


def test_a_blank_date_of_a_service_is_its_plans(caseload_of: CaseloadOf) -> None:
    services: Rows = [["Student ID", "Service", "Start Date"], ["00042", "OT", None], ["00042", "PT", BETWEEN]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": PLANS[:2], "Services": services})
    dates = [(service.get("start_date"), service.get("end_date")) for service in caseload.of("Services", "00042")]
    assert dates == [(OLD, dt.date(2026, 10, 12)), (BETWEEN, dt.date(2026, 10, 12))]


GUARDIANS = ["Guardian 1 Name", "Guardian 1 Relationship", "Guardian 2 Name", "Guardian 2 Receives Mail"]


def test_guardians_in_a_students_row_are_contacts(caseload_of: CaseloadOf) -> None:
    students = [
        [*STUDENTS[0], *GUARDIANS],
        [*STUDENTS[1], "Rosa Reyes", "mother", "Juan Reyes", "no"],
        [*STUDENTS[2], None, None, None, None],
    ]
    caseload = caseload_of(progress_sheets(Students=students))
    contacts = caseload.of("Contacts", "00042")
    assert [contact.get("contact_name") for contact in contacts] == ["Rosa Reyes", "Juan Reyes"]
    assert [contact.get("relationship") for contact in contacts] == ["mother", None]
    assert [contact.get("receives_mail") for contact in contacts] == [None, False]
    assert caseload.of("Contacts", "00107") == []


def test_guardians_stand_beside_the_contacts_sheet(caseload_of: CaseloadOf) -> None:
    students = [[*STUDENTS[0], *GUARDIANS], [*STUDENTS[1], "Rosa Reyes", "mother", None, None]]
    contacts = [["Student ID", "Contact Name", "Relationship"], ["00042", "Ines Cole", "advocate"]]
    caseload = caseload_of({"Students": students, "Contacts": contacts})
    names = {contact.get("contact_name") for contact in caseload.of("Contacts", "00042")}
    assert names == {"Rosa Reyes", "Ines Cole"}


def test_a_guardian_without_a_name_is_no_contact(caseload_of: CaseloadOf) -> None:
    students = [[*STUDENTS[0], *GUARDIANS], [*STUDENTS[1], "Rosa Reyes", "mother", None, "yes"]]
    contacts = caseload_of(progress_sheets(Students=students)).of("Contacts", "00042")
    assert [contact.get("contact_name") for contact in contacts] == ["Rosa Reyes"]


AMENDED: Rows = [
    ["Student ID", "Start Date", "Meeting Type", "Amends"],
    ["00042", NEW, "annual review", None],
    ["00042", AFTER, "amendment", NEW],
]


def test_an_amendment_leaves_its_plan_the_only_plan(caseload_of: CaseloadOf) -> None:
    progress = [PROGRESS[0], ["00042", "1", AFTER, 52]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": AMENDED, "Goals": GOALS[:2], "Progress": progress})
    assert said(caseload) == []
    assert [goal.plan_start for goal in caseload.of("Goals", "00042")] == [NEW]


def test_an_amendment_has_its_plans_goals_and_its_own_instead_of_those_it_changes(caseload_of: CaseloadOf) -> None:
    goals: Rows = [
        ["Student ID", "Plan Start", "Goal Number", "Area"],
        ["00042", None, "1", "Reading"],
        ["00042", None, "2", "Writing"],
        ["00042", AFTER, "2", "Spelling"],
    ]
    progress = [PROGRESS[0], ["00042", "2", AFTER, 52]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": AMENDED, "Goals": goals, "Progress": progress})
    assert said(caseload) == []
    amended = caseload.under("Goals", "00042", caseload.timeline("00042").family(AFTER))
    assert [goal.get("area") for goal in amended] == ["Reading", "Spelling"]
    assert [measured.get("value").number for measured in caseload.below("Progress", amended[1])] == [52]
    assert [goal.get("area") for goal in caseload.under("Goals", "00042", {NEW})] == ["Reading", "Writing"]


def test_two_results_of_one_day_are_both_there(caseload_of: CaseloadOf) -> None:
    progress = [PROGRESS[0], *(["00042", "1", AFTER, value] for value in (52, 54)), ["00042", "1", NEW, 50]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": AMENDED, "Goals": GOALS[:2], "Progress": progress})
    there = caseload.under("Progress", "00042", caseload.timeline("00042").family(AFTER))
    assert [measured.get("value").number for measured in there] == [52, 54, 50]


def test_an_amendment_of_no_plan_is_named(caseload_of: CaseloadOf) -> None:
    plans = [AMENDED[0], AMENDED[1], ["00042", AFTER, "amendment", BETWEEN]]
    assert said(caseload_of({"Students": STUDENTS, "Plans": plans})) == [
        "Plans D3 (Amends): No other plan of this student starts on 9/14/2026."
    ]


def test_a_plan_start_of_a_student_without_plans_is_named(caseload_of: CaseloadOf) -> None:
    plans: Rows = [["Student ID", "Start Date"], ["00107", OLD]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": plans, "Goals": DATED_GOALS[:2]})
    assert said(caseload) == ["Goals B2 (Plan Start): No plan of this student starts on 10/13/2025."]


def test_a_guardian_who_is_a_contact_too_is_one_person(caseload_of: CaseloadOf) -> None:
    students = [[*row, name] for row, name in zip(STUDENTS[:2], ["Guardian 1 Name", "rosa  reyes"], strict=True)]
    contacts: Rows = [["Student ID", "Contact Name"], ["00042", "Rosa Reyes"]]
    caseload = caseload_of({"Students": students, "Contacts": contacts})
    assert [contact.get("contact_name") for contact in caseload.of("Contacts", "00042")] == ["Rosa Reyes"]


def test_a_plan_of_a_mistyped_student_is_none_of_the_timeline_of_the_one_that_is_meant(caseload_of: CaseloadOf) -> None:
    plans: Rows = [*PLANS[:2], ["0042", NEW, dt.date(2027, 10, 12)]]
    caseload = caseload_of({"Students": STUDENTS, "Plans": plans, "Goals": DATED_GOALS[:2]})
    assert [plan.row for plan in caseload.loose("Plans", "00042")] == [3]
    for part in (caseload, caseload.part(["00042"])):
        assert part.timeline("00042").starts == [OLD]

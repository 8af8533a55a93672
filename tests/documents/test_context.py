"""What a template sees: every declared name, of its type, from the records of real sheets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from iepdocs.documents import Wanted, expand
from iepdocs.documents.context import FIELDS, SPECIAL
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iepdocs.documents import Contexts
    from iepdocs.pack import Name, Pack
    from tests.documents.conftest import ContextsOf, Texts
    from tests.support import Rows

OLD, NEW = dt.date(2025, 10, 13), dt.date(2026, 10, 13)
PLANS: Rows = [
    ["Student ID", "Start Date", "End Date", "Meeting Date", "Meeting Type", "Educational Environment"],
    ["00042", OLD, dt.date(2026, 10, 12), dt.date(2025, 10, 1), "annual review", "RC80"],
    ["00042", NEW, dt.date(2027, 10, 12), dt.date(2026, 10, 1), "annual review", "Separate school"],
]
TEAM: Rows = [
    ["Student ID", "Meeting Date", "Member Name", "Role"],
    ["00042", dt.date(2025, 10, 1), "Olga Brandt", "special education teacher; case manager"],
    ["00042", dt.date(2026, 10, 1), "Nils Meyer", "Special Education Teacher"],
    ["00042", None, "Rosa Reyes", "parent"],
    ["00107", None, "Grace Okafor", "parent"],
]
MEETINGS: Rows = [
    ["Student ID", "Meeting Date", "Start Time", "Location", "Purpose"],
    ["00042", dt.date(2026, 12, 8), dt.time(15, 30), "Room 12", "annual review; transition planning"],
]
PERIODS: Rows = [
    ["Period", "Start Date", "End Date", "Report Date"],
    ["Quarter 1", dt.date(2026, 9, 1), dt.date(2026, 10, 1), dt.date(2026, 10, 9)],
    ["Quarter 2", dt.date(2026, 10, 2), dt.date(2026, 12, 1), dt.date(2026, 12, 9)],
]
COMMENTS: Rows = [
    ["Student ID", "Goal Number", "Period", "Sufficient", "Comment"],
    ["00042", "1", "Quarter 1", "yes", "Reads 43."],
    ["00042", "1", "quarter 2", "no", "Reads 52."],
]


def first_context(contexts: Contexts, kind: str) -> dict[str, Any]:
    document = next(expand(contexts.pack.kinds[kind], contexts, Wanted()))
    return contexts.context(document)


def computed_fields(names: Iterable[Name]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name.sheet:
            yield from ((name.sheet.title, field) for field, below in name.fields.items() if not below.value)
        yield from computed_fields(name.fields.values())


def test_exactly_the_declared_fields_without_a_value_are_computed(pack: Pack) -> None:
    assert set(computed_fields(pack.names.values())) == FIELDS.keys()


def test_every_declared_name_has_something_that_finds_it(pack: Pack) -> None:
    assert SPECIAL.keys() <= pack.names.keys()
    for key in pack.names.keys() - SPECIAL.keys():
        sheet = pack.names[key].sheet
        assert sheet, key
        assert pack.names[key].each or key == "period" or "student_id" in sheet.columns, key


@pytest.mark.parametrize("kind", ["iep", "prior_written_notice", "meeting_invitation", "progress_report"])
def test_a_context_has_exactly_its_kinds_names(contexts_of: ContextsOf, pack: Pack, kind: str) -> None:
    notices: Rows = [["Student ID", "Notice Date"], ["00042", OLD]]
    contexts = contexts_of(progress_sheets(Plans=PLANS[:2], Meetings=MEETINGS, Notices=notices))
    assert first_context(contexts, kind).keys() == pack.names_of(pack.kinds[kind]).keys()


def test_values_have_the_types_of_their_columns(contexts_of: ContextsOf) -> None:
    context = first_context(contexts_of({"Students": STUDENTS, "Meetings": MEETINGS}), "meeting_invitation")
    meeting = context["meeting"]
    assert meeting["meeting_date"] == dt.date(2026, 12, 8)
    assert meeting["start_time"] == dt.time(15, 30)
    assert meeting["purpose"] == ["annual review", "transition planning"]
    assert meeting["location"] == "Room 12"
    assert context["recipient"]["is_student"] is False
    assert context["today"] == TODAY


def test_values_print_without_a_filter(texts: Texts) -> None:
    sheets = {"Students": STUDENTS, "Meetings": MEETINGS}
    template = "{{ meeting.meeting_date }}, {{ meeting.start_time }}: {{ meeting.purpose }}; {{ recipient.is_student }}"
    assert texts(sheets, template, "meeting_invitation") == [
        "December 8, 2026, 3:30 PM: annual review, transition planning; yes",  # the student is invited
        "December 8, 2026, 3:30 PM: annual review, transition planning; no",
    ]


def test_a_blank_value_prints_nothing_is_false_and_compares_without_error(texts: Texts) -> None:
    template = (
        "[{{ meeting.video_link }}{{ meeting.end_time }}{{ school.phone }}{{ plan.start_date }}]"
        "{% if meeting.end_time or school or plan or meeting.agencies %}wrong{% endif %}"
        "{% if plan.start_date < today or plan.end_date >= today %}wrong{% endif %}"
    )
    assert texts({"Students": STUDENTS, "Meetings": MEETINGS}, template, "meeting_invitation") == ["[]"] * 2


def test_a_placement_is_said_in_words_and_by_its_code(texts: Texts) -> None:
    template = "{{ plan.educational_environment }} ({{ plan.educational_environment_code }})"
    assert texts({"Students": STUDENTS, "Plans": PLANS}, template, "iep", students=["00042"]) == [
        "Inside the regular class 80% or more of the day (RC80)",
        "Separate school (SS)",
    ]


def test_an_age_is_of_the_documents_date(texts: Texts) -> None:
    template = "{{ document.date }}: {{ student.full_name }} is {{ student.age }}"
    assert texts({"Students": STUDENTS, "Plans": PLANS}, template, "iep") == [
        "October 1, 2025: Ana Reyes is 9",
        "October 1, 2026: Ana Reyes is 10",
    ]


def test_a_document_says_its_kind_and_title(texts: Texts) -> None:
    template = "{{ document.kind }}: {{ document.title }}"
    assert texts(progress_sheets(), template, students=["00042"]) == ["progress_report: Progress Report"]


def test_a_student_is_spoken_of_by_the_pronouns(texts: Texts) -> None:
    students = [[*STUDENTS[0], "Pronouns"], [*STUDENTS[1], "she/her"], [*STUDENTS[2], None]]
    template = "{{ student.they }} {{ student.them }} {{ student.their }} {{ student.theirs }} {{ student.themself }}"
    assert texts(progress_sheets(Students=students), template) == [
        "they them their theirs themself",
        "she her her hers herself",
    ]


def test_columns_that_a_district_adds_reach_the_template(texts: Texts) -> None:
    students = [[*STUDENTS[0], "Bus Route #"], [*STUDENTS[1], "7 & 9"], [*STUDENTS[2], None]]
    goals = [[*GOALS[0], "Curriculum"], [*GOALS[1], "Spire"], [*GOALS[2], None]]
    template = "{{ student.bus_route }}/{% for goal in goals %}{{ goal.curriculum }}{% endfor %}"
    assert texts(progress_sheets(Students=students, Goals=goals), template) == ["/", "7 & 9/Spire"]


def test_a_date_that_a_district_adds_prints_as_a_date(texts: Texts) -> None:
    students = [[*STUDENTS[0], "Bus Since"], [*STUDENTS[1], OLD]]
    sheets = progress_sheets(Students=students, Goals=GOALS[:2], Progress=PROGRESS[:3])
    assert texts(sheets, "{{ student.bus_since }}") == ["October 13, 2025"]


def test_the_schools_row_is_found_however_its_name_is_written(texts: Texts) -> None:
    schools = [["School", "Phone"], ["ALDER  creek", "555-0100"], ["Birch", "555-0101"]]
    assert texts(progress_sheets(Schools=schools), "{{ school.phone }}", students=["00042"]) == ["555-0100"]


def test_the_district_sheet_lies_over_the_packs_settings(texts: Texts) -> None:
    template = "{{ district.district_name }}, {{ district.age_of_majority }}"
    nineteen: Rows = [["District Name", "Fern Valley"], ["Age of Majority", 19]]
    assert texts(progress_sheets(District=nineteen[:1]), template, students=["00042"]) == ["Fern Valley, 18"]
    assert texts(progress_sheets(District=nineteen), template, students=["00042"]) == ["Fern Valley, 19"]


def test_a_district_has_its_own_words(texts: Texts) -> None:
    district = [["District Name", "Fern Valley"], ["terms.iep_team", "ARD committee"]]
    template = "{{ terms.iep_team }}, {{ terms.case_manager }}"
    assert texts(progress_sheets(District=district), template, students=["00042"]) == ["ARD committee, case manager"]


TEAM_NAMES = "{% for member in team %}{{ member.member_name }} ({{ member.role }}) {% endfor %}"


def test_a_plans_team_is_that_of_its_meeting_and_of_every_meeting(texts: Texts) -> None:
    assert texts({"Students": STUDENTS, "Plans": PLANS, "Team": TEAM}, TEAM_NAMES, "iep") == [
        "Olga Brandt (special education teacher, case manager) Rosa Reyes (parent) ",
        "Nils Meyer (special education teacher) Rosa Reyes (parent) ",
    ]


def test_an_invitations_team_is_that_of_its_meeting(texts: Texts) -> None:
    team = [*TEAM, ["00042", dt.date(2026, 12, 8), "Lena Fox", "advocate"]]
    sheets = {"Students": STUDENTS, "Plans": PLANS, "Meetings": MEETINGS, "Team": team}
    assert (
        texts(sheets, "{% for member in team %}{{ member.member_name }} {% endfor %}", "meeting_invitation")
        == ["Rosa Reyes Lena Fox "] * 2
    )  # the parents' letter, and the student's


def test_a_plan_has_the_services_and_goals_of_its_own(texts: Texts) -> None:
    goals = [
        ["Student ID", "Plan Start", "Goal Number", "Area"],
        ["00042", OLD, "1", "Reading"],
        ["00042", NEW, "1", "Writing"],
    ]
    services = [
        ["Student ID", "Service", "Sessions", "Minutes per Session", "Per", "Start Date"],
        ["00042", "speech", 2, 30, "week", dt.date(2025, 11, 3)],
        ["00042", "occupational therapy", 1, 45, "month", NEW],
    ]
    template = (
        "{% for goal in goals %}{{ goal.area }}{% endfor %}: "
        "{% for service in services %}{{ service.service }} {{ service.frequency }} "
        "until {{ service.end_date }}{% endfor %}"
    )
    sheets = {"Students": STUDENTS, "Plans": PLANS, "Goals": goals, "Services": services}
    assert texts(sheets, template, "iep") == [
        "Reading: speech 2 times a week, 30 minutes each until October 12, 2026",
        "Writing: occupational therapy 1 time a month, 45 minutes until October 12, 2027",
    ]


MEASURED = (
    "{% for goal in goals %}{{ goal.area }}:{% for m in goal.measurements %} {{ m.text }}{% endfor %}{% endfor %}"
)


def test_a_goal_has_the_measurements_of_the_period_by_date(texts: Texts) -> None:
    progress = [*PROGRESS[:3], ["00042", "1", dt.date(2026, 9, 2), "2 of 5"]]
    sheets = {**progress_sheets(Progress=progress), "Reporting Periods": PERIODS}
    assert texts(sheets, MEASURED) == ["Reading: 2 of 5 43", "Reading: 52"]


def test_the_first_and_last_day_of_a_period_belong_to_it(texts: Texts) -> None:
    progress = [PROGRESS[0], ["00042", "1", PERIODS[1][1], 1], ["00042", "1", PERIODS[1][2], 2]]
    sheets = {**progress_sheets(Progress=progress), "Reporting Periods": PERIODS}
    assert texts(sheets, MEASURED) == ["Reading: 1 2"]


def test_a_result_is_a_number_where_it_is_one(texts: Texts) -> None:
    template = (
        "{% for m in goals[0].measurements %}{% if m.value > 45 %}{{ m.value }} {% endif %}{{ m.text }};{% endfor %}"
    )
    assert texts(progress_sheets(), template) == ["3 of 5;", "43;52 52;"]


def test_a_goal_has_the_comment_of_the_period(texts: Texts) -> None:
    sheets = {**progress_sheets(), "Reporting Periods": PERIODS, "Progress Comments": COMMENTS}
    template = "{{ period.period }}: {{ goals[0].comment.comment }} {{ goals[0].comment.sufficient }}"
    assert texts(sheets, template, students=["00042"]) == ["Quarter 1: Reads 43. yes", "Quarter 2: Reads 52. no"]


def test_a_goal_without_a_comment_has_an_empty_one(texts: Texts) -> None:
    template = "[{% if goals[0].comment %}wrong{% endif %}{{ goals[0].comment.comment }}]"
    progress = [*PROGRESS, ["00107", "1", dt.date(2026, 10, 12), "4 of 5"]]
    sheets = {**progress_sheets(Progress=progress), "Reporting Periods": PERIODS}
    assert texts(sheets, template, periods=["Quarter 2"]) == ["[]", "[]"]


def test_an_objective_has_its_own_measurements_and_comment(texts: Texts) -> None:
    objectives: Rows = [
        ["Student ID", "Goal Number", "Objective Number", "Objective"],
        ["00042", "1", "a", "Read 60."],
        ["00042", "1", "b", "Read 70."],
    ]
    day = dt.date(2026, 9, 14)
    progress: Rows = [
        [*PROGRESS[0], "Objective Number"],
        ["00042", "1", day, 43, None],
        ["00042", "1", day, "4 of 5", "a"],
        ["00042", "1", day, "2 of 5", "b"],
    ]
    comments = [[*COMMENTS[0], "Objective Number"], [*COMMENTS[1], "b"]]
    sheets = {
        **progress_sheets(Objectives=objectives, Progress=progress),
        "Reporting Periods": PERIODS,
        "Progress Comments": comments,
    }
    template = (
        "{% for goal in goals %}{% for m in goal.measurements %}{{ m.text }}{% endfor %}{{ goal.comment.comment }}"
        "{% for o in goal.objectives %} / {{ o.objective }} "
        "{% for m in o.measurements %}{{ m.text }}{% endfor %} {{ o.comment.comment }}{% endfor %}{% endfor %}"
    )
    assert texts(sheets, template) == ["43 / Read 60. 4 of 5  / Read 70. 2 of 5 Reads 43."]


def test_a_period_in_which_plans_change_has_the_goals_of_both(texts: Texts) -> None:
    goals = [
        [*GOALS[0], "Plan Start"],
        ["00042", "1", "Reading", "b", "g", "m", OLD],
        ["00042", "1", "Writing", "b", "g", "m", NEW],
    ]
    progress = [PROGRESS[0], ["00042", "1", dt.date(2026, 10, 5), 52], ["00042", "1", dt.date(2026, 11, 2), 7]]
    sheets = {**progress_sheets(Plans=PLANS, Goals=goals, Progress=progress), "Reporting Periods": PERIODS}
    assert texts(sheets, MEASURED) == ["Reading: 52Writing: 7"]


def test_the_legend_is_the_same_for_everyone(texts: Texts) -> None:
    codes = [["Code", "Meaning"], ["SP", "Sufficient progress"], ["M", "Met"]]
    template = "{% for code in codes %}{{ code.code }} {{ code.meaning }};{% endfor %}"
    assert texts(progress_sheets(Codes=codes), template) == ["SP Sufficient progress;M Met;"] * 2


@pytest.mark.parametrize(
    ("names", "full"),
    [
        (["Reyes", "Ana", None, None], "Ana Reyes"),
        (["Reyes", "Ana", "Lucia", "Jr."], "Ana Lucia Reyes Jr."),
    ],
)
def test_a_full_name_has_the_parts_that_there_are(contexts_of: ContextsOf, names: list[str | None], full: str) -> None:
    students: Rows = [["Student ID", "Last Name", "First Name", "Middle Name", "Suffix"], ["00042", *names]]
    context = first_context(contexts_of(progress_sheets(Students=students)), "progress_report")
    assert context["student"]["full_name"] == full


def test_a_measurements_value_is_a_number_or_blank(contexts_of: ContextsOf) -> None:
    progress = [PROGRESS[0], *(["00042", "1", TODAY, value] for value in (43, "4 of 5", "80 %", "with help"))]
    [goal] = first_context(contexts_of(progress_sheets(Progress=progress)), "progress_report")["goals"]
    assert [measured["value"] for measured in goal["measurements"]] == [43, 4, 80, ""]
    assert [measured["text"] for measured in goal["measurements"]] == ["43", "4 of 5", "80 %", "with help"]

"""What documents say of a goal's numbers: never more than they tell, and nothing that the teacher does not say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from iepdocs.documents import Wanted, expand
from iepdocs.documents.reported import reported
from iepdocs.docx import Chart
from tests.support import STUDENTS, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iepdocs.documents import Contexts
    from tests.documents.conftest import ContextsOf
    from tests.support import Rows

START, END = dt.date(2026, 3, 2), dt.date(2027, 3, 1)
FIRST = dt.date(2026, 9, 8)
GOAL = {
    "Student ID": "00042",
    "Goal Number": "1",
    "Area": "Reading",
    "Goal": "Ana will read.",
    "Measure Type": "rate",
    "Measure Unit": "words a minute",
    "Baseline Value": 41,
    "Baseline Date": START,
    "Target Value": 90,
    "Target Date": END,
    "Criterion Times": 3,
    "Criterion Of": 4,
}
PERIODS: Rows = [["Period", "Start Date", "End Date"], ["Q1", dt.date(2026, 9, 1), dt.date(2026, 11, 20)]]
CODES: Rows = [
    ["Code", "Meaning", "Rating"],
    ["M", "Met", "met"],
    ["SP", "Sufficient", "sufficient"],
    ["LP", "Not enough", "insufficient"],
]
GOES_WELL = (62, 64, 66, 68, 70, 72, 74, 76)
GOES_ILL = (45, 44, 46, 45, 44, 46, 45, 44)


def rows(*columns: dict[str, Any]) -> Rows:
    return [list(columns[0]), *(list(one.values()) for one in columns)]


def sheets(*values: Any, goal: dict[str, Any] | None = None, said: dict[str, Any] | None = None) -> dict[str, Rows]:
    """Return a workbook with a goal, one result a week from September 8 on, and what the teacher says."""
    progress: Rows = [["Student ID", "Goal Number", "Date", "Value"]]
    progress += [["00042", "1", FIRST + dt.timedelta(weeks=week), value] for week, value in enumerate(values)]
    made: dict[str, Rows] = {
        "Students": STUDENTS,
        "Goals": rows({**GOAL, **(goal or {})}),
        "Progress": progress,
        "Reporting Periods": PERIODS,
        "Codes": CODES,
    }
    comment = {"Student ID": "00042", "Goal Number": "1", "Period": "Q1", **(said or {"Comment": "52 words."})}
    return {**made, "Progress Comments": rows(comment)}


def of_goal(contexts: Contexts) -> dict[str, Any]:
    """Return the goal's fields in the first progress report."""
    [document, *_] = expand(contexts.pack.kinds["progress_report"], contexts, Wanted())
    [goal] = contexts.context(document)["goals"]
    return {**goal["progress"], "chart": goal["chart"]}


AN_ESTIMATE = "This is an estimate."


@pytest.mark.parametrize(
    ("values", "latest", "more"),
    [
        (GOES_WELL, "76 words a minute (October 27)", f"reach the target of 90 in a few weeks. {AN_ESTIMATE}"),
        (range(68, 76), "75 words a minute (October 27)", f"the target of 90 by about February 9, 2027. {AN_ESTIMATE}"),
        (GOES_ILL, "44 words a minute (October 27)", f"45 by March 1, 2027, and the target is 90. {AN_ESTIMATE}"),
        ((62, 64, 66), "66 words a minute (September 22)", "The results do not tell yet whether this is enough."),
        ((62, 64, 90), "90 words a minute (September 22)", "the goal is met when it is reached 3 of 4 times."),
        (
            (90, 92, 95),
            "95 words a minute (September 22)",
            "(March 2). The target is reached as often as the goal asks.",
        ),
    ],
)
def test_sentences_say_what_was_measured_and_what_is_an_estimate(
    contexts_of: ContextsOf, values: Iterable[int], latest: str, more: str
) -> None:
    said = of_goal(contexts_of(sheets(*values)))["summary"]
    assert said.startswith(f"Ana\u2019s latest result is {latest}, up from 41 (March 2).")
    assert said.endswith(more)


def test_a_result_that_is_the_same_as_the_baseline_is_told_so(contexts_of: ContextsOf) -> None:
    said = of_goal(contexts_of(sheets(41)))["summary"]
    assert said.startswith(
        "Ana\u2019s latest result is 41 words a minute (September 8), the same as at the start (March"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.00062, "0.00062"), (0.25, "0.25"), (2.256, "2.26"), (12.34, "12.3"), (0, "0"), (-0.5, "-0.5")],
)
def test_a_small_number_keeps_what_it_says(contexts_of: ContextsOf, value: float, said: str) -> None:
    assert of_goal(contexts_of(sheets(value)))["latest"] == f"{said} words a minute"


def test_of_a_goal_without_a_criterion_only_the_target_is_reached(contexts_of: ContextsOf) -> None:
    once = {"Criterion Times": None, "Criterion Of": None}
    assert of_goal(contexts_of(sheets(62, 90, goal=once)))["summary"].endswith("(March 2). The target is reached.")


def test_long_names_leave_room_for_the_chart(contexts_of: ContextsOf) -> None:
    made = sheets(62, 64, goal={"Measure Unit": "word " * 40})
    made["Progress"] = [
        [*row, "Phase" if not number else f"{number} phase " * 40] for number, row in enumerate(made["Progress"])
    ]
    chart = of_goal(contexts_of(made))["chart"]
    assert [len(text) for text in (chart.axis.title, chart.lines[-1].name)] == [45, 24]


def test_of_many_phases_the_last_ones_are_told_in_the_words_of_the_chart(contexts_of: ContextsOf) -> None:
    made = sheets()
    made["Progress"] = [["Student ID", "Goal Number", "Date", "Value", "Phase"]]
    for number in range(20):
        day = FIRST + dt.timedelta(days=number)
        made["Progress"].append(["00042", "1", day, 50 + number, f"phase {number} of reading aloud"])
    told = str(of_goal(contexts_of(made))["chart"]).partition("Phases of teaching begin: ")[2]
    assert told.count("phase ") == 12
    assert told.endswith("September 27: phase 19 of reading alo….")


def test_where_nothing_was_measured_nothing_is_said(contexts_of: ContextsOf) -> None:
    assert of_goal(contexts_of(sheets()))["summary"] == ""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (GOES_ILL, {"Code": "SP"}),
        (GOES_ILL, {"Sufficient": "yes"}),
        (GOES_WELL, {"Code": "LP"}),
        ((90, 92, 95), {"Sufficient": "no"}),
    ],
)
def test_where_the_teacher_says_otherwise_there_is_no_estimate(
    contexts_of: ContextsOf, values: tuple[int, ...], said: dict[str, str]
) -> None:
    found = of_goal(contexts_of(sheets(*values, said=said)))
    assert found["summary"].startswith("Ana\u2019s latest result is ")
    assert "estimate" not in found["summary"]
    assert "met" not in found["summary"]
    assert found["sufficient"] == ""


@pytest.mark.parametrize(
    ("values", "said", "follows"),
    [
        (GOES_ILL, {}, "If it stays like this, the IEP team meets again to change the plan."),
        (GOES_WELL, {"Sufficient": "no"}, "Since progress is not enough to reach the goal in time, the IEP team meets"),
        (
            (90, 92, 95),
            {},
            "If the teacher finds the goal met, the IEP team can meet before the annual review and set a",
        ),
        ((90, 92, 95), {"Sufficient": "yes"}, "If the teacher finds the goal met, the IEP team can meet before"),
        ((90, 92, 95), {"Code": "XY", "Comment": "She has some way to go."}, "If the teacher finds the goal met, the"),
        (
            (90, 92, 95),
            {"Code": "M"},
            "Since the goal is met, the IEP team can meet before the annual review and set a",
        ),
        ((), {"Code": "M"}, "Since the goal is met, the IEP team can meet"),
        (GOES_WELL, {}, ""),
        (GOES_ILL, {"Code": "SP"}, ""),
    ],
)
def test_what_follows_is_said_of_a_goal_that_is_met_or_not_being_reached(
    contexts_of: ContextsOf, values: tuple[int, ...], said: dict[str, str], follows: str
) -> None:
    found = of_goal(contexts_of(sheets(*values, said=said)))["follows"]
    assert found.startswith(follows) if follows else found == ""


def test_the_computed_answer_is_offered_where_the_teacher_gives_none(contexts_of: ContextsOf) -> None:
    assert of_goal(contexts_of(sheets(*GOES_WELL)))["sufficient"] is True
    assert of_goal(contexts_of(sheets(*GOES_ILL)))["sufficient"] is False
    assert of_goal(contexts_of(sheets(62, 64)))["sufficient"] == ""


def test_figures_are_said_on_the_goals_scale(contexts_of: ContextsOf) -> None:
    found = of_goal(contexts_of(sheets(*GOES_WELL)))
    assert (found["latest"], found["baseline"], found["target"]) == ("76 words a minute", "41", "90")
    assert (found["percent"], found["slope"], found["count"]) == (71, "+2", 8)
    assert found["rating"] == "on track"
    assert str(found["rule"]).startswith("the trend (Theil-Sen) against the line")
    trials = {"Measure Type": "trials correct", "Baseline Value": "1 of 5", "Target Value": "4 of 5"}
    assert of_goal(contexts_of(sheets("3 of 5", goal=trials)))["latest"] == "3 of 5"
    minutes = {"Measure Type": "latency", "Measure Unit": None, "Baseline Value": "10:00", "Target Value": "2:00"}
    assert of_goal(contexts_of(sheets("4:30", goal=minutes)))["latest"] == "4:30"
    levels = {"Measure Type": "rubric", "Scale": "not yet; with help; alone", "Baseline Value": "not yet"}
    found = of_goal(contexts_of(sheets("with help", goal={**levels, "Target Value": "alone"})))
    assert (found["latest"], found["percent"]) == ("with help", 50)


def test_the_chart_says_in_words_what_it_shows(contexts_of: ContextsOf) -> None:
    chart = of_goal(contexts_of(sheets(*GOES_WELL)))["chart"]
    assert isinstance(chart, Chart)
    assert chart.text.startswith("Chart of Ana\u2019s results: September 8: 62; September 15: 64; September 22: 66;")
    assert (
        "to the target goes from 41 (March 2) to 90 on March 1, 2027. The trend is +2 words a minute a week, an"
        in chart.text
    )
    assert [line.look for line in chart.lines] == ["data", "aim", "trend"]
    assert chart.axis.title == "words a minute"


def test_the_chart_shows_phases_of_teaching_and_where_an_amendment_changed_the_goal(contexts_of: ContextsOf) -> None:
    made = sheets(*GOES_WELL)
    made["Progress"] = [
        [*row, "Phase" if number == 0 else "repeated reading" if number > 4 else "flash cards"]
        for number, row in enumerate(made["Progress"])
    ]
    amended = dt.date(2026, 10, 5)
    made["Plans"] = [
        ["Student ID", "Start Date", "End Date", "Meeting Date", "Meeting Type", "Amends"],
        ["00042", START, END, START, "annual review", None],
        ["00042", amended, END, amended, "amendment", START],
    ]
    made["Goals"] = rows({**GOAL, "Plan Start": START}, {**GOAL, "Plan Start": amended, "Target Value": 80})
    chart = of_goal(contexts_of(made))["chart"]
    assert [(line.name, line.points[0][0]) for line in chart.lines if line.look == "phase"] == [
        ("goal changed", amended),
        ("repeated reading", FIRST + dt.timedelta(weeks=4)),
    ]
    assert chart.lines[1].points[-1][1] == 80
    assert "Phases of teaching begin: October 6: repeated reading. The goal changed on October 5, 2026." in chart.text


def test_of_many_results_the_last_are_told(contexts_of: ContextsOf) -> None:
    wide = {**sheets(*range(50, 61)), "Reporting Periods": [PERIODS[0], ["Q1", START, TODAY]]}
    wide["Progress"] += [["00042", "1", dt.date(2026, 8, day), 40 + day] for day in range(1, 6)]
    text = of_goal(contexts_of(wide))["chart"].text
    assert text.startswith("Chart of Ana\u2019s results, the last 12 of 16: August 5: 45; September 8: 50;")


def test_the_chart_of_a_goal_without_results_is_blank(contexts_of: ContextsOf) -> None:
    assert of_goal(contexts_of(sheets()))["chart"] == ""


def test_a_report_in_another_language_says_it_in_that(contexts_of: ContextsOf) -> None:
    contexts = contexts_of(sheets(*GOES_WELL))
    [document, *_] = expand(contexts.pack.kinds["progress_report"], contexts, Wanted())
    [goal] = contexts.context(replace(document, language="es"))["goals"]
    said = goal["progress"]["summary"]
    assert "es 76 words a minute (27 de octubre); al principio era 41 (2 de marzo) y ha subido. A este ritmo" in said
    assert (goal["progress"]["rating"], str(goal["progress"]["rating"])) == ("on track", "en camino")
    assert goal["chart"].lines[0].name == "resultados"


def remarks(contexts: Contexts) -> list[tuple[str, str, str]]:
    return [(one.rule, one.column, one.severity) for one in reported(contexts)]


def test_a_teacher_who_says_otherwise_gets_a_note(contexts_of: ContextsOf) -> None:
    contexts = contexts_of(sheets(*GOES_ILL, said={"Sufficient": "yes"}))
    [remark] = reported(contexts)
    assert remark.message == (
        "This says that progress is enough; the results say that progress is not enough (last four points)."
    )
    assert remarks(contexts) == [("progress-disagrees", "sufficient", "note")]
    assert remarks(contexts_of(sheets(*GOES_ILL, said={"Code": "M"}))) == [("progress-disagrees", "code", "note")]


@pytest.mark.parametrize("said", [{"Sufficient": "no"}, {"Code": "LP"}, {"Comment": "44 words."}, {"Code": "X"}])
def test_a_teacher_who_says_the_same_or_nothing_gets_none(contexts_of: ContextsOf, said: dict[str, str]) -> None:
    assert remarks(contexts_of(sheets(*GOES_ILL, said=said))) == []


def test_results_in_another_unit_are_named(contexts_of: ContextsOf) -> None:
    [remark] = reported(contexts_of(sheets(62, "1:30", "2:00")))
    assert (remark.rule, remark.severity, remark.record.row) == ("measured-otherwise", "warning", 3)
    assert "(and 1 more of this goal)" in remark.message
    words = {"Measure Type": None, "Target Value": None, "Baseline Value": None}
    assert remarks(contexts_of(sheets("reads by herself", goal=words))) == []


@pytest.mark.parametrize(
    ("values", "goal", "said", "rating"),
    [
        ((90, 92, 95, 12, 11), {}, "by September 22; the latest results do not keep to it.", "too little data"),
        ((41, 42, 41), {"Target Value": 30, "Direction": "increase"}, "up from 41 (March 2).", ""),
        ((92, 91), {"Baseline Value": 90, "Direction": "maintain"}, "The level to be kept is 90.", "too little data"),
    ],
    ids=["met once and lost", "a target on the other side", "to be kept"],
)
def test_nothing_is_said_to_be_met_that_is_not(
    contexts_of: ContextsOf, values: tuple[int, ...], goal: dict[str, Any], said: str, rating: str
) -> None:
    found = of_goal(contexts_of(sheets(*values, goal=goal)))
    assert found["summary"].endswith(said) or (not rating and "reached" not in found["summary"])
    assert found["rating"] == rating
    assert found["follows"] == ""


def test_no_forecast_lies_before_the_report(contexts_of: ContextsOf) -> None:
    assert "At this pace" in of_goal(contexts_of(sheets(*GOES_WELL)))["summary"]
    late = [PERIODS[0], ["Q1", FIRST, dt.date(2027, 2, 26)]]
    assert "At this pace" not in of_goal(contexts_of({**sheets(*GOES_WELL), "Reporting Periods": late}))["summary"]


@pytest.mark.parametrize(
    ("said", "coded"),
    [({"Code": "SP"}, "True"), ({"Code": "M"}, "True"), ({"Code": "XY"}, ""), ({"Sufficient": "no"}, "False")],
)
def test_the_code_answers_whether_progress_is_enough(contexts_of: ContextsOf, said: dict[str, Any], coded: str) -> None:
    assert str(of_goal(contexts_of(sheets(said=said)))["coded"]) == coded

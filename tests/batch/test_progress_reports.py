"""What the built-in progress report prints, in English and Spanish."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

import iepdocs
from tests.support import TODAY, part_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support import MakeWorkbook, Rows

    Reports = Callable[..., bytes]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FIRST = dt.date(2026, 9, 7)
SHEETS: dict[str, Rows] = {
    "Students": [
        ["Student ID", "Last Name", "First Name", "Preferred Name", "Grade", "School", "Case Manager"],
        ["00042", "Reyes", "Dolores", "Dee", "4", "Alder Creek", "Dana Whitfield"],
    ],
    "Goals": [
        ["Student ID", "Goal Number", "Area", "Goal", "Measurement Method", "Baseline Value", "Target Value"],
        ["00042", "1", "reading", "Dee will read 90 words a minute.", "weekly probe", 41, 90],
        ["00042", "2", "writing", "Dee will write a paragraph.", "work samples", None, None],
    ],
    "Progress": [
        ["Student ID", "Goal Number", "Date", "Value"],
        *(["00042", "1", FIRST + dt.timedelta(weeks=number), 43 + number] for number in range(3)),
    ],
    "Progress Comments": [
        ["Student ID", "Goal Number", "Period", "Code", "Comment"],
        ["00042", "1", "Q1", "SP", "Dee reads 45 words a minute."],
        ["00042", "2", "Q1", "SP", "Dee writes two sentences."],
    ],
    "Reporting Periods": [
        ["Period", "Start Date", "End Date", "Report Date"],
        ["Q1", dt.date(2026, 9, 1), dt.date(2026, 11, 20), dt.date(2026, 11, 20)],
    ],
    "Codes": [["Code", "Meaning", "Rating"], ["SP", "sufficient progress", "sufficient"]],
}


@pytest.fixture
def reported(make_workbook: MakeWorkbook, tmp_path: Path) -> Reports:
    """Return a function that makes the report to a mother who reads a language, with some sheets replaced."""

    def make(language: str | None = None, **changed: Rows) -> bytes:
        contacts = [
            ["Student ID", "Contact Name", "Relationship", "Holds Educational Rights", "Language"],
            ["00042", "Rosa Reyes", "mother", "yes", language],
        ]
        sheets = {**SHEETS, "Contacts": contacts, **changed}
        report = iepdocs.generate(make_workbook(sheets), tmp_path / "out", kinds=["progress_report"], date=TODAY)
        [planned] = report.planned
        assert report.skipped == []
        return (tmp_path / "out" / planned.path).read_bytes()

    return make


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(None, "This report says how Dee is doing"), ("Spanish", "Este informe dice cómo va Dee en cada meta")],
)
def test_a_child_has_one_name_throughout(reported: Reports, language: str | None, sentence: str) -> None:
    text = text_of(reported(language))
    assert sentence in text
    assert "familia de Dolores" not in text
    assert text.count("Dolores") == text.count("Dolores Reyes")


@pytest.mark.parametrize("language", [None, "Spanish"])
def test_the_answer_stays_on_the_page_of_its_goal(reported: Reports, language: str | None) -> None:
    boxes = 0
    kept: list[bool] = []
    for paragraph in part_of(reported(language)).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val") if style is not None else ""
        if name == "Heading1":
            kept = []
        elif name == "Callout":
            assert kept
            assert all(kept)
            boxes += 1
        else:
            kept.append(paragraph.find(f"{W}pPr/{W}keepNext") is not None)
    assert boxes == 2


def test_no_goal_stands_in_a_single_row_that_must_not_split(reported: Reports) -> None:
    # LibreOffice keeps such a table on no page with what follows it
    caption = f".//{W}tblCaption[@{W}val='Goal']"
    tables = [table for table in part_of(reported()).iter(f"{W}tbl") if table.find(caption) is not None]
    assert [len(table.findall(f"{W}tr")) for table in tables] == [1, 1]
    assert [table for table in tables if table.find(f".//{W}cantSplit") is not None] == []


def of_codes(rating: str | None) -> Rows:
    return [["Code", "Meaning", "Rating"], ["SP", "some progress", rating]]


@pytest.mark.parametrize(
    ("language", "rating", "answer"),
    [
        (None, "sufficient", "Is this enough to reach the goal by the end of the plan\u2019s year? Yes.\n"),
        (None, "insufficient", "Is this enough to reach the goal by the end of the plan\u2019s year? No.\n"),
        ("Spanish", "sufficient", "¿Basta para alcanzar la meta al final del año del plan? Sí.\n"),
        (None, "not introduced", ""),
        (None, None, ""),
    ],
)
def test_the_rating_of_a_code_answers_whether_progress_is_enough(
    reported: Reports, language: str | None, rating: str | None, answer: str
) -> None:
    text = text_of(reported(language, Codes=of_codes(rating)))
    assert f": SP \u2013 Some progress.\n{answer}Dee writes two sentences." in text


def test_the_teachers_own_answer_counts_before_the_code(reported: Reports) -> None:
    comments: Rows = [
        [*SHEETS["Progress Comments"][0], "Sufficient", "Reason"],
        ["00042", "1", "Q1", "SP", "Dee reads 45 words.", "yes", None],
        ["00042", "2", "Q1", "SP", "Dee writes two sentences.", "no", "absences"],
    ]
    text = text_of(reported(**{"Progress Comments": comments}))
    assert "by the end of the plan\u2019s year? No. absences.\nDee writes two sentences." in text


@pytest.mark.parametrize(
    ("language", "rating", "answer"),
    [
        (None, "sufficient", "Enough to reach it in time? Yes."),
        ("Spanish", "insufficient", "¿Basta para alcanzarlo a tiempo? No."),
        (None, None, ""),
    ],
)
def test_the_code_of_an_objective_answers_too(
    reported: Reports, language: str | None, rating: str | None, answer: str
) -> None:
    objectives: Rows = [
        ["Student ID", "Goal Number", "Objective Number", "Objective"],
        ["00042", "2", "1", "Dee plans."],
    ]
    header = [*SHEETS["Progress Comments"][0], "Objective Number"]
    comments: Rows = [header, ["00042", "2", "Q1", "SP", "Dee plans two ideas.", "1"]]
    changed = {"Objectives": objectives, "Progress Comments": comments, "Codes": of_codes(rating)}
    lines = text_of(reported(language, **changed)).split("\n")
    found = [line for line in lines if line.startswith(("Enough to reach it", "¿Basta para alcanzarlo"))]
    assert found == ([answer] if answer else [])

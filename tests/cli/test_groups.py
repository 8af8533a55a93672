"""What a secretary mends at one go is said once, with its cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from iepdocs.cli.groups import Group, cells, grouped
from iepdocs.findings import CellPlace, FilePlace, Finding, Severity

DATE = "Type it as month/day/year, such as 3/15/2026."


def at(cell: str, value: str | None = None, header: str = "Date of Birth", sheet: str = "Students") -> CellPlace:
    return CellPlace(sheet, cell, header, value, int(cell.lstrip("ABCDEFGH")), header.lower())


def not_a_date(cell: str, value: str, header: str = "Date of Birth") -> Finding:
    return Finding(f"'{value}' is not a date.", DATE, at(cell, value, header), rule="type")


def groups_of(*findings: Finding) -> list[Group]:
    (groups,) = grouped(findings).values()
    return groups


def told(group: Group) -> str:
    return " ".join(cells(group.places)).replace("\u2013", "-")


def test_the_same_fault_down_a_column_is_one_group_with_its_cells() -> None:
    blank = [Finding("Goal is blank.", "Fill it in.", at(f"C{row}", header="Goal")) for row in (7, 8, 9, 12)]
    (group,) = groups_of(*blank)
    assert told(group) == "C7-C9, C12 (4 cells)"


def test_messages_that_differ_by_their_own_cells_value_are_one_group_that_tells_the_values() -> None:
    (group,) = groups_of(
        not_a_date("C7", "13/40/2016"), not_a_date("C8", "TBD"), not_a_date("C9", "TBD"), not_a_date("C12", "is")
    )
    assert group.first.message == "'13/40/2016' is not a date."
    assert group.others == {"TBD": "C8", "is": "C12"}
    assert told(group) == "C7-C9, C12 (4 cells)"


def test_a_value_that_is_quoted_bare_is_found_as_a_whole_only() -> None:
    def unknown(cell: str, value: str) -> Finding:
        return Finding(f"There is no goal {value} of student 1042.", "Mend this cell.", at(cell, value))

    assert len(groups_of(unknown("B2", "10"), unknown("B3", "11"))) == 1
    differ = [Finding(f"The year 20{value} is past.", "Mend it.", at(f"B{value}", value)) for value in ("24", "25")]
    assert len(groups_of(*differ)) == 2


def test_a_mend_may_differ_by_the_numbers_of_the_value_but_by_no_other() -> None:
    def fraction(cell: str, top: int) -> Finding:
        message = f"Excel turned what was typed here into the date {top}/5/2026."
        return Finding(message, f"If {top}/5 was meant, type {top} of 5.", at(cell, f"{top}/5/2026", "Value"))

    def unknown(cell: str, value: str, meant: str) -> Finding:
        return Finding(f"There is no student {value}.", f"Did you mean {meant}?", at(cell, value, "Student ID"))

    (fractions,) = groups_of(fraction("D2", 4), fraction("D3", 3), fraction("D4", 4))
    assert told(fractions) == "D2-D4 (3 cells)"
    assert len(groups_of(unknown("A2", "42", "00042"), unknown("A3", "43", "00043"))) == 2


def test_a_column_a_rule_a_severity_and_a_sheet_are_told_apart() -> None:
    first = not_a_date("C7", "TBD")
    others = [
        not_a_date("D9", "TBD", "Start Date"),
        Finding(first.message, first.mend, at("C8", "TBD"), rule="other"),
        Finding(first.message, first.mend, at("C9", "TBD"), Severity.WARNING, rule="type"),
        Finding(first.message, first.mend, at("C8", "TBD", sheet="Plans"), rule="type"),
    ]
    assert sum(map(len, grouped([first, *others]).values())) == 5


def test_rows_that_name_each_other_are_one_group_and_each_pair_its_own() -> None:
    def same(cell: str, other: str) -> Finding:
        return Finding(f"This row and the one at {other} have the same Student ID.", "Delete one.", at(cell, "00042"))

    pairs = groups_of(same("A3", "A7"), same("A4", "A9"), same("A7", "A3"), same("A9", "A4"))
    assert [told(group) for group in pairs] == ["A3, A7", "A4, A9"]
    assert all(not group.others for group in pairs)


def test_a_rule_that_blames_two_cells_of_a_row_says_it_once_and_once_down_the_columns() -> None:
    def order(row: int, start: str, end: str) -> list[Finding]:
        message = f"The end, {end}, is before the start, {start}."
        places = at(f"C{row}", start, "Start Date"), at(f"D{row}", end, "End Date")
        return [Finding(message, "Mend one of the two.", place, rule="dates-in-order") for place in places]

    (group,) = groups_of(*order(7, "3/1/2026", "2/1/2026"))
    assert told(group) == "C7, D7"
    assert group.headers == ["Start Date", "End Date"]
    (group,) = groups_of(*order(7, "3/1/2026", "2/1/2026"), *order(8, "5/1/2026", "4/1/2026"))
    assert told(group) == "C7-C8, D7-D8 (4 cells)"


def test_of_many_ranges_some_are_told_and_the_rest_counted() -> None:
    places = [at(f"C{row}") for row in range(2, 64, 2)]
    assert " ".join(cells(places)) == "C2, C4, C6, C8, C10, C12, C14, C16 and 23 more (31 cells)"


def test_columns_stand_in_the_order_of_the_sheet() -> None:
    assert " ".join(cells([CellPlace("S", cell) for cell in ("AA2", "B10", "B9")])) == "B9\u2013B10, AA2 (3 cells)"


def test_where_there_is_no_cell_rows_are_told() -> None:
    assert " ".join(cells([CellPlace("Services", header="Plan Start", row=row) for row in (3, 4, 9)])) == (
        "rows 3\u20134, 9 (3 rows)"
    )
    assert cells([CellPlace("Goals", header="Area", rows=frozenset({7}))]) == ["row 7"]
    assert cells([CellPlace("Goals", header="Area")]) == []


def test_the_most_useful_comes_first() -> None:
    note = Finding("Column H is hidden.", "Nothing is to be done.", CellPlace("Students"), Severity.NOTE)
    warning = Finding("'Grad' is no column.", "Did you mean 'Grade'?", CellPlace("Students", "G1"), Severity.WARNING)
    one = Finding("'x' is not a choice.", "Use another.", at("B2", "x"))
    late = Finding("'y' is not text.", "Use text.", at("A9", "y"))
    many = [not_a_date(f"C{row}", "TBD") for row in (5, 6)]
    column = Finding("Grade is missing.", "Add the column.", CellPlace("Students", header="Grade", column="grade"))
    groups = groups_of(note, late, warning, one, *many, column)
    assert [group.first for group in groups] == [column, many[0], one, late, warning, note]


def test_files_are_told_by_their_names_and_each_place_in_them() -> None:
    findings = [Finding("There is no such name.", "Mend it.", FilePlace("iep.docx", tag)) for tag in ("{{ a }}", "b")]
    assert {title: len(groups) for title, groups in grouped(findings).items()} == {"iep.docx": 2}


WORDS = st.sampled_from(["TBD", "3/4", "A7", "7", "", "x y"])
CELLS = st.builds("{}{}".format, st.sampled_from("CD"), st.integers(1, 9))


@given(st.lists(st.builds(not_a_date, CELLS, WORDS, st.sampled_from(["Start Date", "End Date"]))))
def test_no_finding_is_lost(findings: list[Finding]) -> None:
    kept = [finding for groups in grouped(findings).values() for group in groups for finding in group.findings]
    assert sorted(map(str, kept)) == sorted(map(str, findings))

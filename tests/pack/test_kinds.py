from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.pack import load_pack

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.pack import Kind
    from tests.pack.conftest import MakeDistrict


DECLARED = """
title: Bus Pass
template: bus_pass.docx
for_each: [student]
date: today
needs: [Students]
file: "{last_name}"
"""


@pytest.fixture
def bus_pass(make_district: MakeDistrict) -> Callable[..., Kind]:
    """Return a function that loads a pack with one more kind, a bus pass, with some keys declared otherwise."""

    def load(**changed: str | None) -> Kind:
        lines = dict(line.split(": ", 1) for line in DECLARED.strip().splitlines())
        declared = {key: value for key, value in {**lines, **changed}.items() if value is not None}
        text = "\n".join(f"{key}: {value}" for key, value in declared.items())
        return load_pack(make_district({"documents/bus_pass.yaml": text})).kinds["bus_pass"]

    return load


def test_the_key_of_a_kind_is_the_name_of_its_file(bus_pass: Callable[..., Kind]) -> None:
    assert bus_pass().key == "bus_pass"


def test_without_a_condition_there_is_a_document_for_all(bus_pass: Callable[..., Kind]) -> None:
    assert bus_pass().where({}) is True


def test_a_condition_picks_the_documents_that_there_are(bus_pass: Callable[..., Kind]) -> None:
    where = bus_pass(where="student.grade == 'K'").where
    assert where({"student": {"grade": "K"}}) is True
    assert where({"student": {"grade": "1"}}) is False


def test_a_kind_draws_on_the_sheets_that_it_needs_and_uses(bus_pass: Callable[..., Kind]) -> None:
    assert bus_pass(needs="[Students]", uses="[Schools, Contacts]").sheets == {"Students", "Schools", "Contacts"}


def test_a_kind_without_an_order_comes_last(make_district: MakeDistrict) -> None:
    pack = load_pack(make_district({"documents/bus_pass.yaml": DECLARED}))
    assert list(pack.kinds)[-1] == "bus_pass"


def test_an_order_puts_a_kind_in_its_place(make_district: MakeDistrict) -> None:
    pack = load_pack(make_district({"documents/bus_pass.yaml": f"{DECLARED}order: 0\n"}))
    assert next(iter(pack.kinds)) == "bus_pass"


@pytest.mark.parametrize("key", ["title", "template", "for_each", "date", "needs", "file"])
def test_what_every_kind_must_say_is_named_where_it_is_left_out(bus_pass: Callable[..., Kind], key: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(**{key: None})
    assert [str(finding.place) for finding in raised.value.findings] == [f"documents/bus_pass.yaml, {key}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("for_each", "[]"),
        ("for_each", "student"),
        ("needs", "Students"),
        ("title", "12"),
        ("title", "''"),
        ("file", "''"),
        ("date", "student.grade"),
        ("where", "student.grade =="),
        ("date", "period."),
        ("colour", "red"),
    ],
)
def test_what_no_kind_can_be_is_named_with_file_and_key(bus_pass: Callable[..., Kind], key: str, value: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(**{key: value})
    assert [str(finding.place) for finding in raised.value.findings] == [f"documents/bus_pass.yaml, {key}"]


@pytest.mark.parametrize(
    ("key", "value", "mend"),
    [
        ("needs", "[Student]", "Did you mean Students?"),
        ("uses", "[Contact]", "Did you mean Contacts?"),
        ("for_each", "[studnet]", "Did you mean student?"),
        ("context", "[scool]", "Did you mean school?"),
        ("where", "studnet.grade == 'K'", "Did you mean student?"),
        ("where", "student.gradee == 'K'", "Did you mean student.grade?"),
        ("date", "tody", "Did you mean today?"),
        ("date", "student.date_of_brith", "Did you mean student.date_of_birth?"),
        ("file", "'{last_nam}'", "Did you mean last_name?"),
    ],
)
def test_a_sheet_or_name_that_is_not_there_is_named_with_the_nearest(
    bus_pass: Callable[..., Kind], key: str, value: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(**{key: value})
    [finding] = raised.value.findings
    assert str(finding.place) == f"documents/bus_pass.yaml, {key}"
    assert finding.mend == mend


@pytest.mark.parametrize("name", ["bus-pass", "bus pass", "504"])
def test_a_file_whose_name_can_be_no_name_of_a_kind_is_named(make_district: MakeDistrict, name: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({f"documents/{name}.yaml": DECLARED}))
    [finding] = raised.value.findings
    assert str(finding.place) == f"documents/{name}.yaml, its file name"
    assert finding.message == f"'{name}' can be no name in a template."


def test_what_is_known_is_named_in_the_same_order_each_time(bus_pass: Callable[..., Kind]) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(file="'{zzz}'")
    assert raised.value.findings[0].mend.startswith("Known here: adult_rights_transferred, case_manager, ")


def test_the_date_may_only_name_what_the_document_stands_for(bus_pass: Callable[..., Kind]) -> None:
    with pytest.raises(IepdocsError, match="plan"):
        bus_pass(for_each="[student]", context="[plan]", date="plan.start_date")


def test_a_list_has_not_the_fields_of_its_items(bus_pass: Callable[..., Kind]) -> None:
    with pytest.raises(IepdocsError, match="goals"):
        bus_pass(needs="[Students, Goals]", context="[goals]", where="goals.esy")


@pytest.mark.parametrize("pattern", ["'{last_name'", "'{}'", "'{0}'", "'{last_name!r}'", "'{date:%Y}'", "'{a.b}'"])
def test_a_file_name_has_columns_in_braces_and_nothing_more(bus_pass: Callable[..., Kind], pattern: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(file=pattern)
    assert [str(finding.place) for finding in raised.value.findings] == ["documents/bus_pass.yaml, file"]


@pytest.mark.parametrize("template", ["../bus_pass.docx", "letters/bus_pass.docx", "bus_pass.doc", "bus_pass.docx.exe"])
def test_a_template_is_a_word_file_in_the_templates_folder(bus_pass: Callable[..., Kind], template: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(template=template)
    assert [str(finding.place) for finding in raised.value.findings] == ["documents/bus_pass.yaml, template"]


@pytest.mark.parametrize(
    ("workbook", "inside", "mend"),
    [
        ("{sheets: [Contact]}", "workbook.sheets", "Did you mean Contacts?"),
        ("{columns: {Goal: [area]}}", "workbook.columns", "Did you mean Goals?"),
        ("{columns: {Goals: [aera]}}", "workbook.columns.Goals", "Did you mean area?"),
        ("{colums: {}}", "workbook.colums", "Did you mean columns?"),
        ("{sheets: Contacts}", "workbook.sheets", "Write it in brackets, with commas between: [one, another]."),
    ],
)
def test_a_sheet_or_column_of_its_workbook_that_is_not_there_is_named_with_the_nearest(
    bus_pass: Callable[..., Kind], workbook: str, inside: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        bus_pass(workbook=workbook)
    [finding] = raised.value.findings
    assert str(finding.place) == f"documents/bus_pass.yaml, {inside}"
    assert finding.mend == mend


def test_its_workbook_has_all_sheets_that_it_uses_unless_it_says_which(bus_pass: Callable[..., Kind]) -> None:
    assert bus_pass(uses="[Schools, Contacts]").usual_sheets == {"Students", "Schools", "Contacts"}
    some = bus_pass(uses="[Schools, Contacts]", workbook="{sheets: [Schools]}")
    assert some.usual_sheets == {"Students", "Schools"}

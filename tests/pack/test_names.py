from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.pack import Pack, UnknownName, load_pack, uses_of
from iepdocs.reads import names_read
from iepdocs.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.pack.conftest import MakeDistrict


def read(source: str, pack: Pack, extra: Mapping[str, set[str]] | None = None) -> tuple[set[str], list[UnknownName]]:
    """Return the columns that a template reads, each with its sheet, and the names that there are not."""
    found = list(uses_of(names_read(Sandbox().parse(source)), pack.names, extra or {}))
    unknown = [use for use in found if isinstance(use, UnknownName)]
    columns = {f"{use.sheet}.{use.column}" for use in found if not isinstance(use, UnknownName) and use.column}
    return columns, unknown


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("{{ student.last_name }}", {"Students.last_name"}),
        ("{{ recipient.address }}", {"Contacts.address"}),
        ("{{ district.district_name }}", {"District.district_name"}),
        ("{% for goal in goals %}{{ goal.area }}{% endfor %}", {"Goals.area"}),
        ("{{ goals[0].objectives[0].criterion }}", {"Objectives.criterion"}),
        ("{{ goals[0].comment.code }}", {"Progress Comments.code"}),
        ("{{ meeting.meeting_date.year }}", {"Meetings.meeting_date"}),
        ("{{ today }} {{ document.title }} {{ terms.iep_team }} {{ goals|length }}", set()),
    ],
)
def test_a_field_is_a_column_of_its_names_sheet(pack: Pack, source: str, columns: set[str]) -> None:
    assert read(source, pack) == (columns, [])


def test_a_computed_field_reads_the_columns_behind_it(pack: Pack) -> None:
    columns = {"Students.first_name", "Students.middle_name", "Students.last_name", "Students.suffix"}
    assert read("{{ student.full_name }}", pack) == (columns, [])


def test_a_computed_field_stands_before_a_column_of_the_same_name(pack: Pack) -> None:
    columns = {f"Services.{key}" for key in ("frequency", "sessions", "minutes_per_session", "per")}
    assert read("{{ services[0].frequency }}", pack) == (columns, [])


def test_a_name_found_by_columns_reads_them(pack: Pack) -> None:
    columns = {"Reporting Periods.start_date", "Reporting Periods.end_date", "Reporting Periods.period"}
    assert read("{{ period.period }}", pack) == (columns, [])


def test_a_choice_in_words_has_its_code_beside_it(pack: Pack) -> None:
    assert read("{{ plan.educational_environment_code }}", pack) == ({"Plans.educational_environment"}, [])


def test_a_column_that_a_workbook_adds_is_a_field(pack: Pack) -> None:
    assert read("{{ student.bus_route }}", pack, {"Students": {"bus_route"}}) == ({"Students.bus_route"}, [])


@pytest.mark.parametrize(
    ("source", "name", "known"),
    [
        ("{{ studnet.last_name }}", "studnet", "student"),
        ("{{ student.frist_name }}", "student.frist_name", "first_name"),
        ("{{ Student.first_name }}", "Student", "student"),
        ("{% for g in goals %}{{ g.gaol }}{% endfor %}", "goal.gaol", "goal"),
        ("{{ goals[0].objectives[0].statsu }}", "objective.statsu", "status"),
        ("{{ goals[0].comment.codde }}", "goal.comment.codde", "code"),
        ("{{ terms.ipe_team }}", "terms.ipe_team", "iep_team"),
        ("{{ document.titel }}", "document.titel", "title"),
        ("{{ student.grade_code }}", "student.grade_code", "grade"),
    ],
)
def test_a_name_that_is_not_there_is_said_as_an_author_writes_it(
    pack: Pack, source: str, name: str, known: str
) -> None:
    _, [unknown] = read(source, pack)
    assert str(unknown) == name
    assert known in unknown.known


@pytest.mark.parametrize("source", ["{% for a, group in goals|groupby('area') %}{{ group[0].gaol }}{% endfor %}"])
def test_a_name_is_said_wherever_it_was_followed_to(pack: Pack, source: str) -> None:
    _, [unknown] = read(source, pack)
    assert str(unknown) == "goal.gaol"


def test_a_name_that_stands_twice_is_said_once(pack: Pack) -> None:
    _, unknown = read("{{ studnet.last_name }} {{ studnet.first_name }}", pack)
    assert [str(name) for name in unknown] == ["studnet"]


@pytest.mark.parametrize("source", ["{{ goals.area }}", "{% for g in goals %}{{ g.objectives.status }}{% endfor %}"])
def test_a_list_has_not_the_fields_of_its_items(pack: Pack, source: str) -> None:
    _, [unknown] = read(source, pack)
    assert unknown.word in unknown.known
    assert unknown.each in {"goal", "objective"}


def test_a_record_has_no_items(pack: Pack) -> None:
    _, [unknown] = read("{{ student[0].grade }}", pack)
    assert unknown.above == "student"


def test_a_field_may_be_looked_up_by_its_name(pack: Pack) -> None:
    _, unknown = read("{% for key in ['last_name', 'first_name'] %}{{ student[key] }}{% endfor %}", pack)
    assert unknown == []


def test_a_district_may_name_records_of_a_sheet_of_its_own(make_district: MakeDistrict) -> None:
    district = make_district(
        {
            "schema/buses.yaml": "{title: Buses, columns: {line: {type: string}}}",
            "context.yaml": "buses: {sheet: Buses, each: bus, help: The buses.}",
        }
    )
    assert read("{{ buses[0].line }}", load_pack(district)) == ({"Buses.line"}, [])


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        ("bus: {sheet: Busses}", "context.yaml, bus.sheet"),
        ("bus: {fields: {line: {sheet: Busses}}}", "context.yaml, bus.line.sheet"),
        ("bus: {sheet: Students, each: one bus}", "context.yaml, bus.each"),
        ("student: {fields: {line: {value: last_nam}}}", "context.yaml, student.line.value"),
        ("student: {fields: {line: {value: area}}}", "context.yaml, student.line.value"),
        ("goals: {fields: {line: {value: grade}}}", "context.yaml, goals.line.value"),
        ("student: {fields: {line: {from: [grad]}}}", "context.yaml, student.line.from"),
        ("student: {fields: {line: {from: [Plans.grade]}}}", "context.yaml, student.line.from"),
        ("bus: {selected_by: {Gaols: [area]}}", "context.yaml, bus.selected_by"),
        ("bus: {selected_by: {Goals: [aera]}}", "context.yaml, bus.selected_by"),
        ("bus: {hepl: The bus.}", "context.yaml, bus.hepl"),
        ("bus: the bus", "context.yaml, bus"),
    ],
)
def test_what_no_name_can_be_is_named_with_its_key(make_district: MakeDistrict, declared: str, place: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"context.yaml": declared}))
    assert [str(finding.place) for finding in raised.value.findings] == [place]

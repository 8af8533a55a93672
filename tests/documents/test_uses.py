"""What a kind's documents use: the columns behind a template's names, and names that are not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from iepdocs.documents import kind_uses
from iepdocs.docx import Template
from iepdocs.findings import IepdocsError, TemplatePlace

if TYPE_CHECKING:
    from collections.abc import Callable

    from iepdocs.documents import KindUses
    from iepdocs.pack import Pack
    from tests.support import MakeTemplate

    UsesOf = Callable[..., KindUses]


@pytest.fixture
def uses_of(make_template: MakeTemplate, pack: Pack) -> UsesOf:
    """Return a function that says what a kind uses with a template of one paragraph."""

    def uses(text: str, kind: str = "progress_report", extra: dict[str, set[str]] | None = None) -> KindUses:
        template = Template(make_template(text, name=f"{kind}.docx"))
        return kind_uses(pack.kinds[kind], template, pack, extra or {})

    return uses


def test_a_template_that_prints_nothing_uses_keys_and_what_its_declaration_reads(uses_of: UsesOf) -> None:
    columns = uses_of("fixed text").columns
    assert columns["Students"] == {"student_id", "last_name", "first_name"} | {
        "guardian_1_name",
        "guardian_2_name",
    }
    assert columns["Reporting Periods"] >= {"period", "report_date", "end_date"}
    assert "grade" not in columns["Students"]


@pytest.mark.parametrize(
    ("text", "sheet", "used"),
    [
        ("{{ student.grade }}", "Students", {"grade"}),
        ("{{ student['grade'] }}", "Students", {"grade"}),
        ("{{ student.age }}", "Students", {"date_of_birth"}),
        ("{{ student.full_name }}", "Students", {"first_name", "middle_name", "last_name", "suffix"}),
        ("{{ student.their }}", "Students", {"pronouns"}),
        ("{{ recipient.address }}", "Contacts", {"address"}),
        ("{{ recipient.address }}", "Students", {"guardian_1_address", "guardian_2_address"}),
        ("{% for goal in goals %}{{ goal.area }}{% endfor %}", "Goals", {"area"}),
        ("{% for goal in goals if goal.esy %}{% endfor %}", "Goals", {"esy"}),
        ("{{ goals|map(attribute='area')|join }}", "Goals", {"area"}),
        ("{{ (goals|selectattr('esy')|first).area }}", "Goals", {"esy", "area"}),
        ("{% for g in goals %}{% for m in g.measurements %}{{ m.text }}{% endfor %}{% endfor %}",
         "Progress", {"value", "correct", "total", "not_measured"}),
        ("{% for g in goals %}{{ g.comment.sufficient }}{% endfor %}", "Progress Comments", {"sufficient"}),
        ("{% set first = goals[0] %}{{ first.standard }}", "Goals", {"standard"}),
        ("{% if plan.notes %}{% endif %}", "Plans", {"notes"}),
    ],
)  # fmt: skip
def test_a_name_uses_its_column(uses_of: UsesOf, text: str, sheet: str, used: set[str]) -> None:
    assert uses_of(text).columns[sheet] >= used
    assert not uses_of("fixed text").columns.get(sheet, set()) >= used


def test_a_code_uses_the_column_of_its_words(uses_of: UsesOf) -> None:
    uses = uses_of("{{ plan.educational_environment_code }}", "iep")
    assert "educational_environment" in uses.columns["Plans"]


def test_a_service_frequency_uses_what_it_is_composed_of(uses_of: UsesOf) -> None:
    uses = uses_of("{% for service in services %}{{ service.frequency }}{% endfor %}", "iep")
    assert uses.columns["Services"] >= {"frequency", "sessions", "minutes_per_session", "per"}


def test_the_columns_of_a_file_name_are_used(uses_of: UsesOf) -> None:
    assert "meeting_date" in uses_of("fixed text", "meeting_invitation").columns["Meetings"]


@pytest.mark.parametrize(
    ("kind", "sheet", "column"),
    [("meeting_invitation", "Meetings", "purpose"), ("prior_written_notice", "Notices", "translated_orally")],
)
def test_a_column_that_decides_who_gets_a_letter_is_needed_readable_whatever_the_template_prints(
    uses_of: UsesOf, kind: str, sheet: str, column: str
) -> None:
    uses = uses_of("fixed text", kind)
    assert column in uses.selecting[sheet]
    assert column not in uses.columns[sheet]


def test_a_sheet_of_which_one_document_has_several_rows_is_gathered(uses_of: UsesOf) -> None:
    uses = uses_of("{{ student.grade }} {{ recipient.phone }} {% for goal in goals %}{{ goal.area }}{% endfor %}")
    assert uses.gathered == {"Goals"}


def test_a_column_that_the_workbook_adds_may_be_used(uses_of: UsesOf) -> None:
    uses = uses_of("{{ student.bus_route }}", extra={"Students": {"bus_route"}})
    assert "bus_route" in uses.columns["Students"]


@pytest.mark.parametrize(
    ("text", "name", "mend"),
    [
        ("{{ student.bus_route }}", "student.bus_route", "'iepdocs fields progress_report' lists the names."),
        ("{{ student.frist_name }}", "student.frist_name", "Did you mean student.first_name?"),
        ("{{ studnet.last_name }}", "studnet", "Did you mean student.last_name?"),
        ("{% for g in goals %}{{ g.aera }}{% endfor %}", "g.aera", "Did you mean g.area?"),
        ("{{ goals|map(attribute='aera')|join }}", "goal.aera", "Did you mean goal.area?"),
        ("{% for g in goals %}{% for m in g.measurement %}{% endfor %}{% endfor %}", "g.measurement",
         "Did you mean g.measurements?"),
        ("{{ terms.iep_teem }}", "terms.iep_teem", "Did you mean terms.iep_team?"),
        ("{{ document.dat }}", "document.dat", "Did you mean document.date?"),
        ("{{ meeting.location }}", "meeting", "Other documents have it; 'progress_report' has: student,"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_found_with_its_place_and_the_nearest(
    uses_of: UsesOf, text: str, name: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        uses_of(text)
    [finding] = raised.value.findings
    assert isinstance(finding.place, TemplatePlace)
    assert (finding.place.template, finding.place.part) == ("progress_report.docx", "body")
    assert re.search(rf"»[^«]*\b{name.rpartition('.')[2]}\b[^«]*«", finding.place.paragraph or "")
    assert finding.message == f"There is no name '{name}'."
    assert finding.mend.startswith(mend)


def test_all_unknown_names_are_found_at_once_wherever_they_are(uses_of: UsesOf) -> None:
    with pytest.raises(IepdocsError) as raised:
        uses_of("{{ student.shoe_size }} {{ plan.colour }} {{ student.shoe_size|upper }}")
    findings = raised.value.findings
    assert [finding.message for finding in findings] == [
        "There is no name 'plan.colour'.",
        "There is no name 'student.shoe_size'.",
        "There is no name 'student.shoe_size'.",
    ]
    assert "»{{ student.shoe_size|upper }}«" in str(findings[2].place)

"""Which elements of the regulation a template carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.documents import carried, missing
from iepdocs.docx import Draft, words_of
from iepdocs.pack import load_pack
from tests.support import lines, raw_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from iepdocs.findings import Finding
    from iepdocs.pack import Pack

    Lacks = Callable[..., dict[str, Finding]]


@pytest.fixture
def lacks(pack: Pack, tmp_path: Path) -> Lacks:
    """Return a function that says what a template of some paragraphs lacks, by citation."""

    def lacks(*texts: str, kind: str = "iep", language: str = "en", headers: Sequence[str] = ()) -> dict[str, Finding]:
        path = tmp_path / f"{kind}.docx"
        path.write_bytes(raw_document(lines(*texts), headers=headers))
        found = missing(pack.kinds[kind], Draft(path), words_of(path, ()), pack, language)
        return {finding.citation: finding for finding in found}

    return lacks


def test_what_is_missing_is_named_with_the_tag_that_brings_it(lacks: Lacks) -> None:
    finding = lacks("x", kind="prior_written_notice")["34 CFR 300.503(b)(1)"]
    assert finding.message == "Nothing in it carries a description of what the district proposes or refuses."
    assert finding.mend == "Put {{ notice.description }} where it belongs."
    assert (str(finding.place), finding.rule) == ("prior_written_notice.docx", "element-missing")


@pytest.mark.parametrize(
    ("citation", "texts"),
    [
        ("300.324(a)(1)(i)", ["{{ plan.student_strengths }}"]),
        ("300.324(a)(1)(i)", ["{{ plan.student_strengths|truncate(20) }}"]),
        ("300.324(a)(1)(i)", ["{% set strong = plan.student_strengths %}", "{{ strong }}"]),
        ("300.324(a)(1)(i)", ["{{ plan['student_strengths'] or 'none' }}"]),
        ("300.320(a)(2)(i)", ["{% for g in goals %}", "{{ g.goal }}", "{% endfor %}"]),
        ("300.320(a)(2)(i)", ["{{ goals|map(attribute='goal')|join }}"]),
        ("300.320(a)(2)(i)", ["{{ goals[0].goal }}"]),
        (
            "300.320(a)(2)(i)",
            ["{% for g in goals %}{% macro say(one) %}{{ one.goal }}{% endmacro %}{{ say(g) }}{% endfor %}"],
        ),
        (
            "300.320(a)(2)(ii)",
            ["{% for g in goals %}{% for o in g.objectives %}{{ o.objective }}{% endfor %}{% endfor %}"],
        ),
        ("300.322(d)", ["{% for c in contact_log %}{{ c.date }} {{ c.method }} {{ c.result }}{% endfor %}"]),
        ("300.117", ["{% if plan.nonacademic_participation %}with all others{% endif %}"]),
    ],
)
def test_a_name_carries_its_element_however_the_template_reads_it(
    lacks: Lacks, citation: str, texts: list[str]
) -> None:
    assert f"34 CFR {citation}" in lacks("x")
    assert f"34 CFR {citation}" not in lacks(*texts)


def test_a_text_that_is_only_looked_at_is_not_carried(lacks: Lacks) -> None:
    assert "34 CFR 300.324(a)(1)(i)" in lacks("{% if plan.student_strengths %}", "Strengths", "{% endif %}")
    assert "34 CFR 300.320(a)(2)(i)" in lacks("{% for g in goals if g.area %}", "{{ g.area }}", "{% endfor %}")


def test_either_of_two_names_carries_an_element(lacks: Lacks) -> None:
    for name in ("notice.assistance_sources", "district.assistance_sources"):
        assert "34 CFR 300.503(b)(5)" not in lacks(f"{{{{ {name} }}}}", kind="prior_written_notice")


def test_an_element_may_be_carried_in_part(lacks: Lacks) -> None:
    finding = lacks("{% for g in goals %}", "{{ g.measurement_method }}", "{% endfor %}")["34 CFR 300.320(a)(3)(i)"]
    assert finding.message == "It carries only a part of this: how progress toward the goals will be measured."
    assert finding.mend == (
        "Put {{ objective.measurement_method }} where it belongs, "
        "after {% for goal in goals %} and {% for objective in goal.objectives %}."
    )


def test_a_kind_that_a_district_has_made_smaller_is_told_what_it_gave_up(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    narrower = "uses: [Accommodations]\ncontext: [student, accommodations]\n"
    (tmp_path / "documents" / "plan_504.yaml").write_text(narrower, encoding="utf-8")
    path = tmp_path / "plan_504.docx"
    path.write_bytes(raw_document(lines("x")))
    pack = load_pack(tmp_path)
    found = missing(pack.kinds["plan_504"], Draft(path), (), pack)
    [mend] = [finding.mend for finding in found if finding.citation == "34 CFR 104.33(b)"]
    assert mend == (
        "Add services to 'context' in documents/plan_504.yaml. "
        "Put {{ accommodation.accommodation }} and {{ service.service }} where they belong, "
        "after {% for accommodation in accommodations %} and {% for service in services %}."
    )


def test_what_is_named_alone_elsewhere_is_named_in_its_loop_here(lacks: Lacks) -> None:
    assert lacks("x")["34 CFR 300.321(a)"].mend.endswith("where they belong, after {% for member in team %}.")
    alone = lacks("x", kind="excusal_agreement")["34 CFR 300.321(e)(1)"].mend
    assert alone.startswith("Put {{ member.area_discussed }} where it belongs. ")


def test_tags_of_one_element_are_named_together(lacks: Lacks) -> None:
    assert lacks("x")["34 CFR 300.320(b)(2)"].mend == (
        "Put {{ area.services }} and {{ area.course_of_study }} where they belong, after {% for area in transition %}."
    )


def test_what_is_no_data_is_looked_for_in_the_templates_own_words(lacks: Lacks) -> None:
    kind = "meeting_invitation"
    citation = "34 CFR 300.322(b)(1)(ii)"
    assert lacks("x", kind=kind)[citation].mend == (
        "Say it in your own words, with this in it: 'special expertise' or 'special knowledge'."
    )
    assert citation not in lacks("You may bring others with SPECIAL   Expertise.", kind=kind)
    assert citation in lacks("{% if x == 'special expertise' %}", "x", "{% endif %}", kind=kind)


def test_each_group_of_phrases_is_looked_for(lacks: Lacks) -> None:
    finding = lacks("Notice of your rights: see your records, ask for an impartial hearing.", kind="plan_504")[
        "34 CFR 104.36"
    ]
    assert finding.message.startswith("It carries only a part of this: the family's rights: ")
    assert finding.mend == (
        "Say it in your own words, with this in it: 'lawyer' or 'attorney' or 'counsel'; and 'reviewed' or 'review of'."
    )


def test_the_districts_words_are_the_templates_own(lacks: Lacks) -> None:
    assert "34 CFR 300.503(a)" in lacks("{{ terms.iep_team }}", kind="amendment")
    assert "34 CFR 300.503(a)" not in lacks("You get a {{ terms.prior_written_notice }}.", kind="amendment")


def test_words_are_those_of_the_templates_language(lacks: Lacks) -> None:
    spanish = "Puede pedir mediación."
    assert "34 CFR 300.506" in lacks(spanish, kind="prior_written_notice")
    assert "34 CFR 300.506" not in lacks(spanish, kind="prior_written_notice", language="es")
    assert "34 CFR 300.506" in lacks("You may ask for mediation.", kind="prior_written_notice", language="es-MX")
    assert "34 CFR 300.506" not in lacks("Quý vị có thể yêu cầu hòa giải.", kind="prior_written_notice", language="vi")


def test_what_every_page_carries_stands_in_a_header_or_footer(lacks: Lacks) -> None:
    named = "{{ student.full_name }}, {{ student.student_id }}{% if document.draft %} DRAFT{% endif %}"
    assert lacks(named)["custom, not law"].mend.endswith("in the header or footer.")
    assert "in the header or footer" not in str(lacks("x", headers=[lines(named)]).values())


def test_without_a_template_nothing_has_a_place(pack: Pack) -> None:
    found = carried(pack.kinds["consent"], None, (), pack, "en")
    assert found
    assert [one for one in found if one.places] == []


def test_what_carries_an_element_is_told_with_its_columns_and_places(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "iep.docx"
    path.write_bytes(
        raw_document(lines("{{ plan.notes }}", "{% for s in services %}", "{{ s.frequency }}", "{% endfor %}"))
    )
    found = carried(pack.kinds["iep"], Draft(path), words_of(path, ()), pack, "en")
    [frequency] = [one for one in found if one.names == ("service.frequency",)]
    assert {(use.sheet, use.column) for use in frequency.uses} == {
        ("Services", "frequency"),
        ("Services", "sessions"),
        ("Services", "minutes_per_session"),
        ("Services", "per"),
    }
    assert [place.paragraph for place in frequency.places] == ["»{{ s.frequency }}«"]

"""What a check of a template says of what the law asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iepdocs.batch import check_template, elements, kind_of
from iepdocs.findings import Severity
from iepdocs.pack import load_pack
from tests.support import lines, raw_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iepdocs.findings import Finding

    Check = Callable[..., list[Finding]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that checks a template of one paragraph, with a rule of the district's laid over."""

    def check(text: str, name: str = "prior_written_notice.docx", rules: str = "") -> list[Finding]:
        (tmp_path / "rules").mkdir(exist_ok=True)
        (tmp_path / "rules" / "own.yaml").write_text(rules, encoding="utf-8")
        (tmp_path / "docx" / "pieces").mkdir(parents=True, exist_ok=True)
        (tmp_path / "docx" / "pieces" / "rights.docx").write_bytes(raw_document(lines("You may ask for mediation.")))
        path = tmp_path / "docx" / name
        path.write_bytes(raw_document(lines(text)))
        pack = load_pack(tmp_path)
        return check_template(path, pack, kind_of(path, pack))

    return check


def lacking(findings: list[Finding]) -> set[str]:
    return {finding.citation for finding in findings if finding.rule == "element-missing"}


def test_what_a_template_leaves_out_is_a_warning(check: Check) -> None:
    found = check("{{ notice.description }}")
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert lacking(found) >= {"34 CFR 300.503(b)(2)", "34 CFR 300.506"}
    assert "34 CFR 300.503(b)(1)" not in lacking(found)


def test_a_district_makes_it_an_error_or_nothing(check: Check) -> None:
    assert {one.severity for one in check("x", rules="element-missing: error")} == {Severity.ERROR}
    assert check("x", rules="element-missing: ignore") == []


def test_the_pieces_of_a_template_count(check: Check) -> None:
    assert "34 CFR 300.506" not in lacking(check("{% include 'rights' %}"))


def test_the_language_is_that_of_the_file_name(check: Check) -> None:
    assert "34 CFR 300.506" not in lacking(check("Puede pedir mediación.", "prior_written_notice.es.docx"))
    assert "34 CFR 300.506" in lacking(check("You may ask for mediation.", "prior_written_notice.es.docx"))


def test_other_problems_are_said_as_well_and_first(check: Check) -> None:
    found = check("{{ notice.descripton }} {% if notice %}")
    assert [one.severity for one in found[:3]] == [Severity.ERROR, Severity.ERROR, Severity.WARNING]
    assert lacking(found[:2]) == set()
    assert "34 CFR 300.503(b)(1)" in lacking(found)


def test_a_piece_and_a_letter_of_no_kind_are_asked_for_nothing(check: Check) -> None:
    assert lacking(check("x", "signature_block.docx")) == set()


def test_the_elements_of_a_kind_are_found_in_the_template_of_the_pack(check: Check, tmp_path: Path) -> None:
    check("{{ notice.description }}")
    found = elements(load_pack(tmp_path).kinds["prior_written_notice"], load_pack(tmp_path))
    assert [one.names for one in found if one.places] == [("notice.description",)]


def test_without_a_template_the_elements_have_no_place(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "iep.yaml").write_text("template: plan_of_ours.docx", encoding="utf-8")
    pack = load_pack(tmp_path)
    found = elements(pack.kinds["iep"], pack)
    assert found
    assert [one for one in found if one.places] == []

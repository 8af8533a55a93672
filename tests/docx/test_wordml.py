"""What is asked of WordprocessingML everywhere."""

from __future__ import annotations

from lxml import etree

from iepdocs.docx.wordml import without_section
from tests.support import W


def test_the_properties_of_a_paragraph_leave_its_section_wherever_namespaces_are_declared() -> None:
    document = etree.fromstring(
        f'<w:body xmlns:w="{W[1:-1]}"><w:p xmlns:q="urn:q"><w:pPr><w:jc w:val="left"/><w:sectPr q:a="1"/></w:pPr></w:p>'
        "</w:body>"
    )
    before = etree.tostring(document)
    assert "sectPr" not in (found := without_section(document[0]))
    assert '<w:jc w:val="left"/>' in found
    assert etree.tostring(document) == before

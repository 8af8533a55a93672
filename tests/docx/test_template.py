"""Word templates: what is found when one is loaded, what comes out of it, and what it may not do."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iepdocs.docx import Template
from iepdocs.findings import IepdocsError, TemplatePlace
from tests.support import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document

    from tests.support import MakeTemplate


def saved(document: Document, folder: Path) -> Path:
    path = folder / "letter.docx"
    document.save(str(path))
    return path


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return a template with a text between brackets."""
    document = docx.Document()
    document.add_paragraph("[{{ text }}]")
    return Template(saved(document, tmp_path_factory.mktemp("templates")))


any_text = st.text(st.just("\n") | st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(any_text)
@settings(deadline=None)
def test_any_text_comes_out_as_it_went_in(sentence: Template, text: str) -> None:
    assert text_of(sentence.render({"text": text})) == f"[{text}]"


@pytest.mark.parametrize(
    "text",
    [
        "Smith & Sons <b>x</b> &amp; \"quoted\" 'too'",
        "{{ student }} {% if %} {# no #}",
        "\u202b\u05e9\u05dc\u05d5\u05dd\u202c \u0639\u0631\u0628\u064a",
        "  spaces at both ends  ",
        "one\n\n\nfour\n",
        "a\ttab",
        "\U0001d49c \U0001f600 e\u0301",
        "\u2028\xa0\u200b",
        "{_{ x }_}",
    ],
)
def test_text_that_looks_like_something_else_comes_out_as_it_went_in(sentence: Template, text: str) -> None:
    assert text_of(sentence.render({"text": text})) == f"[{text}]"


def test_word_is_told_to_keep_the_spaces_at_the_ends_of_a_text(sentence: Template) -> None:
    document = opened(sentence.render({"text": "x\n  y  "}))
    space = "{http://www.w3.org/XML/1998/namespace}space"
    texts = [node for node in document.element.body.iter() if node.tag.endswith("}t")]
    assert [(node.text, node.get(space)) for node in texts if node.text != (node.text or "").strip()] == [
        ("  y  ]", "preserve")
    ]


def test_control_characters_are_left_out(sentence: Template) -> None:
    assert text_of(sentence.render({"text": "a\x07b\x00c\x1f"})) == "[abc]"


@pytest.mark.parametrize(
    ("value", "text"), [(None, "[]"), (False, "[no]"), (dt.date(2026, 3, 4), "[March 4, 2026]"), (["a", "b"], "[a, b]")]
)
def test_values_that_are_no_text_need_no_filter(sentence: Template, value: object, text: str) -> None:
    assert text_of(sentence.render({"text": value})) == text


def test_an_unknown_name_prints_nothing(sentence: Template) -> None:
    assert text_of(sentence.render({})) == "[]"


def test_a_template_can_be_rendered_again_and_again(sentence: Template) -> None:
    assert [text_of(sentence.render({"text": text})) for text in ("one", "two")] == ["[one]", "[two]"]


def test_tags_stand_in_headers_footers_and_table_rows_too(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{ name }}"
    document.sections[0].footer.paragraphs[0].text = "{{ page_note }}"
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ["{%tr for goal in goals %}", "{{ goal.area }}", "{%tr endfor %}"], strict=True):
        row.cells[0].text = text
    template = Template(saved(document, tmp_path))
    assert template.paths >= {("name",), ("page_note",), ("goals", "[]", "area")}
    made = opened(
        template.render({"name": "A & B", "page_note": "<1>", "goals": [{"area": "Reading"}, {"area": "R & D"}]})
    )
    assert [row.cells[0].text for row in made.tables[0].rows] == ["Reading", "R & D"]
    assert made.sections[0].header.paragraphs[0].text == "A & B"
    assert made.sections[0].footer.paragraphs[0].text == "<1>"


def test_a_tag_that_word_has_split_is_one_tag(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("{{ stu")
    paragraph.add_run("dent.na").bold = True
    paragraph.add_run("me }}")
    template = Template(saved(document, tmp_path))
    assert ("student", "name") in template.paths
    assert text_of(template.render({"student": {"name": "Ana"}})) == "Ana"


def test_filters_of_forms_are_there(make_template: MakeTemplate) -> None:
    path = make_template("{{ day|date('short') }} {{ at|time }} {{ yes|yesno }} {{ yes|checkbox }} {{ all|join_and }}")
    context = {"day": dt.date(2026, 3, 4), "at": dt.time(9, 5), "yes": True, "all": ["a", "b"]}
    assert text_of(Template(path).render(context)) == "3/4/2026 9:05 AM yes ☒ a and b"


def test_filters_can_be_added(make_template: MakeTemplate) -> None:
    template = Template(make_template("{{ name|shout }}"), filters={"shout": lambda text: f"{text.upper()}!"})
    assert text_of(template.render({"name": "Ana"})) == "ANA!"


@pytest.mark.parametrize(
    "text", ["{{ name", "{% if name %}", "{% endif %}", "{% for goal goals %}{% endfor %}", "{{ name name }}"]
)
def test_a_tag_that_cannot_be_read_is_found_at_load_with_its_place(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        Template(make_template("fine", text, name="letter.docx"))
    [finding] = raised.value.findings
    assert isinstance(finding.place, TemplatePlace)
    assert (finding.place.template, finding.place.part) == ("letter.docx", "body")
    assert "»" in (finding.place.paragraph or "")
    assert finding.rule == "template-syntax"


def test_every_part_with_a_wrong_tag_is_named(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("{{ name")
    document.sections[0].header.paragraphs[0].text = "{% if %}"
    document.sections[0].footer.paragraphs[0].text = "{{ }}"
    with pytest.raises(IepdocsError) as raised:
        Template(saved(document, tmp_path))
    places = [finding.place for finding in raised.value.findings]
    assert {place.part for place in places if isinstance(place, TemplatePlace)} == {
        "body",
        "header of section 1",
        "footer of section 1",
    }


@pytest.mark.parametrize("text", ["{{ day|dat }}", "{% if day is dated %}{% endif %}"])
def test_an_unknown_filter_or_test_is_found_at_load(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError):
        Template(make_template(text))


def test_names_in_the_documents_title_are_found_at_load(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "{{ name }}"
    assert ("name",) in Template(saved(document, tmp_path)).paths


def test_the_documents_title_says_the_text_as_it_is(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "{{ name }}"
    template = Template(saved(document, tmp_path))
    assert opened(template.render({"name": "A & B"})).core_properties.title == "A & B"


def test_a_file_that_is_no_word_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_text("notes")
    with zipfile.ZipFile(tmp_path / "archive.docx", "w") as archive:
        archive.writestr("readme.txt", "a zip archive")
    (tmp_path / "old.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    for name in ("notes.docx", "archive.docx", "old.docx", "missing.docx"):
        with pytest.raises(IepdocsError) as raised:
            Template(tmp_path / name)
        assert raised.value.findings[0].rule == "template-unreadable"


def rendered(make_template: MakeTemplate, text: str, **context: Any) -> str:
    return text_of(Template(make_template(text)).render(context))


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ name.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ helper('a') }}",
        "{{ record.save() }}",
        "{% for x in range(1000000000) %}{% endfor %}",
    ],
)
def test_the_sandbox_refuses(make_template: MakeTemplate, tmp_path: Path, text: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        rendered(make_template, text, name="Ana", helper=len, record=Savable(tmp_path / "saved"))
    assert raised.value.findings[0].rule in {"template-render", "template-forbidden"}
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize(
    "text", ["{{ '{0.__class__}'.format(name) }}", "{{ '{x.__class__}'.format_map({'x': name}) }}"]
)
def test_a_format_shows_nothing_of_what_is_inside(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError):
        rendered(make_template, text, name="Ana")


class Savable:
    """An object as Python code might hand it to a template."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self) -> None:
        self.path.touch()


@pytest.mark.parametrize(
    "text", ["{{ lipsum.__globals__ }}", "{{ name|attr('__class__') }}", "{{ self.__init__ }}", "{{ helper.__self__ }}"]
)
def test_nothing_below_an_underscore_may_be_asked_for(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        rendered(make_template, f"[{text}]", name="Ana", helper=len)
    assert raised.value.findings[0].rule == "template-forbidden"


@pytest.mark.parametrize("text", ["{{ words.update(team=name) }}", "{{ goals.append(name) }}"])
def test_a_template_cannot_change_what_the_next_document_gets(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError):
        rendered(make_template, text, name="Ana", words={"team": "IEP team"}, goals=[])


def test_methods_of_plain_values_may_be_called(make_template: MakeTemplate) -> None:
    text = "{{ name.upper() }} {{ day.strftime('%Y') }} {{ range(3)|join }} {{ goals.index('b') }}"
    assert rendered(make_template, text, name="Ana", day=dt.date(2026, 3, 4), goals=["a", "b"]) == "ANA 2026 012 1"


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 / 0 }}",
        "{{ name < 1 }}",
        "{{ nothing.below }}",
        "{% include 'other' %}",
        "{{ name|round }}",
        "{{ 5|dictsort }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    ],
)
def test_a_tag_that_fails_is_an_error_of_the_template(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        rendered(make_template, text, name="Ana")
    assert str(raised.value.findings[0].place).startswith("progress_report.docx")


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|int / 0 }}",
        "{{ name < 1 }}",
        "{{ name|round }}",
        "{{ name() }}",
    ],
)
def test_the_message_does_not_quote_a_students_data(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        rendered(make_template, text, name="Ana Reyes")
    assert "Ana" not in str(raised.value)


@pytest.mark.parametrize("text", ["{{ name|urlize }}", "{% autoescape false %}{{ name }}{% endautoescape %}"])
def test_a_template_puts_no_markup_into_the_document(make_template: MakeTemplate, text: str) -> None:
    with pytest.raises(IepdocsError):
        Template(make_template(text))


def test_places_are_those_of_all_tags_or_of_those_that_do_more_than_test_a_name(make_template: MakeTemplate) -> None:
    path = make_template("{% if a %}", "{{ a }}", "{% elif a == 1 %}", "{{ 2 if a }}", "{% endif %}")
    template = Template(path)
    assert [place.paragraph for place in template.places_of(("a",))] == [
        "»{% if a %}«",
        "»{{ a }}«",
        "»{% elif a == 1 %}«",
        "»{{ 2 if a }}«",
    ]
    assert [place.paragraph for place in template.places_of(("a",), conditions=False)] == [
        "»{{ a }}«",
        "»{{ 2 if a }}«",
    ]

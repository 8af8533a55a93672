"""Templates as Hypothesis makes them: tags of every form, alone and in one another, in every part.

A scope says which names there are where a tag stands, so that nearly all of them are templates that docxtpl can render.
"""
# ruff: noqa: RUF001  (Word's quotes)

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from docxtpl import Listing, RichText, RichTextParagraph
from hypothesis import strategies as st

from tests.support import (
    cell,
    content_control,
    drawing,
    field,
    hyperlink,
    lines,
    para,
    raw_document,
    row,
    run,
    table,
    text_box,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Draw: TypeAlias = "Callable[..., Any]"

XML_TEXT = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
VALUE = (
    st.lists(XML_TEXT | st.sampled_from([*"&<>\"'\n\t {}%", "{{ name }}", "&amp;", "  ", "<w:p/>"]), max_size=8)
    .map("".join)
    .filter(lambda text: not any(mark in text for mark in ("{_{", "}_}", "{_%", "%_}")))
)
WORD = st.text("abcdeÄé", min_size=1, max_size=5)
NUMBER = st.integers(-2, 5)
RICH_VALUE = st.lists(st.sampled_from(["Ana", " & ", "<b>", "\n", "\t", "  ", "é"]), min_size=1, max_size=4).map(
    "".join
)


@st.composite
def rich_texts(draw: Draw) -> RichText:
    made = RichText()
    for text in draw(st.lists(RICH_VALUE, max_size=3)):
        made.add(
            text,
            bold=draw(st.booleans()),
            italic=draw(st.booleans()),
            color=draw(st.sampled_from([None, "FF0000", "#00AA00"])),
            style=draw(st.sampled_from([None, "Strong"])),
            size=draw(st.sampled_from([None, 28])),
            underline=draw(st.sampled_from([None, True, "double"])),
            strike=draw(st.booleans()),
            superscript=draw(st.booleans()),
            highlight=draw(st.sampled_from([None, "#FFFF00"])),
            font=draw(st.sampled_from([None, "Courier New", "eastAsia:Yu Gothic"])),
            rtl=draw(st.booleans()),
            lang=draw(st.sampled_from([None, "es-US"])),
        )
    return made


@st.composite
def rich_paragraphs(draw: Draw) -> RichTextParagraph:
    made = RichTextParagraph()
    for text in draw(st.lists(rich_texts(), max_size=3)):
        made.add(text, parastyle=draw(st.sampled_from([None, "Quote"])))
    return made


LISTINGS = (
    st.lists(st.sampled_from(["Ana", " & ", "\n", "\t", "\a", "\f", "<b>"]), max_size=6).map("".join).map(Listing)
)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"name": VALUE, "number": NUMBER, "met": st.booleans(), "parts": st.lists(VALUE, max_size=3)}
    ),
    max_size=3,
)
CONTEXTS = st.fixed_dictionaries(
    {
        "name": VALUE,
        "note": VALUE,
        "p": VALUE,
        "r": VALUE,
        "tr": VALUE,
        "word": WORD,
        "number": NUMBER,
        "span": st.integers(1, 3),
        "colour": st.sampled_from(["FF0000", "00AA11"]),
        "yes": st.just(value=True),
        "no": st.just(value=False),
        "nothing": st.none(),
        "empty": st.just(""),
        "words": st.lists(VALUE, max_size=3),
        "record": st.fixed_dictionaries({"name": VALUE, "number": NUMBER}),
        "items": ITEMS,
        "rich": rich_texts(),
        "rich_paragraph": rich_paragraphs(),
        "listing": LISTINGS,
    }
)

TEXTS = (
    "name",
    "note",
    "number",
    "listing",
    "record.name",
    "record['name']",
    "record.items()|map('first')|join(', ')",
    "name|upper",
    "name|e",
    "note|replace('a', “o”)",
    "words|join(', ')",
    "words|first",
    "words|length",
    "name[:3]",
    "name.strip()",
    "name ~ ' / ' ~ number",
    "number + 2 * span",
    "name if yes else note",
    "name if number > 2 else 'a < b > c'",
    "missing",
    "missing|default('none')",
    "“curly”",
    "‘single’|upper",
    "(number, 3)|max",
    "[name, note]|map('upper')|join('; ')",
    "range(3)|join",
    "p|lower",
    "r|upper",
    "tr|lower",
)
CONDITIONS = (
    "yes",
    "no",
    "not no",
    "number < 2",
    "number > 2 and name",
    "0 <= number <= 3 or no",
    "words",
    "nothing is none",
    "nothing",
    "name == “Ana”",
    "missing is defined",
    "number in [1, 2, 3]",
    "record.number != number",
    "empty",
)
LOOPS = ("item in items", "item in items if item.met", "item in items|reverse")
OF_ITEM = (
    "item.name",
    "item.number",
    "item.parts|join(', ')",
    "loop.index",
    "loop.index0",
    "loop.revindex",
    "loop.length",
    "loop.depth",
    "loop.cycle('a', 'b')",
    "(loop.previtem or loop.nextitem or item).name",
)
IF_ITEM = ("item.met", "loop.first", "not loop.last", "item.number < number", "loop.changed(item.met)")
OF_PART = ("part", "part|upper", "loop.index", "loop.length")
IF_PART = ("part", "loop.first", "loop.changed(part)")


class Scope(NamedTuple):
    """What a tag may ask for where it stands, and how deep things may still nest there."""

    texts: tuple[str, ...] = TEXTS
    conditions: tuple[str, ...] = CONDITIONS
    loops: tuple[str, ...] = LOOPS
    depth: int = 2

    def deeper(self) -> Scope:
        return self._replace(depth=self.depth - 1)

    def inside(self, loop: str) -> Scope:
        """Return the scope of what a loop repeats: its own names thrice, because they are what a loop is for."""
        texts, conditions = (OF_ITEM, IF_ITEM) if loop.startswith("item") else (OF_PART, IF_PART)
        loops = ("part in item.parts",) if loop.startswith("item") else ("part in words",)
        return Scope(self.texts + texts * 3, self.conditions + conditions * 3, loops, self.depth - 1)


class Whole(str):
    """Characters that are not cut: docxtpl finds them only where they are in one run."""

    __slots__ = ()


class InRun(str):
    """XML that stands in a run."""

    __slots__ = ()


class Beside(str):
    """XML that stands beside runs."""

    __slots__ = ()


STATIC = st.sampled_from(
    [
        "Goal",
        " of ",
        "A & B",
        "a < b",
        "{x}",
        "50 %",
        " } ",
        "“so”",
        "it's",
        "  two  ",
        "{ { x",
        "# 1",
        "é",
        ".",
        "A\xa0B",
    ]
)
SPACE = st.sampled_from(["", " ", "  ", "\xa0"])


def control(kind: str, words: str) -> st.SearchStrategy[str]:
    """Return a control tag; `kind` is p, tr, tc, r or none."""
    return st.builds("{{%{}{}{}%}}".format, st.just(f"{kind} ") if kind else SPACE, st.just(words), SPACE)


def value(words: str) -> st.SearchStrategy[str]:
    return st.builds("{{{{{}{}{}}}}}".format, SPACE, st.just(words), SPACE)


@st.composite
def inline(draw: Draw, scope: Scope, *, plain: bool = False) -> list[list[str]]:
    """Draw what a paragraph holds, as constructs of pieces; each construct opens and closes its own blocks.

    `plain` leaves out what ends a run, a paragraph or a page.
    """
    return [draw(_construct(scope, plain=plain)) for _ in range(draw(st.integers(1, 3)))]


@st.composite
def _construct(draw: Draw, scope: Scope, *, plain: bool) -> list[str]:  # noqa: C901, PLR0912  (a branch for each form)
    def some(where: Scope | None = None, *, plain: bool = plain) -> list[str]:
        return [piece for found in draw(inline(where or scope.deeper(), plain=plain)) for piece in found]

    def text() -> str:
        return str(draw(st.sampled_from([text for text in scope.texts if not (plain and text == "listing")])))

    def tag(words: str, kind: str = "") -> str:
        return str(draw(control(kind, words)))

    flat = ["static", "value", "value", "value", "stripped", "comment", "escaped", "raw", "set", "element"]
    deep = ["if", "if", "for", "for", "with", "macro", "call", "filter", "block"]
    rich = ["rich", "if of runs", "link", "control", "field", "description"]
    form = draw(st.sampled_from(flat + (deep if scope.depth > 0 else []) + ([] if plain else rich)))
    condition = draw(st.sampled_from(scope.conditions))
    if form == "static":
        return [draw(STATIC)]
    if form == "value":
        return [draw(value(text()))]
    if form == "stripped":
        return [Whole(f"a {{{{- {text()} -}}}} b")]
    if form == "comment":
        return [draw(st.sampled_from(["{# a comment #}", "{#x#}", "{# {{ name }} #}", "{# it’s < & #}"]))]
    if form == "escaped":
        return [Whole(draw(st.sampled_from(["{_{ name }_}", "{_% if %_}"])))]
    if form == "raw":
        return [tag("raw"), "{{ name }} {% if %}", tag("endraw")]
    if form == "set":
        return [tag(f"set made = {text()}"), "[", draw(value("made")), "]"]
    if form == "element":
        return [InRun(draw(st.sampled_from(["<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>"])))]
    if form == "rich":
        return ["{{r rich }}"]
    if form == "if of runs":
        return [tag(f"if {condition}", "r"), "yes", *some(), tag("else", "r"), "no", tag("endif", "r")]
    if form == "link":
        return [Beside(hyperlink(run(draw(value("name")))))]
    if form == "control":
        return [Beside(content_control(run(draw(value("note")))))]
    if form == "field":
        return [Beside(field(' HYPERLINK "https://example.org/{{ word }}" '))]
    if form == "description":
        return [Beside(drawing("{{ word }} {% if yes %}at {{ number }}{% endif %}"))]
    if form == "if":
        chosen = [tag(f"if {condition}"), *some()]
        if draw(st.booleans()):
            chosen += [tag(f"elif {draw(st.sampled_from(scope.conditions))}"), "second"]
        if draw(st.booleans()):
            chosen += [tag("else"), *some()]
        return [*chosen, tag("endif")]
    if form == "for":
        loop = draw(st.sampled_from(scope.loops))
        otherwise = draw(st.sampled_from([[], [tag("else"), "nobody"]]))
        return [tag(f"for {loop}"), *some(scope.inside(loop)), *otherwise, tag("endfor")]
    if form == "with":
        return [tag(f"with given = {text()}"), draw(value("given")), *some(), tag("endwith")]
    outside = Scope(depth=0)
    if form == "macro":
        opened = [tag("macro said(given, more='x')"), "<", *some(outside, plain=True), draw(value("given"))]
        return [*opened, tag("endmacro"), draw(value(f"said({text()})"))]
    if form == "call":
        opened = [tag("macro around()"), "(", draw(value("caller()")), ")", tag("endmacro")]
        return [*opened, tag("call around()"), *some(outside, plain=True), tag("endcall")]
    if form == "filter":
        return [Whole("{% filter upper %}a {{ word }}{% endfilter %}")]
    return [tag("set made"), *some(plain=True), tag("endset"), "[", draw(value("made")), "]"]


JUNK = st.sampled_from(
    [
        "",
        '<w:proofErr w:type="spellStart"/>',
        '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>',
        "<w:r><w:rPr><w:b/></w:rPr></w:r>",
        '<w:proofErr w:type="gramEnd"/><w:proofErr w:type="spellStart"/>',
    ]
)
LOOK = st.sampled_from(["", "<w:b/>", "<w:i/>", '<w:b/><w:color w:val="112233"/>'])
PARAGRAPH_LOOK = st.sampled_from(
    ["", "", '<w:pStyle w:val="Quote"/>', '<w:pStyle w:val="Title"/><w:jc w:val="center"/>']
)


@st.composite
def paragraph(draw: Draw, *constructs: list[str], looks: st.SearchStrategy[str] = LOOK) -> str:
    """Draw a paragraph of constructs: cut into runs anywhere, as Word does, or with a look for each construct."""
    style = draw(PARAGRAPH_LOOK)
    pieces = [piece for construct in constructs for piece in construct]
    if not any(piece.startswith(("{{r ", "{%r ")) for piece in pieces) and draw(st.booleans()):
        made = [_runs(construct, draw(looks)) for construct in constructs]
    else:
        made = [_runs(draw(_cut(pieces)), "")]
    return para(*made, properties=style)


def _runs(pieces: Sequence[str], look: str) -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    xml = ""
    for piece in pieces:
        if isinstance(piece, Beside):
            xml += piece
        elif isinstance(piece, InRun):
            xml += f"<w:r>{properties}{piece}</w:r>"
        else:
            xml += run(piece, look)
    return xml


@st.composite
def _cut(draw: Draw, pieces: Sequence[str]) -> list[str]:
    """Cut the pieces at random places, with what Word leaves there."""
    cut: list[str] = []
    for piece in pieces:
        if isinstance(piece, (Whole, InRun, Beside)) or not draw(st.booleans()):
            cut.append(piece)
            continue
        places = sorted({0, len(piece), *draw(st.lists(st.integers(0, len(piece)), max_size=3))})
        for start, end in pairwise(places):
            cut += [piece[start:end], Beside(draw(JUNK))]
    return cut


@st.composite
def blocks(draw: Draw, scope: Scope, most: int = 2) -> str:
    """Draw paragraphs, tables and what repeats or chooses them."""
    return "".join(draw(_block(scope)) for _ in range(draw(st.integers(1, most))))


@st.composite
def _block(draw: Draw, scope: Scope) -> str:  # noqa: C901, PLR0912  (a branch for each form)
    def alone(words: str) -> str:
        return str(draw(paragraph([draw(control("p", words))])))

    def some(where: Scope | None = None) -> str:
        return str(draw(blocks(where or scope.deeper())))

    def line(*constructs: list[str]) -> str:
        return str(draw(paragraph(*constructs)))

    def text() -> str:
        return str(draw(st.sampled_from(scope.texts)))

    inner = scope.deeper()
    flat = ["line", "line", "line", "comment", "set", "rich", "text box", "long comment"]
    deep = ["if", "if", "for", "for", "with", "macro", "call", "block", "control", "merged", "over", "table", "table"]
    form = draw(st.sampled_from(flat + (deep if scope.depth > 0 else [])))
    condition = draw(st.sampled_from(scope.conditions))
    loop = draw(st.sampled_from(scope.loops))
    if form == "comment":
        return line(["{#p a comment #}"])
    if form == "set":
        return alone(f"set made = {text()}") + line(["made "], [draw(value("made"))])
    if form == "rich":
        return line(["{{p rich_paragraph }}"])
    if form == "text box":
        return para(text_box(line(["in the box "], [draw(value("name"))])))
    if form == "long comment":
        return lines("before {# a comment", "over two lines #} after")
    if form == "if":
        xml = alone(f"if {condition}") + some()
        if draw(st.booleans()):
            xml += alone(f"elif {draw(st.sampled_from(scope.conditions))}") + some()
        if draw(st.booleans()):
            xml += alone("else") + some()
        return xml + alone("endif")
    if form == "for":
        otherwise = alone("else") + lines("nobody") if draw(st.booleans()) else ""
        return alone(f"for {loop}") + some(scope.inside(loop)) + otherwise + alone("endfor")
    if form == "with":
        return alone(f"with made = {text()}") + line(["{{ made }}"]) + some() + alone("endwith")
    if form == "macro":
        body = some(Scope(depth=0)) + line(["{{ given }}"])
        return alone("macro told(given)") + body + alone("endmacro") + line([f"{{{{p told({text()}) }}}}"])
    if form == "call":
        macro = alone("macro around()") + lines("first", "{{p caller() }}", "last") + alone("endmacro")
        return macro + alone("call around()") + some(Scope(depth=0)) + alone("endcall")
    if form == "block":
        return alone("set made") + some() + alone("endset") + lines("{{p made }}", "{{p made }}")
    if form == "control":
        return content_control(some())
    if form == "merged":  # docxtpl gives what a `-` joins to a paragraph the look of the tag

        def plainly(*constructs: list[str]) -> str:
            return str(draw(paragraph(*constructs, looks=st.just(""))))

        start = plainly(["one "], [f"{{% if {condition} -%}}"]) + plainly(
            ["two"], *draw(inline(inner, plain=True)), ["."]
        )
        return start + lines("{%- else -%}", "three") + plainly(["{%- endif %}"], [" four "], *draw(inline(inner)))
    if form == "over":
        opened, closed = draw(st.sampled_from([(f"if {condition}", "endif"), (f"for {loop}", "endfor")]))
        scope = scope.inside(loop) if closed == "endfor" else inner
        start = line(["a "], [draw(control("", opened))], [" b"], *draw(inline(scope)))
        return start + some(scope) + line(["c"], *draw(inline(scope)), [draw(control("", closed))], [" d"])
    if form == "table":
        return str(draw(tables(scope)))
    return line(*draw(inline(scope)))


@st.composite
def tables(draw: Draw, scope: Scope) -> str:  # noqa: C901  (a branch for each form)
    """Draw a table, with rows and cells that repeat, are chosen, span, merge or have a colour."""
    inner = scope.deeper()
    condition = draw(st.sampled_from(scope.conditions))
    loop = draw(st.sampled_from(scope.loops))

    def alone(words: str, kind: str = "tr") -> str:
        made = cell(draw(paragraph([draw(control(kind, words))])))
        return row(made, *draw(st.sampled_from([[], [""], ["dropped with the row"]]))) if kind == "tr" else made

    def cells(scope: Scope, *marks: str) -> list[str]:
        return [draw(_cell_of(scope, draw(st.sampled_from(["", *marks])))) for _ in range(draw(st.integers(1, 2)))]

    rows = []
    for form in draw(
        st.lists(
            st.sampled_from(["row", "row", "if", "for", "cells", "chosen", "comments", "set", "macro", "wide"]),
            min_size=1,
            max_size=3,
        )
    ):
        if form == "row":
            rows.append(row(*cells(inner, "{% colspan span %}", "{%cellbg colour%}")))
        elif form == "if":
            rows += [alone(f"if {condition}"), row(*cells(inner)), alone("else"), row(*cells(inner)), alone("endif")]
        elif form == "for":
            marks = ("{% vm %}", "{%vm%}", "{% colspan span %}", "{% cellbg “00FF00” if loop.first else colour %}")
            rows += [alone(f"for {loop}"), row(*cells(scope.inside(loop), *marks)), alone("endfor")]
        elif form == "cells":
            repeated = cells(scope.inside(loop), "{% cellbg colour %}", "{% colspan loop.index %}")
            rows.append(row("first", alone(f"for {loop}", "tc"), *repeated, alone("endfor", "tc"), "last"))
        elif form == "chosen":
            chosen = [alone(f"if {condition}", "tc"), *cells(inner), alone("else", "tc"), *cells(inner)]
            rows.append(row(*chosen, alone("endif", "tc"), "last"))
        elif form == "comments":
            rows += [row("{#tr a comment #}", "x"), row("a", "{#tc a comment #}", "b")]
        elif form == "set":
            rows += [alone(f"set made = {draw(st.sampled_from(scope.texts))}"), row("{{ made }}", "b")]
        elif form == "macro":
            rows += [alone("macro line(given)"), row("{{ given }}", "b"), alone("endmacro"), row("{{tr line(name) }}")]
        else:
            span = draw(st.sampled_from(["", '<w:gridSpan w:val="2"/>']))
            wide = cell(lines("{% hm %}{{ loop.length }} wide"), properties=span)
            rows.append(row("first", alone("for item in items", "tc"), wide, alone("endfor", "tc")))
    return table(*rows, columns=draw(st.integers(1, 4)))


@st.composite
def _cell_of(draw: Draw, scope: Scope, mark: str) -> str:
    """Draw a cell; one with a mark holds one paragraph, which begins or ends with it."""
    if not mark:
        return cell(draw(blocks(scope, 2)), lines("end"))
    content = draw(inline(scope._replace(depth=0), plain=True))
    return cell(draw(paragraph([mark, "marked"], *content) if draw(st.booleans()) else paragraph(["marked", mark])))


@st.composite
def templates(draw: Draw) -> bytes:
    flat = Scope(depth=1)
    footnotes = draw(st.lists(blocks(flat), max_size=2))
    reference = para('<w:r><w:footnoteReference w:id="1"/></w:r>') if footnotes else ""
    return raw_document(
        draw(blocks(Scope(), 4)) + reference,
        headers=draw(st.lists(blocks(flat), max_size=1)),
        footers=draw(st.lists(blocks(flat), max_size=1)),
        footnotes=footnotes,
        properties=draw(
            st.sampled_from(
                [{}, {"title": "Plan of {{ word }}", "description": "{% if yes %}{{ number }} & {% endif %}"}]
            )
        ),
        links={"rId9": "https://example.org"},
    )

"""A part with its tags as compiled Jinja: its XML between the tags, and the tags as they were read, on a line each.

Jinja sees a short sign for each stretch of XML, so that its line numbers are the numbers of the tags; in its syntax
tree the signs become the XML, and each value goes through the filter that puts it into its place.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from html import unescape
from typing import TYPE_CHECKING, Any

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator
from jinja2.runtime import markup_join
from markupsafe import Markup

from iepdocs.bounds import hold_nested
from iepdocs.docx.copies import Round
from iepdocs.docx.repair import MARK
from iepdocs.docx.run import CURRENT, SHORT
from iepdocs.docx.slots import STANDS_FOR, Fault, block_word, meant_word
from iepdocs.reads import lines_read
from iepdocs.sandbox import Sandbox, mend, plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from jinja2.compiler import Frame
    from jinja2.runtime import Context

    from iepdocs.docx.copies import Copied
    from iepdocs.docx.slots import Slots
    from iepdocs.docx.structure import Blocks
    from iepdocs.docx.tags import Tag
    from iepdocs.reads import NamePath

INTO = "into the document"
INTO_TEXT = "into a text of the document"
COPY = "as in this round"
_PLACES = {INTO, INTO_TEXT, COPY}
ROUND = "a round begins"
COUNT = "a round is counted"
COUNT_ITEMS = "items are counted"
APART = "without its markup"
TOGETHER = "with its markup again"
_HELD, _FIRST_SIGN = "\x02", 0xF0000
"""What begins the sign of a tag, and the first of those that follow: private characters, which have no capitals."""
_TAG_OR_MARK = re.compile(f"<[^>]*>|{MARK}[^;]*;")
_SIGN_OF_TAG = re.compile(f"{_HELD}([\U000f0000-\U0010ffff])")
_SIGN = re.compile("\x01(\\d+)\n?")
FIRST_LINE = 2


@dataclass(slots=True)
class Part:
    """A part that has tags, ready to be rendered.

    Attributes:
        name: its name in the package.
        head: its XML declaration.
        fallbacks: what `repair.repaired` puts in the place of what is empty.
        slots: its tags.
        order: their numbers, and those of copied values, as they are written.
        literals: the XML between them.
        copied: what differs in each round, numbered on from the tags.
        first: the number of its first tag among those of the template.
        blocks: which tags open, divide and close a block.
        has_marks: whether it is to be repaired.
        may_break: whether what it makes may be no XML, so that it must be looked at.
        widens: whether cells may be added to its tables.
        nodes: what Jinja reads in it, one by one in their order; None where it cannot be read.
        read: the names that it reads, each with the numbers of the tags that do.
    """

    name: str
    head: str
    slots: Slots
    order: list[int]
    literals: list[str]
    copied: list[Copied]
    fallbacks: list[str]
    first: int
    blocks: Blocks
    has_marks: bool = False
    may_break: bool = False
    widens: bool = False
    template: JinjaTemplate = field(default=None, repr=False)  # type: ignore[assignment]
    nodes: Sequence[nodes.Node] | None = field(default=None, repr=False)
    read: dict[NamePath, set[int]] = field(default_factory=dict)

    def number_at(self, line: int) -> int:
        """Return the number of the tag on a line of the source, or of the nearest one where there is none."""
        return self.order[min(max(line - FIRST_LINE, 0), len(self.order) - 1)]

    @property
    def tags(self) -> list[int]:
        """Return the numbers of its tags as they are written."""
        return [number for number in self.order if number < len(self.slots.tags)]


def source_of(part: Part, unreadable: Container[int] = ()) -> str:
    """Return a part as Jinja reads it: a sign for each stretch of XML, and each tag on its line.

    Args:
        part: the part.
        unreadable: the tags that Jinja cannot read. With these, and where blocks are not closed or strays are about,
            the source is mended as well as can be, so that what the others ask for can be looked at.
    """
    pieces = []
    blocks = part.blocks
    for at, number in enumerate(part.order):
        pieces.append(f"\x01{at}\n")
        pieces += [f"{{% {_END_OF.get(word, f'end{word}')} %}}" for word in blocks.missing.get(at, ())]
        if number >= len(part.slots.tags):
            pieces.append("{{ 0 }}")
        elif number not in blocks.raw and at not in blocks.strays:
            tag = part.slots.tags[number].tag
            if number in unreadable:
                pieces.append(_instead_of(tag))
            else:
                pieces.append("" if tag.opener == "{#" or tag.word in ("raw", "endraw") else tag.jinja)
    ends = [f"{{% {_END_OF.get(word, f'end{word}')} %}}" for word in blocks.missing.get(len(part.order), ())]
    return "".join([*pieces, *ends, f"\x01{len(part.order)}\n"])


_END_OF = {"setblock": "endset"}


def _instead_of(tag: Tag) -> str:
    """Return a tag that makes the same names and opens the same block as one that cannot be read."""
    word = block_word(tag)
    names = sorted(names_in(tag.source) - {word, tag.word, "in", "if", "recursive", "ignore", "missing"}) or ["x"]
    first = f"{names[0]}_"
    return {
        "for": f"{{% for {', '.join([*names, first])} in [] %}}",
        "macro": f"{{% macro {first}({', '.join(names)}) %}}",
        "with": f"{{% with {', '.join(f'{name} = []' for name in names)} %}}",
        "set": "".join(f"{{% set {name} = [] %}}" for name in names),
        "setblock": f"{{% set {first} %}}",
        "if": "{% if true %}",
        "elif": "{% elif true %}",
        "else": "{% else %}",
        "call": "{% call range() %}",
        "filter": "{% filter upper %}",
        "block": f"{{% block {first} %}}",
    }.get(word, f"{{% {word} %}}" if word.startswith("end") else "")


_MAY_BREAK = (nodes.FilterBlock, nodes.Macro, nodes.AssignBlock, nodes.CallBlock)


def compile_part(part: Part, sandbox: Sandbox) -> None:
    """Compile a part, and take note of the names that it reads.

    Raises:
        TemplateSyntaxError: where a tag cannot be read; its line is that of the tag.
    """
    tree = sandbox.parse(source_of(part))
    part.nodes = list(tree.find_all(nodes.Node))
    part.read = _names_read(part, tree)
    _Weaver(part).weave(tree)
    part.template = JinjaTemplate.from_code(sandbox, sandbox.compile(tree, part.name, part.name), dict(sandbox.globals))
    part.may_break = any(isinstance(one, _MAY_BREAK) for one in part.nodes)


def read_faulty(part: Part, sandbox: Sandbox, unreadable: Container[int]) -> None:
    """Take note of the names that a part reads of which some tags cannot be read, as far as they can be told."""
    with suppress(TemplateSyntaxError, RecursionError):
        tree = sandbox.parse(source_of(part, unreadable))
        part.nodes = list(tree.find_all(nodes.Node))
        part.read = _names_read(part, tree)


def _names_read(part: Part, tree: nodes.Template) -> dict[NamePath, set[int]]:
    return {path: {part.number_at(line) for line in lines} for path, lines in lines_read(tree).items()}


class Weaving(CodeGenerator):
    """Jinja's code generator, but for what is put into its place as XML: that needs no further escaping."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  (Jinja's name)
        """Write a joining of texts, which counts how much it makes."""
        self.write("environment.joined((")
        for one in node.nodes:
            self.visit(one, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802  (Jinja's name)
        """Write a list, which is looked at before it is used."""
        self.write("environment.held(")
        super().visit_List(node, frame)
        self.write(")")

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802  (Jinja's name)
        """Write a tuple, which is looked at before it is used."""
        if node.ctx != "load":
            super().visit_Tuple(node, frame)
            return
        self.write("environment.held(")
        super().visit_Tuple(node, frame)
        self.write(")")

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802  (Jinja's name)
        """Write a dict, which is looked at before it is used."""
        self.write("environment.held(")
        super().visit_Dict(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _is_placed(node):
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not _is_placed(node):
            super()._output_child_post(node, frame, finalize)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        if _is_placed(node):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


def _counted(of: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter or test that counts what it goes through and what it makes."""

    @wraps(of)
    def counted(*arguments: Any, **named: Any) -> Any:
        for one in arguments:
            if isinstance(one, list | tuple | range):
                _count(one)
        made = of(*arguments, **named)
        _count(made)
        return made

    return counted


def _count(made: Any) -> None:
    run = CURRENT.get()
    if run is None:
        return
    if isinstance(made, str):
        if len(made) > SHORT:
            run.count(len(made))
    elif isinstance(made, list | tuple | range):
        run.count_work(len(made))


class TemplateSandbox(Sandbox):
    """The sandbox of a template: what it makes is counted as what it writes is."""

    code_generator_class = Weaving

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for known in (self.filters, self.tests):
            known.update({name: _counted(of) for name, of in list(known.items())})

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call what a template may call; what it makes is counted."""
        made = super().call(context, obj, *arguments, **named)
        _count(made)
        return made

    def held(self, made: Any) -> Any:
        """Return a list, tuple or dict that a template makes.

        Raises:
            TooMuchError: where it holds more than can be gone through.
        """
        hold_nested(made)
        return made

    def joined(self, pieces: Sequence[Any]) -> str:
        """Return `a ~ b`."""
        made = markup_join(pieces)
        _count(made)
        return made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Work out a sum, product, power or remainder; what a sum of texts or lists makes is counted."""
        made = super().call_binop(context, operator, left, right)
        if operator == "+":
            _count(made)
        return made


def _is_placed(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Filter) and node.name in _PLACES


class _Weaver:
    def __init__(self, part: Part) -> None:
        self.part = part

    def weave(self, tree: nodes.Node) -> None:
        read = self.part.nodes or ()
        for node in read:
            if isinstance(node, nodes.Output):
                node.nodes = list(self._woven(node.nodes))
        for filtered in read:
            if isinstance(filtered, nodes.FilterBlock | nodes.AssignBlock) and filtered.filter is not None:
                filtered.filter = _of_text_only(filtered.filter)
        self._count(read)
        for block in read:
            if isinstance(block, nodes.For) and block.test is not None:
                block.iter = nodes.Filter(block.iter, COUNT_ITEMS, [], [], None, None, lineno=block.iter.lineno)
        tree.set_environment(tree.environment)  # type: ignore[arg-type]

    def _count(self, read: Sequence[nodes.Node]) -> None:
        """Have what is repeated counted, and the rounds of blocks in which something is copied begun."""
        blocks = {copied.block for copied in self.part.copied}
        for block in read:
            if not isinstance(block, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block):
                continue
            number = self._number(block.lineno)
            begun: list[nodes.Node] = []
            if not isinstance(block, nodes.CallBlock):
                begun.append(nodes.ExprStmt(_call(COUNT, _length(block)), lineno=block.lineno))
            if number in blocks:
                target = nodes.Name(_round_name(number), "store", lineno=block.lineno)
                begun.append(nodes.Assign(target, _call(ROUND, number), lineno=block.lineno))
            block.body[:0] = begun

    def _number(self, line: int) -> int:
        """Return the number of the tag on a line."""
        return self.part.order[line - FIRST_LINE]

    def _woven(self, children: Sequence[nodes.Expr]) -> Iterator[nodes.Expr]:
        for child in children:
            if isinstance(child, nodes.TemplateData):
                for sign in _SIGN.finditer(child.data):
                    literal = self._literal(int(sign.group(1)))
                    if literal:
                        yield nodes.TemplateData(literal, lineno=child.lineno)
                continue
            number = self._number(child.lineno)
            yield self._value(child, number)

    def _literal(self, at: int) -> str:
        before = ""
        if at and (number := self.part.order[at - 1]) in self.part.blocks.raw:
            before = _escaped(self.part.slots.tags[number].tag.text)
        return before + self.part.literals[at]

    def _value(self, node: nodes.Expr, number: int) -> nodes.Expr:
        count = len(self.part.slots.tags)
        if number >= count:
            copied = self.part.copied[number - count]
            name = nodes.Name(_round_name(copied.block), "load", lineno=node.lineno)
            return nodes.Filter(name, COPY, [nodes.Const(self.part.first + number)], [], None, None, lineno=node.lineno)
        slot = self.part.slots.tags[number]
        into = INTO_TEXT if slot.form == "text" and slot.level == 0 else INTO
        return nodes.Filter(node, into, [nodes.Const(self.part.first + number)], [], None, None, lineno=node.lineno)


def _call(name: str, argument: int) -> nodes.Expr:
    return nodes.Filter(nodes.Const(argument), name, [], [], None, None)


def _round_name(number: int) -> str:
    return f"iepdocs_round_{number}"


def _length(block: nodes.Node) -> int:
    """Return how many characters a round of a block may write, but for long values, which are counted one by one."""
    return sum(
        len(one.data) if isinstance(one, nodes.TemplateData) else SHORT
        for output in block.find_all(nodes.Output)
        for one in output.nodes
    )


def _of_text_only(outer: nodes.Filter) -> nodes.Filter:
    """Return the filters of a block so that they see its text without the markup in it."""
    innermost = outer
    while isinstance(innermost.node, nodes.Filter):
        innermost = innermost.node
    innermost.node = nodes.Filter(None, APART, [], [], None, None, lineno=outer.lineno)
    return nodes.Filter(outer, TOGETHER, [], [], None, None, lineno=outer.lineno)


def apart(xml: str) -> str:
    """Return the text of a piece of markup, with a sign in the place of each tag that no filter changes."""
    run = CURRENT.get()
    signs = run.signs if run is not None else {}

    def sign(found: re.Match[str]) -> str:
        return _HELD + chr(_FIRST_SIGN + signs.setdefault(found.group(), len(signs)))

    return unescape(_TAG_OR_MARK.sub(sign, xml))


def together(text: Any) -> Markup:
    """Return what a filter made of such a text, with the tags in their places."""
    run = CURRENT.get()
    tags = list(run.signs) if run is not None else []
    xml = str(text) if hasattr(text, "__html__") else _escaped(str(text))
    return Markup(_SIGN_OF_TAG.sub(lambda found: tags[ord(found.group(1)) - _FIRST_SIGN], xml))  # noqa: S704


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pass_context
def begin_round(_context: Context, _block: int) -> Round | None:
    """Return a new round of a block."""
    run = CURRENT.get()
    return Round(run.copies) if run is not None else None


@pass_context
def count_round(_context: Context, length: int) -> None:
    """Count a round of a loop or a call of a macro."""
    run = CURRENT.get()
    if run is not None:
        run.count_round(length)


def count_items(items: Iterable[Any]) -> Iterator[Any]:
    """Yield items one by one and count them, also those that a loop's condition leaves out."""
    run = CURRENT.get()
    for item in items:
        if run is not None:
            run.count_work(1)
            run.look_at_the_clock()
        yield item


def syntax_faults(part: Part, sandbox: Sandbox) -> Iterator[tuple[int, Fault]]:
    """Yield the number and a fault for each tag of a part that Jinja cannot read, each looked at by itself."""
    for number in part.tags:
        slot = part.slots.tags[number]
        if number in part.blocks.raw or slot.tag.opener == "{#":
            continue
        if slot.tag.word != meant_word(slot.tag):
            message = f"'{slot.tag.text}' cannot be read: there is no tag '{slot.tag.word}'."
            yield number, slot.fault(message, _mend_word(slot.tag), "template-syntax")
            continue
        try:
            sandbox.parse(_alone(slot.tag.jinja, meant_word(slot.tag)))
        except TemplateSyntaxError as error:
            message = f"'{slot.tag.text}' cannot be read: {plainly(error)}."
            yield number, slot.fault(message, _mend(slot.tag, error, sandbox), "template-syntax")
        except RecursionError:
            message = f"'{slot.tag.text[:80]}' has too many brackets in each other."
            yield number, slot.fault(message, "Write it shorter.", "template-syntax")


_FRAMES: Mapping[str, tuple[str, str]] = {
    "for": ("", "{% endfor %}"),
    "if": ("", "{% endif %}"),
    "elif": ("{% if x %}", "{% endif %}"),
    "else": ("{% if x %}", "{% endif %}"),
    "endif": ("{% if x %}", ""),
    "endfor": ("{% for x in y %}", ""),
    "macro": ("", "{% endmacro %}"),
    "endmacro": ("{% macro x() %}", ""),
    "call": ("", "{% endcall %}"),
    "endcall": ("{% call x() %}", ""),
    "filter": ("", "{% endfilter %}"),
    "endfilter": ("{% filter upper %}", ""),
    "with": ("", "{% endwith %}"),
    "endwith": ("{% with %}", ""),
    "block": ("", "{% endblock %}"),
    "endblock": ("{% block x %}", ""),
    "endset": ("{% set x %}", ""),
    "autoescape": ("", "{% endautoescape %}"),
    "endautoescape": ("{% autoescape true %}", ""),
    "raw": ("", "{% endraw %}"),
    "endraw": ("{% raw %}", ""),
}


def _alone(tag: str, word: str) -> str:
    """Return a tag with what it needs to be read by itself."""
    if word == "set" and re.match(r"\{% set\s+[\w.,\s]+(?:\|.*)?%\}$", tag):
        return tag + "{% endset %}"
    before, after = _FRAMES.get(word, ("", ""))
    return before + tag + after


def _mend_word(tag: Tag) -> str:
    """Return how to mend a statement that is misspelt."""
    meant, first = meant_word(tag), tag.source.partition(" ")[0]
    if first.lower() in STANDS_FOR:
        return f"Write {{%{first.lower()} {meant} … %}}, with nothing before the small {first.lower()}."
    if first.lower() == meant:
        return f"Write {meant} in small letters."
    return f"Write {meant} as one word." if tag.word == "end" else f"Did you mean {meant}?"


def _mend(tag: Tag, error: TemplateSyntaxError, sandbox: Sandbox) -> str:
    """Return how to mend a tag that cannot be read: the likeliest slip of whoever typed it."""
    source = tag.source
    if not source:
        return "Write a name between the braces, or delete them."
    if tag.text.startswith("{{{"):
        return "Write two braces only."
    if tag.word == "else":
        return "For another condition write {% elif … %}; else stands alone."
    if tag.word == "for":
        return "A loop is written {% for goal in goals %}."
    if wrong := re.search("=>|=<", source):
        return f"Write {wrong.group()[::-1]}."
    if re.fullmatch(r"[^\W\d][\w.]*(?: [^\W\d][\w.]*)+", source) and tag.opener == "{{":
        return (
            f"A name has no spaces: write {'_'.join(source.split())}. A filter comes after a bar: {{{{ name|upper }}}}."
        )
    if (error.message or "").endswith("got ':'"):
        return "Write a bar, not a colon, before a filter: {{ today|date }}."
    otherwise = "Look for a word that is misspelt, a missing quote or a missing bracket; or delete the tag."
    return mend(error, sandbox, otherwise)


def names_in(source: str) -> set[str]:
    """Return the words of a tag that may be names: all but those between quotes."""
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", " ", source)
    quoted = re.findall(
        r"(?:attribute\s*=|(?:select|reject)attr\(|groupby\()\s*['\"]([\w.,]+)['\"]|\[\s*['\"](\w+)['\"]\s*\]", source
    )
    return {
        *re.findall(r"[^\W\d]\w*", bare),
        *(word for pair in quoted for text in pair for word in re.findall(r"\w+", text)),
    }

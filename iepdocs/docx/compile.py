"""A part with its tags as compiled Jinja: its XML between the tags, and the tags as they were read, on a line each.

Jinja sees a short sign for each stretch of XML, so that its line numbers are the numbers of the tags; in its syntax
tree the signs become the XML, and each value goes through the filter that puts it into its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import Template as JinjaTemplate
from jinja2 import TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator

from iepdocs.docx.copies import Round
from iepdocs.docx.run import CURRENT, SHORT
from iepdocs.docx.slots import Fault
from iepdocs.reads import names_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jinja2.compiler import Frame
    from jinja2.runtime import Context

    from iepdocs.docx.copies import Copied
    from iepdocs.docx.slots import Slots
    from iepdocs.docx.structure import Blocks
    from iepdocs.reads import NamePath
    from iepdocs.sandbox import Sandbox

INTO = "into the document"
INTO_TEXT = "into a text of the document"
COPY = "as in this round"
_PLACES = {INTO, INTO_TEXT, COPY}
ROUND = "a round begins"
COUNT = "a round is counted"
_SIGN = re.compile("\x01(\\d+)\n?")
_FIRST_LINE = 2


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
    tree: nodes.Template = field(default=None, repr=False)  # type: ignore[assignment]

    @property
    def tags(self) -> list[int]:
        """Return the numbers of its tags as they are written."""
        return [number for number in self.order if number < len(self.slots.tags)]


def source_of(part: Part) -> str:
    """Return a part as Jinja reads it: a sign for each stretch of XML, and each tag on its line."""
    pieces = []
    for at, number in enumerate(part.order):
        pieces.append(f"\x01{at}\n")
        if number >= len(part.slots.tags):
            pieces.append("{{ 0 }}")
        elif number not in part.blocks.raw:
            tag = part.slots.tags[number].tag
            pieces.append("" if tag.opener == "{#" or tag.word in ("raw", "endraw") else tag.jinja)
    return "".join([*pieces, f"\x01{len(part.order)}\n"])


def compile_part(part: Part, sandbox: Sandbox) -> set[NamePath]:
    """Compile a part; return the names that it reads.

    Raises:
        TemplateSyntaxError: where a tag cannot be read; its line is that of the tag.
    """
    tree = sandbox.parse(source_of(part))
    part.tree = tree
    read = names_read(tree)
    _Weaver(part).weave(tree)
    part.template = JinjaTemplate.from_code(sandbox, sandbox.compile(tree, part.name, part.name), dict(sandbox.globals))
    part.may_break = any(
        True for _ in tree.find_all((nodes.FilterBlock, nodes.Macro, nodes.AssignBlock, nodes.CallBlock))
    )
    return read


class Weaving(CodeGenerator):
    """Jinja's code generator, but for what is put into its place as XML: that needs no further escaping."""

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


def _is_placed(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Filter) and node.name in _PLACES


class _Weaver:
    def __init__(self, part: Part) -> None:
        self.part = part

    def weave(self, tree: nodes.Node) -> None:
        for node in tree.find_all(nodes.Output):
            node.nodes = list(self._woven(node.nodes))
        for filtered in tree.find_all(nodes.FilterBlock):
            for data in filtered.find_all(nodes.TemplateData):
                data.data = _by_number(data.data)
        blocks = {copied.block for copied in self.part.copied}
        repeated: list[nodes.For | nodes.Macro | nodes.CallBlock] = [
            *tree.find_all(nodes.For), *tree.find_all(nodes.Macro), *tree.find_all(nodes.CallBlock),
        ]  # fmt: skip
        for block in repeated:
            number = self._number(block.lineno)
            begun: list[nodes.Node] = []
            if not isinstance(block, nodes.CallBlock):
                begun.append(nodes.ExprStmt(_call(COUNT, _length(block)), lineno=block.lineno))
            if number in blocks:
                target = nodes.Name(_round_name(number), "store", lineno=block.lineno)
                begun.append(nodes.Assign(target, _call(ROUND, number), lineno=block.lineno))
            block.body[:0] = begun
        tree.set_environment(tree.environment)  # type: ignore[arg-type]

    def _number(self, line: int) -> int:
        """Return the number of the tag on a line."""
        return self.part.order[line - _FIRST_LINE]

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


def _by_number(xml: str) -> str:
    """Return XML with its entities by number, which a filter for capitals does no harm."""
    return xml.replace("&amp;", "&#38;").replace("&lt;", "&#60;").replace("&gt;", "&#62;").replace("&quot;", "&#34;")


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


def syntax_faults(part: Part, sandbox: Sandbox) -> Iterator[Fault]:
    """Yield a fault for each tag of a part that Jinja cannot read, each looked at by itself."""
    for number in part.tags:
        slot = part.slots.tags[number]
        if number in part.blocks.raw or slot.tag.opener == "{#":
            continue
        try:
            sandbox.parse(_alone(slot.tag.jinja, slot.tag.word))
        except TemplateSyntaxError as error:
            yield Fault(
                f"'{slot.tag.text}' cannot be read: {_plainly(error.message or '')}.",
                _mend(slot.tag.source, error.message or ""),
                "template-syntax",
                slot.spot,
                slot.paragraph,
            )
        except RecursionError:
            yield Fault(
                f"'{slot.tag.text[:80]}' has too many brackets in each other.",
                "Write it shorter.",
                "template-syntax",
                slot.spot,
                slot.paragraph,
            )


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


def _plainly(message: str) -> str:
    """Say Jinja's message to someone who never heard of tokens."""
    said = (
        (r"Expected an expression, got 'end of (?:print|statement).*", "something is missing in it"),
        (r"expected token 'end of print statement', got '(.*)'", r"'\1' does not go with what is before it"),
        (r"expected token 'end of statement block', got '(.*)'", r"'\1' does not go with what is before it"),
        (r"expected token '(\w+)', got '(.*)'", r"'\1' should stand where '\2' is"),
        (r"unexpected '(.*)'", r"'\1' should not stand there"),
        (r"unexpected char '(.*)' at \d+", r"'\1' should not stand there"),
        (r"Encountered unknown tag '(\w+)'.*", r"there is no tag '\1'"),
        (r"No (?:filter|test) named '(.*)'.*", r"there is no '\1'"),
    )
    for pattern, plain in said:
        if re.match(pattern, message, re.DOTALL):
            return re.sub(pattern, plain, message, flags=re.DOTALL)
    return message.rstrip(".")


def _mend(source: str, message: str) -> str:
    if "expected token 'in'" in message:
        return "A loop is written {% for goal in goals %}."
    if not source:
        return "Write a name between the braces, or delete them."
    if source.startswith("if") and re.search(r"[^=!<>]=[^=]", source):
        return "To compare, write two equal signs: {% if area == 'Reading' %}."
    return "Look for a word that is misspelt, a missing quote or a missing bracket; or delete the tag."


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

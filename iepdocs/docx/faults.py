"""What is wrong with a template: all that is against its tags, blocks and filters, in one go."""

from __future__ import annotations

import datetime as dt
import re
from inspect import signature
from typing import TYPE_CHECKING, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from iepdocs.docx.compile import FIRST_LINE, compile_part, read_faulty, syntax_faults
from iepdocs.docx.pictures import is_missing
from iepdocs.docx.printing import FILTERS, FilterError
from iepdocs.docx.structure import unbalanced
from iepdocs.findings import Severity
from iepdocs.reads import ATTRIBUTE_AT
from iepdocs.sandbox import plainly
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from iepdocs.docx.compile import Part
    from iepdocs.docx.slots import Fault, Slot
    from iepdocs.findings import Finding
    from iepdocs.sandbox import Sandbox

_TOO_DEEP = "it has too many brackets, blocks or filters in each other"
_SHORTER = "Write it shorter, in several tags."
_CALLED = {*DEFAULT_NAMESPACE, "caller", "super", "loop"}
_METHODS = {
    *(name for kind in (str, int, float, list, tuple, dict, dt.datetime, dt.time, dt.timedelta) for name in dir(kind)),
    "next", "reset", "cycle", "changed",
}  # fmt: skip
"""What may be called: the methods of plain values, and of Jinja's own `cycler` and `loop`."""
_Node = TypeVar("_Node", bound=nodes.Node)
_OTHER_FILES = (nodes.Import, nodes.FromImport, nodes.Extends)


def compile_all(
    parts: Sequence[Part], odd: Sequence[Fault], sandbox: Sandbox, path: Path, refused: Mapping[str, tuple[str, str]]
) -> tuple[list[Finding], list[Finding]]:
    """Compile the parts of a template.

    Args:
        parts: the parts that have tags.
        odd: what is odd in the others.
        sandbox: what runs them.
        path: the template's file; a picture that a tag names is looked for in its folder.
        refused: why pieces could not be taken in, with the mend, by the words of the tags.

    Returns:
        what keeps the template from being rendered, and what is odd in it and yet can be.
    """
    faults: list[Fault] = []
    for part in parts:
        faults += _compiled(part, sandbox)
        if not part.blocks.faults:  # else which tag closes which is a guess
            faults += unbalanced(part.literals, part.order, part.blocks, part.slots)
        if part.nodes is not None:
            try:
                faults += [*_unknown(part, sandbox), *_forbidden(part), *_without_file(part, path.parent)]
                faults += [*_not_taken_in(part, refused), *_no_functions(part), *_wrong_arguments(part, sandbox)]
            except RecursionError:
                faults.append(
                    _slot(part, FIRST_LINE).fault(f"A tag cannot be read: {_TOO_DEEP}.", _SHORTER, "template-syntax")
                )
    findings = list(dict.fromkeys(fault.finding(path.name) for fault in (*faults, *odd)))
    return (
        [finding for finding in findings if finding.severity is Severity.ERROR],
        [finding for finding in findings if finding.severity is not Severity.ERROR],
    )


def _compiled(part: Part, sandbox: Sandbox) -> list[Fault]:
    """Compile a part, and return the faults of its tags and blocks; where there are errors it is only read."""
    faults = [*part.slots.faults, *part.blocks.faults]
    odd: TemplateSyntaxError | None = None
    if all(fault.severity is not Severity.ERROR for fault in faults):
        try:
            compile_part(part, sandbox)
        except TemplateSyntaxError as error:
            odd = error
        except (RecursionError, SyntaxError, MemoryError):
            odd = TemplateSyntaxError(_TOO_DEEP, FIRST_LINE)
        else:
            return faults
    unreadable = dict(syntax_faults(part, sandbox))
    read_faulty(part, sandbox, unreadable)
    faults += unreadable.values()
    if odd and not unreadable and not any(_unknown(part, sandbox)):
        slot = _slot(part, odd.lineno)
        faults.append(
            slot.fault(
                f"'{slot.tag.text}' cannot be read: {plainly(odd)}.",
                "Look for a tag that is misspelt, not closed, or closed twice.",
                "template-syntax",
            )
        )
    return faults


def _unknown(part: Part, sandbox: Sandbox) -> Iterator[Fault]:
    """Yield a fault for every filter and test that there is not."""
    known = {"filter": sandbox.filters, "test": sandbox.tests}
    for node in _all(part, nodes.Filter, nodes.Test):
        what = type(node).__name__.lower()
        if node.name not in known[what]:
            names = [name for name in known[what] if " " not in name]
            mend = did_you_mean(node.name, names, "Mend or delete it.")
            yield _slot(part, node.lineno).fault(f"There is no {what} '{node.name}'.", mend, f"{what}-unknown")


def _forbidden(part: Part) -> Iterator[Fault]:
    """Yield a fault for what no template may do: reach for Python's insides, switch the escaping off, import."""
    for node in _all(part, nodes.Getattr, nodes.Getitem, nodes.Filter):
        for attribute in _attributes(node):
            if attribute.startswith("_"):
                message = f"A template may not ask for '{attribute}'."
                yield _slot(part, node.lineno).fault(message, "Delete the tag.", "template-forbidden")
    for switch in _all(part, nodes.EvalContextModifier):
        message = "A template may not switch the escaping of values off ('autoescape')."
        yield _slot(part, switch.lineno).fault(message, "Delete the tag.", "template-forbidden")
    for other in _all(part, *_OTHER_FILES):
        message = f"A template cannot take in another one like this ('{type(other).__name__.lower()}')."
        mend = "Put what is wanted into a piece, and write {% include 'its name' %}."
        yield _slot(part, other.lineno).fault(message, mend, "template-forbidden")


def _without_file(part: Part, folder: Path) -> Iterator[Fault]:
    """Yield a fault for every picture that a tag names and whose file is not there."""
    for node in _all(part, nodes.Filter):
        if node.name == "image" and isinstance(node.node, nodes.Const) and is_missing(str(node.node.value), folder):
            message = f"There is no picture '{node.node.value}' in the template's folder."
            mend = "Put the picture there, mend its name, or delete the tag."
            yield _slot(part, node.lineno).fault(message, mend, "picture-missing")


def _no_functions(part: Part) -> Iterator[Fault]:
    """Yield a fault for every name that is called and can be no function."""
    own = {name.name for name in _all(part, nodes.Name) if name.ctx != "load"}
    own |= {macro.name for macro in _all(part, nodes.Macro)} | _CALLED
    blocks = {block.name for block in _all(part, nodes.Block)}  # called as self.name()
    for call in _all(part, nodes.Call):
        called = call.node
        name = called.attr if isinstance(called, nodes.Getattr) else getattr(called, "name", "")
        known = _METHODS | blocks if isinstance(called, nodes.Getattr) else own
        if name and name not in known:
            message = f"'{name}' is no function, and cannot be called."
            mend = f"Write {name} without the brackets; a filter comes after a bar: {{{{ name|upper }}}}."
            yield _slot(part, call.lineno).fault(message, mend, "template-forbidden")


def _wrong_arguments(part: Part, sandbox: Sandbox) -> Iterator[Fault]:
    """Yield a fault for every filter of iepdocs that is given what it cannot take, as far as that is written out."""
    for node in _all(part, nodes.Filter):
        if node.name not in (*FILTERS, "image") or node.dyn_args or node.dyn_kwargs:
            continue
        named = {str(one.key): one.value for one in node.kwargs}
        of = sandbox.filters[node.name]
        try:
            signature(of).bind(None, *node.args, **named)
            if all(isinstance(one, nodes.Const) for one in (*node.args, *named.values())):
                constants = [one.value for one in node.args if isinstance(one, nodes.Const)]
                of("", *constants, **{key: one.value for key, one in named.items() if isinstance(one, nodes.Const)})
        except TypeError:
            wrong = [key for key in named if key not in signature(of).parameters]
            message = f"The filter '{node.name}' cannot be used like this."
            taken = list(signature(of).parameters)[1:]
            mend = f"It takes {', '.join(taken) or 'nothing'} in its brackets."
            if wrong and taken:
                mend = did_you_mean(wrong[0], taken, mend)
            yield _slot(part, node.lineno).fault(message, mend, "filter-arguments")
        except FilterError as error:
            message = f"The filter '{node.name}' cannot be used like this: it {error}."
            yield _slot(part, node.lineno).fault(message, "Mend what is in its brackets.", "filter-arguments")


def _not_taken_in(part: Part, refused: Mapping[str, tuple[str, str]]) -> Iterator[Fault]:
    """Yield a fault for every piece that is named and was not taken in."""
    alone = "A piece stands alone in its paragraph.", "Put the tag into a paragraph of its own."
    for node in _all(part, nodes.Include):
        slot = _slot(part, node.lineno)
        yield slot.fault(*refused.get(slot.tag.source, alone), "piece-refused")


def _all(part: Part, *kinds: type[_Node]) -> Iterator[_Node]:
    """Yield what there is of some kinds in a part."""
    return (node for node in part.nodes or () if isinstance(node, kinds))


def _slot(part: Part, line: int) -> Slot:
    """Return the tag on a line of a part's source."""
    number = part.number_at(line)
    return part.slots.tags[number if number < len(part.slots.tags) else part.tags[0]]


def _attributes(node: nodes.Node) -> list[str]:
    """Return the attributes that a node asks for by name, as far as these are written out."""
    if isinstance(node, nodes.Getattr):
        return [node.attr]
    if isinstance(node, nodes.Getitem):
        return [node.arg.value] if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else []
    if isinstance(node, nodes.Filter):
        return [step for text in _named(node) for step in re.split(r"[.,]", text)]
    return []


def _named(node: nodes.Filter) -> Iterator[str]:
    """Yield what a filter is given as the name of an attribute, as far as it is written out."""
    given = [argument.value for argument in node.kwargs if argument.key == "attribute"]
    if node.name == "map" and isinstance(node.args[0] if node.args else None, nodes.Const):
        given += node.args[1:] if node.args[0].as_const() == "attr" else []
    elif (at := {"attr": 0, **ATTRIBUTE_AT}.get(node.name)) is not None:
        given += node.args[at : at + 1]
    for argument in given:
        constants = [argument] if isinstance(argument, nodes.Const) else argument.find_all(nodes.Const)
        yield from (str(constant.value) for constant in constants)

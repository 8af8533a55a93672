"""Which names of its context a template reads, followed through its loops, assignments and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable

NamePath = tuple[str, ...]
"""A name as a template reaches it: `student.last_name` is `('student', 'last_name')`, the area of any goal is
`('goals', ITEM, 'area')`, and a goal handed on to where it cannot be followed is `('goals', ITEM, ALL)`."""

ITEM = "[]"
SOME = "[?]"
"""An item of a list or a field of a record, by a name or number that is not known before the template runs."""
ALL = "*"

_GROUPS = "<groups>"
"""What `groupby` makes of a list: pairs of a value and the list of items that have it."""
_LISTS = "<lists>"
"""What `batch` and `slice` make of a list, and `map` of a list of records: lists of the items."""

_KEEPS_THE_LIST = {"sort", "select", "reject", "selectattr", "rejectattr", "list", "reverse", "unique"}
_TAKES_AN_ITEM = {"first", "last", "random", "min", "max"}
ATTRIBUTE_AT = {
    "selectattr": 0, "rejectattr": 0, "groupby": 0, "sum": 0, "join": 1, "unique": 1, "min": 1, "max": 1, "sort": 2,
}  # fmt: skip
"""Which argument of a filter names a field of its items."""
_MAKES_LISTS = {"batch": _LISTS, "slice": _LISTS, "groupby": _GROUPS}
_LOOKS_NO_DEEPER = {"length", "count", "join", "sum", "string"}

_Paths = frozenset[NamePath]
_Scope = dict[str, _Paths]
"""What each name stands for where the template has bound it; nothing for what is no name of the context."""

_NOTHING: _Paths = frozenset()


def names_read(template: nodes.Template, scope: _Scope | None = None) -> set[NamePath]:
    """Return every name of the context that a parsed template reads.

    Functions of Jinja's own (`range`, `loop`, …) and names that the template makes itself are not among them.

    Args:
        template: the template.
        scope: what names have been made before it; to these are added those that it makes.
    """
    return set(lines_read(template, scope))


def lines_read(template: nodes.Template, scope: _Scope | None = None) -> dict[NamePath, set[int]]:
    """Return every name of the context that a parsed template reads, each with the lines that do."""
    walker = _Walker()
    walker.visit(template, {} if scope is None else scope)
    return walker.read


class _Walker:
    def __init__(self) -> None:
        self.read: dict[NamePath, set[int]] = {}
        self.line = 1

    def _note(self, paths: Iterable[NamePath]) -> None:
        for path in paths:
            self.read.setdefault(path, set()).add(self.line)

    def visit(self, node: nodes.Node, scope: _Scope) -> None:
        self.line = node.lineno or self.line
        match node:
            case nodes.Expr():
                self.value(node, scope)
            case nodes.For():
                self._for(node, scope)
            case nodes.If():
                self._if(node, scope)
            case nodes.Assign():
                self._bind(node.target, self.value(node.node, scope), scope)
            case nodes.AssignBlock():
                self._bind(node.target, _NOTHING, scope)
                self._all(node.body, dict(scope))
            case nodes.With():
                inner = dict(scope)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._bind(target, self.value(value, scope), inner)
                self._all(node.body, inner)
            case nodes.Macro():
                scope[node.name] = _NOTHING
                self._function(node, scope)
            case nodes.CallBlock():
                self.visit(node.call, scope)
                self._function(node, scope)
            case _:
                inner = dict(scope) if isinstance(node, nodes.Scope | nodes.ScopedEvalContextModifier) else scope
                self._all(node.iter_child_nodes(), inner)

    def value(self, node: nodes.Node, scope: _Scope) -> _Paths:
        """Note what an expression reads; return the names whose value it may be."""
        self.line = node.lineno or self.line
        match node:
            case nodes.Name():
                own = _NOTHING if node.name in DEFAULT_NAMESPACE else frozenset({(node.name,)})
                paths = scope.get(node.name, own)
            case nodes.Getattr():
                paths = _below(self.value(node.node, scope), node.attr)
            case nodes.Getitem():
                paths = self._item(node, scope)
            case nodes.Filter() if node.node is not None:
                paths = self._filter(node, node.node, scope)
            case nodes.CondExpr():
                self.visit(node.test, scope)
                paths = self._either([node.expr1, *([node.expr2] if node.expr2 else [])], scope)
            case nodes.Or() | nodes.And() | nodes.Add():
                paths = self._either([node.left, node.right], scope)
            case nodes.Call():
                paths = _NOTHING
                called = node.node.node if isinstance(node.node, nodes.Getattr) else node.node
                self.value(called, scope)
                self._hand_on([*node.args, *node.kwargs, node.dyn_args, node.dyn_kwargs], scope)
            case nodes.List() | nodes.Tuple() | nodes.Dict():
                paths = _NOTHING
                self._hand_on(node.items, scope)
            case _:
                paths = _NOTHING
                self._all(node.iter_child_nodes(), scope)
        if paths:
            self._note(path for path in paths if _GROUPS not in path and _LISTS not in path)
        return paths

    def _all(self, many: Iterable[nodes.Node], scope: _Scope) -> None:
        for node in many:
            if not isinstance(node, nodes.Include):  # a piece that was not taken in: of that another finding tells
                self.visit(node, scope)

    def _either(self, many: Iterable[nodes.Node], scope: _Scope) -> _Paths:
        return _NOTHING.union(*(self.value(node, scope) for node in many))

    def _hand_on(self, many: Iterable[nodes.Node | None], scope: _Scope) -> None:
        """Note that everything of these values may be read."""
        for node in many:
            if isinstance(node, nodes.Keyword | nodes.Pair):
                self._hand_on([node.value], scope)
            elif node is not None:
                paths = self.value(node, scope)
                self._note((*(word for word in path if word not in (_GROUPS, _LISTS)), ALL) for path in paths)

    def _item(self, node: nodes.Getitem, scope: _Scope) -> _Paths:
        base = self.value(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return _below(base, node.arg.value)
        self.visit(node.arg, scope)
        if isinstance(node.arg, nodes.Slice):
            return base
        return _below(base, ITEM if isinstance(node.arg, nodes.Const | nodes.Neg) else SOME)

    def _filter(self, node: nodes.Filter, of: nodes.Expr, scope: _Scope) -> _Paths:
        base = self.value(of, scope)
        fields = self._attributes(node, base)
        if node.name in ("default", "d"):
            return base | self._either(node.args, scope)
        self._hand_on([*node.args, *node.kwargs], scope)
        if node.name in _KEEPS_THE_LIST:
            return base
        if node.name in _TAKES_AN_ITEM:
            return _below(base, ITEM)
        if node.name in _MAKES_LISTS:
            return _below(base, _MAKES_LISTS[node.name])
        if node.name == "map" and fields:
            return _below(fields, _LISTS)
        if node.name not in _LOOKS_NO_DEEPER:
            self._hand_on([of], scope)
        return _NOTHING

    def _attributes(self, node: nodes.Filter, base: _Paths) -> _Paths:
        """Note the fields of its items that a filter of a list looks at, as in `sort(attribute='area,goal')`."""
        given = [arg.value for arg in node.kwargs if arg.key == "attribute"]
        if node.name in ATTRIBUTE_AT:
            place = ATTRIBUTE_AT[node.name]
            given += node.args[place : place + 1]
        fields: set[NamePath] = set()
        for attribute in given:
            if isinstance(attribute, nodes.Const) and isinstance(attribute.value, str):
                for one in attribute.value.split(","):
                    fields |= {(*path, *one.strip().split(".")) for path in _below(base, ITEM)}
            elif not isinstance(attribute, nodes.Const):
                fields |= _below(_below(base, ITEM), SOME)
        self._note(fields)
        return frozenset(fields)

    def _for(self, node: nodes.For, scope: _Scope) -> None:
        items = _below(self.value(node.iter, scope), ITEM)
        inner: _Scope = {**scope, "loop": _NOTHING}
        self._bind(node.target, items, inner)
        self._all([*node.body, *([node.test] if node.test else [])], inner)
        self._all(node.else_, scope)

    def _if(self, node: nodes.If, scope: _Scope) -> None:
        """Follow each branch by itself; after them a name may stand for what any of them has made it."""
        self.visit(node.test, scope)
        branches = [dict(scope), dict(scope), *(dict(scope) for _ in node.elif_)]
        self._all(node.body, branches[0])
        self._all(node.else_, branches[1])
        for other, inner in zip(node.elif_, branches[2:], strict=True):
            self._if(other, inner)
        for name in {name for branch in branches for name in branch}:
            scope[name] = _NOTHING.union(*(branch[name] for branch in branches if name in branch))

    def _function(self, node: nodes.Macro | nodes.CallBlock, scope: _Scope) -> None:
        own = dict.fromkeys(("caller", "varargs", "kwargs", *(arg.name for arg in node.args)), _NOTHING)
        self._all([*node.defaults, *node.body], {**scope, **own})

    def _bind(self, target: nodes.Node, paths: _Paths, scope: _Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = paths
            return
        names = [name.name for name in target.find_all(nodes.Name)]
        groups = frozenset(path[:-2] for path in paths if path[-2:] == (_GROUPS, ITEM))
        self._note((*path, ALL) for path in paths if path[-2:] != (_GROUPS, ITEM))
        scope.update(dict.fromkeys(names, _NOTHING))
        if len(names) > 1:
            scope[names[1]] = groups


def _below(paths: _Paths, word: str) -> _Paths:
    """Return the names one step further."""
    found = set()
    for path in paths:
        if path[-2:] == (_GROUPS, ITEM):
            if word == "list":
                found.add(path[:-2])
        elif path[-1] == _LISTS and word in (ITEM, SOME):
            found.add(path[:-1])
        else:
            found.add((*path, word))
    return frozenset(found)

"""The Jinja sandbox in which everything from outside runs: templates, and the expressions of packs."""

from __future__ import annotations

import datetime as dt
from inspect import signature
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, Undefined, nodes, pass_environment
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import do_sort, make_attrgetter
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Path = tuple[str, ...]
"""A name as a template reaches it: `student.last_name` is `('student', 'last_name')`, and the area of any
goal is `('goals', ITEM, 'area')`."""

Scope = dict[str, Path | None]
"""What each name stands for where a template has bound it; None for what is no name of the context."""

ITEM = "[]"

_GROUPS = "<groups>"
"""Stands in a path for what `groupby` makes of a list: pairs of a value and the items that have it."""

_PLAIN = (str, int, float, bool, dt.date, dt.time, dt.timedelta, list, tuple, dict)
_OWN = (*DEFAULT_NAMESPACE.values(), safe_range)
_KEEP_THE_LIST = {"sort", "select", "reject", "selectattr", "rejectattr", "list", "reverse", "unique"}
_TAKE_AN_ITEM = {"first", "last", "random", "min", "max"}
_ATTRIBUTE_FIRST = {"selectattr", "rejectattr", "groupby", "sum"}


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, narrower: only Jinja's own functions and the methods of plain values are called.

    Nothing that a template is given can be changed by it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters["sort"] = _sort

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow a call to Jinja's own, and to the safe methods of text, numbers, dates, lists and dicts."""
        if not super().is_safe_callable(obj):
            return False
        method = getattr(obj, "__wrapped__", obj)  # Jinja wraps str.format to keep it safe
        if isinstance(getattr(method, "__self__", None), _PLAIN) or obj in _OWN:
            return True
        module = getattr(obj, "__module__", None) or type(obj).__module__
        return module.startswith("jinja2.")


@pass_environment
def _sort(environment: Environment, value: Any, *options: Any, **named: Any) -> list[Any]:
    """Sort as Jinja does, with items that are blank where they are compared first."""
    bound = signature(do_sort).bind(environment, value, *options, **named)
    get = make_attrgetter(environment, bound.arguments.get("attribute"))
    items = list(value)
    blank = [item for item in items if get(item) in ("", None) or isinstance(get(item), Undefined)]
    filled = [item for item in items if item not in blank]
    ordered = do_sort(environment, filled, *options, **named)
    return [*ordered, *blank] if bound.arguments.get("reverse") else [*blank, *ordered]


class Expression:
    """A Jinja expression of a pack, compiled once.

    Args:
        source: the expression, such as `plan_type == 'IEP'`.

    Raises:
        jinja2.TemplateSyntaxError: where it is none.
    """

    _sandbox = Sandbox()

    def __init__(self, source: str) -> None:
        self.source = source
        self.paths = used_paths(self._sandbox.parse("{{ " + source + " }}"))
        self._run = self._sandbox.compile_expression(source)

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """Return the expression's value with `names`; an undefined one is None."""
        return self._run(names)


def used_paths(template: nodes.Template) -> set[Path]:
    """Return every name that a parsed template reads, followed through its loops and assignments.

    Functions of Jinja's own (`range`, `loop`, …) are not among them.
    """
    walker = _Walker()
    walker.visit(template, {})
    return walker.paths


class _Walker:
    def __init__(self) -> None:
        self.paths: set[Path] = set()

    def visit(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.For():
                self._for(node, scope)
            case nodes.Assign():
                self._bind(node.target, self.expression(node.node, scope), scope)
            case nodes.AssignBlock():
                self._bind(node.target, None, scope)
                self._all(node.body, dict(scope))
            case nodes.With():
                inner = dict(scope)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._bind(target, self.expression(value, scope), inner)
                self._all(node.body, inner)
            case nodes.Macro():
                scope[node.name] = None
                self._function(node, scope)
            case nodes.CallBlock():
                self.visit(node.call, scope)
                self._function(node, scope)
            case nodes.Expr():
                self.expression(node, scope)
            case _:
                inner = dict(scope) if isinstance(node, nodes.Scope | nodes.ScopedEvalContextModifier) else scope
                self._all(node.iter_child_nodes(), inner)

    def _all(self, many: Iterable[nodes.Node], scope: Scope) -> None:
        for node in many:
            self.visit(node, scope)

    def expression(self, node: nodes.Node, scope: Scope) -> Path | None:
        """Note what an expression reads; return its path if it is a plain name."""
        if isinstance(node, nodes.Name):
            path = scope.get(node.name, None if node.name in DEFAULT_NAMESPACE else (node.name,))
        elif isinstance(node, nodes.Getattr):
            path = self._below(self.expression(node.node, scope), node.attr)
        elif isinstance(node, nodes.Getitem):
            path = self._item(node, scope)
        elif isinstance(node, nodes.Filter) and node.node is not None:
            path = self._filter(node, node.node, scope)
        else:
            path = None
            if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
                self.expression(node.node.node, scope)
                children = [child for child in node.iter_child_nodes() if child is not node.node]
            else:
                children = list(node.iter_child_nodes())
            for child in children:
                self.visit(child, scope)
        if path and _GROUPS not in path:
            self.paths.add(path)
        return path

    def _below(self, base: Path | None, name: str) -> Path | None:
        if base and base[-2:] == (_GROUPS, ITEM):
            return base[:-2] if name == "list" else None
        return (*base, name) if base else None

    def _item(self, node: nodes.Getitem, scope: Scope) -> Path | None:
        base = self.expression(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._below(base, node.arg.value)
        self.visit(node.arg, scope)
        return base if isinstance(node.arg, nodes.Slice) else self._below(base, ITEM)

    def _filter(self, node: nodes.Filter, of: nodes.Expr, scope: Scope) -> Path | None:
        base = self.expression(of, scope)
        for child in [*node.args, *node.kwargs]:
            self.visit(child, scope)
        items = self._below(base, ITEM)
        attribute = next((arg.value for arg in node.kwargs if arg.key == "attribute"), None)
        if node.name in _ATTRIBUTE_FIRST and node.args:
            attribute = node.args[0]
        if items and isinstance(attribute, nodes.Const) and isinstance(attribute.value, str):
            self.paths.add((*items, *attribute.value.split(".")))
        if node.name in _KEEP_THE_LIST:
            return base
        if node.name == "groupby":
            return self._below(base, _GROUPS)
        return items if node.name in _TAKE_AN_ITEM else None

    def _for(self, node: nodes.For, scope: Scope) -> None:
        items = self._below(self.expression(node.iter, scope), ITEM)
        inner: Scope = {**scope, "loop": None}
        self._bind(node.target, items, inner)
        self._all([*node.body, *([node.test] if node.test else [])], inner)
        self._all(node.else_, scope)

    def _function(self, node: nodes.Macro | nodes.CallBlock, scope: Scope) -> None:
        inner: Scope = {**scope, **{arg.name: None for arg in node.args}, "caller": None}
        self._all([*node.defaults, *node.body], inner)

    def _bind(self, target: nodes.Node, path: Path | None, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = path
            return
        names = list(target.find_all(nodes.Name))
        scope.update(dict.fromkeys((name.name for name in names), None))
        if path and path[-2:] == (_GROUPS, ITEM) and len(names) > 1:
            scope[names[1].name] = path[:-2]

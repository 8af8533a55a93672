"""The Jinja sandbox in which everything from outside runs: templates, and the expressions of packs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.sandbox import SandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str, ...]
"""A name as a template reaches it: `student.last_name` is `('student', 'last_name')`, and the area of any
goal is `('goals', ITEM, 'area')`."""

ITEM = "[]"

_PLAIN = (str, int, float, bool, dt.date, dt.time, dt.timedelta, list, tuple, dict)
_KEEP_THE_LIST = {"sort", "select", "reject", "selectattr", "rejectattr", "list", "reverse", "unique"}
_TAKE_AN_ITEM = {"first", "last", "random", "min", "max"}


class Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, narrower: only Jinja's own functions and the methods of plain values are called."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow a call to Jinja's own, and to the safe methods of text, numbers, dates, lists and dicts."""
        if not super().is_safe_callable(obj):
            return False
        if isinstance(getattr(obj, "__self__", None), _PLAIN):
            return True
        module = getattr(obj, "__module__", None) or type(obj).__module__
        return module.startswith("jinja2.")


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

    def visit(self, node: nodes.Node, scope: dict[str, Path | None]) -> None:
        if isinstance(node, nodes.For):
            self._for(node, scope)
        elif isinstance(node, nodes.Assign):
            self._assign(node, scope)
        elif isinstance(node, nodes.Macro):
            self._macro(node, scope)
        elif isinstance(node, nodes.Expr):
            self.expression(node, scope)
        else:
            inner = dict(scope) if isinstance(node, nodes.Scope | nodes.ScopedEvalContextModifier) else scope
            for child in node.iter_child_nodes():
                self.visit(child, inner)

    def expression(self, node: nodes.Node, scope: dict[str, Path | None]) -> Path | None:
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
        if path:
            self.paths.add(path)
        return path

    def _below(self, base: Path | None, name: str) -> Path | None:
        return (*base, name) if base else None

    def _item(self, node: nodes.Getitem, scope: dict[str, Path | None]) -> Path | None:
        base = self.expression(node.node, scope)
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._below(base, node.arg.value)
        self.visit(node.arg, scope)
        return base if isinstance(node.arg, nodes.Slice) else self._below(base, ITEM)

    def _filter(self, node: nodes.Filter, of: nodes.Expr, scope: dict[str, Path | None]) -> Path | None:
        base = self.expression(of, scope)
        for child in [*node.args, *node.kwargs]:
            self.visit(child, scope)
        items = self._below(base, ITEM)
        attribute = next((arg.value for arg in node.kwargs if arg.key == "attribute"), None)
        if node.name in {"selectattr", "rejectattr"} and node.args:
            attribute = node.args[0]
        if items and isinstance(attribute, nodes.Const) and isinstance(attribute.value, str):
            self.paths.add((*items, *attribute.value.split(".")))
        if node.name in _KEEP_THE_LIST:
            return base
        return items if node.name in _TAKE_AN_ITEM else None

    def _for(self, node: nodes.For, scope: dict[str, Path | None]) -> None:
        items = self._below(self.expression(node.iter, scope), ITEM)
        inner: dict[str, Path | None] = {**scope, "loop": None}
        self._bind(node.target, items, inner)
        for child in [*node.body, *([node.test] if node.test else [])]:
            self.visit(child, inner)
        for child in node.else_:
            self.visit(child, scope)

    def _assign(self, node: nodes.Assign, scope: dict[str, Path | None]) -> None:
        self._bind(node.target, self.expression(node.node, scope), scope)

    def _macro(self, node: nodes.Macro, scope: dict[str, Path | None]) -> None:
        scope[node.name] = None
        inner = {**scope, **{arg.name: None for arg in node.args}, "caller": None}
        for child in [*node.defaults, *node.body]:
            self.visit(child, inner)

    def _bind(self, target: nodes.Node, path: Path | None, scope: dict[str, Path | None]) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = path
        else:
            for name in target.find_all(nodes.Name):
                scope[name.name] = None

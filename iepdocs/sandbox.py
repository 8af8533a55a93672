"""The Jinja sandbox in which everything from outside runs: templates, and the expressions of packs."""

from __future__ import annotations

import datetime as dt
from inspect import signature
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, Undefined, pass_environment
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import do_sort, make_attrgetter
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from iepdocs.reads import names_read

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = (str, int, float, bool, dt.date, dt.time, dt.timedelta, list, tuple, dict)
_OWN = (*DEFAULT_NAMESPACE.values(), safe_range)


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
        self.paths = names_read(self._sandbox.parse("{{ " + source + " }}"))
        self._run = self._sandbox.compile_expression(source)

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """Return the expression's value with `names`; an undefined one is None."""
        return self._run(names)

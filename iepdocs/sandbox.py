"""The Jinja sandbox in which everything from outside runs: templates, and the expressions of packs."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, TemplateSyntaxError, Undefined, nodes, pass_context, pass_environment
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import do_sort, make_multi_attrgetter
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from iepdocs.bounds import hold_call, hold_filters, hold_operation
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.reads import names_read
from iepdocs.text import did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_TOO_DEEP = (RecursionError, MemoryError, SyntaxError)
"""What Python raises at far too many brackets in each other."""
_DEEP = "it has too much in each other"
_SHOWN = 40

_PLAIN = (str, int, float, bool, dt.date, dt.time, dt.timedelta, list, tuple, dict)
_OF_DICTS = frozenset(dir(dict))
_WANTS_MORE = "jinja_pass_arg"
"""What Jinja marks a filter or test with that wants its environment or context before its arguments."""
_OWN = (*DEFAULT_NAMESPACE.values(), safe_range)


class Blank(str):
    """What a blank cell is: it prints nothing, is false and `none`, and compares with nothing."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __reduce__(self) -> str:
        return "BLANK"  # there is one, also in copies


BLANK = Blank()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, narrower: only Jinja's own functions and the methods of plain values are called.

    Nothing that a template is given can be changed by it. Functions marked `for_rules` are those that the rules have.
    """

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters["sort"] = _sort
        self.filters["selectattr"] = _picking(self.filters["selectattr"], keep=True)
        self.filters["rejectattr"] = _picking(self.filters["rejectattr"], keep=False)
        hold_filters(self.filters)
        self.tests["none"] = lambda value: value is None or value is BLANK

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute or else an item, as Jinja does.

        An item of a dict, and of what has nothing but such fields, without looking for an attribute first.
        """
        if obj.__class__ is dict and attribute not in _OF_DICTS and attribute in obj:
            return obj[attribute]
        if getattr(obj.__class__, "has_fields_alone", False) and attribute[:1] != "_":
            try:
                return obj[attribute]
            except LookupError:
                return self.getitem(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Work out a sum, product, power or remainder, but none that would make something huge."""
        hold_operation(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *arguments: Any, **named: Any) -> Any:
        """Call what a template may call, unless it would make something huge, as nothing does that the rules have."""
        if not named and getattr(obj, "for_rules", False) is True:
            return obj(*arguments)
        hold_call(obj, arguments, named)
        return super().call(context, obj, *arguments, **named)

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow a call to Jinja's own, and to the safe methods of text, numbers, dates, lists and dicts."""
        if not super().is_safe_callable(obj):
            return False
        if getattr(obj, "for_rules", False) is True:
            return True
        method = getattr(obj, "__wrapped__", obj)  # Jinja wraps str.format to keep it safe
        if isinstance(getattr(method, "__self__", None), _PLAIN) or obj in _OWN:
            return True
        module = getattr(obj, "__module__", None) or type(obj).__module__
        return module.startswith("jinja2.")


@pass_environment
def _sort(
    environment: Environment,
    value: Any,
    reverse: bool = False,  # noqa: FBT001, FBT002  (the arguments are those of Jinja's filter)
    case_sensitive: bool = False,  # noqa: FBT001, FBT002
    attribute: str | int | None = None,
) -> list[Any]:
    """Sort as Jinja does, with items that are blank where they are compared first."""
    get = make_multi_attrgetter(environment, attribute)
    blank: list[Any] = []
    filled: list[Any] = []
    for item in value:
        (blank if any(map(_is_blank, get(item))) else filled).append(item)
    ordered = do_sort(environment, filled, reverse, case_sensitive, attribute)
    return [*ordered, *blank] if reverse else [*blank, *ordered]


def _picking(of: Callable[..., Any], *, keep: bool) -> Callable[..., Any]:
    """Return Jinja's filter that picks by an attribute, without its detours where these make no difference."""

    @pass_context
    def picking(context: Context, value: Any, *arguments: Any, **named: Any) -> Any:
        attribute, name, *given = arguments if len(arguments) > 1 else (None, None)
        test: Any = context.environment.tests.get(name) if isinstance(name, str) else None
        plain = isinstance(attribute, str) and attribute.isidentifier() and not named
        if test is None or hasattr(test, _WANTS_MORE) or not plain:
            return of(context, value, *arguments, **named)
        return _picked(value, attribute, context.environment.getitem, test, given, keep=keep)

    return picking


def _picked(
    value: Any, attribute: Any, get: Callable[..., Any], test: Callable[..., Any], given: list[Any], *, keep: bool
) -> Iterator[Any]:
    for item in value or ():
        if bool(test(get(item, attribute), *given)) is keep:
            yield item


def _is_blank(value: Any) -> bool:
    return value is None or (not value if isinstance(value, Undefined) else value == "")  # asked, so that it is noted


_RESULT = "result"


def _read_expression(sandbox: Sandbox, source: str) -> nodes.Expr:
    """Return the syntax tree of an expression that stands alone."""
    parser = Parser(sandbox, source, state="variable")
    expression = parser.parse_expression()
    if not parser.stream.eos:
        raise TemplateSyntaxError("chunk after expression", parser.stream.current.lineno)
    expression.set_environment(sandbox)
    return expression


def _is_one_value(tree: nodes.Template) -> bool:
    match tree.body:
        case [nodes.Output(nodes=[nodes.Expr() as value])]:
            return not isinstance(value, nodes.Tuple)
    return False


_SURELY_COMPILES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For)
_DEPTH = 25


def _surely_compiles(node: nodes.Node, sandbox: Sandbox, depth: int = 0) -> bool:
    """Tell whether what was read of a source is so plain that neither Jinja nor Python refuses to compile it."""
    match node:
        case nodes.Filter(name=name) if name not in sandbox.filters:
            return False
        case nodes.Test(name=name) if name not in sandbox.tests:
            return False
        case nodes.Call(kwargs=[_, _, *_]) | nodes.Filter(kwargs=[_, _, *_]):
            return False  # a name given twice
        case nodes.Stmt() | nodes.Template() if not isinstance(node, _SURELY_COMPILES):
            return False
    return depth < _DEPTH and all(_surely_compiles(below, sandbox, depth + 1) for below in node.iter_child_nodes())


class _Names(Context):
    """A context of some names and nothing else: made in a fifth of the time."""

    def __init__(self, names: Mapping[str, Any], settings: nodes.EvalContext) -> None:
        self.parent = names  # type: ignore[assignment]
        self.vars = {}
        self.environment = settings.environment
        self.eval_ctx = settings
        self.exported_vars = set()
        self.name = None
        self.globals_keys = set()
        self.blocks = {}


class _Compiled:
    """A template that is run with many contexts, each of nothing but the names that it is given.

    Attributes:
        run: what runs it with a context, and yields its text.
    """

    def __init__(self, sandbox: Sandbox, tree: nodes.Template) -> None:
        self._settings = nodes.EvalContext(sandbox)
        named = {node.name for node in tree.find_all(nodes.Name)}
        self._own = {name: one for name, one in sandbox.globals.items() if name in named}
        self.run: Callable[[Context], Iterator[str]] = sandbox.from_string(tree).root_render_func

    def context(self, names: Mapping[str, Any]) -> Context:
        """Return a context with `names`, over those of Jinja's own functions that it calls."""
        names = {**self._own, **names} if self._own else names
        return _Names(names, self._settings)


class Expression:
    """A Jinja expression of a pack, compiled once, when it is first asked.

    Args:
        source: the expression, such as `plan_type == 'IEP'`.
        place: the file and key where it stands.

    Attributes:
        paths: the names that it reads.

    Raises:
        IepdocsError: where it is no expression.
    """

    _sandbox = Sandbox()

    def __init__(self, source: str, place: FilePlace) -> None:
        self.source = source
        self.place = place
        try:
            self.paths = names_read(self.tree)
            if not (_is_one_value(self.tree) and _surely_compiles(self.tree, self._sandbox)):
                _ = self._template
        except TemplateSyntaxError as error:
            raise self._error(
                f"'{source}' is no expression: {plainly(error)}.",
                mend(error, self._sandbox, "Write it as in a template's {% if … %}, without the braces."),
            ) from None
        except _TOO_DEEP:
            raise self._error(f"'{source[:_SHOWN]}…' is no expression: {_DEEP}.", "Write it shorter.") from None

    @cached_property
    def tree(self) -> nodes.Template:
        """Its syntax tree."""
        return self._sandbox.parse("{{ " + self.source + " }}")

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is made from: it is compiled anew where it arrives."""
        return {"source": self.source, "place": self.place, "paths": self.paths}

    @cached_property
    def _template(self) -> _Compiled:
        # what Jinja's own `compile_expression` makes, which takes longer to work out than the expression itself
        expression = _read_expression(self._sandbox, self.source)
        giving = nodes.Assign(nodes.Name(_RESULT, "store"), expression, lineno=1)
        return _Compiled(self._sandbox, nodes.Template([giving], lineno=1))

    def __call__(self, names: Mapping[str, Any]) -> Any:
        """Return the expression's value with `names`; an undefined one is None.

        Raises:
            IepdocsError: where it cannot be worked out with these.
        """
        try:
            context = self._template.context(names)
            for _ in self._template.run(context):
                pass
            value = context.vars[_RESULT]
        except Exception as error:  # noqa: BLE001  (a pack's expression may raise anything)
            raise self._error(
                f"'{self.source}' cannot be worked out for every row: {why(error)}.",
                "Look for a comparison or function that a blank or another kind of value cannot stand.",
            ) from None
        return None if value is BLANK or isinstance(value, Undefined) else value

    def _error(self, message: str, mend: str) -> IepdocsError:
        return IepdocsError(Finding(message, mend, self.place, rule="pack-expression"))


class Sentence:
    """A sentence of a pack with names in it, `The plan ends on {{ end_date }}.`, compiled once, when first asked.

    Args:
        source: the sentence.
        place: the file and key where it stands.

    Attributes:
        paths: the names that it reads.

    Raises:
        IepdocsError: where its braces are wrong.
    """

    _sandbox = Sandbox(finalize=shown)

    def __init__(self, source: str, place: FilePlace) -> None:
        self.source = source
        self.place = place
        has_tags = "{" in source
        try:
            self.paths = names_read(self.tree) if has_tags else set()
            if has_tags and not _surely_compiles(self.tree, self._sandbox):
                _ = self._template
        except TemplateSyntaxError as error:
            problem = f"This sentence cannot be read: {plainly(error)}."
            raise self._error(problem, mend(error, self._sandbox, _IN_BRACES)) from None
        except _TOO_DEEP:
            raise self._error(f"This sentence cannot be read: {_DEEP}.", "Write it shorter.") from None

    @cached_property
    def tree(self) -> nodes.Template:
        """Its syntax tree."""
        return self._sandbox.parse(self.source)

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is made from: it is compiled anew where it arrives."""
        return {"source": self.source, "place": self.place, "paths": self.paths}

    @cached_property
    def _template(self) -> _Compiled:
        return _Compiled(self._sandbox, self._sandbox.parse(self.source))  # `tree` may be changed by who looks into it

    def __call__(self, names: Mapping[str, Any]) -> str:
        """Return the sentence with `names`, dates and numbers as a person writes them.

        Raises:
            IepdocsError: where it cannot be worked out with these.
        """
        try:
            return "".join(self._template.run(self._template.context(names)))
        except Exception as error:  # noqa: BLE001  (a pack's sentence may raise anything)
            problem = f"This sentence cannot be worked out for every row: {why(error)}."
            raise self._error(problem, _IN_BRACES) from None

    def _error(self, message: str, mend: str) -> IepdocsError:
        return IepdocsError(Finding(message, mend, self.place, rule="pack-expression"))


_IN_BRACES = "Write names of columns in double braces, such as {{ end_date }}."
_PLAINLY = (
    (r"(?:Expected an expression, got|unexpected) 'end of (?:print|statement).*", "something is missing in it"),
    (r"expected name or number|expected token '\w+', got 'end of .*", "something is missing in it"),
    (r"unexpected end of template.*|Missing end of comment tag", "its braces are not closed"),
    (r".*The innermost block that needs to be closed is '(\w+)'.*", r"'\1' is not closed"),
    (r"Encountered unknown tag '(end\w+)'.*", r"there is no '\1' to go with"),
    (r"Encountered unknown tag '(\w+)'.*", r"there is no tag '\1'"),
    (r"No (?:filter|test) named '(.*)'.*", r"there is no '\1'"),
    (r"unexpected '.*', expected '(\W)'", r"'\1' is missing"),
    (r"expected token 'end of .*', got '(.*)'", r"'\1' does not go with what is before it"),
    (r"expected token '(.*)', got '(.*)'", r"'\2' stands where '\1' should"),
    (r"""unexpected char "'" at \d+|unexpected char '"' at \d+""", "a quote is missing"),
    (r"unexpected (?:char )?'(.*?)'(?: at \d+)?", r"'\1' should not stand there"),
    (r"chunk after expression", "there is more after its end"),
)
"""What Jinja says of syntax, and the same to someone who never heard of tokens."""


def plainly(error: TemplateSyntaxError) -> str:
    """Return what is wrong with an expression, to someone who never heard of tokens."""
    message = (error.message or "").rstrip(".")
    for pattern, plain in _PLAINLY:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, plain, message, count=1, flags=re.DOTALL)
    return message


def mend(error: TemplateSyntaxError, sandbox: Sandbox, otherwise: str) -> str:
    """Return how to mend an expression, or else what is given."""
    message = error.message or ""
    if unknown := re.match(r"No (?:filter|test) named '(.*)'", message):
        return did_you_mean(unknown[1], [*sandbox.filters, *sandbox.tests], otherwise)
    if message.endswith("got '='"):
        return "To compare, write two equal signs: ==."
    if re.search("unexpected char '[\u2018-\u201f\u00ab\u00bb\u2039\u203a`\u00b4]'", message):
        return "Type straight quotes: ' or \"."
    if re.search(r"char '[&|!]'|got '(?i:and|or|not)'", message):
        return "Write and, or and not as words in small letters."
    return otherwise


def why(error: Exception) -> str:
    """Say why something could not be worked out, with nothing of the data."""
    if isinstance(error, SecurityError | OverflowError):
        return "it asks for what is not allowed"
    if isinstance(error, RecursionError):
        return "it goes round in circles"
    if isinstance(error, ZeroDivisionError):
        return "it divides by zero"
    if isinstance(error, UndefinedError):
        return "a name in it stands for nothing"
    return "a value is of another kind than it needs"

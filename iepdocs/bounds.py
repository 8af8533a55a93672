"""How much a template or an expression may make: what would fill the memory is refused before it is made."""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any

from jinja2.exceptions import SecurityError
from jinja2.utils import Namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

MOST_MADE = 100_000
"""How long a text or list may get by repetition, and by how much by putting something in."""
MOST_JOINED = 1 << 23
"""How long a text or list may get by adding others to it, with all that is in it."""
_MOST_BITS = 4_096
_WIDE = re.compile(r"\d{4}|[%:][^%a-zA-Z}]*[*{]")
"""A width in a format such as `%9999d`, or one that is given beside it."""
_MANY = (str, list, tuple)
_HOLDS = (list, tuple, dict, Namespace)
_WITH_FORMAT = {"format", "format_map", "strftime", "__format__"}
_NEVER = {"translate", "to_bytes"}
"""What makes of a few characters any number of them, and no template needs."""
_MOST_PARAGRAPHS = 500
_BOUNDED_FILTERS = ("batch", "center", "indent", "slice")


class TooMuchError(SecurityError):
    """What a template asks for and does not get, as the end of a sentence that says it asks for that."""


def hold_operation(operator: str, left: Any, right: Any) -> None:
    """Refuse a sum, product, power or formatting that would be huge.

    Raises:
        TooMuchError: saying what it asks for.
    """
    many = isinstance(left, _MANY), isinstance(right, _MANY)
    if operator == "%":
        if isinstance(left, str) and _WIDE.search(left):
            raise TooMuchError("a text of that width")
    elif any(many) and operator in "+*":
        _hold_made(operator, left, right)
    elif isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
        if bits > _MOST_BITS:
            raise TooMuchError("a number of that length")


def _hold_made(operator: str, left: Any, right: Any) -> None:
    if operator == "+":
        hold_nested([left, right])
        return
    times, many = (left, right) if isinstance(left, int) else (right, left)
    if isinstance(times, int):
        if len(many) * times > MOST_MADE:
            raise TooMuchError("a text or list of that length")
        hold_nested(many, times)


def hold_nested(value: Any, times: int = 1) -> None:
    """Refuse lists in lists that hold more than can be gone through, as when each holds the one before it twice.

    Args:
        value: the list, or whatever holds others.
        times: how often it is repeated.

    Raises:
        TooMuchError: saying what it asks for.
    """
    if _size(value, {}) * times > MOST_JOINED:
        raise TooMuchError("lists in lists of that size")


def _size(value: Any, known: dict[int, int]) -> int:
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, _HOLDS):
        return 1
    if id(value) not in known:
        known[id(value)] = 1  # within itself it is empty
        if isinstance(value, Namespace):
            value_of = value._Namespace__attrs  # noqa: SLF001  (it has no other way in)
            known[id(value)] = 1 + sum(_size(one, known) for one in value_of.values())
        else:
            items = value.values() if isinstance(value, dict) else value
            known[id(value)] = 1 + sum(_size(one, known) for one in items)
    return known[id(value)]


def hold_call(method: Any, arguments: Collection[Any], named: Mapping[str, Any]) -> None:
    """Refuse a call of a value's own method that would make something huge.

    Raises:
        TooMuchError: saying what it asks for.
    """
    if isinstance(method, type):
        hold_nested([*arguments, *named.values()])
    method = getattr(method, "__wrapped__", method)  # Jinja wraps str.format to keep it safe
    of = getattr(method, "__self__", None)
    name = getattr(method, "__name__", "")
    given = [*arguments, *named.values()]
    most = _MOST_PARAGRAPHS if name == "generate_lorem_ipsum" else MOST_MADE
    if name in _NEVER or any(isinstance(one, int) and abs(one) > most for one in given):
        raise TooMuchError("a text or number of that length")
    if name in _WITH_FORMAT and any(isinstance(one, str) and _WIDE.search(one) for one in (of, *given)):
        raise TooMuchError("a text of that width")
    if isinstance(of, str) and name == "replace":
        _hold_replacing(of, *arguments, **named)
    elif isinstance(of, str) and name == "join":
        _hold_joining(given[0] if given else (), of)


def hold_filters(filters: dict[str, Callable[..., Any]]) -> None:
    """Put bounds on those of Jinja's filters that can make much of little."""
    for name in _BOUNDED_FILTERS:
        filters[name] = _bounded(filters[name])
    filters["indent"] = _holding(filters["indent"], _hold_indenting)
    filters["wordwrap"] = _holding(filters["wordwrap"], _hold_wrapping)
    filters["format"] = _formatting(filters["format"])
    filters["replace"] = _holding(filters["replace"], _hold_replacing)
    filters["join"] = _holding(filters["join"], _hold_joining)


def _bounded(of: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(of)
    def bounded(*arguments: Any, **named: Any) -> Any:
        if any(isinstance(one, int) and abs(one) > MOST_MADE for one in (*arguments, *named.values())):
            raise TooMuchError("a text or list of that length")
        return of(*arguments, **named)

    return bounded


def _formatting(of: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(of)
    def formatting(value: Any, *arguments: Any, **named: Any) -> Any:
        if _WIDE.search(str(value)):
            raise TooMuchError("a text of that width")
        return of(value, *arguments, **named)

    return formatting


def _holding(of: Callable[..., Any], hold: Callable[..., None]) -> Callable[..., Any]:
    """Return a filter that is held back by its value and arguments."""
    own = 1 if hasattr(of, "jinja_pass_arg") else 0  # Jinja's environment stands before them

    @wraps(of)
    def holding(*arguments: Any, **named: Any) -> Any:
        value = arguments[own]
        if hold is _hold_joining and not isinstance(value, _MANY):
            value = list(value)
        given = arguments[own + 1 :]
        hold(value, *given, **{key: one for key, one in named.items() if key != "attribute"})
        return of(*arguments[:own], value, *given, **named)

    return holding


def _hold_indenting(text: Any, width: Any = 4, *_: Any, **__: Any) -> None:
    size = width if isinstance(width, int) else len(str(width))
    if str(text).count("\n") * size > MOST_MADE:
        raise TooMuchError("a text of that length")


def _hold_wrapping(text: Any, width: Any = 79, *given: Any, wrapstring: Any = "", **_: Any) -> None:
    ends = max((len(one) for one in (*given, wrapstring) if isinstance(one, str)), default=0)
    if len(str(text)) * ends > MOST_MADE * max(int(width), 1):
        raise TooMuchError("a text of that length")


def _hold_replacing(text: Any, old: Any = "", new: Any = "", *_: Any, **__: Any) -> None:
    text, old, new = str(text), str(old), str(new)
    if text.count(old) * (len(new) - len(old)) > MOST_MADE:
        raise TooMuchError("a text of that length")


def _hold_joining(items: Any, between: Any = "", *_: Any, d: Any = None, **__: Any) -> None:
    if isinstance(items, _MANY) and len(items) * len(str(between if d is None else d)) > MOST_MADE:
        raise TooMuchError("a text of that length")

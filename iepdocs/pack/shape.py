"""What a declaration may say: the same check for every file of a pack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cerberus import errors

from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pack.validator import RecordValidator
from iepdocs.text import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cerberus.errors import ValidationError

    Path = tuple[str, ...]

TEXT = {"type": "string"}
TEXTS = {"type": "list", "schema": TEXT}
NAME = {"type": "string", "regex": r"(?!(?i:and|or|not|in|is|if|else|true|false|none)$)[^\W\d]\w*"}
"""A word that an expression or template can name something by."""
TITLE = {"type": "string", "regex": r"(?!'|(?i:history)$)[^\[\]:*?/\\]{1,31}(?<!')"}
TEMPLATE = {"type": "string", "regex": r"[^/\\]+\.docx"}

_PATTERNS = {
    NAME["regex"]: (
        "can be no name in a template",
        "Write one word of letters, digits and _ that begins with a letter, such as bus_route.",
    ),
    TITLE["regex"]: (
        "is no title of a sheet",
        r"Excel takes at most 31 characters, none of [ ] : * ? / \, no ' at either end, and not History.",
    ),
    TEMPLATE["regex"]: ("is no template", "Write the name of a Word file alone, such as iep.docx."),
}
_TYPES = {
    "string": ("a text", "Write it in quotes."),
    "list": ("a list", "Write it in brackets, with commas between: [one, another]."),
    "dict": ("lines of 'name: value'", "Write each on a line of its own below, indented: 'name: value'."),
    "boolean": ("true or false", "Write true or false, without quotes."),
    "integer": ("a whole number", "Write the number alone, without quotes."),
    "number": ("a number", "Write the number alone."),
    "float": ("a number", "Write the number alone."),
    "date": ("a date", "Write it as 2026-11-25."),
    "time": ("a time", "Write it as 15:30."),
}
_KINDS = {str: "string", list: "list", dict: "dict", bool: "boolean", int: "integer"}
_SIZED = {"string", "list", "dict"}
_PLAIN = {
    "type", "required", "allowed", "regex", "minlength", "schema", "allow_unknown", "keysrules", "valuesrules", "anyof",
}  # fmt: skip
_COMPARE = "Compare it with the built-in files."
_MOST_KNOWN = 60


def check_shape(declaration: Mapping[str, Any], shape: Mapping[str, Any], file: str) -> None:
    """Hold a declaration against its Cerberus schema.

    Raises:
        IepdocsError: with a finding for every key that is unknown, missing or of the wrong kind.
    """
    if _surely_fits(declaration, {"type": "dict", "schema": shape}):
        return
    validator = RecordValidator.of_known(shape)
    if not _can_be_held(declaration, validator):
        odd = [key for key in declaration if not _can_be_held({key: declaration[key]}, validator)] or declaration
        stop_at([Finding(*_otherwise(key), place=FilePlace(file, key), rule="pack-shape") for key in odd])
    if not validator._errors:  # noqa: SLF001  (the public ones have only texts)
        return
    found = [(_path(error), error) for error in _single(validator._errors)]  # noqa: SLF001
    meant = {path: _meant(path, shape) for path, error in found if error.code == errors.UNKNOWN_FIELD.code}
    stop_at(
        [
            Finding(*_say(path, error, shape), place=FilePlace(file, ".".join(path)), rule="pack-shape")
            for path, error in found
            if error.code != errors.REQUIRED_FIELD.code or path not in meant.values()
        ]
    )


def _surely_fits(value: Any, rules: Any) -> bool:
    """Tell whether a value is so plainly as its rules want it that Cerberus, which takes long, need not be asked."""
    kind = _KINDS.get(value.__class__)
    if not kind or not isinstance(rules, dict) or not rules.keys() <= _PLAIN:
        return False
    if "anyof" in rules:
        return rules.keys() <= {"anyof", "required"} and any(_surely_fits(value, one) for one in rules["anyof"])
    wanted = rules.get("type", kind)
    if kind != wanted and not (isinstance(wanted, list) and kind in wanted):
        return False
    if "allowed" in rules and (kind != "string" or value not in rules["allowed"]):
        return False
    if "regex" in rules and not (kind == "string" and re.fullmatch(rules["regex"], value)):
        return False
    if "minlength" in rules and not (kind in _SIZED and len(value) >= rules["minlength"]):
        return False
    if kind == "list":
        return "schema" not in rules or all(_surely_fits(one, rules["schema"]) for one in value)
    return kind != "dict" or _surely_fits_below(value, rules)


def _surely_fits_below(value: Mapping[str, Any], rules: Mapping[str, Any]) -> bool:
    if "keysrules" in rules and not all(_surely_fits(key, rules["keysrules"]) for key in value):
        return False
    if "valuesrules" in rules and not all(_surely_fits(below, rules["valuesrules"]) for below in value.values()):
        return False
    shape = rules.get("schema")
    return shape is None or (
        (rules.get("allow_unknown") is True or value.keys() <= shape.keys())
        and all(
            _surely_fits(value[key], of) if key in value else isinstance(of, dict) and not of.get("required")
            for key, of in shape.items()
        )
    )


def _can_be_held(declaration: Mapping[str, Any], validator: RecordValidator) -> bool:
    """Tell whether Cerberus can answer: a value of a kind that `contains` cannot compare is no error to it."""
    try:
        validator.validate(declaration, normalize=False)
    except TypeError:
        return False
    return True


def check_names(declaration: Mapping[str, Any], file: str) -> None:
    """Hold the keys of a declaration against what expressions and templates can name.

    Raises:
        IepdocsError: with a finding for every key that they cannot.
    """
    check_shape({key: key for key in declaration}, dict.fromkeys(declaration, NAME), file)


def check_words(what: str, words: Iterable[str], known: Iterable[str], file: str, inside: str) -> list[Finding]:
    """Return a finding for every word that is none of the known ones."""
    if not (words := set(words)):
        return []
    known = list(known)
    return [
        Finding(
            message=f"There is no {what} '{word}'.",
            mend=did_you_mean(word, known, known_here(known)),
            place=FilePlace(file, inside),
            rule="pack-name",
        )
        for word in sorted(words - set(known))
    ]


def known_here(known: Sequence[str]) -> str:
    """Return the sentence that lists what there is, cut where it gets long."""
    more = f" and {len(known) - _MOST_KNOWN} more" if len(known) > _MOST_KNOWN else ""
    return f"Known here: {', '.join(known[:_MOST_KNOWN])}{more}."


def stop_at(findings: Sequence[Finding]) -> None:
    """Raise the findings, if there are any."""
    if findings:
        raise IepdocsError(*findings)


def _single(found: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield the errors at the places where they are, without those that only say that there are some below."""
    for error in found:
        below = _of_its_kind(error) if error.is_logic_error else error.child_errors
        if below:
            yield from _single(below)
        else:
            yield error


def _of_its_kind(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong by the first of several definitions that takes a value of this type, if there is one."""
    for found in error.definitions_errors.values():
        if not any(one.code == errors.BAD_TYPE.code and one.document_path == error.document_path for one in found):
            return list(found)
    return []


def _path(error: ValidationError) -> Path:
    """Return the keys that lead to an error, without the places in lists."""
    return tuple(key for key in error.document_path if isinstance(key, str))


def _keys_beside(path: Path, shape: Mapping[str, Any]) -> list[str]:
    """Return the keys that there may be where a path ends."""
    rules: Mapping[str, Any] = {"schema": shape}
    for key in path[:-1]:
        rules = rules.get("schema", {}).get(key) or rules.get("valuesrules", {})
    return list(rules.get("schema", ()))


def _meant(path: Path, shape: Mapping[str, Any]) -> Path | None:
    """Return the path that a mistyped one most likely stands for."""
    close = nearest(path[-1], _keys_beside(path, shape))
    return (*path[:-1], close) if close else None


def _say(path: Path, error: ValidationError, shape: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong and how to mend it, in a person's words."""
    if error.code == errors.UNKNOWN_FIELD.code:
        known = _keys_beside(path, shape)
        return f"There is no '{path[-1]}' here.", did_you_mean(path[-1], known, known_here(known))
    say = _SENTENCES.get(error.code)
    if say:
        return say(error, path[-1])
    return _otherwise(path[-1])


def _otherwise(key: str) -> tuple[str, str]:
    return f"'{key}' is not as it should be.", _COMPARE


def _missing(_: ValidationError, key: str) -> tuple[str, str]:
    return f"'{key}' is missing.", f"Add a line '{key}: …'."


def _empty(_: ValidationError, key: str) -> tuple[str, str]:
    return f"'{key}' is empty.", "Write its value after the colon, or take the line out."


def _type(error: ValidationError, key: str) -> tuple[str, str]:
    wanted = [one.constraint for one in error.child_errors or [error]]
    kinds = [
        _TYPES.get(kind, (f"a {kind}", _COMPARE)) for of in wanted for kind in ([of] if isinstance(of, str) else of)
    ]
    given = "" if isinstance(error.value, dict | list) else f", not {_written(error.value)}"
    whole = isinstance(error.document_path[-1], str)
    what = f"'{key}' should be" if whole else f"Each item of '{key}' should be"
    return f"{what} {' or '.join(kind for kind, _ in kinds)}{given}.", kinds[0][1]


def _written(value: Any) -> str:
    """Return a value as YAML has it."""
    return str(value).lower() if isinstance(value, bool) else shown(value)


def _choice(error: ValidationError, key: str) -> tuple[str, str]:
    word, known = shown(error.value), [shown(choice) for choice in error.constraint]
    return f"'{word}' is no choice for '{key}'.", did_you_mean(word, known, known_here(known))


def _pattern(error: ValidationError, key: str) -> tuple[str, str]:
    what, mend = _PATTERNS.get(error.constraint, (f"is not written as '{key}' should be", "Write it otherwise."))
    return f"'{shown(error.value)}' {what}.", mend


_SENTENCES: dict[int, Callable[[ValidationError, str], tuple[str, str]]] = {
    errors.REQUIRED_FIELD.code: _missing,
    errors.NOT_NULLABLE.code: _empty,
    errors.MIN_LENGTH.code: _empty,
    errors.BAD_TYPE.code: _type,
    errors.ANYOF.code: _type,
    errors.UNALLOWED_VALUE.code: _choice,
    errors.REGEX_MISMATCH.code: _pattern,
    errors.MIN_VALUE.code: lambda error, _: (
        f"{shown(error.value)} is too small.",
        f"It must be at least {shown(error.constraint)}.",
    ),
    errors.MAX_VALUE.code: lambda error, _: (
        f"{shown(error.value)} is too large.",
        f"It must be at most {shown(error.constraint)}.",
    ),
}

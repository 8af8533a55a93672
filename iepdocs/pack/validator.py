"""What a column's rule set may say: Cerberus's rules, as every pack uses them."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

from cerberus import SchemaError, TypeDefinition, Validator, errors
from cerberus.schema import DefinitionSchema, UnvalidatedSchema

from iepdocs.findings import FilePlace, Finding
from iepdocs.measurement import Measurement
from iepdocs.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    _Told = tuple[tuple[str, ...], str]

_NO_RULE, _NO_TYPE = "unknown rule", "Unsupported types:"
"""How Cerberus begins to say that there is no such rule or type."""
_SAMPLES: Mapping[str, Any] = {
    "boolean": True,
    "date": dt.date(2026, 9, 1),
    "float": 1.5,
    "integer": 1,
    "list": ["a"],
    "measurement": Measurement("1", 1),
    "number": 1,
    "string": "a",
    "time": dt.time(8),
}
"""A value of each type that a cell can have."""


class RecordValidator(Validator):  # type: ignore[misc]
    """Cerberus's Validator with values of the types `time` and `measurement`.

    A pattern matches the whole value, NaN passes no range, and TRUE is no number.
    """

    types_mapping = {  # noqa: RUF012  (as Cerberus has it)
        **Validator.types_mapping,
        "date": TypeDefinition("date", (dt.date,), (dt.datetime,)),
        "float": TypeDefinition("float", (float, int), (bool,)),
        "integer": TypeDefinition("integer", (int,), (bool,)),
        "measurement": TypeDefinition("measurement", (Measurement,), ()),
        "time": TypeDefinition("time", (dt.time,), ()),
    }

    @classmethod
    def of_known(cls, rules: Mapping[str, Any], **options: Any) -> RecordValidator:
        """Return a validator by rules that Cerberus is known to take: iepdocs' own, or what `check_rules` let pass."""
        return cls(UnvalidatedSchema(rules), **options)

    # Cerberus reads the docstrings of its rules as the schemas of their constraints.

    def _validate_regex(self, pattern: str, field: str, value: Any) -> None:
        """{'type': 'string'}"""  # noqa: D400, D415
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            self._error(field, errors.REGEX_MISMATCH)

    def _validate_min(self, min_value: Any, field: str, value: Any) -> None:
        """{'nullable': False}"""  # noqa: D400, D415
        if isinstance(value, float) and not math.isfinite(value):
            self._error(field, errors.MIN_VALUE)
        else:
            super()._validate_min(min_value, field, value)

    def _validate_max(self, max_value: Any, field: str, value: Any) -> None:
        """{'nullable': False}"""  # noqa: D400, D415
        if isinstance(value, float) and not math.isfinite(value):
            self._error(field, errors.MAX_VALUE)
        else:
            super()._validate_max(max_value, field, value)

    def _normalize_coerce_strip(self, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    def _normalize_coerce_upper(self, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    def _normalize_coerce_lower(self, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value


def check_rules(rules: Mapping[str, Mapping[str, Any]], file: str) -> list[Finding]:
    """Return a finding for every rule of a column that is none that Cerberus knows; its shortcuts are written out."""
    findings: list[Finding] = []
    known: dict[str, list[_Told]] = {}
    for key, rule_set in rules.items():
        with contextlib.suppress(RuntimeError):  # which is raised again, and told, where the rules are tried
            DefinitionSchema.expand({key: rule_set})
        written = repr(rule_set)
        if written not in known:
            known[written] = _problems(rule_set)
        findings += [_no_rule(path, problem, f"columns.{key}", file) for path, problem in known[written]]
    return findings


def _problems(rule_set: Mapping[str, Any]) -> list[_Told]:
    """Return what is wrong with a rule set."""
    if wrong := list(_no_patterns(rule_set)):
        return wrong
    if (told := _tried(rule_set)) is None:
        path, rules = _stumbles_at(rule_set, ())
        if len(rules) == 1:
            return [((*path, *rules), f"Cerberus does not take this '{rules[0]}'.")]
        return [(path, f"Cerberus does not take {' and '.join(map(repr, rules))} together.")]
    return [one for one in told if one[1].startswith((_NO_RULE, _NO_TYPE))] or told[:1]


def _tried(rule_set: Mapping[str, Any]) -> list[_Told] | None:
    """Return what Cerberus says of a rule set; None where it cannot even be asked, or to hold a value against it."""
    name = repr(rule_set)  # what it has once let pass it does not look at again under the same name
    kinds = rule_set.get("type", "string")
    try:
        validator = RecordValidator({name: rule_set})
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if kind in _SAMPLES:
                validator.validate({name: _SAMPLES[kind]})
    except SchemaError as error:
        return list(_told(error.args[0].get(name, ()), ()))
    except Exception:  # noqa: BLE001  (Cerberus takes for granted what it is given, and may raise anything)
        return None
    return []


def _stumbles_at(rule_set: Mapping[str, Any], path: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    """Return the fewest rules that Cerberus cannot be asked about, and the rules that lead there."""
    for rule in rule_set:
        less = {other: of for other, of in rule_set.items() if other != rule}
        if _tried(less) is None:
            return _stumbles_at(less, path)
    for rule, of in rule_set.items() if len(rule_set) == 1 else ():
        for below in of if isinstance(of, list) else [of]:
            if isinstance(below, dict) and _tried(below) is None:
                return _stumbles_at(below, (*path, rule))
    return path, list(rule_set)


def _told(problems: Iterable[Any], path: tuple[str, ...]) -> Iterator[_Told]:
    """Yield what Cerberus says of a rule set, with the rules that lead there."""
    for problem in problems:
        if isinstance(problem, str):
            yield path, problem
            continue
        for key, below in problem.items():
            word = str(key[0] if isinstance(key, tuple) else key)
            yield from _told(below, path if " definition " in word else (*path, word))


def _no_patterns(rules: Any) -> Iterator[_Told]:
    """Yield what is wrong with the patterns in a rule set, also in those that it holds."""
    for key, below in rules.items() if isinstance(rules, dict) else enumerate(rules) if isinstance(rules, list) else ():
        if key == "regex" and isinstance(below, str):
            try:
                re.compile(below)
            except (re.error, OverflowError, RecursionError) as error:
                yield ("regex",), f"'{below}' is no pattern: {getattr(error, 'msg', 'there is too much in it')}."
        yield from _no_patterns(below)


def _no_rule(path: tuple[str, ...], problem: str, column: str, file: str) -> Finding:
    word = path[-1] if path else ""
    known: Iterable[str] = ()
    otherwise = "Cerberus's own documentation has its rules."
    if problem.startswith(_NO_RULE):
        problem, known = f"Cerberus has no rule '{word}'.", RecordValidator.rules
    elif problem.startswith(_NO_TYPE):
        word = problem.removeprefix(_NO_TYPE).strip()
        problem, known = f"There is no type '{word}'.", RecordValidator.types_mapping
        otherwise = f"Known here: {', '.join(sorted(known))}."
    elif not problem.endswith("."):
        problem = f"Cerberus does not take this '{word}': {problem}."
    return Finding(
        message=problem,
        mend=did_you_mean(word, known, otherwise),
        place=FilePlace(file, ".".join((column, *path))),
        rule="pack-rules",
    )

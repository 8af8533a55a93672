"""What a column's rule set may say: Cerberus's rules, as every pack uses them."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING, Any

from cerberus import TypeDefinition, Validator, errors

from iepdocs.findings import FilePlace, Finding
from iepdocs.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """Return a finding for every column whose rules are none that Cerberus knows."""
    findings = []
    for key, rule_set in rules.items():
        try:
            RecordValidator({key: rule_set})
            re.compile(rule_set.get("regex", ""))
        except Exception as error:  # noqa: BLE001  (Cerberus raises many things at what is no rule set)
            findings.append(
                Finding(
                    message=f"These rules are none that Cerberus knows: {error}.",
                    mend="Mend the rules; Cerberus's own names are in its documentation.",
                    place=FilePlace(file, f"columns.{key}"),
                    rule="pack-rules",
                )
            )
    return findings

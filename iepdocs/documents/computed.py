"""The fields that `context.yaml` declares beside the columns, each computed from a record's columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iepdocs.measurement import Measurement
from iepdocs.pack import PRONOUN_FORMS
from iepdocs.plan import years_between
from iepdocs.text import fold, shown

if TYPE_CHECKING:
    import datetime as dt

    from iepdocs.pack import Wording
    from iepdocs.plan import Record


def age(student: Record, day: dt.date) -> int | None:
    """Age in whole years on a day; someone born on February 29 is a year older on March 1."""
    born = student.get("date_of_birth")
    return None if born is None else int(years_between(born, day))


def pronoun(student: Record, form: str, wording: Wording) -> str:
    """The student's pronoun in one of the forms they, them, their, theirs, themself; `they` where not given."""
    said = fold(student.get("pronouns") or "").split("/")[0].strip()
    forms = wording.pronouns.get(said) or wording.pronouns.get("they") or ("",) * len(PRONOUN_FORMS)
    return forms[PRONOUN_FORMS.index(form)]


def frequency(service: Record, wording: Wording) -> str | None:
    """How often and how long: the wording if there is one, else composed from sessions, minutes and unit."""
    if service.get("frequency"):
        return str(service.get("frequency"))
    sessions, minutes, per = (service.get(key) for key in ("sessions", "minutes_per_session", "per"))
    if sessions is None and minutes is None:
        return None
    said = {"sessions": sessions, "minutes": minutes, "per": per and wording.choice(per)}
    return wording.phrases["frequency"](said)


_LONG_FIGURE = re.compile(r"\d{1,9}\.\d{4,}")
"""What a spreadsheet makes of an average: 15.3333333333333."""


def measurement_text(measurement: Record, wording: Wording) -> str | None:
    """The result as it was written; else how many were correct of how many; else why it was not measured."""
    value = measurement.get("value")
    if isinstance(value, Measurement):
        if value.total is not None and not any(map(str.isdigit, value.text)):  # + + - + says more with its sum
            said = wording.phrases["correct_of"]({"correct": shown(value.number), "total": shown(value.total)})
            return f"{said} ({value.text})"
        return shown(round(float(value.text), 2)) if _LONG_FIGURE.fullmatch(value.text) else value.text
    if value is not None:
        return shown(value)
    correct, total = measurement.get("correct"), measurement.get("total")
    if correct is not None and total is not None:
        return wording.phrases["correct_of"]({"correct": correct, "total": total})
    if correct is not None:
        return shown(correct)
    reason = measurement.get("not_measured")
    return wording.phrases["not_measured"]({"reason": wording.choice(reason)}) if reason else None

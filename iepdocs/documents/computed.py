"""The fields that `context.yaml` declares beside the columns, each computed from a record's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iepdocs.text import fold, shown

if TYPE_CHECKING:
    import datetime as dt

    from iepdocs.plan import Record

_PRONOUNS = {
    "they": ("they", "them", "their", "theirs", "themself"),
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
}
PRONOUN_FORMS = ("they", "them", "their", "theirs", "themself")


def age(student: Record, day: dt.date) -> int | None:
    """Age in whole years on a day; someone born on February 29 is a year older on March 1."""
    born = student.get("date_of_birth")
    if born is None:
        return None
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def pronoun(student: Record, form: str) -> str:
    """The student's pronoun in one of the forms they, them, their, theirs, themself; `they` where not given."""
    said = fold(student.get("pronouns") or "").split("/")[0].strip()
    return _PRONOUNS.get(said, _PRONOUNS["they"])[PRONOUN_FORMS.index(form)]


def frequency(service: Record) -> str | None:
    """How often and how long: the wording if there is one, else composed from sessions, minutes and unit."""
    if service.get("frequency"):
        return str(service.get("frequency"))
    sessions, minutes, per = (service.get(key) for key in ("sessions", "minutes_per_session", "per"))
    said = []
    if sessions is not None:
        times = "1 time" if sessions == 1 else f"{shown(sessions)} times"
        said.append(f"{times} a {per}" if per else times)
    if minutes is not None:
        length = f"{shown(minutes)} minutes"
        each = " each" if sessions is not None and sessions != 1 else ""
        said.append(length + each if said or not per else f"{length} a {per}")
    return ", ".join(said) or None


def measurement_text(measurement: Record) -> str | None:
    """The result as it was written; else how many were correct of how many; else why it was not measured."""
    value, correct, total = (measurement.get(key) for key in ("value", "correct", "total"))
    if value is not None:
        return shown(value)
    if correct is not None:
        return f"{shown(correct)} of {shown(total)}" if total is not None else shown(correct)
    reason = measurement.get("not_measured")
    return f"not measured: {reason}" if reason else None

"""Dates and times as people write them, and the fractions that Excel takes for dates."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from iepdocs.text import shown
from iepdocs.workbook.reading import DateOrder, Doubt, plain

_EARLY = ("January", "February", "March", "April", "May", "June")
_MONTHS = (*_EARLY, "July", "August", "September", "October", "November", "December")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH = {word.lower(): number for number, name in enumerate(_MONTHS, 1) for word in (name, name[:3])} | {"sept": 9}
_WEEKDAY = {word.lower(): number for number, name in enumerate(_DAYS) for word in (name, name[:3])}
_WEEKDAY |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PIVOT = 30
"""Excel reads years 00-29 as 2000-2029 and 30-99 as 1930-1999."""
_FIRST_SERIAL, _LAST_SERIAL = 7306, 73050
"""Days 1920-01-01 and 2099-12-31 as Excel numbers them (ECMA-376 part 1, 18.17.4.1)."""
_EPOCH = dt.date(1899, 12, 30)
_TWELVE, _NIGHT_FROM, _NIGHT_TO = 12, 1, 6
_DAY = dt.timedelta(days=1)

_HALF = r"([ap])\.? ?m?\.?"
_CLOCK = re.compile(rf"(\d{{1,2}})(?:[:.](\d\d)(?:[:.](\d\d)(?:\.\d{{1,9}})?)?)?(?: ?{_HALF})?", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})(\d\d)(?: ?(?:h|hrs|hours))?", re.ASCII)
_AT = re.compile(
    r"(?<=[\da-z,])(?:t|,? (?:at )?)(\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?(?: ?[ap]\.?m\.?)?)"
    r"(?: ?(?:z|[+-]\d\d:?\d\d))?",
    re.ASCII,
)
_OF_WEEK = re.compile(r"([a-z]{3,9})\.?,? +")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b(?: of\b)?")
_NUMBERS = re.compile(r"(\d{1,4}) ?([/.-]) ?(\d{1,4})(?: ?\2 ?(\d{1,4}))?", re.ASCII)
_WITH_MONTH = re.compile(
    r"(?:(\d{1,4})[ ,./-]{1,3})?(?:the )?([a-z]{3,9})(?:[ ,./'-]{1,3}(\d{1,4}))?(?:[ ,./'-]{1,3}(\d{1,4}))?", re.ASCII
)
_MONTH_AND_YEAR = re.compile(r"[a-z]+\.?[-/ ']{1,2}(?:\d\d)?(\d\d)", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Written:
    """The figures of a date as far as they are written, not yet looked at."""

    month: int
    day: int | None
    year: int | None
    clock: str | None = None
    weekday: int | None = None
    named: bool = False
    order: DateOrder = "month first"


def date_of(text: str, order: DateOrder) -> dt.date | Doubt | None:
    """Return the date that a text is, with its time unless that is midnight, or what is doubtful about it.

    None for what is no date at all.
    """
    text = _short(text)
    if _YEAR_ALONE.fullmatch(text):
        return _partial(f"The cell shows only the year {text}.", order)
    written = _written(text.casefold(), order)
    return None if written is None else _resolved(written, text)


def date_doubt(day: dt.date, order: DateOrder) -> Doubt | None:
    """Return the question about a date in a year that cannot be meant."""
    if _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return None
    return Doubt(
        f"{in_words(day)} lies far from any school year.",
        f"Type the date again with the right year, such as {in_figures(dt.date(2026, 3, 15), order)}.",
        "date-year",
    )


def serial_doubt(number: float, look: str, order: DateOrder) -> Doubt | None:
    """Return the question about a bare number that may be a day by Excel's count; None if it is no likely one."""
    if not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return None
    day = in_figures(_EPOCH + dt.timedelta(days=int(number)), order)
    return Doubt(
        f"The cell shows the number {look}; as a date that would be {day}.",
        "Give the cell a date format and see whether it is the right date, or type the date again.",
        "date-serial",
    )


def time_of(text: str) -> dt.time | None:
    """Return the time of day that a text is; None for all else."""
    text = _short(text).casefold()
    words = {"noon": 12, "midnight": 0}
    if (hour := words.get(re.sub(r"^12(:00)? ?", "", text))) is not None:
        return dt.time(hour)
    if digits := _DIGITS.fullmatch(text):
        return _time(int(digits[1]), int(digits[2]), 0)
    found = _CLOCK.fullmatch(text)
    if not found or not (found[2] or found[4]):
        return None
    hour, half = int(found[1]), found[4]
    if half and hour <= _TWELVE:
        if not hour:
            return None
        hour = hour % _TWELVE + (_TWELVE if half == "p" else 0)
    elif half == "a":
        return None
    return _time(hour, int(found[2] or 0), int(found[3] or 0))


def time_of_number(number: float) -> dt.time | None:
    """Return the time of day that a fraction of a day is."""
    return dt.time(*divmod(round(number * 1440) % 1440, 60)) if 0 < number < 1 else None


def time_of_duration(duration: dt.timedelta) -> dt.time | None:
    """Return the time of day that a duration since midnight is."""
    seconds = duration.seconds
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60) if dt.timedelta() <= duration < _DAY else None


def night_doubt(time: dt.time, look: str) -> bool:
    """Tell whether a time without AM or PM, by the clock of twelve hours, falls into the night."""
    return (
        _NIGHT_FROM <= time.hour < _NIGHT_TO
        and bool(re.match(r"[1-5](?!\d)|[1-5]\d\d$", look))
        and not re.search(r"[ap]\.?\s?m?\.?$", look, re.IGNORECASE)
    )


def clock(time: dt.time) -> str:
    """Return a time as people say it: 3:30 PM."""
    return f"{time.hour % _TWELVE or _TWELVE}:{time.minute:02} {'AM' if time.hour < _TWELVE else 'PM'}"


def in_words(day: dt.date) -> str:
    """Return a day as March 25, 2026, by no computer's language."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def in_figures(day: dt.date, order: DateOrder) -> str:
    """Return a day as 3/25/2026, or with the day first."""
    return f"{day.day}/{day.month}/{day.year}" if order == "day first" else f"{day.month}/{day.day}/{day.year}"


def fraction_of_date(day: dt.date, look: str, order: DateOrder) -> str:
    """Return what Excel most likely made a date of: `4 of 5` of April 5, `4 of 12` of Apr-12.

    Excel takes 4/5 for a day of this year and, where there is no such day, 4/32 for a month of 1932.
    """
    found = _MONTH_AND_YEAR.fullmatch(look)
    if found and day.day == 1 and int(found[1]) == day.year % 100:
        return _fraction(day.month, int(found[1]))
    return _fraction(*((day.day, day.month) if order == "day first" else (day.month, day.day)))


def fraction_of_text(text: str, order: DateOrder) -> str | None:
    """Return the same for a date that has become text, as in a .csv: `5-Apr`, `4/5/2026`; None if it is none."""
    written = _written(_short(text).casefold(), order)
    if written is None or not (written.named or (written.year and written.day)):
        return None
    day = written.year % 100 if written.day is None and written.year else written.day or 0
    return _fraction(*((day, written.month) if order == "day first" else (written.month, day)))


def _short(text: str) -> str:
    return plain(text) if len(text) <= _LONGEST else ""


def _fraction(first: int, second: int) -> str:
    return f"{min(first, second)} of {max(first, second)}"


def _time(hour: int, minute: int, second: int) -> dt.time | None:
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None


def _written(text: str, order: DateOrder) -> _Written | None:
    """Return the figures of a date, or of the beginnings of one, in plain small letters; None if it is neither."""
    at = _AT.search(text)
    time = at[1] if at and at.end() == len(text) else None
    text = text[: at.start()] if at and time else text
    week = _OF_WEEK.match(text)
    weekday = _WEEKDAY.get(week[1]) if week else None
    if week and weekday is not None:
        text = text[week.end() :]
    if re.fullmatch(r"(?:19|20)\d{6}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if numbers := _NUMBERS.fullmatch(text):
        return _of_numbers([numbers[1], numbers[3], *([numbers[4]] if numbers[4] else [])], order, time, weekday)
    found = _WITH_MONTH.fullmatch(_ORDINAL.sub("", text).rstrip(",."))
    month = _MONTH.get(found[2]) if found else None
    if not found or not month:
        return None
    figures = [group for group in (found[1], found[3], found[4]) if group]
    if not 1 <= len(figures) <= 2:  # noqa: PLR2004  (a day, a year or both)
        return None
    day, year = _day_and_year(figures)
    return _Written(month, day, year, time, weekday, named=True, order=order)


def _day_and_year(figures: list[str]) -> tuple[int | None, int | None]:
    long = [figure for figure in figures if len(figure) > 2]  # noqa: PLR2004
    if len(figures) == 1:
        return (None, int(figures[0])) if long else (int(figures[0]), None)
    day, year = reversed(figures) if figures[0] in long else figures
    return int(day), _year(year)


def _of_numbers(figures: list[str], order: DateOrder, time: str | None, weekday: int | None) -> _Written | None:
    values = [int(figure) for figure in figures]
    lengths = tuple(1 if len(figure) < 3 else len(figure) for figure in figures)  # noqa: PLR2004
    first, second = (1, 0) if order == "day first" else (0, 1)
    match lengths:
        case (4, 1, 1):
            return _Written(values[1], values[2], values[0], time, weekday)
        case (1, 1, 1) | (1, 1, 4):
            return _Written(values[first], values[second], _year(figures[2]), time, weekday, order=order)
        case (1, 1):
            return _Written(values[first], values[second], None, time, weekday, order=order)
        case (4, 1):
            return _Written(values[1], None, values[0], time, weekday)
        case (1, 4):
            return _Written(values[0], None, values[1], time, weekday)
    return None


def _year(figure: str) -> int:
    if len(figure) > 2:  # noqa: PLR2004
        return int(figure)
    return int(figure) + (2000 if int(figure) < _PIVOT else 1900)


def _resolved(written: _Written, text: str) -> dt.date | Doubt | None:
    year, month, day = written.year, written.month, written.day
    if not 1 <= month <= _TWELVE:
        return _no_month(written)
    if year is None or day is None:
        lacks = "day" if day is None else "year, or no day" if written.named else "year"
        return _partial(f"'{text}' has no {lacks}.", written.order)
    if not 1 <= year <= dt.MAXYEAR or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return Doubt(
            f"{_MONTHS[month - 1]} {year} has no day {day}.", "Type the date that is meant.", "date-impossible"
        )
    found = dt.date(year, month, day)
    if doubt := date_doubt(found, written.order):
        return doubt
    if written.weekday not in (None, found.weekday()):
        return Doubt(
            f"{in_words(found)} is a {_DAYS[found.weekday()]}, not a {_DAYS[written.weekday or 0]}.",
            "See which of the two is right and type the date without the day of the week.",
            "date-weekday",
        )
    if written.clock is None:
        return found
    time = time_of(written.clock)
    if time is None:
        return None
    return found if time == dt.time() else dt.datetime.combine(found, time)


def _no_month(written: _Written) -> Doubt:
    message = f"There is no month {written.month}."
    mend = f"Type the date as {_form(written.order)}, such as {in_figures(dt.date(2026, 3, 15), written.order)}."
    year, month, day = written.year, written.day or 0, written.month
    if year and 1 <= month <= _TWELVE and year <= _LAST_YEAR and 1 <= day <= calendar.monthrange(year, month)[1]:
        other = dt.date(year, month, day)
        mend = f"If {in_words(other)} is meant, type {in_figures(other, written.order)}."
    return Doubt(message, mend, "date-impossible")


def _partial(message: str, order: DateOrder) -> Doubt:
    whole = in_figures(dt.date(2026, 3, 15), order)
    return Doubt(message, f"Type the whole date as {_form(order)}, such as {whole}.", "date-partial")


def _form(order: DateOrder) -> str:
    return "day/month/year" if order == "day first" else "month/day/year"


def turned(day: dt.date, look: str) -> str:
    """Say that Excel made a date of something."""
    date = shown(day)
    return f"Excel turned what was typed here into the date {date}{f', shown as {look}' if look != date else ''}."

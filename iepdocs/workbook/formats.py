"""What an Excel number format shows, and so what the number in a cell means.

The language of formats is that of ECMA-376 Part 1, 18.8.30 and 18.8.31; where the standard is silent, what Excel
shows is right. Spaces at the ends that only align a number are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor, isfinite
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING

from iepdocs.workbook.cells import Cell, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iepdocs.workbook.cells import Value

    Number = int | float
    Token = tuple[str, str]
    """Its kind, a group of _TOKEN, and its text."""
    Test = tuple[Callable[[Number, float], bool], float]
    """A comparison and what is compared with."""
    Render = Callable[[Number], Cell]
    Layout = Callable[[Decimal], tuple[str, Decimal | None]]
    """Lays out a number that is not negative; the second result is what is meant, if not the number itself."""

_ACCOUNTING = '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)'
_ACCOUNTING_2 = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'
BUILTIN: Mapping[int, str] = {
    **dict(enumerate(("General", "0", "0.00", "#,##0", "#,##0.00"))),
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    **dict(enumerate(("0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??", "m/d/yyyy", "d-mmm-yy", "d-mmm", "mmm-yy"), 9)),
    **dict(enumerate(("h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss", "m/d/yyyy h:mm"), 18)),
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "m/d/yyyy"),
    **dict.fromkeys((32, 33), "h:mm:ss"),
    **dict.fromkeys((34, 35, 55, 56), "[<1]h:mm:ss;m/d/yyyy"),  # a time in Chinese, a date in Japanese and Korean
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: _ACCOUNTING,
    42: _ACCOUNTING.replace("* ", '"$"* '),
    43: _ACCOUNTING_2,
    44: _ACCOUNTING_2.replace("* ", '"$"* '),
    **dict(enumerate(("mm:ss", "[h]:mm:ss", "mm:ss.0", "##0.0E+0", "@"), 45)),
}
"""The formats that a file names by number only (ECMA-376 Part 1, 18.8.30), as Excel shows them in US English."""

_LONGEST = 1024
"""Excel itself takes 255 characters."""
_DAY, _HOUR, _MINUTE = 86_400, 3600, 60
_LEAP_BUG = 60
"""The serial of February 29, 1900, which Excel counts though there was none."""
_BEYOND = {False: 2_958_466, True: 2_957_004}
"""The serial after December 31, 9999 in the 1900 and in the 1904 system."""
_FIRST_1900, _FIRST_1904 = dt.date(1899, 12, 30).toordinal(), dt.date(1904, 1, 1).toordinal()
_PLAIN_FROM = -9
"""Excel writes 0.000000001 without an exponent, and smaller numbers with one."""
_EXACT_BELOW = 10**15
_EXACT = Context(prec=4000, rounding=ROUND_HALF_UP)
_MOST_PERCENT, _MOST_SECTIONS, _MOST_PLACES, _MOST_DENOMINATOR = 2, 4, 6, 9
_COMPARE: dict[str, Callable[[Number, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_DEFAULTS: tuple[tuple[Test | None, ...], ...] = ((), (None,), ((ge, 0), None), ((gt, 0), (lt, 0), None))
"""What the sections of a format are for, by their number, where they do not say it."""
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LONG_DATE, _LONG_TIME = "dddd, mmmm d, yyyy", "h:mm:ss AM/PM"
_SYSTEM = {"F800": _LONG_DATE, "X-SYSDATE": _LONG_DATE, "F400": _LONG_TIME, "X-SYSTIME": _LONG_TIME}
_CONDITION = re.compile(r"\[([<>]=?|<>|=)\s*(-?\d+(?:\.\d+)?(?:E[+-]?\d+)?)\]", re.IGNORECASE | re.ASCII)
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<pad>_.) | (?P<fill>\*.)
    | (?P<end>;) | (?P<general>General) | (?P<noon>AM/PM|A/P|上午/下午)
    | \[(?P<elapsed>h+|m+|s+)\] | \[\$-(?P<system>F800|F400|x-sysdate|x-systime)\]
    | \[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\] | (?P<bracket>\[[^\]]*\])
    | (?P<exponent>E[+-](?=[0\#?])) | (?P<fill_2>B[12](?=[ymdhs]))
    | (?P<date>y+|m+|d+|h+|s+|e+|b+|g+|a{3,4})
    | (?P<digit>[0\#?]) | (?P<point>\.0*) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<content>@)
    | (?P<bad>["\\_*\[\]]) | (?P<bare>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII,
)
_WORDS = {"quoted", "escaped", "bare"}
_AROUND_TEXT = {*_WORDS, "fill", "fill_2", "currency", "content", "general"}
_BLANK = {"pad": " ", "fill": "", "fill_2": ""}
_SHAPE = {"digit": "0", "point": ".", "comma": ",", "slash": "/"}
_UNFILLED = {"0": "0", "?": " ", "#": ""}
_PIECES = {
    "d": ("{weekday}", "{date.day}", "{date.day:02}", "{weekday:.3}"),
    "m": ("{month}", "{date.month}", "{date.month:02}", "{month:.3}", "{month}", "{month:.1}"),
    "y": ("{date.year:04}", "{date:%y}", "{date:%y}"),
    "e": ("{date.year:04}",),
    "b": ("{date.year:04}",),
    "g": ("",),
    "a": ("{weekday}", "", "", "{weekday:.3}"),
    "h": ("{hour:02}", "{hour}"),
    "H": ("{hour12:02}", "{hour12}"),
    "n": ("{minute:02}", "{minute}"),
    "s": ("{second:02}", "{second}"),
}
"""What is shown for a letter (n: minutes, H: with AM or PM) that stands any other number of times, once, twice …

Years of other calendars and eras are shown as ours.
"""


def number_cell(number: Number, code: str | None, *, date1904: bool = False) -> Cell:
    """Return the cell of a number: what its format shows, and what is meant by it.

    Args:
        number: as it is stored.
        code: the format as in styles.xml; None is General.
        date1904: whether days are counted from January 1, 1904.

    Returns:
        With a format of dates a date, time, datetime or timedelta, rounded to the second as Excel does and then cut
        to the unit shown; with percent a hundred times the number; with a fixed number of decimals the number as
        shown; else the number as stored, in the 15 digits that Excel holds. Whole numbers are int. A format that
        cannot be understood is read as General.
    """
    try:
        finite = isfinite(number)
    except OverflowError:
        finite = False
    if not finite:
        return Cell(None, "#NUM!", State.ERROR)
    if code is None or code == "General" or len(code) > _LONGEST:
        return _general(number)
    return _number_format(code, date1904)(number)


def text_cell(text: str, code: str | None) -> Cell:
    """Return the cell of a text: the text itself, or with the words that the format's text section puts around it."""
    if code is None or code in {"General", "@"} or len(code) > _LONGEST:
        return Cell(text, text)
    before, after = _text_format(code)
    shown = f"{before}{text}{after}"
    return Cell(shown, shown)


def _general(number: Number) -> Cell:
    if float(number).is_integer():
        number = int(_exact(number))
    if isinstance(number, int):
        return Cell(number, str(number))
    text = f"{number:.15g}"
    exact = Decimal(text)
    if "e" in text:
        text = format(exact, "f") if exact.adjusted() >= _PLAIN_FROM else text.upper()
    return Cell(_simple(exact), text)


def _exact(number: Number) -> Decimal:
    """Return a number to the 15 digits that Excel keeps."""
    return Decimal(number if isinstance(number, int) and abs(number) < _EXACT_BELOW else f"{number:.15g}")


def _simple(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)


def _sections(code: str) -> list[list[Token]]:
    """Return the tokens of each section. Raises ValueError where a format cannot be understood."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        if kind == "bad":
            raise ValueError
        if kind == "end":
            sections.append([])
        else:
            text = _BLANK.get(kind, match[kind])
            sections[-1].append((kind, text.upper() if text.lower() == "am/pm" and kind == "noon" else text))
    if len(sections) > _MOST_SECTIONS:
        raise ValueError
    return sections


def _has(tokens: Iterable[Token], *kinds: str) -> bool:
    return any(kind in kinds for kind, _ in tokens)


def _text_section(sections: list[list[Token]]) -> list[Token] | None:
    if len(sections) == _MOST_SECTIONS or _has(sections[-1], "content"):
        return sections[-1]
    return None


@lru_cache(maxsize=512)
def _text_format(code: str) -> tuple[str, str]:
    """Return the words that a format puts before and after a text."""
    try:
        tokens = _text_section(_sections(code)) or []
    except ValueError:
        return "", ""
    tokens = [token for token in tokens if token[0] not in {"bracket", "pad"}]
    places = [at for at, (kind, _) in enumerate(tokens) if kind in {"content", "general"}]
    if len(places) != 1 or any(kind not in _AROUND_TEXT for kind, _ in tokens):
        return "", ""
    return _joined(tokens[: places[0]]).lstrip(), _joined(tokens[places[0] + 1 :]).rstrip()


@lru_cache(maxsize=512)
def _number_format(code: str, date1904: bool) -> Render:  # noqa: FBT001  (a key of the cache)
    try:
        sections = _sections(code)
        if _text_section(sections) is not None:
            sections.pop()
        own = [_condition(tokens) for tokens in sections]
        tests = [mine or default for mine, default in zip(own, _DEFAULTS[len(own)], strict=True)]
        parts = [
            (test, _section(tokens, stored=any(own), signed=not _only_negative(at, tests), date1904=date1904))
            for at, (test, tokens) in enumerate(zip(tests, sections, strict=True))
        ]
    except ValueError:
        return _general
    if tests == [None]:
        return parts[0][1]

    def render(number: Number) -> Cell:
        for test, section in parts:
            if test is None or test[0](number, test[1]):
                return section(number)
        return _general(number)

    return render


def _condition(tokens: list[Token]) -> Test | None:
    matches = (_CONDITION.fullmatch(text) for kind, text in tokens if kind == "bracket")
    return next(((_COMPARE[match[1]], float(match[2])) for match in matches if match), None)


def _only_negative(at: int, tests: list[Test | None]) -> bool:
    """Whether a section is for negative numbers only: then it brings its own sign."""
    test = tests[at]
    if test is None:
        return at == 1 and tests[0] in {(gt, 0), (ge, 0)}
    return (test[1] <= 0 and test[0] in {lt, le}) or (test[1] < 0 and test[0] is eq)


def _section(tokens: list[Token], *, stored: bool, signed: bool, date1904: bool) -> Render:
    """Return what makes a number's cell. `stored`: the number is meant as stored; `signed`: with its minus sign."""
    system = [text.upper() for kind, text in tokens if kind == "system"]
    tokens = _sections(_SYSTEM[system[0]])[0] if system else [token for token in tokens if token[0] != "bracket"]
    if not tokens:
        return _general
    if _has(tokens, "date", "elapsed", "noon"):
        return _date_section(tokens, date1904=date1904)
    return _number_section(tokens, stored=stored, signed=signed)


def _joined(tokens: Iterable[Token]) -> str:
    return "".join(text for _, text in tokens)


def _point(kind: str, text: str) -> list[Token]:
    return [(kind, "."), *[("digit", "0")] * (len(text) - 1)]


def _number_section(tokens: list[Token], *, stored: bool, signed: bool) -> Render:
    tokens = [part for token in tokens for part in (_point(*token) if token[0] == "point" else [token])]
    percent = 2 * sum(kind == "percent" for kind, _ in tokens)
    if percent > _MOST_PERCENT or _has(tokens, "content") or (percent and _has(tokens, "general")):
        raise ValueError
    if not _has(tokens, "digit"):
        layout = _words(tokens)
    elif _has(tokens, "general"):
        raise ValueError
    else:
        layout = _scientific(tokens) or _fraction(tokens) or _decimal(tokens)

    def render(number: Number) -> Cell:
        exact = _EXACT.scaleb(_exact(number), percent)
        shown, rounded = layout(exact.copy_abs())
        if number < 0 and signed:
            shown = f"-{shown}"
        meant = exact if stored or rounded is None else rounded.copy_sign(exact)
        return Cell(_simple(meant), shown.strip() or _general(number).shown)

    return render


def _words(tokens: list[Token]) -> Layout:
    def layout(size: Decimal) -> tuple[str, None]:
        return "".join(_general(_simple(size)).shown if kind == "general" else text for kind, text in tokens), None

    return layout


def _decimal(tokens: list[Token]) -> Layout:
    shape = "".join(_SHAPE.get(kind, "x") for kind, _ in tokens)
    point = shape.find(".") if "." in shape else len(shape)
    first, last, last_whole = shape.find("0"), shape.rfind("0"), shape.rfind("0", 0, point)
    grouped = "," in shape[first : max(last_whole, 0)]
    scale = 3 * (shape.count(",", max(first, last_whole), point) + shape.count(",", max(last, point)))
    whole = [token for token in tokens[:point] if token[0] != "comma"]
    decimals = [token for token in tokens[point:] if token[0] != "comma"]
    if last_whole < 0:
        whole.append(("digit", "#"))
    unit = Decimal((0, (1,), -shape.count("0", point)))
    as_stored = (
        scale
        or whole.count(("digit", "0")) > 1
        or shape[first:last].strip("0.,")
        or any(kind in _WORDS and any(map(str.isalnum, text)) for kind, text in tokens)
    )

    def layout(size: Decimal) -> tuple[str, Decimal | None]:
        rounded = _EXACT.quantize(_EXACT.scaleb(size, -scale), unit)
        before, _, after = format(rounded, "f").partition(".")
        shown = _whole(before.lstrip("0"), whole, grouped=grouped) + _decimals(after, decimals)
        return shown, None if as_stored else rounded

    return layout


def _whole(digits: str, tokens: Sequence[Token], *, grouped: bool = False) -> str:
    """Fill places for digits from the right; the leftmost takes all that is left."""
    places = sum(kind == "digit" for kind, _ in tokens)
    filled: list[str] = []
    count = 0
    for kind, text in reversed(tokens):
        if kind != "digit":
            filled.append(text)
            continue
        places -= 1
        taken = digits[-1:] if places else digits
        digits = digits[: len(digits) - len(taken)]
        for digit in reversed(taken or _UNFILLED[text]):
            if grouped and count and count % 3 == 0:
                filled.append(" " if digit == " " else ",")
            filled.append(digit)
            count += 1
    return "".join(reversed(filled))


def _decimals(digits: str, tokens: Sequence[Token]) -> str:
    left = iter(digits.rstrip("0"))
    return "".join(next(left, _UNFILLED[text]) if kind == "digit" else text for kind, text in tokens)


def _scientific(tokens: list[Token]) -> Layout | None:
    kinds = [kind for kind, _ in tokens]
    if "exponent" not in kinds:
        return None
    at = kinds.index("exponent")
    point = kinds.index("point") if "point" in kinds[:at] else at
    step = max(1, kinds[:point].count("digit"))
    unit = Decimal((0, (1,), -kinds[point:at].count("digit")))
    mantissa = _decimal(tokens[:at])

    def layout(size: Decimal) -> tuple[str, None]:
        power = size.adjusted() // step * step if size else 0
        if _EXACT.quantize(_EXACT.scaleb(size, -power), unit).adjusted() >= step:
            power += step
        sign = "-" if power < 0 else tokens[at][1][1:].replace("-", "")
        shown, _ = mantissa(_EXACT.scaleb(size, -power))
        return f"{shown}E{sign}{_whole(str(abs(power)), tokens[at + 1 :])}", None

    return layout


def _fraction(tokens: list[Token]) -> Layout | None:
    shape = "".join(_SHAPE.get(kind, text if kind in {"bare", "pad"} else "x") for kind, text in tokens)
    match = re.search(r"(0+)( *)/( *)(0+|[1-9][0-9]*)", shape)
    if match is None or _has(tokens, "percent", "point") or shape.count("/") > 1:
        return None
    whole = [token for token in tokens[: match.start()] if token[0] != "comma"]
    grouped = _has(tokens[: match.start()], "comma")
    over, under = tokens[match.start(1) : match.end(1)], tokens[match.start(4) : match.end(4)]
    after = _joined(tokens[match.end() :])
    given = int(_joined(under)) if match[4][0] != "0" else None
    most = 10 ** min(len(under), _MOST_DENOMINATOR) - 1
    mixed = _has(whole, "digit")

    def layout(size: Decimal) -> tuple[str, None]:
        number = Fraction(float(size))
        ones = floor(number) if mixed else 0
        number -= ones
        top, bottom = (floor(number * given + Fraction(1, 2)), given) if given else _near(number, most)
        if mixed and top == bottom:
            ones, top = ones + 1, 0
        below = str(bottom) if given else _whole(str(bottom), under).strip().ljust(len(under))
        part = f"{_whole(str(top), over)}{match[2]}/{match[3]}{below}"
        if mixed and not top:
            part = " " * len(part)
        return _whole(str(ones) if ones or not top else "", whole, grouped=grouped) + part + after, None

    return layout


def _near(number: Fraction, most: int) -> tuple[int, int]:
    """Return the last convergent of a number whose denominator is not above the most: Excel's choice (0.3 is 2/7)."""
    before, last = (0, 1), (1, 0)
    while True:
        ones = floor(number)
        after = ones * last[0] + before[0], ones * last[1] + before[1]
        if after[1] > most:
            return last
        if number == ones:
            return after
        before, last, number = last, after, 1 / (number - ones)


def _date_section(tokens: list[Token], *, date1904: bool) -> Render:
    template, units, places = _date_template(tokens)
    noons = [text.split("/") for kind, text in tokens if kind == "noon"]
    elapsed, has_date = _has(tokens, "elapsed"), "d" in units
    is_span = elapsed or not units & {"d", "h"}
    unit = 1 if "s" in units else _MINUTE if "n" in units else _HOUR
    around = _HOUR if "n" in units else _MINUTE
    least = 1 if has_date and not date1904 else -_BEYOND[True] if elapsed and date1904 and not has_date else 0
    scale = 10**places

    def render(number: Number) -> Cell:
        if not least <= number < _BEYOND[date1904]:
            return _impossible(number)
        seconds, part = divmod(floor(abs(number) * _DAY * scale + 0.5), scale)
        days, clock = divmod(seconds, _DAY)
        date = _date(days, date1904=date1904) if has_date else None
        if has_date and date is None:
            return _impossible(number)
        hour, minute, second = clock // _HOUR, clock // _MINUTE % 60, clock % 60
        shown = template.format(
            date=date,
            weekday=_WEEKDAYS[(days + (5 if date1904 else 6)) % 7],
            month=date and _MONTHS[date.month - 1],
            hour=hour,
            hour12=(hour - 1) % 12 + 1,
            noons=[halves[hour // 12] for halves in noons],
            minute=minute,
            second=second,
            fraction=f"{part:0{places}}",
            all_h=seconds // _HOUR,
            all_n=seconds // _MINUTE,
            all_s=seconds,
        ).strip()
        value: Value | None = date
        micro = part * 10**6 // scale
        if is_span:
            span = seconds if elapsed else clock % around
            value = dt.timedelta(seconds=span - span % unit, microseconds=micro) * (-1 if number < 0 else 1)
        elif units != {"d"}:
            time = dt.time(hour, minute if unit < _HOUR else 0, second if unit == 1 else 0, micro)
            value = dt.datetime.combine(date, time) if date else time
        return Cell(value, f"-{shown}" if number < 0 else shown or _general(number).shown)

    return render


def _date_template(tokens: list[Token]) -> tuple[str, set[str], int]:
    """Return a template, the units that it shows (d, h, n for minutes, s) and how many places of a second."""
    letters = ["", *(text[0].lower() for kind, text in tokens if kind in {"date", "elapsed"}), ""]
    noon = _has(tokens, "noon")
    pieces, units = [], {"h"} if noon else set()
    nth = noons = places = 0
    for kind, text in tokens:
        run = len(text)
        if kind in {"date", "elapsed"}:
            nth += 1
            unit = letters[nth]
            beside = letters[nth - 1] == "h" or letters[nth + 1] == "s"
            if unit == "m" and (kind == "elapsed" or (beside and run < len("mmm"))):
                unit = "n"
            units.add(unit if unit in "hns" else "d")
            choices = _PIECES["H" if noon and unit == "h" else unit]
            piece = f"{{all_{unit}:0{run}}}" if kind == "elapsed" else choices[run if run < len(choices) else 0]
        elif kind == "noon":
            piece = f"{{noons[{noons}]}}"
            noons += 1
        elif kind == "point" and run > 1:
            piece = f".{{fraction:.{run - 1}}}"
            places = max(places, run - 1)
            units.add("s")
        elif kind in {"general", "content", "exponent", "digit"}:
            raise ValueError
        else:
            piece = text.replace("{", "{{").replace("}", "}}")
        pieces.append(piece)
    if places > _MOST_PLACES:
        raise ValueError
    return "".join(pieces), units, places


def _date(days: int, *, date1904: bool) -> dt.date | None:
    if days >= _BEYOND[date1904] or (not date1904 and days == _LEAP_BUG):
        return None
    return dt.date.fromordinal(days + (_FIRST_1904 if date1904 else _FIRST_1900 + (days < _LEAP_BUG)))


def _impossible(number: Number) -> Cell:
    return Cell(None, _general(number).shown, State.IMPOSSIBLE_DATE)

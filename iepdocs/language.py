"""A language of documents: how it writes dates, times and lists, and which language a person means by a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LIKE_I = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""What 'y' is 'e' before in Spanish (Real Academia Española, Diccionario panhispánico de dudas, y)."""
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_OTHER_NAMES = {
    "american sign language": "ase",
    "asl": "ase",
    "bengali": "bn",
    "cambodian": "km",
    "cape verdean": "kea",
    "cape verdean creole": "kea",
    "castilian": "es",
    "chinese (cantonese)": "yue",
    "chinese (mandarin)": "zh",
    "chinese (simplified)": "zh-Hans",
    "chinese (traditional)": "zh-Hant",
    "creole": "ht",
    "dari": "fa-AF",
    "espanol": "es",
    "español": "es",
    "farsi": "fa",
    "haitian": "ht",
    "karen": "kar",
    "k'iche'": "quc",
    "kiche": "quc",
    "laotian": "lo",
    "mam": "mam",
    "mandarin": "zh",
    "moldovan": "ro",
    "oriya": "or",
    "pilipino": "fil",
    "simplified chinese": "zh-Hans",
    "sorani": "ckb",
    "tagalog": "fil",
    "tl": "fil",
    "traditional chinese": "zh-Hant",
}
"""Names that schools use and CLDR has not among its English ones."""


@dataclass(frozen=True)
class Language:
    """A language, and its words for yes and no.

    English is written here, so that a document in English waits for no library; all others by Babel, with the customs
    of the United States where CLDR has them. A language that CLDR does not know gets its dates in English.

    Attributes:
        tag: a BCP 47 tag, such as `es`.
    """

    tag: str = "en"
    yes: str = "yes"
    no: str = "no"

    @property
    def is_english(self) -> bool:
        """Whether it is English, of whatever country."""
        return self.tag.partition("-")[0] == "en"

    def date(self, day: dt.date, form: str = "long") -> str:
        """Return a date in its long or short form, or without its year: March 4, 2026; 3/4/2026; March 4."""
        if not self._locale:
            if form == "short":
                return f"{day.month}/{day.day}/{day.year}"
            if form == "day":
                return f"{_MONTHS[day.month - 1]} {day.day}"
            return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
        return _date(day, form, self._locale)

    def time(self, time: dt.time) -> str:
        """Return a time: 3:30 PM."""
        if not self._locale:
            return f"{time.hour % 12 or 12}:{time.minute:02} {'AM' if time.hour < 12 else 'PM'}"  # noqa: PLR2004
        from babel.dates import format_time  # noqa: PLC0415  (heavy)

        return str(format_time(time, "short", locale=self._locale))

    def joined(self, words: Sequence[str]) -> str:
        """Return words as a list in a sentence: a, b, and c."""
        if not self._locale:
            return f"{', '.join(words[:-1])}, and {words[-1]}" if len(words) > 2 else " and ".join(words)  # noqa: PLR2004
        from babel.lists import format_list  # noqa: PLC0415  (heavy)

        text = str(format_list(list(words), locale=self._locale))
        if self.tag.partition("-")[0] == "es" and len(words) > 1 and _LIKE_I.match(words[-1]):
            return f"{text.removesuffix(f' y {words[-1]}')} e {words[-1]}"
        return text

    @cached_property
    def _locale(self) -> Any:
        if self.is_english:
            return None
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415  (heavy)

        for tag in (f"{self.tag}-US", self.tag, self.tag.partition("-")[0]):
            try:
                locale = Locale.parse(tag, sep="-")
            except (UnknownLocaleError, ValueError):
                continue
            if locale.months["format"]["wide"][1] != "M01":  # what CLDR has where it knows no names
                return locale
        return None


ENGLISH = Language()


class Translated(str):
    """A word that is compared in English, and printed in the document's language.

    Args:
        word: the English word.
        said: the word of the document's language.
    """

    __slots__ = ("said",)

    said: str

    def __new__(cls, word: str, said: str) -> Self:
        """Make the word."""
        made = super().__new__(cls, word)
        made.said = said
        return made

    def __str__(self) -> str:
        return self.said

    def upper(self) -> str:
        """Return it as it is printed, in capitals."""
        return self.said.upper()

    def capitalize(self) -> str:
        """Return it as it is printed, its first letter a capital."""
        return self.said.capitalize()


@cache
def _date(day: dt.date, form: str, locale: Any) -> str:
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415  (heavy)

    if form == "day":
        return str(format_skeleton("MMMMd", day, locale=locale))
    return str(format_date(day, form, locale=locale))


@cache
def language_tag(name: str) -> str | None:
    """Return the BCP 47 tag of a language that is named by its tag or its English name; None if it is unknown.

    Args:
        name: `Spanish`, `Spanish (Mexico)`, `es`, `es-MX` or `spa`; blank is English.
    """
    said = " ".join(name.split())
    if not said or said.casefold() in ("english", "en"):
        return "en"
    by_name = _by_name()
    if tag := by_name.get(said.casefold()) or by_name.get(said.casefold().removesuffix(" language")):
        return tag
    if in_country := re.fullmatch(r"(.+?),? \((.+)\)", said):
        language, country = by_name.get(in_country[1].casefold()), _territories().get(in_country[2].casefold())
        return f"{language}-{country}" if language and country else None
    first, *more = re.split(r"[-_]", said)
    first = _other_codes().get(first.lower(), first.lower())
    if _TAG.fullmatch(said) and first in by_name.values():
        return "-".join((first, *(_CASES.get(len(part), str.lower)(part) for part in more)))
    return None


@cache
def serving(tag: str) -> tuple[str, ...]:
    """Return the tags of the languages that serve who reads one, the best first, as RFC 4647 3.4 looks them up.

    For `es-MX` they are that and `es`; for `zh-TW` also `zh-Hant`, the script that is likely in that country.
    """
    if tag == "en":
        return ("en",)
    parts = [one.split("-") for one in (tag, _likely(tag))]
    return tuple(dict.fromkeys("-".join(one[:length]) for one in parts for length in range(len(one), 0, -1)))


def _likely(tag: str) -> str:
    """Return a tag with the script that CLDR holds likely: `zh-Hant-TW` for `zh-TW`."""
    from babel.core import get_global  # noqa: PLC0415  (heavy)

    return str(get_global("likely_subtags").get(tag.replace("-", "_"), tag)).replace("_", "-")


_CASES = {2: str.upper, 4: str.capitalize}
"""How countries and scripts are written in a tag, by their length (RFC 5646, 2.1.1)."""


@cache
def _other_codes() -> Mapping[str, str]:
    """Return the tags of languages by the three letters that ISO 639-2 has for them."""
    from babel.core import get_global  # noqa: PLC0415  (heavy)

    return {
        code: str(tag)
        for code, tag in get_global("language_aliases").items()
        if len(code) == len("spa") and tag.isalpha()
    }


@cache
def _territories() -> Mapping[str, str]:
    from babel import Locale  # noqa: PLC0415  (heavy)

    named = {str(name).casefold(): str(code) for code, name in Locale("en").territories.items()}
    return {**named, **{code.casefold(): code for code in named.values()}}


@cache
def _by_name() -> Mapping[str, str]:
    from babel import Locale  # noqa: PLC0415  (heavy)

    names = {str(name).casefold(): code.replace("_", "-") for code, name in Locale("en").languages.items()}
    return {**names, **_OTHER_NAMES}


def language_names() -> list[str]:
    """Return the English names of all languages that are known, to look for the nearest of a mistyped one."""
    return [name.title() for name in _by_name()]


@cache
def language_name(tag: str) -> str:
    """Return the English name of a language: Spanish for `es`."""
    if tag == "en":
        return "English"
    from babel import Locale  # noqa: PLC0415  (heavy)

    names = Locale("en").languages
    return str(names.get(tag.replace("-", "_")) or names.get(tag.partition("-")[0]) or tag)

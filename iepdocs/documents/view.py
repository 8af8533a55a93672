"""Records as templates see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iepdocs.language import Translated
from iepdocs.sandbox import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from iepdocs.pack import Sheet
    from iepdocs.plan import Record


_MAY_HAVE_WORDS = (str, list)


class View:
    """A record in a template: `goal.area` and `goal['area']` are the value of its column.

    A choice is its full words, and `…_code` its code. A view with no record behind it is false and has blanks for
    all its fields. What is no column and no computed field is undefined. `choice` gives a choice's word in the
    document's language, in which it prints; compared, it is the English one. `computed` has what computes fields beside
    the columns from the record, the same for many views; `holding` names those of them that may be records themselves,
    or lists of them; without it, all may.
    """

    __slots__ = ("_choice", "_computed", "_holding", "_record", "_sheet")
    has_fields_alone = True
    """What the sandbox looks for: a template reaches nothing of a record but its fields."""

    def __init__(
        self,
        record: Record | None,
        sheet: Sheet,
        computed: Mapping[str, Callable[[Any], Any]] | None = None,
        choice: Callable[[str], str] | None = None,
        holding: Iterable[str] | None = None,
    ) -> None:
        self._choice = choice
        self._record = record
        self._sheet = sheet
        self._computed = computed or {}
        self._holding = self._computed if holding is None else holding

    def __bool__(self) -> bool:
        return self._record is not None

    def __getitem__(self, key: str) -> Any:
        if compute := self._computed.get(key):
            value = compute(self._record)
        elif key in self._sheet.columns:
            value = self._worded(key)
        elif key.endswith("_code") and (column := key.removesuffix("_code")) in self._sheet.columns:
            value = self._record.values.get(column) if self._record and self._sheet.columns[column].words else None
        elif self._record and key in self._record.values:
            value = self._record.values[key]
        else:
            raise KeyError(key)
        return BLANK if value is None else value

    def __str__(self) -> str:
        """Print nothing: a record has fields, and is no text itself."""
        return ""

    __repr__ = __str__

    def _worded(self, key: str) -> Any:
        value = self._record.values.get(key) if self._record else None
        if isinstance(value, _MAY_HAVE_WORDS):
            column = self._sheet.columns[key]
            if isinstance(value, list):
                return [self._in_words(item, column.words) for item in value]
            if column.words or (self._choice and column.choices):
                return self._in_words(value, column.words)
        return value

    def _in_words(self, value: Any, words: Mapping[str, str]) -> Any:
        said = words.get(value, value)
        local = self._choice(said) if self._choice and isinstance(said, str) else said
        return said if local == said else Translated(said, local)


def records_in(value: Any) -> Iterator[Record]:
    """Yield the records behind a value of a context: its own, and those that its computed fields hold."""
    if isinstance(value, View):
        if value._record:  # noqa: SLF001
            yield value._record  # noqa: SLF001
        for key in value._holding:  # noqa: SLF001
            yield from records_in(value._computed[key](value._record))  # noqa: SLF001
    elif isinstance(value, list):
        for item in value:
            yield from records_in(item)

"""The names that templates may use, as `context.yaml` declares them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iepdocs.pack.shape import TEXT, TEXTS, check_shape
from iepdocs.sandbox import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iepdocs.pack.schema import Sheet
    from iepdocs.sandbox import Path

ALWAYS = ("district", "document", "terms", "today")
"""The names that every document has."""

_NAME = {
    "sheet": TEXT,
    "each": TEXT,
    "help": TEXT,
    "example": TEXT,
    "from": TEXTS,
    "fields": {"type": "dict", "valuesrules": {"type": "dict"}},
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a template's context: a value, a record of `sheet`, or with `each` a list of them.

    `fields` are what it has beside the sheet's columns; `reads` the columns behind a computed value, or those by
    which a record is found.
    """

    key: str
    help: str = ""
    example: str = ""
    type: str = ""
    sheet: Sheet | None = None
    each: str = ""
    reads: tuple[str, ...] = ()
    fields: Mapping[str, Name] = field(default_factory=dict)

    @property
    def is_value(self) -> bool:
        """Whether it is a plain value, with nothing below it."""
        return not self.sheet and not self.fields

    def below(self, extra: Mapping[str, set[str]]) -> dict[str, Name]:
        """Return the fields by key: the sheet's columns, those that a workbook adds (`extra`), the computed."""
        found = {}
        if self.sheet:
            for column in self.sheet.columns.values():
                found[column.key] = Name(column.key, column.help, column.example, column.type, reads=(column.key,))
                if column.words:
                    code = f"{column.key}_code"
                    meaning = f"The code of {column.key}."
                    found[code] = Name(code, meaning, column.example, reads=(column.key,))
            for key in extra.get(self.sheet.title, ()):
                found.setdefault(key, Name(key, reads=(key,)))
        return {**found, **self.fields}


@dataclass(frozen=True, slots=True)
class Use:
    """What a template reads: a column of a sheet, or with `column` None only whether there are rows."""

    sheet: str
    column: str | None


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that does not exist: the wrong `word`, what it stands below in a template, the right words there."""

    above: str
    word: str
    known: tuple[str, ...]

    def with_word(self, word: str) -> str:
        """Return the name as an author writes it, with another last word."""
        return f"{self.above}.{word}" if self.above else word

    def __str__(self) -> str:
        return self.with_word(self.word)


def load_names(
    declarations: Mapping[str, Any], sheets: Mapping[str, Sheet], terms: Mapping[str, str]
) -> dict[str, Name]:
    """Build the context's names from `context.yaml`; the fields of `terms` are the declared terms."""
    names = {key: _name(key, declared, sheets) for key, declared in declarations.items()}
    words = {key: Name(key, "The district's word.", text) for key, text in terms.items()}
    names["terms"] = Name("terms", names["terms"].help, fields=words)
    return names


def _name(key: str, declared: Mapping[str, Any], sheets: Mapping[str, Sheet]) -> Name:
    check_shape(declared, _NAME, "context.yaml")
    return Name(
        key=key,
        help=declared.get("help", ""),
        example=declared.get("example", ""),
        sheet=sheets[declared["sheet"]] if "sheet" in declared else None,
        each=declared.get("each", ""),
        reads=tuple(declared.get("from", ())),
        fields={field: _name(field, below, sheets) for field, below in declared.get("fields", {}).items()},
    )


def uses_of(paths: set[Path], names: Mapping[str, Name], extra: Mapping[str, set[str]]) -> Iterator[Use | UnknownName]:
    """Say of every path that a template reads which column it is, or once that there is no such name.

    Args:
        paths: the names as `iepdocs.sandbox.used_paths` finds them.
        names: the names of the document kind.
        extra: columns that the workbook adds, by sheet.
    """
    yield from dict.fromkeys(use for path in sorted(paths) for use in _uses(path, names, extra))


def _uses(path: Path, names: Mapping[str, Name], extra: Mapping[str, set[str]]) -> Iterator[Use | UnknownName]:
    known: Mapping[str, Name] = names
    sheet: Sheet | None = None
    name: Name | None = None
    above = ""
    for word in path:
        if word == ITEM:
            continue
        if name and name.is_value:
            return
        if word not in known:
            yield UnknownName(above, word, tuple(known))
            return
        name = known[word]
        above = name.each or (f"{above}.{word}" if above else word)
        if name.sheet:
            sheet = name.sheet
            yield Use(sheet.title, None)
        for column in name.reads:
            if sheet:
                yield Use(sheet.title, column)
        known = name.below(extra)

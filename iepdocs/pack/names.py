"""The names that templates may use, as `context.yaml` declares them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding
from iepdocs.pack.shape import NAME, TEXT, TEXTS, check_names, check_shape, check_words, known_here, stop_at
from iepdocs.reads import ALL, ITEM, SOME
from iepdocs.sandbox import Expression
from iepdocs.text import nearest

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from iepdocs.pack.kinds import Kind
    from iepdocs.pack.schema import Sheet
    from iepdocs.reads import NamePath

_ALWAYS = ("student", "district", "document", "terms", "today")
"""The names that every document has."""

_PARTS = ("year", "month", "day", "hour", "minute")
"""What a date or time has below it; no other value has anything."""

_FILE = "context.yaml"
_NAME: dict[str, Any] = {
    "sheet": TEXT,
    "each": NAME,
    "help": TEXT,
    "example": TEXT,
    "from": TEXTS,
    "value": TEXT,
    "selected_by": {"type": "dict", "valuesrules": TEXTS},
    "fields": {"type": "dict", "keysrules": NAME, "valuesrules": {"type": "dict"}},
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a template's context: a value, a record of `sheet`, or with `each` a list of them.

    Attributes:
        each: what one item of a list is usually called.
        reads: the columns behind a computed value, or those without which a record cannot be placed.
        value: what computes it from its record's columns, if that can be said in an expression.
        selected_by: the columns, by sheet, that decide which records there are.
        columns: the sheet's columns as names, and the codes of those that have words for them.
        fields: what it has beside the sheet's columns.
    """

    key: str
    help: str = ""
    example: str = ""
    type: str = ""
    sheet: Sheet | None = None
    each: str = ""
    reads: tuple[str, ...] = ()
    value: Expression | None = None
    selected_by: Mapping[str, list[str]] = field(default_factory=dict)
    columns: Mapping[str, Name] = field(default_factory=dict)
    fields: Mapping[str, Name] = field(default_factory=dict)

    @property
    def is_value(self) -> bool:
        """Whether it is a plain value, with nothing below it."""
        return not self.sheet and not self.fields

    def within(self, sheets: Container[str]) -> Name:
        """Return the name without the fields that lie on other sheets."""
        fields = {
            key: below.within(sheets)
            for key, below in self.fields.items()
            if not below.sheet or below.sheet.title in sheets
        }
        return replace(self, fields=fields)

    def below(self, extra: Mapping[str, set[str]]) -> dict[str, Name]:
        """Return the fields by key: the sheet's columns, those that a workbook adds (`extra`), the computed."""
        more = extra.get(self.sheet.title, ()) if self.sheet else ()
        added = {key: Name(key, reads=(key,)) for key in more if key not in self.columns}
        return {**self.columns, **added, **self.fields}


@dataclass(frozen=True, slots=True)
class Use:
    """What a template reads: a column of a sheet, or with `column` None only whether there are rows."""

    sheet: str
    column: str | None


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that does not exist: the wrong `word`, what it stands below in a template, the right words there.

    Where a list was taken for one of its items, `each` is what an item is called.
    """

    above: str
    word: str
    known: tuple[str, ...]
    each: str = ""

    def with_word(self, word: str) -> str:
        """Return the name as an author writes it, with another last word."""
        return f"{self.above}.{word}" if self.above else word

    def __str__(self) -> str:
        return self.with_word(self.word)


def load_names(
    declarations: Mapping[str, Any], sheets: Mapping[str, Sheet], terms: Mapping[str, str]
) -> dict[str, Name]:
    """Build the context's names from `context.yaml`; the fields of `terms` are the declared terms.

    Raises:
        IepdocsError: where a declaration says what no name can be, or names a sheet that is not there.
    """
    check_names(declarations, _FILE)
    columns = {title: _columns(sheet) for title, sheet in sheets.items()}
    names = {key: _name(key, key, declared, sheets, columns) for key, declared in declarations.items()}
    words = {key: Name(key, "The district's word.", text) for key, text in terms.items()}
    names["terms"] = Name("terms", names["terms"].help, fields=words)
    return names


def _columns(sheet: Sheet) -> dict[str, Name]:
    """Return the columns of a sheet as names, and beside each that has words for its codes the code."""
    found = {}
    for column in sheet.columns.values():
        found[column.key] = Name(column.key, column.help, column.example, column.type, reads=(column.key,))
        if column.words:
            code = f"{column.key}_code"
            meaning = f"The code of {column.key}."
            found[code] = Name(code, meaning, column.example, reads=(column.key,))
    return found


def _name(
    key: str,
    inside: str,
    declared: Mapping[str, Any],
    sheets: Mapping[str, Sheet],
    columns_of: Mapping[str, Mapping[str, Name]],
    above: Sheet | None = None,
) -> Name:
    """Build a name; `columns_of` has the columns of each sheet, `above` is that of the record whose field it is."""
    check_shape({inside: declared}, {inside: {"type": "dict", "schema": _NAME}}, _FILE)
    value = Expression(declared["value"], FilePlace(_FILE, f"{inside}.value")) if "value" in declared else None
    title = declared.get("sheet")
    stop_at(check_words("sheet", [title] if title else [], sheets, _FILE, f"{inside}.sheet"))
    sheet = sheets[title] if title else above
    selected_by = declared.get("selected_by", {})
    stop_at(check_words("sheet", selected_by, sheets, _FILE, f"{inside}.selected_by"))
    selecting = [f"{title}.{column}" for title, columns in selected_by.items() for column in columns]
    columns = [f"{other.title}.{column}" for other in sheets.values() for column in other.columns]
    own = sheet.columns if sheet else ()
    stop_at(
        [
            *check_words("column", {path[0] for path in value.paths} if value else (), own, _FILE, f"{inside}.value"),
            *check_words("column", declared.get("from", ()), [*own, *columns], _FILE, f"{inside}.from"),
            *check_words("column", selecting, columns, _FILE, f"{inside}.selected_by"),
        ]
    )
    return Name(
        key=key,
        help=declared.get("help", ""),
        example=declared.get("example", ""),
        sheet=sheets[title] if title else None,
        each=declared.get("each", ""),
        reads=tuple(declared.get("from", ())) or tuple(sorted({path[0] for path in value.paths}) if value else ()),
        value=value,
        selected_by=selected_by,
        columns=columns_of[title] if title else {},
        fields={
            field: _name(field, f"{inside}.{field}", below, sheets, columns_of, sheet)
            for field, below in declared.get("fields", {}).items()
        },
    )


def names_of(kind: Kind, names: Mapping[str, Name]) -> dict[str, Name]:
    """Return the names that templates of a kind may use: its own, those of every kind, and no sheet beyond its own."""
    mine = {*kind.for_each, *kind.context, *_ALWAYS}
    return {key: name.within(kind.sheets) for key, name in names.items() if key in mine}


def paths_of(written: str, names: Mapping[str, Name]) -> list[NamePath]:
    """Return what a name stands for as templates usually write it: `goal.area` for the area of one of the goals.

    There are several where loops over different lists call an item the same, and none where there is no such name.
    """
    return [
        path
        for path in likely_paths(written, names)
        if not any(isinstance(found, UnknownName) for found in uses_of({path}, names, {}))
    ]


def likely_paths(written: str, names: Mapping[str, Name]) -> list[NamePath]:
    """Return what a name would stand for if there is one below each name or loop that it begins with."""
    first, *rest = written.split(".")
    above = [path for path, each in _lists(names) if each == first]
    return [(*path, *rest) for path in (*above, *([(first,)] if first in names or not above else []))]


def _lists(names: Mapping[str, Name], above: NamePath = ()) -> Iterator[tuple[NamePath, str]]:
    """Yield the item of each list, also of lists below, with what it is usually called."""
    for name in names.values():
        path = (*above, name.key, ITEM) if name.each else (*above, name.key)
        if name.each:
            yield path, name.each
        if name.fields:
            yield from _lists(name.fields, path)


def uses_of(
    paths: set[NamePath], names: Mapping[str, Name], extra: Mapping[str, set[str]]
) -> Iterator[Use | UnknownName]:
    """Say of every path that a template reads which column it is, or once that there is no such name.

    Args:
        paths: the names as `iepdocs.reads.names_read` finds them.
        names: the names of the document kind.
        extra: columns that the workbook adds, by sheet.
    """
    yield from dict.fromkeys(use for path in sorted(paths) for use in _uses(path, names, extra))


def unknown_names(paths: set[NamePath], names: Mapping[str, Name], file: str, inside: str) -> list[Finding]:
    """Return a finding for every path that an expression of a pack reads and that is none of the names."""
    findings = []
    for found in uses_of(paths, names, {}):
        if not isinstance(found, UnknownName):
            continue
        close = nearest(found.word, found.known)
        if found.each:
            mend = f"'{found.above}' is a list; an expression may look at its length, or pick from it."
        elif close:
            mend = f"Did you mean {found.with_word(close)}?"
        elif found.known:
            mend = known_here([found.with_word(word) for word in found.known])
        else:
            mend = f"'{found.above}' is a value, with nothing below it."
        findings.append(Finding(f"There is no name '{found}'.", mend, place=FilePlace(file, inside), rule="pack-name"))
    return findings


def _uses(path: NamePath, names: Mapping[str, Name], extra: Mapping[str, set[str]]) -> Iterator[Use | UnknownName]:
    sheet: Sheet | None = None
    name: Name | None = None
    above = ""
    is_list = False
    for word in path:
        if word == ALL or (word == SOME and not is_list):
            yield from _all_of(name, extra)
            return
        if name and is_list:
            if word not in (ITEM, SOME):
                yield UnknownName(above, word, tuple(name.below(extra)), name.each)
                return
            is_list, above = False, name.each
            continue
        if name and name.is_value:
            if word not in (ITEM, SOME, *_PARTS):
                yield UnknownName(above, word, ())
            return
        known = name.below(extra) if name else names
        if word not in known:
            if word != ITEM or (name and name.sheet):  # of what is no record, all fields may be gone through
                yield UnknownName(above, word, tuple(known))
            return
        name = known[word]
        is_list = bool(name.each)
        above = f"{above}.{word}" if above else word
        sheet = name.sheet or sheet
        yield from _read_with(name, sheet)


def _read_with(name: Name, sheet: Sheet | None) -> Iterator[Use]:
    """Yield what is read where a name is: that there are rows of its sheet, and the columns behind it."""
    if name.sheet:
        yield Use(name.sheet.title, None)
    for column in name.reads:
        title, _, key = column.rpartition(".")
        if title or sheet:
            yield Use(title or (sheet.title if sheet else ""), key)


def _all_of(name: Name | None, extra: Mapping[str, set[str]]) -> Iterator[Use]:
    """Yield every column that a name has, and that the names below it have."""
    if name and name.sheet:
        yield from (Use(name.sheet.title, column) for column in name.sheet.columns)
        for below in name.below(extra).values():
            yield from _all_of(below, extra)

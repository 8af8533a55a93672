"""A pack: everything that is declared, from the built-in folder and a district's laid over it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iepdocs.findings import FilePlace, Finding, IepdocsError, Severity
from iepdocs.garbage import keeping_everything
from iepdocs.language import Language, language_tag, serving
from iepdocs.pack.declarations import figure, lay_over, read_declaration
from iepdocs.pack.elements import check_elements
from iepdocs.pack.kinds import FILE_FIELDS, ID_PATTERN, Kind, load_kinds, with_file_name
from iepdocs.pack.names import Name, load_names, names_of, unknown_names
from iepdocs.pack.recipients import Standing, load_standings
from iepdocs.pack.rules import Grade, Known, Rule, load_rules
from iepdocs.pack.schema import Sheet, load_sheets
from iepdocs.pack.shape import NAME, TEXT, check_shape, check_words, stop_at
from iepdocs.pack.summary import load_summary
from iepdocs.pack.terms import Wording, load_wordings
from iepdocs.text import did_you_mean, fold, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from iepdocs.pack.summary import SummaryColumn

_LAYOUT = (
    "district.yaml", "context.yaml", "instructions.yaml", "recipients.yaml", "summary.yaml",
    "docx", "schema", "rules", "documents", "terms",
)  # fmt: skip
_SHOWN_NOWHERE = ("rules/", "instructions", "summary")
_TEMPLATE_ENDINGS = (".docx", ".dotx", ".docm", ".dotm")
_PACKAGE = Path(__file__).resolve().parent.parent
_BUILTIN = _PACKAGE / "builtin"


def _shipped(in_wheel: Path, in_checkout: str) -> Path:
    """Return a folder that the wheel carries inside the package and a checkout has beside it."""
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / in_checkout


def sample_workbook() -> Path:
    """Return the filled sample workbook that comes with iepdocs."""
    return _shipped(_PACKAGE / "samples", "samples") / "maple-valley" / "plans.xlsx"


@dataclass(frozen=True)
class Pack:
    """All that is declared.

    Attributes:
        sheets: the sheets by title, in order.
        kinds: the document kinds by key, in order.
        names: what templates may use.
        rules: the rules over several cells or sheets, by id.
        grades: how bad what the checks of iepdocs itself find is, by their ids.
        settings: `district.yaml`, the defaults of the District sheet.
        params: the figures that rules use.
        wordings: the district's words, by the tag of the language.
        standings: who gets letters about a student, and in what part; the first that is true of a contact.
        summary: the columns of the list of goals.
        instructions: what the blank workbook tells whoever fills it in.
        template_folders: where templates are looked for, first one first.
        notes: files of the district's that nothing uses.
        by_id: whether file names leave out the names of people.
        sha256: what tells the declarations from which documents follow from all others.
    """

    sheets: Mapping[str, Sheet]
    kinds: Mapping[str, Kind]
    names: Mapping[str, Name]
    rules: Mapping[str, Rule]
    grades: Mapping[str, Grade]
    settings: Mapping[str, Any]
    params: Mapping[str, Any]
    wordings: Mapping[str, Wording]
    standings: Sequence[Standing]
    summary: Sequence[SummaryColumn]
    instructions: Mapping[str, str]
    template_folders: Sequence[Path]
    notes: Sequence[Finding] = ()
    by_id: bool = False
    sha256: str = ""

    def template(self, name: str) -> Path:
        """Return the path of a template by its file name.

        Word's other endings for templates stand for `.docx`, and `Progress Report.docx` for `progress_report.docx`.

        Raises:
            IepdocsError: where no folder has it.
        """
        if (found := self._find(name)) is not None:
            return found
        raise IepdocsError(
            Finding(
                message="There is no such template.",
                mend=f"Put it into {self.template_folders[0]}, or mend the name in the document's declaration.",
                place=FilePlace(name),
                rule="template-missing",
            )
        )

    def template_in(self, name: str, tag: str) -> Path | None:
        """Return the path of a template in a language, `iep.es.docx` for `iep.docx`, if there is one.

        A tag with a country stands for its language too: where there is no `iep.es-MX.docx`, `iep.es.docx` is taken.
        """
        stem = Path(name).stem
        for one in serving(tag):
            if (found := self._find(f"{stem}.{one}.docx")) is not None:
                return found
        return None

    def templates_of(self, name: str) -> list[Path]:
        """Return the paths of a template by its file name: the English one, and one for each other language.

        Raises:
            IepdocsError: where there is no English one.
        """
        files = [path for folder in self.template_folders if folder.is_dir() for path in folder.iterdir()]
        tags = {language_in(path) for path in files if is_template_of(_in_english(path), name)}
        return [self.template(name), *filter(None, [self.template_in(name, tag) for tag in sorted(tags - {"en"})])]

    def piece_folders(self, template: Path) -> list[Path]:
        """Return where the pieces that a template takes in are looked for, first one first."""
        return [folder / "pieces" for folder in (template.parent, *self.template_folders)]

    def _find(self, name: str) -> Path | None:
        for folder in self.template_folders:
            exact = [path for ending in _TEMPLATE_ENDINGS if (path := (folder / name).with_suffix(ending)).is_file()]
            alike = sorted(folder.iterdir()) if folder.is_dir() and not exact else ()
            for path in (*exact, *(path for path in alike if is_template_of(path, name))):
                return path
        return None

    def placing_on(self, title: str) -> set[str]:
        """Return the columns that say to whom and what a sheet's rows, and those that stand in them, belong.

        Of a guardian in a student's row it is the name.
        """
        found = set(self.sheets[title].placing) if title in self.sheets else set()
        for sheet in self.sheets.values():
            if sheet.also_on and sheet.also_on.sheet == title:
                for prefix in sheet.also_on.prefixes:
                    found |= {guest for guest, key in sheet.also_on.guests(prefix).items() if key in sheet.placing}
        return found

    def kind(self, key: str) -> Kind:
        """Return a document kind by its key.

        Raises:
            IepdocsError: naming the nearest one, where there is none.
        """
        if key in self.kinds:
            return self.kinds[key]
        raise IepdocsError(
            Finding(
                message=f"There is no document kind '{key}'.",
                mend=did_you_mean(key, self.kinds, f"The kinds are: {', '.join(self.kinds)}."),
                place=FilePlace("--kind"),
                rule="kind-unknown",
            )
        )

    def graded(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings with the severity and citation that is declared for their rules; without those ignored."""
        graded = []
        for finding in findings:
            grade = self.grades.get(finding.rule)
            if grade is None:
                graded.append(finding)
            elif grade.severity:
                graded.append(replace(finding, severity=grade.severity, citation=grade.citation or finding.citation))
        return graded

    def wording(self, tag: str, settings: Mapping[str, Any]) -> Wording:
        """Return the words of a language: a setting `terms.iep_team`, or `terms.es.iep_team`, over those of the pack.

        A language without words of its own has the English ones.
        """
        found = next((self.wordings[one] for one in serving(tag) if one in self.wordings), None)
        if not found:
            found = replace(self.wordings["en"], language=Language(tag))
        above = "terms." if found.language.is_english else f"terms.{found.language.tag}."
        own = {
            key.removeprefix(above): str(value) for key, value in settings.items() if key.startswith(above) and value
        }
        return found.with_terms({key: text for key, text in own.items() if "." not in key})

    def names_of(self, kind: Kind) -> dict[str, Name]:
        """Return the names that templates of a kind may use."""
        return names_of(kind, self.names)


@keeping_everything()
def load_pack(
    district: Path | None = None, templates: Path | None = None, *, file_name: str | None = None, by_id: bool = False
) -> Pack:
    """Load the built-in pack, with a district's folder laid over it file by file and key by key.

    Args:
        district: a folder of the same layout as the built-in one; what it leaves out comes from there.
        templates: a folder of .docx alone, looked into first.
        file_name: a pattern for the names of all documents, over what the district and each kind say.
        by_id: whether file names are to leave out the names of people.

    Raises:
        IepdocsError: naming file and key, where a declaration is wrong or a folder is not there.
    """
    for folder in (district, templates):
        if folder and not folder.is_dir():
            raise IepdocsError(
                Finding(
                    message="There is no such folder.",
                    mend="Check the spelling, or create the folder.",
                    place=FilePlace(str(folder)),
                    rule="folder-missing",
                )
            )
    layers = [_BUILTIN, *([district] if district else [])]
    schema, documents, rules_of_each = (_folders(layers, name) for name in ("schema", "documents", "rules"))
    stop_at([*_misnamed(schema, "schema"), *_misnamed(documents, "documents")])
    sheets = load_sheets(_laid_over(schema))
    stop_at(_changed_types(schema))
    kinds = load_kinds(_laid_over(documents))
    terms = _folders(layers, "terms")
    choices = [word for sheet in sheets.values() for column in sheet.columns.values() for word in column.choices]
    choices += [word for declared in terms[0].values() for word in declared.get("choices", ())]
    wordings = load_wordings(_laid_over(terms), terms[0]["en"], choices)
    names = load_names(_file(layers, "context.yaml"), sheets, wordings["en"].terms)
    stop_at([finding for kind in kinds.values() for finding in _check_kind(kind, sheets, names)])
    settings = _settings(_file(layers, "district.yaml"), sheets["District"])
    params = {key: figure(value) for key, value in settings.pop("rules", {}).items()}
    pattern, at = settings.pop("file_name", None), FilePlace("district.yaml", "file_name")
    if by_id and file_name is not None:
        raise IepdocsError(
            Finding(
                "Files cannot be named by IDs alone and by a pattern too.",
                "Leave out --no-names, with a pattern such as '{student_id} {date}'; or leave out --name.",
                FilePlace("--name"),
                rule="pack-file",
            )
        )
    if by_id:
        pattern = ID_PATTERN
    elif file_name is not None:
        pattern, at = file_name, FilePlace("--name")
    if pattern is not None:
        kinds = with_file_name(kinds, pattern, at, _fields_of_file_names(kinds, names))
    rules, grades = load_rules(rules_of_each, Known(sheets, kinds, params, wordings["en"].terms))
    folders = [
        *([templates] if templates else []),
        *([district / "docx"] if district else []),
        _shipped(_BUILTIN / "docx", "templates/docx"),
    ]
    return Pack(
        sheets,
        kinds,
        names,
        rules=rules,
        grades=grades,
        settings=settings,
        params=params,
        wordings=wordings,
        standings=load_standings(_new_first(layers, "recipients.yaml"), sheets),
        summary=load_summary(_file(layers, "summary.yaml"), names),
        instructions=_words(_file(layers, "instructions.yaml"), "instructions.yaml"),
        template_folders=folders,
        notes=list(_unused(district, folders[:-1], {kind.template for kind in kinds.values()})),
        by_id=by_id,
        sha256=_sha256(layers),
    )


def _sha256(layers: Iterable[Path]) -> str:
    """Return what tells the declarations from all others, but for those that no document shows."""
    found = sha256()
    for number, layer in enumerate(layers):
        for path in sorted(layer.rglob("*.yaml")):
            name = path.relative_to(layer).as_posix()
            if not name.startswith(_SHOWN_NOWHERE):
                found.update(f"{number} {name}\0".encode() + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _fields_of_file_names(kinds: Mapping[str, Kind], names: Mapping[str, Name]) -> set[str]:
    """Return what names of files may be made of: the columns of what documents stand for, and more."""
    stands_for = {"student"}.union(*(kind.for_each for kind in kinds.values()))
    return set(FILE_FIELDS).union(*(sheet.columns for name in stands_for if (sheet := names[name].sheet)))


def is_template_of(path: Path, name: str) -> bool:
    """Tell whether a file is a template of that file name, however it is spelt: with spaces, capitals, hyphens."""
    said, meant = (fold(re.sub(r"[_-]+", " ", stem)) for stem in (path.stem, Path(name).stem))
    return said == meant and path.suffix.lower() in _TEMPLATE_ENDINGS and not path.name.startswith("~")


def language_in(path: Path) -> str:
    """Return the tag of the language that a template's file name says: `es` of `iep.es.docx`, else `en`."""
    stem, _, tag = path.stem.rpartition(".")
    known = language_tag(tag) if stem else None
    return known if known and known.lower() == tag.replace("_", "-").lower() else "en"


def _in_english(path: Path) -> Path:
    """Return what a template would be called without the tag of its language: `iep.docx` for `iep.es.docx`."""
    stem = path.stem if language_in(path) == "en" else path.stem.rpartition(".")[0]
    return path.with_name(f"{stem.removesuffix('.en')}{path.suffix}")


def _unused(district: Path | None, template_folders: Iterable[Path], templates: Collection[str]) -> Iterator[Finding]:
    """Yield a warning for each file of a district's folder, and each Word template, that nothing uses."""
    for path in sorted(district.iterdir()) if district else ():
        if path.name not in _LAYOUT and not path.name.startswith((".", "~")):
            yield _not_used(path, f"A pack has: {', '.join(_LAYOUT)}.", _LAYOUT)
        elif path.is_dir() and path.name != "docx":
            for file in sorted(path.iterdir()):
                if file.suffix != ".yaml":
                    yield _not_used(file, "The name of a declaration ends in .yaml.", ())
    for folder in template_folders:
        for path in sorted(folder.glob("*.do[ct]*")) if folder.is_dir() else ():
            names = [name for name in templates if is_template_of(_in_english(path), name)]
            exact = {Path(name).stem for name in names}
            in_english = _in_english(path)
            known = any(in_english.stem in exact or not (folder / name).is_file() for name in names)
            if not known and not path.name.startswith("~"):
                known_names = ", ".join(sorted(templates))
                yield _not_used(path, f"Templates are named: {known_names}.", templates)


def _not_used(path: Path, otherwise: str, known: Iterable[str]) -> Finding:
    return Finding(
        message="Nothing uses this file: it has not the name of anything in a pack.",
        mend=did_you_mean(path.name.replace(" ", "_").lower(), known, otherwise),
        place=FilePlace(str(path)),
        severity=Severity.WARNING,
        rule="pack-unused",
    )


def _file(layers: Iterable[Path], name: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in layers:
        if (path := layer / name).is_file():
            merged = lay_over(merged, read_declaration(path))
    return merged


def _new_first(layers: Iterable[Path], name: str) -> dict[str, Any]:
    """Return a file in which the first that is true counts: what a later layer adds stands before what is there."""
    merged: dict[str, Any] = {}
    for layer in layers:
        if (path := layer / name).is_file():
            declared = read_declaration(path)
            added = {key: content for key, content in declared.items() if key not in merged}
            merged = {**added, **lay_over(merged, {key: declared[key] for key in declared if key in merged})}
    return merged


def _folders(layers: Iterable[Path], name: str) -> list[dict[str, dict[str, Any]]]:
    """Return for each layer the declarations of a folder by the names of their files."""
    return [{path.stem: read_declaration(path) for path in sorted((layer / name).glob("*.yaml"))} for layer in layers]


def _laid_over(layers: Iterable[Mapping[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for name, declared in layer.items():
            merged[name] = lay_over(merged.get(name, {}), declared)
    return merged


def _misnamed(layers: Sequence[Mapping[str, Any]], name: str) -> Iterator[Finding]:
    """Yield a finding for each file that changes nothing built in for its name, and is too little to be new."""
    built_in, *later = layers
    for stem, declared in ((stem, declared) for layer in later for stem, declared in layer.items()):
        if stem not in built_in and "title" not in declared and (close := nearest(stem, built_in)):
            yield Finding(
                message="No built-in file has this name, and the file itself has no title.",
                mend=f"Did you mean {name}/{close}.yaml?",
                place=FilePlace(f"{name}/{stem}.yaml"),
                rule="pack-name",
            )


def _changed_types(layers: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return a finding for each column of which a later layer changes the type that the first declares."""
    built_in, *later = layers
    findings = []
    for name, declared in ((name, declared) for layer in later for name, declared in layer.items()):
        below = built_in.get(name, {}).get("columns", {})
        for key, column in declared.get("columns", {}).items():
            kind = below[key].get("type", "string") if key in below else column.get("type")
            if column.get("type", kind) != kind:
                findings.append(
                    Finding(
                        message=f"iepdocs counts on the type of the column '{key}', {kind}.",
                        mend="Take the line out; what is of another type can be a column of its own.",
                        place=FilePlace(f"schema/{name}.yaml", f"columns.{key}.type"),
                        rule="pack-shape",
                    )
                )
    return findings


def _words(declared: dict[str, Any], file: str) -> dict[str, str]:
    check_shape(declared, dict.fromkeys(declared, TEXT), file)
    return declared


def _settings(declared: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """Hold `district.yaml` against the settings that the District sheet has."""
    figures = {key for key, column in sheet.columns.items() if column.type in ("date", "float", "number", "time")}
    settings = {key: figure(value) if key in figures else value for key, value in declared.items()}
    names = [*sheet.columns, *(key for key in settings if _is_in_a_language(key, sheet))]
    shape = {key: {**sheet.columns[key.partition(".")[0]].rules, "required": False} for key in names}
    own = {"rules": {"type": "dict", "keysrules": NAME}, "file_name": {"type": "string", "minlength": 1}}
    check_shape(settings, {**shape, **own}, "district.yaml")
    return settings


def _is_in_a_language(key: str, sheet: Sheet) -> bool:
    """Tell whether a setting is another in a language, as `safeguards_contact.es` is."""
    name, _, tag = key.partition(".")
    return name in sheet.columns and bool(tag) and language_tag(tag) == tag


def _is_one_of_a_student(name: Name) -> bool:
    """Whether there can be a document for each: a record of which a student has some, or the period or recipient."""
    return bool(name.sheet and not name.each and ("student_id" in name.sheet.columns or name.selected_by))


def _check_kind(kind: Kind, sheets: Mapping[str, Sheet], names: Mapping[str, Name]) -> list[Finding]:
    """Return what a kind's declaration names that is not there."""
    file = f"documents/{kind.key}.yaml"
    findings = [
        *check_words("sheet", kind.needs, sheets, file, "needs"),
        *check_words("sheet", kind.uses, sheets, file, "uses"),
        *check_words("context name", kind.for_each, names, file, "for_each"),
        *check_words("context name", kind.context, names, file, "context"),
        *check_words("sheet", kind.workbook_sheets or (), sheets, file, "workbook.sheets"),
        *check_words("sheet", kind.workbook_columns, sheets, file, "workbook.columns"),
    ]
    for title, columns in kind.workbook_columns.items() if not findings else ():
        findings += check_words("column", columns, sheets[title].columns, file, f"workbook.columns.{title}")
    if findings:
        return findings
    mine = names_of(kind, names)
    stands_for = {name: mine[name] for name in ("student", *kind.for_each)}
    made_for = [key for key, name in names.items() if _is_one_of_a_student(name)]
    findings += check_words("document for each", kind.for_each, made_for, file, "for_each")
    drawn = {name.sheet.title for name in mine.values() if name.sheet and name.key != "district"}
    findings += [
        Finding(
            message=f"The names of this kind lie on the sheet {title}, which it does not list.",
            mend=f"Add {title} to 'uses'.",
            place=FilePlace(file, "uses"),
            rule="pack-name",
        )
        for title in sorted(drawn - kind.sheets)
    ]
    fields = set(FILE_FIELDS).union(*(name.sheet.columns for name in stands_for.values() if name.sheet))
    findings += check_words("field", kind.file_fields, sorted(fields), file, "file")
    findings += [
        Finding(
            message=f"'{kind.date.source}' is no date.",
            mend="Name a column that holds one, or today.",
            place=FilePlace(file, "date"),
            rule="pack-name",
        )
        for key, name in stands_for.items()
        for column in (name.sheet.columns.values() if name.sheet else ())
        if kind.date.source.strip() == f"{key}.{column.key}" and column.type != "date"
    ]
    for key, expression, known in (
        ("where", kind.where, mine),
        ("date", kind.date, {**stands_for, "today": mine["today"]}),
        ("also_to_student", kind.also_to_student, stands_for),
        ("without_translation", kind.without_translation, stands_for),
    ):
        findings += unknown_names(expression.paths, known, file, key) if expression else []
    return [*findings, *check_elements(kind.elements, names, file)]

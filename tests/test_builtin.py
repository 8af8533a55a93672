"""The built-in pack holds together."""

from __future__ import annotations

import re
import string
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import iepdocs.pack
from iepdocs.batch import check_template, kind_of
from iepdocs.documents import carried
from iepdocs.pack import RecordValidator, paths_of
from iepdocs.pack.declarations import read_declaration
from iepdocs.pack.elements import CUSTOM
from iepdocs.text import fold
from iepdocs.workbook.cells import Cell
from iepdocs.workbook.headers import matching
from iepdocs.workbook.notation import read_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iepdocs.pack import Column, Name, Pack


BUILTIN = sorted((Path(__file__).parent.parent / "templates" / "docx").glob("*.docx"))
LAW = r"(34 CFR (104|300)\.\d+|20 U\.S\.C\. \d+)(\(\w+\))*"


def columns_of(pack: Pack) -> Iterator[tuple[str, Column]]:
    """Yield every column, those too that rows of another sheet bring along, with its place for messages."""
    for sheet in pack.sheets.values():
        for column in sheet.columns.values():
            yield f"{sheet.title}.{column.key}", column


def names_below(names: Iterable[Name], above: str = "") -> Iterator[tuple[str, Name]]:
    """Yield names and all the fields below them, with their paths for messages."""
    for name in names:
        yield f"{above}{name.key}", name
        yield from names_below(name.fields.values(), f"{above}{name.key}.")


def citations_by_column(pack: Pack) -> dict[str, set[str]]:
    """Return under which citations elements of any kind print a column, without those that are custom."""
    found: dict[str, set[str]] = {}
    for one in (one for kind in pack.kinds.values() for one in carried(kind, None, (), pack, "en")):
        for use in one.uses:
            if use.column and not one.element.key.startswith(CUSTOM):
                found.setdefault(f"{use.sheet}.{use.column}", set()).add(one.element.citation)
    for title, other in ((sheet.title, sheet.also_on) for sheet in pack.sheets.values() if sheet.also_on):
        for guest, key in (pair for prefix in other.prefixes for pair in other.guests(prefix).items()):
            found[f"{other.sheet}.{guest}"] = found.get(f"{title}.{key}", set())
    return found


def agree(one: str, other: str) -> bool:
    """Tell whether two citations are of one place, one of them perhaps finer."""
    return one.startswith(other) or other.startswith(one)


def as_read(title: str) -> str:
    """Return a title as it is matched, with its signs said in words."""
    return matching(title.replace("#", "number").replace("%", "percent").replace("&", "and"))


def twice(words: Iterable[str]) -> set[str]:
    return {word for word, times in Counter(words).items() if times > 1}


def accepts(column: Column, value: Any) -> bool:
    return bool(RecordValidator({column.key: column.rules}).validate({column.key: value}, normalize=False))


def typed(text: str, column: Column) -> Any:
    """Return what a text means that is typed into a column."""
    return read_value(Cell(text, text), column).value


def test_every_column_says_what_goes_into_it(pack: Pack) -> None:
    assert [place for place, column in columns_of(pack) if not column.help.endswith(".") or not column.example] == []


def test_every_example_typed_into_its_column_passes(pack: Pack) -> None:
    refused = [place for place, column in columns_of(pack) if not accepts(column, typed(column.example, column))]
    assert refused == []


def test_every_default_passes_its_column(pack: Pack) -> None:
    defaults = [(place, column) for place, column in columns_of(pack) if column.default is not None]
    assert defaults
    assert [place for place, column in defaults if not accepts(column, column.default)] == []


def test_every_choice_of_a_drop_down_reads_as_one_that_is_allowed(pack: Pack) -> None:
    for place, column in columns_of(pack):
        allowed = column.rules.get("allowed", [])
        read = [typed(choice, column) for choice in column.choices]
        assert read == [[each] if column.type == "list" else each for each in allowed], place


def test_words_stand_for_every_choice_and_for_nothing_else(pack: Pack) -> None:
    worded = [column for _, column in columns_of(pack) if column.words]
    assert worded
    assert all(list(column.words) == column.rules["allowed"] for column in worded)


def test_every_sheet_says_what_it_is_for(pack: Pack) -> None:
    assert [sheet.title for sheet in pack.sheets.values() if not sheet.help.endswith(".")] == []


def test_every_sheet_and_kind_has_a_place_of_its_own(pack: Pack) -> None:
    for declared in (pack.sheets, pack.kinds):
        orders = [each.order for each in declared.values()]
        assert sorted(set(orders)) == orders


def test_no_header_of_a_sheet_can_be_read_as_another(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        ways = [
            way
            for column in sheet.columns.values()
            for way in [*{as_read(column.key), as_read(column.title)}, *map(as_read, column.aliases)]
        ]
        assert twice(ways) == set(), sheet.title


def test_no_sheet_can_be_read_as_another(pack: Pack) -> None:
    assert twice(as_read(way) for sheet in pack.sheets.values() for way in [sheet.title, *sheet.aliases]) == set()


def test_a_student_is_known_by_the_same_headers_on_every_sheet(pack: Pack) -> None:
    for key in ("student_id", "plan_start", "goal_number", "objective_number"):
        columns = [sheet.columns[key] for sheet in pack.sheets.values() if key in sheet.columns]
        assert len({column.aliases for column in columns}) == 1, key


def test_what_names_a_row_by_a_number_is_compared_as_a_code(pack: Pack) -> None:
    for place, column in columns_of(pack):
        assert column.code == (column.key.endswith(("_id", "_number", "zip")) or column.key == "code"), place


def test_no_spelling_can_be_read_as_another_choice() -> None:
    for file in sorted((iepdocs.pack.pack._BUILTIN / "schema").glob("*.yaml")):
        for key, declared in read_declaration(file)["columns"].items():
            meta = declared.get("meta", {})
            words, spellings = meta.get("words", {}), meta.get("spellings", {})
            choices = [str(choice) for choice in declared.get("allowed", [])]
            assert spellings.keys() <= set(choices), f"{file.stem}.{key}"
            ways = [
                way
                for choice in choices
                for way in [*{fold(choice), fold(words.get(choice, choice))}, *map(fold, spellings.get(choice, []))]
            ]
            assert twice(ways) == set(), f"{file.stem}.{key}"


def test_every_choice_that_people_write_in_other_words_has_them(pack: Pack) -> None:
    columns = dict(columns_of(pack))
    for place, written, meant in (
        ("Students.grade", "Kindergarten", "K"),
        ("Students.grade", "01", "1"),
        ("Students.grade", "First Grade", "1"),
        ("Students.grade", "18", "TK"),
        ("Students.secondary_disability", "SLI", "speech or language impairment"),
        ("Students.guardian_1_relationship", "Mom", "mother"),
        ("Reporting Periods.grades", "KG", "K"),
        ("Services.per", "weekly", "week"),
        ("Team.role", "LEA Rep", "district representative"),
        ("Plans.meeting_type", "Triennial", "reevaluation"),
        ("Plans.extended_school_year", "Y", "yes"),
        ("Plans.district_assessment", "alt", "alternate"),
        ("Goals.postsecondary_area", "Education/Training", "education or training"),
    ):
        assert columns[place].spellings[fold(written)] == meant, place


def test_a_citation_names_one_place_in_the_law(pack: Pack) -> None:
    cited = [(place, column.citation) for place, column in columns_of(pack) if column.citation]
    assert cited
    assert [place for place, citation in cited if not re.fullmatch(LAW, citation)] == []


def test_conditions_name_only_columns_of_their_sheet(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        for column in sheet.columns.values():
            if column.required_when:
                names = {path for path in column.required_when.paths if path[0] != "district"}
                assert names <= {(key,) for key in sheet.columns}, column.key


def test_a_blank_cell_falls_back_only_on_the_plan_and_the_settings(pack: Pack) -> None:
    plan = {("plan",), *(("plan", key) for key in pack.sheets["Plans"].columns)}
    district = {("district",), *(("district", key) for key in pack.sheets["District"].columns)}
    for place, column in columns_of(pack):
        if column.default_from:
            assert column.default_from.paths <= plan | district, place


def test_key_date_and_distinction_of_a_sheet_are_columns_of_it(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        assert {*sheet.key, sheet.dated_by, sheet.distinct_when} - {""} <= sheet.columns.keys(), sheet.title


def test_a_sheet_refers_to_sheets_by_a_column_of_theirs_that_it_has(pack: Pack) -> None:
    for sheet in pack.sheets.values():
        for title in sheet.refers_to:
            assert set(pack.sheets[title].key) & sheet.columns.keys(), sheet.title


def test_rows_that_may_stand_elsewhere_stand_on_a_sheet_they_refer_to(pack: Pack) -> None:
    guests = [sheet for sheet in pack.sheets.values() if sheet.also_on]
    assert guests
    for sheet in guests:
        assert sheet.also_on is not None
        assert sheet.also_on.sheet in sheet.refers_to


def test_every_name_says_what_it_is(pack: Pack) -> None:
    names = list(names_below(pack.names.values()))
    assert [path for path, name in names if not name.help.endswith(".")] == []
    assert [path for path, name in names if name.is_value and not name.example] == []


def test_every_name_with_a_sheet_names_a_real_one(pack: Pack) -> None:
    def sheets(names: dict[str, Any]) -> Iterator[str]:
        for name in names.values():
            yield from [name["sheet"]] if "sheet" in name else []
            yield from sheets(name.get("fields", {}))

    declared = read_declaration(iepdocs.pack.pack._BUILTIN / "context.yaml")
    assert set(sheets(declared)) <= pack.sheets.keys()


def test_computed_fields_read_columns_of_their_sheet(pack: Pack) -> None:
    for path, name in names_below(pack.names.values()):
        if name.sheet:
            own = [name, *(below for below in name.fields.values() if not below.sheet)]
            assert {
                column for each in own for column in each.reads if "." not in column
            } <= name.sheet.columns.keys(), path


def test_the_file_of_a_kind_is_named_by_its_date_its_recipient_and_columns_of_its_records(pack: Pack) -> None:
    for kind in pack.kinds.values():
        fields = {field for _, field, _, _ in string.Formatter().parse(kind.file) if field}
        sheets = [sheet for name in ("student", *kind.for_each) if (sheet := pack.names[name].sheet)]
        assert fields <= {"date", *kind.for_each}.union(*(sheet.columns for sheet in sheets)), kind.key


def test_where_and_date_of_a_kind_name_what_its_documents_stand_for(pack: Pack) -> None:
    for kind in pack.kinds.values():
        paths = kind.where.paths | kind.date.paths
        assert {path[0] for path in paths} <= {"student", "today", *kind.for_each}, kind.key
        for name, column in (path for path in paths if len(path) > 1):
            assert column in pack.names[name].below({}), kind.key


def test_a_kind_draws_on_the_sheets_of_its_names(pack: Pack) -> None:
    for kind in pack.kinds.values():
        names = [pack.names[key] for key in (*kind.for_each, *kind.context)]
        assert {name.sheet.title for name in names if name.sheet} <= kind.sheets, kind.key


def test_a_kind_draws_on_the_sheets_below_its_names(pack: Pack) -> None:
    for kind in pack.kinds.values():
        names = pack.names_of(kind).values()
        assert {name.sheet.title for _, name in names_below(names) if name.sheet} <= kind.sheets, kind.key


def test_every_kind_has_its_template(pack: Pack) -> None:
    assert all(pack.template(kind.template).is_file() for kind in pack.kinds.values())


def test_every_built_in_template_carries_what_the_law_asks_for(pack: Pack) -> None:
    checked = [(path, kind) for path in BUILTIN if (kind := kind_of(path, pack))]
    assert {kind.key for _, kind in checked} == pack.kinds.keys()
    lacking = [
        f"{path.name}: {finding.message} ({finding.citation}) {finding.mend}"
        for path, kind in checked
        for finding in check_template(path, pack, kind)
        if finding.rule == "element-missing"
    ]
    assert lacking == []


def test_every_kind_says_what_the_law_asks_of_it(pack: Pack) -> None:
    assert [kind.key for kind in pack.kinds.values() if not kind.elements] == []
    elements = [(kind.key, element) for kind in pack.kinds.values() for element in kind.elements]
    law = re.compile(rf"{LAW}|{CUSTOM}[a-zA-Z ]+")
    assert [(key, element.key) for key, element in elements if not law.fullmatch(element.key)] == []
    assert [(key, element.key) for key, element in elements if element.says.endswith(".")] == []


def test_every_name_of_an_element_is_one_of_its_kind(pack: Pack) -> None:
    for kind in pack.kinds.values():
        for name in (name for element in kind.elements for any_of in element.names for name in any_of):
            assert paths_of(name, pack.names_of(kind)), (kind.key, name)


def test_every_text_that_the_law_asks_for_is_looked_for_in_english_and_spanish(pack: Pack) -> None:
    for kind in pack.kinds.values():
        for element in kind.elements:
            assert element.text.keys() in (set(), {"en", "es"}), (kind.key, element.key)
            assert len(element.phrases("en")) == len(element.phrases("es")), (kind.key, element.key)


def test_every_column_that_these_sections_ask_for_is_carried_by_an_element_of_the_same_citation(pack: Pack) -> None:
    sections = re.compile(r"34 CFR (300\.320\([abc]\)|300\.322|300\.503\(b\)).*")
    carried_under = citations_by_column(pack)
    for place, column in columns_of(pack):
        if sections.fullmatch(column.citation):
            assert any(agree(column.citation, citation) for citation in carried_under.get(place, ())), place


def test_no_column_is_cited_otherwise_than_the_elements_that_it_carries(pack: Pack) -> None:
    cited = {place: column.citation for place, column in columns_of(pack) if column.citation}
    differ = {
        place: (cited[place], citations)
        for place, citations in citations_by_column(pack).items()
        if citations and place in cited and not any(agree(cited[place], citation) for citation in citations)
    }
    assert differ == {}


def test_settings_of_the_pack_are_settings_of_the_district_sheet(pack: Pack) -> None:
    columns = pack.sheets["District"].columns
    settings = {key: value for key, value in pack.settings.items() if not isinstance(value, dict)}
    assert settings
    assert all(accepts(columns[key], value) for key, value in settings.items())


def test_spanish_has_all_terms_and_phrases_of_english() -> None:
    english, spanish = (read_declaration(iepdocs.pack.pack._BUILTIN / "terms" / f"{tag}.yaml") for tag in ("en", "es"))
    assert spanish.keys() - {"choices"} == english.keys()
    for group in ("phrases", "pronouns"):
        assert spanish[group].keys() == english[group].keys()


def test_every_choice_has_a_spanish_word_and_every_spanish_word_its_choice(pack: Pack) -> None:
    choices = {
        fold(word)
        for _, column in columns_of(pack)
        for word in (column.words.values() if column.words else column.choices)
        if word not in map(str, range(1, 14))  # grades
    }
    assert pack.wordings["es"].choices.keys() == choices

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.pack import Pack, load_pack, sample_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pack.conftest import MakeDistrict


def test_an_empty_folder_leaves_everything_as_it_is_built_in(pack: Pack, tmp_path: Path) -> None:
    district = load_pack(tmp_path)
    assert list(district.sheets) == list(pack.sheets)
    assert list(district.kinds) == list(pack.kinds)
    assert list(district.names) == list(pack.names)
    assert district.settings == pack.settings


def test_a_districts_setting_is_laid_over_the_built_in_one(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"district.yaml": "rules: {meeting_notice_days: 7}"}))
    assert district.params == {**pack.params, "meeting_notice_days": 7}


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("-2.25", -2.25),
        ("8:05", dt.time(8, 5)),
        ("2026-10-01", dt.date(2026, 10, 1)),
        ("25:00", "25:00"),
        ("2026-13-01", "2026-13-01"),
        ("00042", "00042"),
        ("Alder Creek", "Alder Creek"),
    ],
)
def test_a_figure_of_the_rules_is_a_number_date_or_time(
    make_district: MakeDistrict, written: str, figure: object
) -> None:
    assert load_pack(make_district({"district.yaml": f"rules: {{figure: {written}}}"})).params["figure"] == figure


def test_a_districts_word_is_laid_over_the_built_in_one(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"terms/en.yaml": "iep_team: ARD committee"}))
    assert district.wordings["en"].terms == {**pack.wordings["en"].terms, "iep_team": "ARD committee"}


def test_a_districts_instructions_are_added_to_the_built_in_ones(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"instructions.yaml": "Whom to ask: The office."}))
    assert district.instructions == {**pack.instructions, "Whom to ask": "The office."}


@pytest.mark.parametrize("file", ["instructions.yaml", "terms/en.yaml"])
@pytest.mark.parametrize("value", ["3", "[a, b]", "{a: b}"])
def test_words_that_are_no_text_are_named(make_district: MakeDistrict, file: str, value: str) -> None:
    with pytest.raises(IepdocsError, match=file):
        load_pack(make_district({file: f"iep_team: {value}"}))


@pytest.mark.parametrize("declared", ["age_of_majority: often", "district_name: [a]", "rules: 3"])
def test_a_setting_that_cannot_be_is_named(make_district: MakeDistrict, declared: str) -> None:
    with pytest.raises(IepdocsError, match=r"district\.yaml"):
        load_pack(make_district({"district.yaml": declared}))


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("time", "8:05", dt.time(8, 5)),
        ("date", "2026-10-01", dt.date(2026, 10, 1)),
        ("number", "0.5", 0.5),
        ("string", "0.5", "0.5"),
    ],
)
def test_a_setting_is_of_the_type_of_its_column(
    make_district: MakeDistrict, kind: str, written: str, value: object
) -> None:
    schema = f"columns: {{bell: {{type: {kind}}}}}"
    district = make_district({"schema/district.yaml": schema, "district.yaml": f"bell: {written}"})
    assert load_pack(district).settings["bell"] == value


@pytest.mark.parametrize("kind", ["time", "date", "number"])
def test_a_setting_of_another_type_is_named(make_district: MakeDistrict, kind: str) -> None:
    schema = f"columns: {{bell: {{type: {kind}}}}}"
    with pytest.raises(IepdocsError, match=f"'bell' should be a {kind}, not noon"):
        load_pack(make_district({"schema/district.yaml": schema, "district.yaml": "bell: noon"}))


def test_a_district_may_change_one_rule_of_a_column(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"schema/students.yaml": "columns: {grade: {allowed: [K, '1']}}"}))
    ours, theirs = pack.sheets["Students"].columns["grade"], district.sheets["Students"].columns["grade"]
    assert theirs.choices == ["K", "1"]
    assert (theirs.help, theirs.required) == (ours.help, ours.required)


def test_a_districts_column_comes_after_the_built_in_ones(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"schema/goals.yaml": "columns: {color: {type: string}}"}))
    assert list(district.sheets["Goals"].columns) == [*pack.sheets["Goals"].columns, "color"]


def test_a_district_may_change_one_key_of_a_kind(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"documents/iep.yaml": "title: Education Plan"}))
    assert district.kinds["iep"].title == "Education Plan"
    assert district.kinds["iep"].needs == pack.kinds["iep"].needs


def test_templates_come_from_the_folder_given_then_the_districts_then_the_built_in_one(
    make_district: MakeDistrict, tmp_path: Path
) -> None:
    district = make_district({"docx/iep.docx": "", "docx/progress_report.docx": ""})
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "iep.docx").touch()
    pack = load_pack(district, templates)
    assert pack.template("iep.docx") == templates / "iep.docx"
    assert pack.template("progress_report.docx") == district / "docx" / "progress_report.docx"
    assert pack.template("prior_written_notice.docx") == load_pack().template("prior_written_notice.docx")


def test_a_template_that_is_not_there_is_named_with_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(templates=tmp_path).template("bus_pass.docx")
    [finding] = raised.value.findings
    assert str(finding.place) == "bus_pass.docx"
    assert str(tmp_path) in finding.mend


@pytest.mark.parametrize("option", ["district", "templates"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, option: str) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(IepdocsError) as raised:
        load_pack(missing) if option == "district" else load_pack(None, missing)
    assert [str(finding.place) for finding in raised.value.findings] == [str(missing)]


def test_a_file_that_cannot_be_read_is_named_with_its_folder(make_district: MakeDistrict) -> None:
    district = make_district({"schema/students.yaml": "columns: [\n"})
    with pytest.raises(IepdocsError) as raised:
        load_pack(district)
    [finding] = raised.value.findings
    assert str(finding.place).startswith(str(district / "schema" / "students.yaml"))


def test_a_kind_that_is_not_there_is_named_with_the_nearest(pack: Pack) -> None:
    with pytest.raises(IepdocsError) as raised:
        pack.kind("progres_report")
    [finding] = raised.value.findings
    assert str(finding.place) == "--kind"
    assert finding.mend.startswith("Did you mean progress_report?")


def test_a_kind_has_the_names_it_declares_those_of_every_document_and_the_student(pack: Pack) -> None:
    names = pack.names_of(pack.kind("iep"))
    assert {"plan", "goals", "team"} <= names.keys()
    assert {"student", "district", "document", "terms", "today"} <= names.keys()
    assert not {"notice", "meeting", "period"} & names.keys()


def test_a_kind_has_no_fields_of_sheets_that_it_does_not_draw_on(make_district: MakeDistrict) -> None:
    pack = load_pack(make_district({"documents/iep.yaml": "uses: [Goals, Objectives]\ncontext: [goals]"}))
    fields = pack.names_of(pack.kind("iep"))["goals"].fields
    assert "objectives" in fields
    assert not {"measurements", "comment"} & fields.keys()
    assert not {"measurements", "comment"} & fields["objectives"].fields.keys()


def test_every_kind_has_the_student(make_district: MakeDistrict) -> None:
    declared = (
        "{title: Roll, template: a.docx, for_each: [meeting], date: today, needs: [Students, Meetings], file: roll}"
    )
    pack = load_pack(make_district({"documents/roll.yaml": declared}))
    assert "student" in pack.names_of(pack.kind("roll"))


def test_the_sample_workbook_comes_along() -> None:
    assert sample_workbook().is_file()


def test_a_template_under_another_name_is_named(tmp_path: Path) -> None:
    (tmp_path / "Progress Rapport.docx").write_bytes(b"")
    [note] = load_pack(templates=tmp_path).notes
    assert str(note.place).endswith("Progress Rapport.docx")
    assert note.mend == "Did you mean progress_report.docx?"


def test_a_folder_and_a_declaration_that_nothing_reads_are_named(tmp_path: Path) -> None:
    (tmp_path / "document").mkdir()
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "students.yml").write_text("", encoding="utf-8")
    notes = load_pack(tmp_path).notes
    assert [str(note.place).removeprefix(f"{tmp_path}/") for note in notes] == ["document", "schema/students.yml"]
    assert notes[0].mend == "Did you mean documents?"


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("bus: {title: Bus}", "'value' is missing.", ""),
        ("bus: {title: Bus, value: student.buss}", "There is no name 'student.buss'.", ""),
        ("area: {bar: [0]}", "", ""),
        ("bus: {title: Bus, value: student.grade, bar: [0, 1], icons: [1, 2]}", "", ""),
    ],
)
def test_a_mistake_in_the_columns_of_the_list_of_goals_is_named(
    make_district: MakeDistrict, text: str, message: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({"summary.yaml": text}))
    [finding] = raised.value.findings
    assert finding.message.startswith(message)
    assert finding.mend.startswith(mend)
    assert str(finding.place).startswith("summary.yaml, ")


def test_a_district_has_columns_of_its_own_in_the_list_of_goals(make_district: MakeDistrict, pack: Pack) -> None:
    district = load_pack(make_district({"summary.yaml": "bus: {title: Grade, value: student.grade}\narea: {width: 9}"}))
    assert [column.key for column in district.summary] == [*(column.key for column in pack.summary), "bus"]
    assert {column.key: column.width for column in district.summary}["area"] == 9


def test_a_language_has_words_of_its_own_and_the_english_ones_for_the_rest(make_district: MakeDistrict) -> None:
    wordings = load_pack(make_district({"terms/vi.yaml": "iep_team: nhóm IEP\nyes: có"})).wordings
    assert wordings["vi"].terms["iep_team"] == "nhóm IEP"
    assert wordings["vi"].language.yes == "có"
    assert wordings["vi"].terms["case_manager"] == wordings["en"].terms["case_manager"]


@pytest.mark.parametrize(
    ("file", "text", "message", "mend"),
    [
        ("terms/spanish.yaml", "iep_team: equipo", "'spanish' is no tag of a language.", "Name the file by the"),
        ("terms/vi.yaml", "iep_taem: nhóm", "There is no term 'iep_taem'.", "Did you mean iep_team?"),
        ("terms/vi.yaml", "phrases: {frequenzy: x}", "There is no phrase 'frequenzy'.", "Did you mean frequency?"),
        ("terms/en.yaml", "phrases: {frequenzy: x}", "There is no phrase 'frequenzy'.", "Did you mean frequency?"),
        ("terms/vi.yaml", "phrases: {parents_of: '{{ nam }}'}", "There is no name 'nam'.", "Did you mean name?"),
        ("terms/en.yaml", "phrases: {parents_of: '{{ nam }}'}", "There is no name 'nam'.", "Did you mean name?"),
        ("terms/vi.yaml", "choices: {mothr: mẹ}", "There is no choice 'mothr'.", "Did you mean mother?"),
    ],
)
def test_a_mistake_in_terms_is_named(
    make_district: MakeDistrict, file: str, text: str, message: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({file: text}))
    [finding] = raised.value.findings
    assert finding.message == message
    assert finding.mend.startswith(mend)


@pytest.mark.parametrize(
    ("file", "text", "mend"),
    [
        ("schema/Students.yaml", "columns: {bus: {}}", "Did you mean schema/students.yaml?"),
        ("schema/student.yaml", "columns: {bus: {}}", "Did you mean schema/students.yaml?"),
        ("documents/IEP.yaml", "date: today", "Did you mean documents/iep.yaml?"),
        ("documents/progres_report.yaml", "date: today", "Did you mean documents/progress_report.yaml?"),
    ],
)
def test_a_file_that_is_to_change_a_built_in_one_has_its_name(
    make_district: MakeDistrict, file: str, text: str, mend: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        load_pack(make_district({file: text}))
    [finding] = raised.value.findings
    assert (str(finding.place), finding.mend) == (file, mend)


def test_what_a_district_says_of_recipients_comes_before_what_is_built_in(
    make_district: MakeDistrict, pack: Pack
) -> None:
    text = "no_fathers: {where: relationship == 'father', holds_rights: false, mail: never, standing: none}"
    standings = load_pack(make_district({"recipients.yaml": text})).standings
    assert [standing.key for standing in standings] == ["no_fathers", *(standing.key for standing in pack.standings)]

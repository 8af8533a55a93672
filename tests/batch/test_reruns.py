"""Runs into a folder that has seen others: what is left as it is, what is made anew, and what a person has edited."""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import docx
import pytest
from filelock import FileLock
from PIL import Image

import iepdocs
from iepdocs.docx import Template
from iepdocs.findings import IepdocsError
from iepdocs.workbook.encryption import OLE
from tests.support import GOALS, PROGRESS, STUDENTS, TODAY, progress_sheets, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from iepdocs.batch import Report
    from tests.support import MakeTemplate, MakeWorkbook, Rows

ANA = "progress_report/Reyes, Ana 00042 2026-10-12.docx"
BEN = "progress_report/Okafor, Ben 00107 2026-09-14.docx"


def run(workbook: Path, out: Path, **wanted: Any) -> Report:
    return iepdocs.generate(workbook, out, kinds=["progress_report"], **{"date": TODAY, **wanted})


def texts_made(workbook: Path, out: Path, kind: str, templates: Path, district: Path) -> list[str]:
    """Return the texts of the documents of a kind that a run makes."""
    report = iepdocs.generate(workbook, out, kinds=[kind], templates=templates, district=district, date=TODAY)
    return [text_of(out / file) for file in made(report)]


def made(report: Report) -> list[str]:
    return [planned.path for planned in report.planned if planned.done == "made"]


def edit(path: Path) -> bytes:
    document = docx.Document(str(path))
    document.add_paragraph("Please call me.")
    document.save(str(path))
    return path.read_bytes()


def rows(manifest: Path) -> list[dict[str, str]]:
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def workbook(make_workbook: MakeWorkbook) -> Path:
    return make_workbook(progress_sheets())


@pytest.fixture
def changed(make_workbook: MakeWorkbook) -> Path:
    """The workbook with another goal of Ana's."""
    goals = [GOALS[0], [*GOALS[1][:4], "Ana will read 95 words a minute.", GOALS[1][5]], GOALS[2]]
    return make_workbook(progress_sheets(Goals=goals), "changed.xlsx")


def test_what_has_not_changed_is_left_as_it_is(workbook: Path, out: Path) -> None:
    assert made(run(workbook, out)) == [ANA, BEN]
    before = (out / ANA).stat().st_mtime_ns
    again = run(workbook, out)
    assert made(again) == []
    assert again.unchanged["progress_report"] == 2
    assert (out / ANA).stat().st_mtime_ns == before


def test_the_day_of_the_run_changes_no_document(workbook: Path, out: Path) -> None:
    run(workbook, out)
    assert made(run(workbook, out, date=TODAY + dt.timedelta(days=3))) == []


def test_what_has_changed_is_made_anew_and_nothing_else(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    assert made(run(changed, out)) == [ANA]
    assert "95 words" in text_of(out / ANA)


def test_a_template_that_has_changed_makes_all_anew(workbook: Path, out: Path, make_template: MakeTemplate) -> None:
    folder = make_template("Report on {{ student.full_name }}").parent
    run(workbook, out, templates=folder)
    make_template("News of {{ student.full_name }}")
    assert made(run(workbook, out, templates=folder)) == [ANA, BEN]
    make_template("{% include 'head' %}")
    (folder / "pieces").mkdir()
    for text in ("One", "Two"):
        make_template(text, name="pieces/head.docx")
        assert made(run(workbook, out, templates=folder)) == [ANA, BEN]


def test_a_setting_that_has_changed_makes_anew_what_shows_it(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate
) -> None:
    folder = make_template("{{ district.district_name }}").parent
    for name in ("Maple Valley", "Alder Creek"):
        sheets = {**progress_sheets(), "District": [["Setting", "Value"], ["District Name", name]]}
        assert made(run(make_workbook(sheets), out, templates=folder)) == [ANA, BEN]


PLANS: Rows = [["Student ID", "Plan Type", "Start Date", "End Date"], ["00042", "IEP", *(dt.date(2026, 9, 1), TODAY)]]


def test_what_a_template_shows_of_a_sheet_that_its_kind_does_not_name_makes_it_anew(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate, lenient: Path
) -> None:
    text, kind = "{% for goal in goals %}{{ goal.progress.latest }}{% endfor %}", "iep_at_a_glance"
    folder = make_template(text, name=f"{kind}.docx").parent
    for value in (43, 52):
        sheets = progress_sheets(Plans=PLANS, Progress=[PROGRESS[0], ["00042", "1", TODAY, value]])
        assert texts_made(make_workbook(sheets), out, kind, folder, lenient) == [f"{value}"]


def test_a_plan_that_has_begun_makes_anew_what_shows_the_goals_of_the_one_in_effect(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate, lenient: Path
) -> None:
    folder = make_template("{% for goal in goals %}{{ goal.goal }}{% endfor %}", name="goal_list.docx").parent
    (lenient / "documents").mkdir()
    (lenient / "documents" / "goal_list.yaml").write_text(
        "title: Goals\nhelp: The goals of now.\ntemplate: goal_list.docx\nfor_each: [student]\ndate: today\n"
        "needs: [Students, Goals]\ncontext: [goals]\nfile: '{student_id}'\n",
        encoding="utf-8",
    )
    goals: Rows = [["Student ID", "Plan Start", "Goal Number", "Goal"], ["00042", PLANS[1][2], "1", "Read."]]
    for plans, shown in ((PLANS, "Read."), ([*PLANS, ["00042", "IEP", TODAY, None]], "")):
        workbook = make_workbook({"Students": STUDENTS[:2], "Plans": plans, "Goals": goals})
        assert texts_made(workbook, out, "goal_list", folder, lenient) == [shown]


def test_without_plans_a_goal_that_names_another_makes_anew_what_shows_the_services_of_the_one_in_effect(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate, lenient: Path
) -> None:
    kind, text = "consent", "{% for service in services %}{{ service.service }}{% endfor %}"
    templates = make_template(text, name=f"{kind}.docx").parent
    old, new = dt.date(2025, 9, 1), dt.date(2026, 9, 1)
    for start, shown in ((old, "speech"), (new, "reading")):
        sheets: dict[str, Rows] = {
            "Students": STUDENTS[:2],
            "Consents": [["Student ID", "Kind", "Request Date"], ["00042", "initial services", TODAY]],
            "Goals": [["Student ID", "Plan Start", "Goal Number"], ["00042", old, "1"], ["00042", start, "2"]],
            "Services": [["Student ID", "Plan Start", "Service"], ["00042", old, "speech"], ["00042", new, "reading"]],
        }
        assert texts_made(make_workbook(sheets), out, kind, templates, lenient) == [shown]


def test_a_picture_that_a_cell_names_makes_its_document_anew_when_it_has_changed(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate
) -> None:
    folder = make_template("{{ student.photo|image(width='1in') }}").parent
    students = [[*STUDENTS[0], "Photo"], [*STUDENTS[1], "ana.bmp"], [*STUDENTS[2], "ben.png"]]
    workbook = make_workbook(progress_sheets(Students=students))
    for name in ("ana.bmp", "ben.png"):
        Image.new("RGB", (8, 8), "red").save(folder / name)
    assert made(run(workbook, out, templates=folder)) == [ANA, BEN]
    Image.new("RGB", (8, 8), "blue").save(folder / "ana.bmp")
    assert made(run(workbook, out, templates=folder)) == [ANA]


def test_a_logo_that_has_changed_makes_all_anew(
    make_workbook: MakeWorkbook, out: Path, make_template: MakeTemplate
) -> None:
    folder = make_template("{{ district.logo|image(width='1in') }}").parent
    workbook = make_workbook({**progress_sheets(), "District": [["Setting", "Value"], ["Logo", "logo.png"]]})
    for color in ("red", "blue"):
        Image.new("RGB", (8, 8), color).save(folder / "logo.png")
        assert made(run(workbook, out, templates=folder)) == [ANA, BEN]
    assert made(run(workbook, out, templates=folder)) == []


def test_what_changed_and_does_not_show_changes_no_file(make_workbook: MakeWorkbook, workbook: Path, out: Path) -> None:
    run(workbook, out)
    students = [[*STUDENTS[0], "Parking Place"], [*STUDENTS[1], "A 7"], [*STUDENTS[2], "B 2"]]
    before = (out / ANA).stat().st_mtime_ns
    again = run(make_workbook(progress_sheets(Students=students), "more.xlsx"), out)
    assert made(again) == []
    assert (out / ANA).stat().st_mtime_ns == before


def test_a_document_that_is_gone_is_made_again(workbook: Path, out: Path) -> None:
    run(workbook, out)
    (out / ANA).unlink()
    assert made(run(workbook, out)) == [ANA]


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\0" * 20_000], ids=["empty", "begun", "zeros"])
def test_a_file_that_a_power_cut_left_short_is_made_again(workbook: Path, out: Path, content: bytes) -> None:
    run(workbook, out)
    (out / ANA).write_bytes(content)
    assert made(run(workbook, out)) == [ANA]
    assert "Ana" in text_of(out / ANA)


def test_what_a_person_has_edited_is_left_alone(workbook: Path, out: Path) -> None:
    run(workbook, out)
    edited = edit(out / ANA)
    again = run(workbook, out)
    assert (made(again), again.edited, again.is_complete) == ([], [ANA], True)
    assert (out / ANA).read_bytes() == edited
    assert again.manifest
    assert {row["file"]: row["status"] for row in rows(again.manifest)} == {ANA: "edited since", BEN: "done"}


def test_a_document_to_which_a_person_gave_a_password_is_left_alone(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    protected = OLE + b"\0" * 5_000
    (out / ANA).write_bytes(protected)
    assert run(workbook, out).edited == [ANA]
    assert [skipped.path for skipped in run(changed, out).skipped] == [ANA]
    assert (out / ANA).read_bytes() == protected
    assert [str(one.state) for one in iepdocs.status(out) if one.file == ANA] == ["edited since"]


def test_edited_and_out_of_date_is_said_and_left_alone(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    edited = edit(out / ANA)
    again = run(changed, out)
    [skipped] = again.skipped
    assert skipped.path == ANA
    assert "someone has edited" in skipped.findings[0].message.lower()
    assert "--overwrite" in skipped.findings[0].mend
    assert (out / ANA).read_bytes() == edited


def test_overwrite_keeps_the_edited_one_beside_the_new(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    for text, book in (("95", changed), ("90", workbook)):
        edited = edit(out / ANA)
        again = run(book, out, overwrite=True)
        assert made(again) == [ANA]
        [kept] = again.kept
        assert (out / kept).read_bytes() == edited
        assert f"{text} words" in text_of(out / ANA)
    assert len(list((out / "progress_report").glob("*(edited *"))) == 2


def test_what_a_person_has_edited_keeps_its_name_where_the_new_one_cannot_be_written(
    workbook: Path, changed: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> Any:
        raise OSError(28, "No space left on device")

    run(workbook, out)
    edited = edit(out / ANA)
    monkeypatch.setattr("iepdocs.files.tempfile.mkstemp", full)
    assert [skipped.path for skipped in run(changed, out, overwrite=True).skipped] == [ANA]
    assert (out / ANA).read_bytes() == edited


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_a_person_saves_while_the_document_is_being_made_is_kept(
    workbook: Path, changed: Path, out: Path, monkeypatch: pytest.MonkeyPatch, *, overwrite: bool
) -> None:
    run(workbook, out)
    saved = []
    render = Template.render_with_findings

    def with_someone_at_work(template: Template, context: dict[str, Any]) -> Any:
        saved.append(edit(out / ANA))
        return render(template, context)

    monkeypatch.setattr(Template, "render_with_findings", with_someone_at_work)
    report = run(changed, out, overwrite=overwrite)
    [content] = saved
    if overwrite:
        [kept] = report.kept
        assert (made(report), (out / kept).read_bytes()) == ([ANA], content)
    else:
        assert [finding.rule for one in report.skipped for finding in one.findings] == ["edited-since"]
        assert (out / ANA).read_bytes() == content
        assert {row["file"]: row["status"] for row in rows(out / "manifest.csv")} == {ANA: "edited since", BEN: "done"}


def test_a_file_that_no_run_made_is_left_alone(workbook: Path, out: Path) -> None:
    run(workbook, out, students=["00107"])
    docx.Document().save(str(out / ANA))
    again = run(workbook, out)
    [skipped] = again.skipped
    assert "journal does not know" in skipped.findings[0].message


def test_without_its_journal_what_would_come_out_the_same_is_known_again(workbook: Path, out: Path) -> None:
    run(workbook, out)
    for path in (out / ".iepdocs").iterdir():
        path.unlink()
    again = run(workbook, out)
    assert (made(again), again.is_complete) == ([], True)
    edit(out / ANA)
    assert run(workbook, out).edited == [ANA]


def test_a_document_that_can_no_longer_be_made_keeps_its_place_in_the_list(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out)
    goals = [*GOALS[:2], [*GOALS[2][:4], None, GOALS[2][5]]]
    report = run(make_workbook(progress_sheets(Goals=goals), "bad.xlsx"), out)
    assert [skipped.path for skipped in report.skipped] == [BEN]
    assert report.manifest
    assert {row["file"]: row["status"] for row in rows(report.manifest)} == {ANA: "done", BEN: "not made"}
    [lost] = [one for one in iepdocs.status(out) if one.state == "not made"]
    assert "Goals" in lost.message
    assert "E3" in lost.message
    assert made(run(workbook, out)) == []


def test_documents_that_the_workbook_has_no_longer_are_named(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out)
    sheets = progress_sheets(Students=STUDENTS[:2], Goals=GOALS[:2])
    sheets["Progress"] = sheets["Progress"][:3]
    assert run(make_workbook(sheets, "fewer.xlsx"), out).left == [BEN]
    assert run(workbook, out, students=["00042"]).left == []


def test_what_someone_has_edited_is_marked_among_what_may_be_deleted(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out)
    edit(out / BEN)
    students = [*STUDENTS[:2], ["00107", "Okafor-Hill", *STUDENTS[2][2:]]]
    renamed = make_workbook(progress_sheets(Students=students), "renamed.xlsx")
    again = run(renamed, out)
    assert (again.left, again.left_edited) == ([BEN], {BEN})
    [left] = [one for one in iepdocs.status(out, renamed, date=TODAY) if one.file == BEN]
    assert str(left.state) == "left by an earlier run"
    assert "edited" in left.message


def test_documents_of_a_sheet_that_has_been_emptied_are_left(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out)
    empty = progress_sheets(Progress=[["Student ID", "Goal Number", "Date", "Value"]])
    found = iepdocs.status(out, make_workbook(empty, "empty.xlsx"), date=TODAY)
    assert {str(one.state) for one in found} == {"left by an earlier run"}


def test_the_list_has_a_row_for_each_document(make_workbook: MakeWorkbook, out: Path) -> None:
    students = [STUDENTS[0], ["00042", "+1", "José", *STUDENTS[1][3:]], STUDENTS[2]]
    contacts = [["Student ID", "Contact Name", "Relationship", "Receives Mail"], ["00042", "@Rosa", "mother", "yes"]]
    run(make_workbook({**progress_sheets(Students=students), "Contacts": contacts}), out)
    content = (out / "manifest.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfstudent_id,recipient,kind,language,file,template,template_sha256,")
    assert content.count(b"\r\n") == content.count(b"\n")
    row = rows(out / "manifest.csv")[0]
    assert (row["student_id"], row["recipient"]) == ("00042", "'@Rosa")
    assert (out / row["file"]).is_file()
    assert "José" in row["file"]


def test_a_list_that_excel_holds_is_written_under_another_name(workbook: Path, out: Path) -> None:
    (out / "manifest.csv" / "held").mkdir(parents=True)
    report = run(workbook, out)
    assert report.manifest
    assert report.manifest.name.startswith("manifest 20")
    assert len(rows(report.manifest)) == 2


def test_one_run_at_a_time(workbook: Path, out: Path) -> None:
    run(workbook, out)
    with FileLock(out / ".iepdocs" / "lock"), pytest.raises(IepdocsError) as raised:
        run(workbook, out)
    assert "Another run" in raised.value.findings[0].message
    assert run(workbook, out, dry_run=True).planned  # which writes nothing


def test_what_a_killed_run_left_half_written_is_deleted(workbook: Path, out: Path) -> None:
    (out / "progress_report").mkdir(parents=True)
    (out / "progress_report" / "~iepdocs-x1.tmp").write_bytes(b"half")
    run(workbook, out)
    assert not list(out.rglob("~iepdocs-*"))


def test_a_broken_line_of_the_journal_costs_no_other(workbook: Path, out: Path) -> None:
    run(workbook, out)
    journal = out / ".iepdocs" / "journal.jsonl"
    journal.write_bytes(b'{"at": "2026", "file": 3\n\xff\xfe\n[1]\n{}\n' + journal.read_bytes() + b'{"at": "2026-1')
    assert made(run(workbook, out)) == []
    (out / ANA).unlink()
    assert made(run(workbook, out)) == [ANA]
    assert made(run(workbook, out)) == []


@pytest.mark.parametrize("line", ["[" * 100_000, '{"at": "", "file": "a\\u0000b"}', "[1]", "null"])
def test_a_line_of_the_journal_that_no_run_writes_is_left_out(workbook: Path, out: Path, line: str) -> None:
    run(workbook, out)
    with (out / ".iepdocs" / "journal.jsonl").open("a", encoding="utf-8") as journal:
        journal.write(f"{line}\n")
    assert run(workbook, out).unchanged["progress_report"] == 2
    assert {str(one.state) for one in iepdocs.status(out)} == {"done"}


def test_a_clock_that_was_ahead_does_not_make_the_last_run_the_first(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    journal = out / ".iepdocs" / "journal.jsonl"
    journal.write_text(re.sub('"at": "20', '"at": "21', journal.read_text("utf-8")), "utf-8")
    assert made(run(changed, out)) == [ANA]
    assert made(run(changed, out)) == []
    edit(out / ANA)
    assert run(changed, out).edited == [ANA]


def test_only_its_owner_can_read_what_a_run_makes(workbook: Path, out: Path) -> None:
    run(workbook, out)
    for path in (out, *out.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert sorted(path.name for path in (out / ".iepdocs").iterdir()) == ["journal.jsonl", "lock"]


def test_a_dry_run_says_what_is_there_already(workbook: Path, changed: Path, out: Path) -> None:
    run(workbook, out)
    report = run(changed, out, dry_run=True)
    assert {planned.path: str(planned.done) for planned in report.planned} == {ANA: "made", BEN: "unchanged"}
    assert "90 words" in text_of(out / ANA)


def test_a_dry_run_says_what_a_run_would_not_make_because_someone_has_edited_it(
    workbook: Path, changed: Path, out: Path
) -> None:
    run(workbook, out)
    edit(out / ANA)
    [skipped] = run(changed, out, dry_run=True).skipped
    assert (skipped.path, skipped.findings) == (ANA, run(changed, out).skipped[0].findings)
    assert made(run(changed, out, dry_run=True, overwrite=True)) == [ANA]
    for path in (out / ".iepdocs").iterdir():
        path.unlink()
    assert [str(planned.done) for planned in run(workbook, out, dry_run=True).planned] == ["not made", "unchanged"]
    assert list((out / ".iepdocs").iterdir()) == []


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ({"no_names": True}, ["progress_report/00042 2026-10-12.docx", "progress_report/00107 2026-09-14.docx"]),
        (
            {"name": "{school}/{document} {last_name}"},
            ["Alder Creek/Progress Report Okafor.docx", "Alder Creek/Progress Report Reyes.docx"],
        ),
    ],
    ids=["ids alone", "a pattern with folders"],
)
def test_names_can_be_chosen(workbook: Path, out: Path, option: dict[str, Any], expected: list[str]) -> None:
    report = run(workbook, out, **option)
    assert sorted(planned.path for planned in report.planned) == expected
    assert all((out / path).is_file() for path in expected)


def test_a_district_says_how_files_are_named_and_the_command_over_it(workbook: Path, out: Path, tmp_path: Path) -> None:
    district = tmp_path / "district"
    district.mkdir()
    (district / "district.yaml").write_text("file_name: '{student_id} {document}'\n", encoding="utf-8")
    assert made(run(workbook, out, district=district))[0] == "progress_report/00042 Progress Report.docx"
    assert made(run(workbook, out, district=district, name="{last_name}"))[0] == "progress_report/Reyes.docx"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{surname}", "no field '{surname}'"),
        ("{last_name", "is no file name: each { has a } after it"),
        ("{", "is no file name: each { has a } after it"),
        ("../{last_name}", "go down"),
        ("/{last_name}", "go down"),
        ("report", "the same one"),
        ("C:{last_name}", "no file name may hold"),
    ],
)
def test_a_pattern_that_is_none_is_said_before_anything_is_made(
    workbook: Path, out: Path, pattern: str, said: str
) -> None:
    with pytest.raises(IepdocsError) as raised:
        run(workbook, out, name=pattern)
    assert said in raised.value.findings[0].message
    assert not out.exists()


def test_ids_alone_and_a_pattern_cannot_both_be(workbook: Path, out: Path) -> None:
    with pytest.raises(IepdocsError, match="by IDs alone and by a pattern too"):
        run(workbook, out, name="{last_name}", no_names=True)


def test_ids_alone_name_nobody_though_several_get_a_copy(make_workbook: MakeWorkbook, out: Path) -> None:
    contacts = [
        ["Student ID", "Contact Name", "Relationship", "Receives Mail"],
        ["00042", "Rosa Reyes", "mother", "yes"],
        ["00042", "Juan Reyes", "father", "yes"],
    ]
    report = run(make_workbook({**progress_sheets(), "Contacts": contacts}), out, no_names=True, students=["00042"])
    assert [planned.path for planned in report.planned] == [
        "progress_report/00042 2026-10-12.docx",
        "progress_report/00042 2026-10-12 (2).docx",
    ]


def test_status_tells_what_is_done_edited_missing_and_out_of_date(workbook: Path, changed: Path, out: Path) -> None:
    def states(*given: Any) -> dict[str, str]:
        return {one.file: str(one.state) for one in iepdocs.status(out, *given, date=TODAY)}

    run(workbook, out)
    assert states() == states(workbook) == {ANA: "done", BEN: "done"}
    assert states(changed) == {ANA: "out of date", BEN: "done"}
    edit(out / ANA)
    assert states() == states(workbook) == {ANA: "edited since", BEN: "done"}
    assert states(changed) == {ANA: "out of date", BEN: "done"}
    (out / BEN).unlink()
    assert states()[BEN] == "missing"
    (out / BEN).write_bytes(b"PK")
    assert states()[BEN] == "missing"


def test_status_names_what_the_workbook_has_no_longer_and_not_yet(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out, students=["00107"])
    sheets = progress_sheets(Students=STUDENTS[:2], Goals=GOALS[:2])
    sheets["Progress"] = sheets["Progress"][:3]
    found = iepdocs.status(out, make_workbook(sheets, "other.xlsx"), date=TODAY)
    assert {one.file: str(one.state) for one in found} == {BEN: "left by an earlier run", ANA: "not made"}


@pytest.fixture
def lacking(make_workbook: MakeWorkbook) -> Path:
    """The workbook without the words of Ben's goal."""
    return make_workbook(progress_sheets(Goals=[*GOALS[:2], [*GOALS[2][:4], None, GOALS[2][5]]]), "lacking.xlsx")


def states(out: Path, workbook: Path | None = None, **more: Any) -> dict[str, str]:
    return {one.file: str(one.state) for one in iepdocs.status(out, workbook, date=TODAY, **more)}


def test_status_knows_the_drafts_of_a_run_with_force(make_workbook: MakeWorkbook, lacking: Path, out: Path) -> None:
    draft = BEN.replace(".docx", " DRAFT.docx")
    run(lacking, out)
    run(lacking, out, force=True)
    assert states(out, lacking) == {ANA: "done", draft: "done"}
    goals = [*GOALS[:2], [*GOALS[2][:4], None, "2026-10-30"]]
    assert states(out, make_workbook(progress_sheets(Goals=goals), "more.xlsx"))[draft] == "out of date"
    edit(out / draft)
    assert states(out, lacking) == {ANA: "done", draft: "edited since"}
    (out / draft).unlink()
    assert states(out, lacking) == {ANA: "done", BEN: "not made"}


def test_status_names_the_draft_of_what_is_final_now(workbook: Path, lacking: Path, out: Path) -> None:
    draft = BEN.replace(".docx", " DRAFT.docx")
    run(lacking, out, force=True)
    assert states(out, workbook) == {ANA: "done", BEN: "not made", draft: "left by an earlier run"}
    run(workbook, out)
    assert states(out, workbook) == {ANA: "done", BEN: "done", draft: "left by an earlier run"}


def test_status_goes_by_the_workbook_where_there_is_one(workbook: Path, lacking: Path, out: Path) -> None:
    run(workbook, out)
    run(lacking, out)
    assert states(out, lacking) == {ANA: "done", BEN: "not made"}
    assert states(out, workbook) == {ANA: "done", BEN: "done"}, "as it was before the error"


def test_what_the_workbook_has_no_longer_and_someone_has_deleted_is_no_matter(
    make_workbook: MakeWorkbook, workbook: Path, out: Path
) -> None:
    run(workbook, out)
    (out / BEN).unlink()
    sheets = progress_sheets(Students=STUDENTS[:2], Goals=GOALS[:2], Progress=PROGRESS[:3])
    assert states(out, make_workbook(sheets, "fewer.xlsx")) == {ANA: "done"}


def test_status_of_some_kinds_is_of_these_alone(make_workbook: MakeWorkbook, out: Path) -> None:
    notices = [["Student ID", "Notice Date", "Action"], ["00042", "2026-10-01", "propose"]]
    workbook = make_workbook(progress_sheets(Notices=notices))
    iepdocs.generate(workbook, out, kinds=["progress_report", "prior_written_notice"], date=TODAY)
    assert len(states(out)) == 3
    for given in ((), (workbook,)):
        assert states(out, *given, kinds=["progress_report"]) == {ANA: "done", BEN: "done"}
    with pytest.raises(IepdocsError) as raised:
        iepdocs.status(out, kinds=["progres_report"])
    assert "progress_report" in raised.value.findings[0].mend


def test_a_run_that_had_nothing_to_make_was_a_run(make_workbook: MakeWorkbook, workbook: Path, out: Path) -> None:
    sheets = progress_sheets(Students=STUDENTS[:1], Goals=GOALS[:1], Progress=PROGRESS[:1])
    run(make_workbook(sheets, "empty.xlsx"), out)
    assert states(out) == {}
    assert states(out, workbook, kinds=["progress_report"]) == {ANA: "not made", BEN: "not made"}


def test_a_folder_that_no_run_wrote_into_has_no_status(tmp_path: Path) -> None:
    with pytest.raises(IepdocsError) as raised:
        iepdocs.status(tmp_path)
    assert "No run of iepdocs" in raised.value.findings[0].message

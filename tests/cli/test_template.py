"""`iepdocs template`: what a district does with a template before the batch, and a programmer with any data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from iepdocs.cli import cli
from tests.docx.compared import structure_of
from tests.docx.test_compatible import told
from tests.support import cell, lines, raw_document, row, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    WriteTemplate = Callable[..., Path]

BUILTIN = sorted((Path(__file__).parent.parent.parent / "templates" / "docx").glob("*.docx"))
KEYS = [
    *("template", "part", "heading", "table", "row", "column", "paragraph"),
    *("message", "mend", "severity", "rule", "citation"),
]
LENIENT = Path(__file__).parent / "lenient"
"""A district's folder by which a template may leave out what the law asks for."""


def run(*arguments: str | Path) -> Result:
    if arguments[0] == "check" and "--district" not in arguments:
        arguments = (*arguments, "--district", LENIENT)
    return CliRunner().invoke(cli, ["template", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def write(tmp_path: Path) -> WriteTemplate:
    """Return a function that writes a template of some blocks and returns its path."""

    def write(*blocks: str, name: str = "progress_report.docx", headers: Sequence[str] = ()) -> Path:
        path = tmp_path / name
        path.write_bytes(raw_document("".join(blocks), headers=headers))
        return path

    return write


def test_the_built_in_templates_are_right() -> None:
    result = run("check", *BUILTIN)
    assert result.exit_code == 0
    assert result.output.splitlines() == [f"{path.name}: no problems." for path in BUILTIN]


def test_every_problem_is_said_at_once_with_its_place_and_mend(write: WriteTemplate) -> None:
    path = write(
        lines("{{ student.frist_name }}", "{%p if plan %}", "{{ plan.start_date|dat }}"),
        table(row("a", "{{ goal.area }}"), row("{{ studnet }}", cell(lines("b", "{% if x = 1 %}")))),
        headers=[lines("{%p for g in goals %}", "{%p if g.met %}", "{{ g.goal }}", "{%p endfor %}")],
    )
    result = run("check", path)
    assert result.exit_code == 1
    said = result.output
    assert said.startswith("progress_report.docx: 9 errors.\n")
    assert "There is no name 'student.frist_name'.\n         body\n         \"»{{ student.frist_name }}«\"\n" in said
    assert "Did you mean student.first_name?" in said
    assert "'{%p if plan %}' is not closed: no '{%p endif %}' for it follows." in said
    assert "There is no filter 'dat'." in said
    assert "Did you mean date?" in said
    assert "There is no name 'studnet'.\n         body, table 1, row 2, column 1\n" in said
    assert 'body, table 1, row 2, column 2\n         "»{% if x = 1 %}«"\n         To compare, write two equal' in said
    assert "'{%p if g.met %}' is not closed before '{%p endfor %}'" in said
    assert "header of section 1" in said
    assert "There is no name 'g.met'." in said


def test_for_programs_each_problem_is_an_object(write: WriteTemplate) -> None:
    path = write(table(row("a", "{{ student.frist_name }}")))
    result = run("check", path, write(lines("a"), name="letter.docx"), "--format", "json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)
    assert list(first) == list(second) == KEYS
    assert list(first.values()) == [
        "progress_report.docx",
        "body",
        None,
        1,
        1,
        2,
        "»{{ student.frist_name }}«",
        "There is no name 'student.frist_name'.",
        "Did you mean student.first_name?",
        "error",
        "name-unknown",
        None,
    ]
    assert (second["template"], second["part"], second["severity"]) == ("letter.docx", None, "note")


@pytest.mark.parametrize(
    ("name", "options", "checked"),
    [
        ("iep.docx", [], True),
        ("IEP.es.docx", [], True),
        ("prior_written_notice.vi.dotx", [], True),
        ("letter.docx", [], False),
        ("letter.docx", ["--kind", "iep"], True),
    ],
)
def test_the_kind_is_that_of_the_file_name_or_the_one_given(
    write: WriteTemplate, name: str, options: list[str], *, checked: bool
) -> None:
    result = run("check", write(lines("{{ student.frist_name }}"), name=name), *options)
    assert ("There is no name 'student.frist_name'." in result.output) is checked
    assert ("Names were not checked." in result.output) is not checked
    assert result.exit_code == int(checked)


def test_a_name_of_another_kind_is_found(write: WriteTemplate) -> None:
    result = run("check", write(lines("{{ notice.action }}")))
    assert "There is no name 'notice'." in result.output
    assert "Other documents have it" in result.output


def test_what_lies_below_a_wrong_name_is_not_said_again(write: WriteTemplate) -> None:
    result = run("check", write(lines("{% for goal in gaols %}{{ goal.area }}{{ goal.goal }}{% endfor %}")))
    assert result.output.startswith("progress_report.docx: 1 error.")


def test_names_are_checked_in_a_part_with_other_faults_but_none_is_accused_wrongly(write: WriteTemplate) -> None:
    result = run(
        "check",
        write(
            lines(
                "{% for goal goals %}{{ goal.area }}{{ goal.anything }}{% endfor %}",
                "{% set area = %}{{ area }}",
                "{% if student.grade %}{{ student.first_name }}",
                "{% endfor %}{{ student.lats_name }}",
            )
        ),
    )
    assert "Did you mean student.last_name?" in result.output
    assert result.output.count("There is no name") == 1
    assert result.output.startswith("progress_report.docx: 5 errors.")


@pytest.mark.parametrize("content", [b"no zip", b"", b"PK\x03\x04"])
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, write: WriteTemplate, content: bytes
) -> None:
    bad = tmp_path / "iep.docx"
    bad.write_bytes(content)
    result = run("check", bad, tmp_path / "nowhere.docx", write(lines("{{ studnet }}")))
    assert result.exit_code == 2
    assert result.output.count(": 1 error.") == 3
    assert "There is no name 'studnet'." in result.output


def test_a_picture_that_is_not_there_is_found(write: WriteTemplate) -> None:
    result = run("check", write(lines("{{ 'seal.png'|image(width='1in') }}")))
    assert result.exit_code == 1
    assert "There is no picture 'seal.png' in the template's folder." in result.output


def test_an_unknown_kind_is_said_with_the_nearest(write: WriteTemplate) -> None:
    result = run("check", write(lines("a")), "--kind", "progres_report")
    assert result.exit_code == 2
    assert "progress_report" in result.stderr


@pytest.mark.parametrize("path", BUILTIN, ids=lambda path: path.stem)
def test_a_preview_has_the_data_of_an_invented_student(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    result = run("preview", path, "--out", out, "--date", "2026-11-25")
    assert (result.exit_code, result.output) == (0, f"Wrote {out}. Open it in Word.\n")
    assert "Maple Valley" in str(structure_of(out.read_bytes()))


def test_a_preview_with_blank_shows_every_field_as_its_name(
    write: WriteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(lines("Dear {{ student.full_name }}", "{%p for goal in goals %}", "{{ goal.goal }}", "{%p endfor %}"))
    assert run("preview", path, "--blank").exit_code == 0
    made = structure_of(Path("out/progress_report preview.docx").read_bytes())
    assert told(made["body"]) == "Dear student.full_name¶goal.goal"
    assert ("highlight", "['yellow']") in made["body"][1].content[0].look


def test_a_preview_of_a_wrong_template_says_what_is_wrong(write: WriteTemplate) -> None:
    result = run("preview", write(lines("{{ studnet.first_name }}")))
    assert result.exit_code == 2
    assert 'progress_report.docx, body: "»{{ studnet.first_name }}«": There is no name' in result.stderr


def test_any_template_is_filled_with_any_data(write: WriteTemplate, tmp_path: Path) -> None:
    path = write(lines("{{ who }} & {% for n in list %}{{ n }} {% endfor %}{{ nowhere }}"), name="any.docx")
    data = tmp_path / "data.json"
    data.write_text('\ufeff{"who": "Ana <Bo>\ud800", "list": [1, 2.5, true]}', encoding="utf-8", errors="surrogatepass")
    data.write_bytes(data.read_bytes().replace(b"\xed\xa0\x80", b"\\ud800"))
    out = tmp_path / "made" / "out.docx"
    result = run("render", path, "--data", data, "--out", out)
    assert result.exit_code == 0
    assert told(structure_of(out.read_bytes())["body"]) == "Ana <Bo> & 1 2.5 yes "
    assert result.stdout == ""
    assert "There is no name 'nowhere' in the data" in result.stderr
    assert "The value of 'who' had characters that a Word document cannot hold" in result.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "This is not JSON: line 1, character 2"),
        (b"[1]", "This is JSON, but not an object of names and values."),
        (b'{"a": "\xff"}', "This file is not written in UTF-8."),
        (b"[" * 100_000, "This JSON is nested too deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "This JSON is nested too deep, or holds a number that is too long."),
        (None, "This file cannot be opened: No such file or directory."),
    ],
)
def test_data_that_cannot_be_read_are_said(
    write: WriteTemplate, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    data = tmp_path / "data.json"
    if content is not None:
        data.write_bytes(content)
    result = run("render", write(lines("a")), "--data", data, "--out", tmp_path / "out.docx")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not (tmp_path / "out.docx").exists()


@pytest.mark.parametrize("command", ["render", "preview"])
def test_the_template_is_not_written_over(write: WriteTemplate, tmp_path: Path, command: str) -> None:
    path = write(lines("{{ student.first_name }}"))
    before = path.read_bytes()
    (tmp_path / "data.json").write_text("{}")
    options = ["--data", str(tmp_path / "data.json")] if command == "render" else []
    result = run(command, path, *options, "--out", path)
    assert result.exit_code == 2
    assert "This is the template itself" in result.stderr
    assert path.read_bytes() == before


def test_one_document_from_a_cold_start_loads_nothing_that_it_does_not_need(
    write: WriteTemplate, tmp_path: Path
) -> None:
    (tmp_path / "data.json").write_text('{"a": 1}')
    arguments = ["template", "render", str(write(lines("{{ a }}"))), "--data", str(tmp_path / "data.json")]
    script = f"""
import sys
from iepdocs.cli import cli
cli({[*arguments, "--out", str(tmp_path / "out.docx")]}, standalone_mode=False)
needless = {{"cerberus", "docx", "docxtpl", "openpyxl", "yaml", "iepdocs.pack", "iepdocs.batch"}}
assert not needless & set(sys.modules), needless & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603
    assert (tmp_path / "out.docx").is_file()


@pytest.mark.parametrize(
    ("texts", "message", "mend"),
    [
        (["{%p fro g in goals %}", "{{ g.goal }}", "{%p endfor %}"], "there is no tag 'fro'", "Did you mean for?"),
        (["{% if goals %}a{% end if %}"], "there is no tag 'end'", "Write endif as one word."),
        (["{% If goals %}a{% else %}b{% endif %}"], "there is no tag 'If'", "Write if in small letters."),
        (["{% if goals %}a{% ENDIF %}"], "there is no tag 'ENDIF'", "Write endif in small letters."),
        (["{% if plan %}a{% else if goals %}b{% endif %}"], "'if' does not go", "For another condition write {% elif"),
        (["{% p if goals %}", "a", "{%p endif %}"], "there is no tag 'p'", "Write {%p if … %}, with nothing before"),
        (["{{ student.first name }}"], "'name' does not go", "A name has no spaces: write student.first_name."),
        (["{{{ student.first_name }}}"], "cannot be read", "Write two braces only."),
        (["{{ today:date }}"], "':' does not go", "Write a bar, not a colon, before a filter"),
        (["{% if student.age => 14 %}a{% endif %}"], "'=' does not go", "Write >=."),
        (["{%p if goals %}", "a"], "no '{%p endif %}' for it follows", "in a paragraph of its own."),
        (["{% include signature_block %}"], "A piece is named between quotes", "Write {% include 'its name' %}"),
        (["{{ student.first_name() }}"], "'first_name' is no function", "Write first_name without the brackets"),
        (["{{ today|date('lang') }}"], "The filter 'date' cannot be used like this: it takes 'long' or 'short'", ""),
        (["{{ today|date(from='long') }}"], "The filter 'date' cannot be used like this.", "Did you mean form?"),
        (["{{ district.logo|image(widht='1in') }}"], "The filter 'image' cannot be", "Did you mean width?"),
        (["{{ district.logo|image(width='1.5') }}"], "it has a size that cannot be read", ""),
        (["{student.first_name}} now"], "'{student.first_name}}' looks like a tag", "Write two braces on each side"),
        (["{student.first_name}"], "'{student.first_name}' looks like a tag", "Write two braces"),
        (["{ { student.first_name } }"], "'{ {' looks like a tag", "Write two braces"),
        (["student.first_name }}"], "'student.first_name }}' looks like a tag", "Write two braces"),
        (["if goals %}"], "'goals %}' looks like a tag", "Write two braces"),
        (["Your goals: {%p if goals %}", "a", "{%p endif %}"], "'Your goals:' beside it is not printed", "its own."),
    ],
)
def test_one_slip_is_one_finding_with_its_likeliest_mend(
    write: WriteTemplate, texts: list[str], message: str, mend: str
) -> None:
    [finding] = json.loads(run("check", write(lines(*texts)), "--format", "json").stdout)
    assert message in finding["message"]
    assert mend in finding["mend"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ student.first\u200b_name }}{{\xadstudent.last_name }}",
        "f(x) = {x | x > 0}, {a, b}, { c }",
        "50 % } {",
        "{_{ x }_} and {_% if %_}",
        "{{ {'a': {'b': 1}}['a']['b'] }}",
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ student.first_name.upper() }}{{ '{}'.format(1) }}",
        "{% macro m() %}x{{ caller() }}{% endmacro %}{% call m() %}y{% endcall %}",
        "{#p remark #} not printed",
    ],
)
def test_what_is_right_is_not_accused(write: WriteTemplate, text: str) -> None:
    assert run("check", write(lines(text))).output == "progress_report.docx: no problems.\n"


def test_findings_come_in_the_order_of_the_document(write: WriteTemplate) -> None:
    path = write(
        lines("{{ one }}", "{{ two|nothing }}"),
        table(row("{{ three. }}", "{{ four }}")),
        lines("{% endif %}", "{{ five }}"),
        headers=[lines("{{ six }}")],
    )
    found = json.loads(run("check", path, "--format", "json").stdout)
    tags = [one["paragraph"].strip("»«{}% ") for one in found]
    assert tags == ["one", "two|nothing", "two|nothing", "three.", "four", "endif", "five", "six"]


def test_what_word_keeps_beside_an_open_document_is_passed_over(write: WriteTemplate, tmp_path: Path) -> None:
    beside = tmp_path / "~$ogress_report.docx"
    beside.write_bytes(b"\x03Ana")
    assert run("check", beside, write(lines("a"))).output == "progress_report.docx: no problems.\n"


def test_neither_the_data_nor_what_is_no_file_is_written_over(write: WriteTemplate, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text("{}")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for out, sentence in ((data, "This is the file with the data itself"), (pipe, "is no file of documents")):
        result = run("render", write(lines("a")), "--data", data, "--out", out)
        assert result.exit_code == 2
        assert sentence in result.stderr
    assert data.read_text() == "{}"
    assert pipe.is_fifo()


def test_what_a_screen_reader_cannot_read_is_told_when_asked_for(write: WriteTemplate) -> None:
    path = write(lines("a"), table(row("Service", "Minutes"), row("", "")))
    assert run("check", path).output == "progress_report.docx: no problems.\n"
    result = run("check", path, "--accessibility")
    assert result.exit_code == 1
    assert result.output.startswith("progress_report.docx: 3 errors.\n")
    assert "not marked as its header row. (WCAG 2.1, 1.3.1; 36 CFR 1194 App. A, E205.4)\n" in result.output
    assert (
        '         body, table 1, row 1, column 1\n         "Service | Minutes"\n         Select the first row'
        in result.output
    )
    told = json.loads(run("check", path, "--accessibility", "--format", "json").stdout)
    assert [(one["rule"], one["citation"].partition(";")[0]) for one in told] == [
        ("a11y-header-row", "WCAG 2.1, 1.3.1"),
        ("a11y-language", "WCAG 2.1, 3.1.1"),
        ("a11y-title", "WCAG 2.1, 2.4.2"),
    ]

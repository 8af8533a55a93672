from __future__ import annotations

import base64
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from iepdocs.findings import IepdocsError
from iepdocs.pdf.office import MACOS, WINDOWS, Office, find_office

TEMP = PureWindowsPath(r"C:\Users\José B\AppData\Local\Temp")


def place(root: Path, inside: str) -> Path:
    path = root / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing on the PATH, and Windows' folders for programs in the folder of the test."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("ProgramW6432", raising=False)
    monkeypatch.setenv("ProgramFiles", str(tmp_path / "Program Files"))
    monkeypatch.setenv("ProgramFiles(x86)", str(tmp_path / "Program Files (x86)"))
    monkeypatch.setattr("iepdocs.pdf.office.APPLICATIONS", (tmp_path / "Applications",))


def test_p42_a_profile_is_named_by_a_right_address_also_with_spaces_and_accents() -> None:
    office = Office(r"C:\Program Files\LibreOffice\program\soffice.com", WINDOWS)
    command = office.command([TEMP / "s" / "0.docx"], TEMP / "s" / "out", TEMP / "p1")
    assert command[0] == r"C:\Program Files\LibreOffice\program\soffice.com"
    assert "-env:UserInstallation=file:///C:/Users/Jos%C3%A9%20B/AppData/Local/Temp/p1" in command
    assert command[-2:] == [r"C:\Users\José B\AppData\Local\Temp\s\out", r"C:\Users\José B\AppData\Local\Temp\s\0.docx"]


def test_libreoffice_asks_nothing_and_reads_word_documents_alone() -> None:
    command = Office("/usr/bin/soffice", "linux").command(
        [PurePosixPath("/o/0.docx"), PurePosixPath("/o/1.docx")], PurePosixPath("/o/out"), PurePosixPath("/o/p")
    )
    assert command == [
        "/usr/bin/soffice",
        "-env:UserInstallation=file:///o/p",
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        "--nofirststartwizard",
        "--infilter=MS Word 2007 XML",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        "/o/out",
        "/o/0.docx",
        "/o/1.docx",
    ]


@pytest.mark.parametrize("name", ["soffice", "libreoffice"])
def test_libreoffice_is_found_on_the_path(tmp_path: Path, name: str) -> None:
    place(tmp_path, f"bin/{name}").chmod(0o700)
    assert find_office() == Office(str(tmp_path / "bin" / name), find_office().system)


@pytest.mark.parametrize(
    ("system", "inside"),
    [
        (WINDOWS, "Program Files/LibreOffice/program/soffice.com"),
        (WINDOWS, "Program Files/LibreOffice/program/soffice.exe"),
        (WINDOWS, "Program Files (x86)/LibreOffice/program/soffice.com"),
        (MACOS, "Applications/LibreOffice.app/Contents/MacOS/soffice"),
    ],
)
def test_libreoffice_is_found_in_the_usual_places(tmp_path: Path, system: str, inside: str) -> None:
    program = place(tmp_path, inside)
    assert find_office(system=system) == Office(str(program), system)


def test_of_two_on_windows_the_one_for_other_programs_is_taken(tmp_path: Path) -> None:
    for name in ("soffice.exe", "soffice.com"):
        place(tmp_path, f"Program Files/LibreOffice/program/{name}")
    assert find_office(system=WINDOWS).program.endswith("soffice.com")


@pytest.mark.parametrize("named", ["mine/program/soffice", "mine/program", "mine"])
def test_libreoffice_may_be_named_as_a_program_or_a_folder(tmp_path: Path, named: str) -> None:
    program = place(tmp_path, "mine/program/soffice")
    assert find_office(tmp_path / named, system="linux").program == str(program)


def test_an_app_may_be_named(tmp_path: Path) -> None:
    program = place(tmp_path, "LibreOffice.app/Contents/MacOS/soffice")
    assert find_office(tmp_path / "LibreOffice.app", system=MACOS).program == str(program)


def test_what_is_named_and_not_there_is_not_looked_for_elsewhere(tmp_path: Path) -> None:
    place(tmp_path, "bin/soffice").chmod(0o700)
    with pytest.raises(IepdocsError, match="LibreOffice is not there") as raised:
        find_office(tmp_path / "gone")
    assert str(raised.value.findings[0].place) == str(tmp_path / "gone")


@pytest.mark.parametrize("system", [WINDOWS, MACOS])
def test_without_libreoffice_one_sentence_says_how_to_get_it(system: str) -> None:
    with pytest.raises(IepdocsError) as raised:
        find_office(system=system)
    (finding,) = raised.value.findings
    assert finding.message == "PDFs are made with LibreOffice, which was not found on this computer."
    assert "https://www.libreoffice.org/download" in finding.mend


@pytest.mark.parametrize(
    ("system", "inside", "program"),
    [
        (WINDOWS, "Program Files/Microsoft Office/root/Office16/WINWORD.EXE", "powershell"),
        (WINDOWS, "Program Files (x86)/Microsoft Office/Office15/WINWORD.EXE", "powershell"),
        (MACOS, "Applications/Microsoft Word.app/Contents/Info.plist", "osascript"),
    ],
)
def test_word_is_taken_where_it_is_and_is_asked_for(tmp_path: Path, system: str, inside: str, program: str) -> None:
    place(tmp_path, inside)
    assert find_office(word=True, system=system) == Office(program, system, word=True)


@pytest.mark.parametrize("system", [WINDOWS, MACOS, "linux"])
def test_without_word_that_is_said(system: str) -> None:
    with pytest.raises(IepdocsError, match="Microsoft Word was not found"):
        find_office(word=True, system=system)


def test_word_for_windows_gets_a_script_in_which_no_name_ends_a_text() -> None:
    folder = PureWindowsPath("C:\\Users\\O'Hara \u2019s $(calc)\\s")
    command = Office("powershell", WINDOWS, word=True).command([folder / "0.docx", folder / "1.docx"], folder, folder)
    assert command[:-1] == ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand"]
    script = base64.b64decode(command[-1]).decode("utf-16-le")
    quoted = "C:\\Users\\O''Hara \u2019\u2019s $(calc)\\s"
    assert script.splitlines()[0] == (
        f"$paths = @('{quoted}\\0.docx', '{quoted}\\0.pdf', '{quoted}\\1.docx', '{quoted}\\1.pdf')"
    )
    assert script.count("{") == script.count("}")
    assert "{{" not in script


def test_word_for_macos_gets_paths_beside_its_script_and_not_in_it() -> None:
    folder = PurePosixPath('/Users/ana/"quoted" & more')
    command = Office("osascript", MACOS, word=True).command([folder / "0.docx"], folder / "out", folder)
    assert command[:2] == ["osascript", "-e"]
    assert "quoted" not in command[2]
    assert command[3:] == [f"{folder}/0.docx", f"{folder}/out/0.pdf"]


def test_word_for_macos_alone_cannot_be_started_twice_and_works_in_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    own = place(tmp_path, "Library/Group Containers/UBF8T346G9.Office/any").parent
    assert Office("osascript", MACOS, word=True).one_at_a_time
    assert Office("osascript", MACOS, word=True).workplace(tmp_path / "out") == own
    for office in (Office("powershell", WINDOWS, word=True), Office("soffice", MACOS), Office("soffice", "linux")):
        assert not office.one_at_a_time
        assert office.workplace(tmp_path / "out") == tmp_path / "out"

from __future__ import annotations

import http.server
import io
import multiprocessing
import os
import stat
import sys
import tempfile
import threading
import time
import zipfile
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from iepdocs.batch.executors import Crew, InThisProcess
from iepdocs.batch.printing import convert_all
from iepdocs.findings import FilePlace, Finding, IepdocsError
from iepdocs.pdf import Office, convert
from iepdocs.pdf.office import MACOS

convert_module: Any = sys.modules["iepdocs.pdf.convert"]  # whose name is that of its function, too

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    MakeDocuments = Callable[..., list[Path]]


def converted(files: Sequence[Path], crew: Crew, office: Office, **more: Any) -> dict[Path, Path | Finding]:
    """Return the PDFs that workers make of documents, or why there are none."""
    return {file: one for results in convert_all(files, crew, office, **more) for file, one in results.items()}


class Counting(InThisProcess):
    """Does the work in this process, and keeps the numbers of documents that it is given at a time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += [len(args[1])] if args else []
        return super().submit(fn, *args, **kwargs)


def processes(size: int) -> Crew:
    return Crew(lambda: ProcessPoolExecutor(size), size)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which the system's temporary files of the test are, worker processes included."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def text_of(pdf: Path | Finding) -> str:
    assert isinstance(pdf, Path), pdf
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)


def failed(outcomes: Sequence[Path | Finding]) -> list[str]:
    """Return the names of the documents without a PDF."""
    return [
        Path(one.place.path).name for one in outcomes if isinstance(one, Finding) and isinstance(one.place, FilePlace)
    ]


def test_a_pdf_is_made_beside_its_document_with_tags_and_for_its_owner_alone(
    libreoffice: Office, make_documents: MakeDocuments, temporary: Path
) -> None:
    (document,) = make_documents(letter="Dear parents of Ana")
    pdf = document.with_suffix(".pdf")
    assert convert(libreoffice, [document]) == {document: pdf}
    assert "Dear parents of Ana" in text_of(pdf)
    assert "/StructTreeRoot" in PdfReader(pdf).root_object
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    assert names(document.parent) == ["letter.docx", "letter.pdf"]
    assert names(temporary) == []


def test_p43_four_workers_make_forty_pdfs_of_forty_documents(
    libreoffice: Office, make_documents: MakeDocuments, temporary: Path
) -> None:
    documents = make_documents(**{f"letter {number}": f"This is letter {number}." for number in range(40)})
    outcomes = converted(documents, processes(4), libreoffice)
    assert {path: path.with_suffix(".pdf") for path in documents} == outcomes
    for number, document in enumerate(documents):
        assert f"This is letter {number}." in text_of(outcomes[document])
    assert names(temporary) == []


def test_p43_each_failure_is_named_and_the_others_are_delivered(
    libreoffice: Office, make_documents: MakeDocuments
) -> None:
    documents = make_documents(**{f"letter {number}": f"This is letter {number}." for number in range(6)})
    spoil(documents[0])
    spoil(documents[4])
    outcomes = converted(documents, processes(2), libreoffice)
    assert failed([outcomes[document] for document in documents]) == ["letter 0.docx", "letter 4.docx"]
    assert names(documents[0].parent) == sorted(
        [f"letter {number}.docx" for number in range(6)] + [f"letter {number}.pdf" for number in (1, 2, 3, 5)]
    )


def spoil(document: Path) -> None:
    """Leave out the second half of the XML of a document's body."""
    with zipfile.ZipFile(document) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"][: len(parts["word/document.xml"]) // 2]
    with zipfile.ZipFile(document, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.parametrize("name", ["-headless", "100% #1 a&b;c", "Zażółć, 学 \u2019s", "a" * 200])
def test_any_name_of_a_document_will_do(libreoffice: Office, make_documents: MakeDocuments, name: str) -> None:
    (document,) = make_documents(**{name: "any name"})
    assert "any name" in text_of(convert(libreoffice, [document])[document])


def test_documents_of_one_name_in_two_folders_do_not_clash(libreoffice: Office, make_documents: MakeDocuments) -> None:
    first, second = make_documents(a="for the mother", b="for the father")
    moved = second.parent.parent / "elsewhere" / "a.docx"
    moved.parent.mkdir()
    second.rename(moved)
    outcomes = convert(libreoffice, [first, moved])
    assert "for the mother" in text_of(outcomes[first])
    assert "for the father" in text_of(outcomes[moved])


def test_a_picture_on_the_web_that_a_template_links_to_is_not_fetched(
    libreoffice: Office, make_documents: MakeDocuments
) -> None:
    (document,) = make_documents(letter="Dear parents")
    with server() as (address, asked):
        link_picture(document, f"{address}/logo.png")
        assert isinstance(convert(libreoffice, [document])[document], Path)
        assert asked == []


@contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """Give the address of a web server, and what it is asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}", asked
        web.shutdown()


def link_picture(document: Path, address: str) -> None:
    """Make the picture of a document one that is not in it."""
    opened = docx.Document(str(document))
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "png")
    opened.add_picture(picture)
    (blip,) = opened.element.body.iter(qn("a:blip"))
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), opened.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True))
    opened.save(str(document))


def test_the_one_document_that_is_stuck_is_named_and_what_it_started_is_ended(
    stand_in: Office, make_documents: MakeDocuments, starts: Callable[[], list[int]], tmp_path: Path, temporary: Path
) -> None:
    documents = make_documents(a="fine", b="fine", c="HANGS", d="fine")
    outcomes = convert(stand_in, documents, limit=2)
    (finding,) = [one for one in outcomes.values() if isinstance(one, Finding)]
    assert str(finding.place) == str(documents[2])
    assert finding.message == "LibreOffice made no PDF of this document within 2 seconds."
    assert starts() == [4, 1, 1], "together, the one alone, those after it"
    assert names(tmp_path / "out") == ["a.docx", "a.pdf", "b.docx", "b.pdf", "c.docx", "d.docx", "d.pdf"]
    assert not alive(int((tmp_path / "log.child").read_text(encoding="utf-8")))
    assert names(temporary) == []


def alive(process: int) -> bool:
    """Tell whether a process runs: one that has ended may wait for somebody to take note."""
    for _ in range(50):
        state = Path(f"/proc/{process}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("trouble", ["CRASHES", "NOTHING", "EMPTY", "HALF", "NO PAGES"])
def test_whatever_goes_wrong_with_one_document_the_others_are_delivered(
    stand_in: Office, make_documents: MakeDocuments, temporary: Path, trouble: str
) -> None:
    documents = make_documents(a=trouble, b="fine", c=trouble, d="fine", e="fine", f=trouble)
    outcomes = convert(stand_in, documents)
    assert failed(list(outcomes.values())) == ["a.docx", "c.docx", "f.docx"]
    assert [path.name for path in outcomes.values() if isinstance(path, Path)] == ["b.pdf", "d.pdf", "e.pdf"]
    assert names(documents[0].parent) == [
        "a.docx",
        "b.docx",
        "b.pdf",
        "c.docx",
        "d.docx",
        "d.pdf",
        "e.docx",
        "e.pdf",
        "f.docx",
    ]
    assert names(temporary) == []


def test_a_failure_leaves_the_pdf_of_before_as_it_was(stand_in: Office, make_documents: MakeDocuments) -> None:
    (document,) = make_documents(a="HALF")
    document.with_suffix(".pdf").write_bytes(b"of before")
    assert isinstance(convert(stand_in, [document])[document], Finding)
    assert document.with_suffix(".pdf").read_bytes() == b"of before"


@pytest.mark.parametrize("trouble", ["HANGS", "CRASHES"])
def test_a_program_that_never_makes_anything_is_given_up(
    stand_in: Office, make_documents: MakeDocuments, starts: Callable[[], list[int]], trouble: str
) -> None:
    documents = make_documents(**{f"{number:02}": trouble for number in range(40)})
    outcomes = converted(documents, Crew(InThisProcess, 1), stand_in, limit=0.5)
    assert starts() == [20, 1, 19, 1, 18]
    rules = [one.rule for one in outcomes.values() if isinstance(one, Finding)]
    assert rules == ["no-pdf"] * 2 + ["pdf-not-tried"] * 38


def test_a_document_that_is_edited_while_its_pdf_is_made_is_newer_than_that(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    (document,) = make_documents(a="fine")
    is_whole = convert_module.is_whole

    def meanwhile(content: bytes) -> bool:
        document.write_bytes(document.read_bytes() + b" ")
        return bool(is_whole(content))

    monkeypatch.setattr(convert_module, "is_whole", meanwhile)
    pdf = convert(stand_in, [document])[document]
    assert isinstance(pdf, Path)
    assert pdf.stat().st_mtime_ns < document.stat().st_mtime_ns


def test_a_program_that_cannot_be_started_ends_the_run(tmp_path: Path, make_documents: MakeDocuments) -> None:
    with pytest.raises(IepdocsError, match="LibreOffice cannot be started") as raised:
        converted(make_documents(a="fine"), processes(1), Office(str(tmp_path / "gone"), sys.platform))
    assert raised.value.findings[0].place == FilePlace(str(tmp_path / "gone"))
    assert names(tmp_path / "out") == ["a.docx"]


def test_a_pdf_that_cannot_be_replaced_is_named(stand_in: Office, make_documents: MakeDocuments) -> None:
    first, second = make_documents(a="fine", b="fine")
    first.with_suffix(".pdf").mkdir()
    outcomes = convert(stand_in, [first, second])
    assert outcomes[second] == second.with_suffix(".pdf")
    assert isinstance(finding := outcomes[first], Finding)
    assert (finding.rule, str(finding.place)) == ("cannot-write", str(first.with_suffix(".pdf")))
    assert finding.mend.startswith("If it is open in a viewer, close it there")


def test_what_is_no_document_is_named_and_not_printed_as_text(libreoffice: Office, tmp_path: Path) -> None:
    gone, text = tmp_path / "gone.docx", tmp_path / "text.docx"
    text.write_text("only text", encoding="utf-8")
    outcomes = convert(libreoffice, [gone, text])
    messages = [one.message for one in outcomes.values() if isinstance(one, Finding)]
    assert messages == [
        "The document cannot be read: No such file or directory.",
        "This is no whole Word document, or it has a password, so there is no PDF of it.",
    ]


def test_a_folder_that_cannot_be_written_is_named(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> str:
        raise OSError(28, "No space left on device")

    (document,) = make_documents(a="fine")
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert isinstance(finding := convert(stand_in, [document])[document], Finding)
    assert finding.message == "This cannot be written: No space left on device."


def test_what_was_made_before_a_disk_was_full_is_not_said_to_be_missing(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = convert_module.prepare_profile
    profiles: list[Path] = []

    def full(profile: Path) -> None:
        profiles.append(profile)
        if len(profiles) > 1:
            raise OSError(28, "No space left on device")
        prepare(profile)

    monkeypatch.setattr(convert_module, "prepare_profile", full)
    fine, bad = make_documents(a="fine", b="NOTHING")
    outcomes = convert(stand_in, [fine, bad])
    assert outcomes[fine] == fine.with_suffix(".pdf")
    assert failed(list(outcomes.values())) == ["b.pdf"]


class Dying(ProcessPoolExecutor):
    """A pool whose worker dies of any work."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(os._exit, 9) if args else super().submit(fn, **kwargs)


def test_what_a_worker_was_at_when_it_died_is_made_by_another(stand_in: Office, make_documents: MakeDocuments) -> None:
    documents = make_documents(**{f"{number}": "fine" for number in range(70)})
    pools = iter([Dying, *[ProcessPoolExecutor] * 2])
    outcomes = converted(documents, Crew(lambda: next(pools)(1), 1), stand_in)
    assert outcomes == {file: file.with_suffix(".pdf") for file in documents}


def test_the_document_with_which_every_worker_dies_is_named_and_the_others_are_delivered(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = make_documents(**{f"{number}": "fine" for number in range(10)})
    monkeypatch.setattr("iepdocs.batch.printing.convert", partial(deadly, documents[3]))
    crew = Crew(partial(ProcessPoolExecutor, 2, multiprocessing.get_context("fork")), 2)
    outcomes = converted(documents, crew, stand_in)
    assert failed(list(outcomes.values())) == ["3.docx"]
    assert isinstance(finding := outcomes[documents[3]], Finding)
    assert finding.message == "The work was broken off before there was a PDF of this document."
    assert sum(isinstance(one, Path) for one in outcomes.values()) == 9


def deadly(death: Path, office: Office, files: Sequence[Path], limit: float) -> dict[Path, Path | Finding]:
    if death in files:
        os._exit(9)
    return convert(office, files, limit)


def test_work_is_shared_out_evenly_and_not_more_than_can_be_waited_for(
    stand_in: Office, make_documents: MakeDocuments
) -> None:
    executor = Counting()
    converted(make_documents(**{f"{number:03}": "fine" for number in range(70)}), Crew(lambda: executor, 2), stand_in)
    assert executor.given == [18, 18, 18, 16]


def test_word_for_macos_gets_one_piece_of_work_at_a_time(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Office, "command", lambda _, files, into, profile: stand_in.command(files, into, profile))
    word = replace(stand_in, system=MACOS, word=True)
    at_work: list[int] = []
    with ThreadPoolExecutor(4) as executor:
        submit = executor.submit

        def counted(*args: Any) -> Future[Any]:
            if args[1:]:
                at_work.append(sum(not future.done() for future in futures))
                futures.append(submit(*args))
            return futures[-1] if args[1:] else submit(*args)

        futures: list[Future[Any]] = []
        monkeypatch.setattr(executor, "submit", counted)
        converted(make_documents(**{f"{number:03}": "fine" for number in range(70)}), Crew(lambda: executor, 4), word)
    assert at_work == [0, 0, 0]


def test_a_run_that_is_broken_off_leaves_nothing_behind(
    stand_in: Office, make_documents: MakeDocuments, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    (document,) = make_documents(a="fine")

    def interrupted(*_: Any) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(convert_module, "is_whole", interrupted)
    with pytest.raises(KeyboardInterrupt):
        convert(stand_in, [document])
    assert names(document.parent) == ["a.docx"]
    assert names(temporary) == []


def test_nothing_makes_nothing(stand_in: Office) -> None:
    assert converted([], Crew(Counting, 1), stand_in) == {}

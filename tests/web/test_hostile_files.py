"""Every hostile file at every door: refused in words or made harmless, at once, nothing left."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests import factories
from tests.hostile import SECRET, corpus, docx, pdf, picture, png, xlsx
from tests.imports.test_reading import HOSTILE as TABLES
from tests.ledger.people.insured import enter, signed_in
from tests.ledger.test_files import MADE_SAFE, REFUSED

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions import storing
from circle15.cases.models import Case
from circle15.core.papers.docx.package import unsafe
from circle15.imports.reading import read
from circle15.imports.refusals import FileRefused
from circle15.items.drafting import start_draft
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.ledger.photos import smaller
from circle15.web.shared.once import new_key

# Of the processor, with room for a slow one: what explodes takes minutes.
MOST_S, MOST_BYTES = 8.0, 300 * 1024 * 1024
ACTING = (SECRET, b"<?php", b"META-INF", b"/JavaScript", b"%PDF-1.7\n", b"Exif", b"root:")
SOUND = {"jpeg": picture("JPEG"), "pdf": pdf(), "xlsx": xlsx(), "docx": docx()}


def every() -> Iterator[tuple[str, bytes]]:
    yield from corpus().items()
    yield from MADE_SAFE.items()
    yield from ((name, content) for name, (content, _why) in [*REFUSED.items(), *TABLES.items()])


def evidence(content: bytes) -> bytes:
    return check_evidence(content, name="证明.jpg").content


def case_paper(content: bytes) -> bytes:
    return storing.checked(smaller(content)).content


def table(content: bytes) -> bytes:
    """Give the cells; words of a web page are words there, and escaped wherever they are shown."""
    cells = repr([sheet.rows for sheet in read(content)])
    return cells.replace(SECRET.decode(), "").encode()


def word_template(content: bytes) -> bytes:
    if found := unsafe(content):
        raise UnsafeFile(str(found[0]))
    return b""


DOORS: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "evidence": (evidence, {"jpeg", "pdf"}),
    "case paper": (case_paper, {"jpeg", "pdf"}),
    "table": (table, {"xlsx"}),
    "word template": (word_template, {"docx"}),
}


def harm(door: Callable[[bytes], bytes], content: bytes) -> str:
    """Say what is wrong with how a door meets a file; "" for nothing."""
    began = time.process_time()
    try:
        left = [mark for mark in ACTING if mark in door(content)]
    except (UnsafeFile, FileRefused) as refusal:
        left = [] if len(str(refusal)) > 4 else ["no words"]
    late = time.process_time() - began
    return f"{left}" if left else f"{late:.1f} s" if late > MOST_S else ""


@pytest.mark.parametrize("door", DOORS)
def test_every_hostile_file_is_refused_or_made_harmless(door, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    open_door, sound = DOORS[door]
    taken = {name for name, content in SOUND.items() if not refuses(open_door, content)}
    found = {name: what for name, content in every() if (what := harm(open_door, content))}
    assert (found, taken, list(tmp_path.rglob("*"))) == ({}, sound, [])


def refuses(door: Callable[[bytes], bytes], content: bytes) -> bool:
    try:
        door(content)
    except (UnsafeFile, FileRefused):
        return True
    return False


def test_the_corpus_is_large_enough():
    assert len(dict(every())) >= 180
    assert corpus() == {**corpus.__wrapped__()}


def memory(line: str) -> int:
    words = next(each for each in Path("/proc/self/status").read_text().split("\n") if line in each)
    return int(words.split()[1]) * 1024


def test_the_largest_picture_taken_costs_little_memory():
    """A PNG of 70 kB that unfolds to 24 megapixels, in a process of its own."""
    content = png(4_896, 4_900)
    child = os.fork()
    if child == 0:
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        case_paper(content)
        os._exit(int(memory("VmHWM") - before > MOST_BYTES))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


FEW = (
    ("证明.pdf.svg.jpg", "svg"),
    ("\u202egpj.exe.jpg", "jpeg claiming 60,000 by 60,000"),
    ("../../../../etc/passwd", "docm"),
    (f"{'长' * 190}.jpg", "xlsx reading a file"),
    ("a.xlsx", "the scanners' test file"),
    ("a\r\nX: 1.pdf", "pdf, script in a page"),
    ("a.xlsx.zip", "zips in zips"),
    ("村居.csv", "csv with a null byte"),
)


@pytest.fixture
def doors(db, settings, tmp_path):
    """Return every page that takes a file: who sends it where, in which field, with what."""
    settings.VAR_DIR = tmp_path
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "evidence"}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    edition = factories.catalogue().edition_id
    factories.SiteFactory()
    person, city = enter(), factories.city_officer()
    home, window = signed_in(person), factories.logged_in(factories.alice())
    home.post(reverse("apply_start", args=["living-elsewhere"]), {"once": new_key()})
    with area_scope(EVERYWHERE):
        uid = Case.objects.get().uid
    home.post(reverse("apply_question", args=[uid, "stay"]), {"answer": "long"})
    wish = {"person": person, "item": "own-record", "mode": "ordinary", "once": new_key()}
    intake = window.post(reverse("intake_open"), wish).url
    draft = start_draft(from_id=edition, by=factories.actor_for(city), at=timezone.now())
    fact = {"value": "128", "observed_on": "2026-03-01", "source": "document", "note": ""}
    manager = factories.logged_in(factories.manager())
    return {
        "evidence": (manager, "/sites/QD-0001/facts/site.indoor_area_m2/", "attachments", fact),
        "imports": (
            factories.logged_in(factories.carol()),
            "/imports/",
            "file",
            {"kind": "villages"},
        ),
        "items": (factories.logged_in(city), f"/items/editions/{draft.id}/upload/", "file", {}),
        "window": (window, intake, "photo-id-document", {"how-id-document": "given"}),
        "online hall": (home, reverse("apply_paper", args=[uid, "living-proof"]), "photos", {}),
    }


@pytest.mark.slow
def test_hostile_files_are_refused_on_every_page_and_leave_nothing(doors, tmp_path):
    seen = {}
    for door, (client, address, field, more) in doors.items():
        for name, what in FEW:
            good = SimpleUploadedFile("a.jpg", picture("JPEG"))
            bad = SimpleUploadedFile(name, corpus()[what])
            both = [good, bad] if door == "evidence" else bad
            seen[door, what] = client.post(address, {**more, field: both}).status_code
    # Words in lines are a table to whoever asks for one: looked at, kept sealed, and found useless.
    assert seen.pop(("imports", "the scanners' test file")) == 302
    assert {key: status for key, status in seen.items() if status != 422} == {}
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in left} == {".sealed"}
    assert not any(content in left[0].read_bytes() for content in corpus().values())

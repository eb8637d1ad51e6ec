"""Photos and PDFs of a case: made safe, sealed on the disk, opened for who may see the case."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.actions import papers, storing
from circle15.cases.models import CaseFile
from circle15.cases.refusals import TooManyFiles, WrongState
from circle15.core.ciphers import CannotOpen
from circle15.ledger.files import UnsafeFile
from circle15.standards.case_rules import case_rules


def photo(shade: int = 40) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 120)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def uid(place):
    return place.open(item="hospital-costs").uid


def give(place, uid, content, *, by="alice", key="invoice"):
    return place.do(by, papers.give_material, case_uid=uid, key=key, content=content)


def stored(folder) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_photo_is_unreadable_on_the_disk_and_whole_for_its_reader(place, uid, folder):
    line = give(place, uid, photo())
    assert (line.state, len(line.files), line.files[0].media_type) == ("given", 1, "image/jpeg")
    raw = stored(folder)[0].read_bytes()
    assert b"JFIF" not in raw
    opened = place.look("alice", queries.file_content, line.files[0].uid)
    assert Image.open(BytesIO(opened.content)).size == (64, 48)
    assert queries.file_content(line.files[0].uid, by=place.mine) == opened
    with pytest.raises(NotFound):
        place.look("dave", queries.file_content, line.files[0].uid)


def test_the_same_page_is_kept_once_and_another_beside_it(place, uid, folder):
    give(place, uid, photo())
    give(place, uid, photo())
    line = give(place, uid, photo(200))
    assert len(line.files) == len(stored(folder)) == 2


def test_a_file_moved_to_another_s_place_does_not_open(place, uid, folder):
    one, two = (give(place, uid, photo(shade)).files[-1].uid for shade in (1, 2))
    with area_scope(EVERYWHERE):
        names = {file.uid: file.storage_name for file in CaseFile.objects.all()}
    (folder / names[one]).write_bytes((folder / names[two]).read_bytes())
    with pytest.raises(CannotOpen):
        place.look("alice", queries.file_content, one)


def test_what_is_not_a_picture_is_refused_and_leaves_nothing(place, uid, folder):
    with pytest.raises(UnsafeFile):
        give(place, uid, b"<svg onload=alert(1)>")
    view = place.look("alice", queries.case, uid, on=AT.date())
    assert (stored(folder), [line.state for line in view.materials if line.key == "invoice"]) == (
        [],
        ["missing"],
    )


def test_a_wrong_page_is_dropped_and_a_paper_taken_back_with_its_pages(place, uid, folder):
    give(place, uid, photo(1))
    line = give(place, uid, photo(2))
    place.do("alice", papers.drop_file, case_uid=uid, file_uid=line.files[0].uid)
    left = place.look("alice", queries.case, uid, on=AT.date()).files
    assert [file.uid for file in left] == [line.files[1].uid]
    taken = place.do("alice", papers.take_back_material, case_uid=uid, key="invoice")
    assert (taken.state, taken.files) == ("missing", ())
    with pytest.raises(NotFound):
        place.look("alice", queries.file_content, line.files[1].uid)


def test_a_case_holds_so_many_files_and_no_more(place, uid, folder):
    give(place, uid, photo())
    with area_scope(EVERYWHERE):
        first = CaseFile.objects.get()
        CaseFile.objects.bulk_create(
            CaseFile(case=first.case, purpose="material", media_type="x", size=1, added_at=AT)
            for _ in range(case_rules().most_files - 1)
        )
    with pytest.raises(TooManyFiles):
        give(place, uid, photo(9))


def test_nothing_is_added_to_what_is_accepted(place, folder):
    uid = place.take_in(item="accident").uid
    with pytest.raises(WrongState):
        give(place, uid, photo(), key="id-document")
    assert fresh(uid).state == "accepted"


def test_a_file_is_sealed_anew_when_the_key_changes(place, uid, folder, settings):
    one = give(place, uid, photo()).files[0].uid
    old, new = settings.DATA_KEYS[0], b"new key of thirty-two bytes or so"
    settings.DATA_KEY_FILE, settings.DATA_KEYS = None, (new, old)
    assert (storing.reseal_files(), storing.reseal_files()) == (1, 0)
    settings.DATA_KEYS = (new,)
    assert place.look("alice", queries.file_content, one).media_type == "image/jpeg"
    settings.DATA_KEYS = (old,)
    with pytest.raises(CannotOpen):
        place.look("alice", queries.file_content, one)
    assert [path.stat().st_mode & 0o777 for path in stored(folder)] == [0o600]

"""After everything that is done with a person, no number, phone or name lies readable on disk."""

import json
import logging
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from tests import factories
from tests.factories import logged_in
from tests.imports.files import csv_bytes
from tests.ledger.people import served
from tests.on_disk import CLUSTER, found_since, is_readable
from tests.plugin import VAR

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.core.identifiers import resident_id_check_character
from circle15.ledger.people import own_data
from circle15.ledger.people.follow_ups import finish, make_follow_ups
from circle15.ledger.people.models import FollowUp, Person
from circle15.web.shared.once import new_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# Proves that a text written in clear is found: an organisation's name is no secret.
CANARY = "鹮鹮金丝雀合作社"


def number(serial: int) -> str:
    body = f"99999919400731{serial:03d}"
    return body + resident_id_check_character(body)


NAMES = ("鹮甲子", "鹮乙丑", "鹮丙寅", "鹮丁卯")
PHONES = tuple(f"1009{serial}7316{serial}42" for serial in range(4))
NUMBERS = tuple(number(731 + serial) for serial in range(4))
WORDS = "鹮的住院发票"


def flows(tmp_path: Path) -> None:
    """Enter, import, search, mistype, correct, show, ask, visit, download and export."""
    client = logged_in(factories.carol())
    post = {"division_code": served.village().code}
    url = "/registers/people/"
    for serial in (0, 1):
        entered = {"name": NAMES[serial], "id_number": NUMBERS[serial], "phone": PHONES[serial]}
        client.post(f"{url}new/", entered | post | {"once": new_key()})
    wrong = {"name": NAMES[2], "id_number": NUMBERS[2][:-1], "phone": f"{PHONES[2]}x"}
    client.post(f"{url}new/", wrong | post | {"once": new_key()})
    with area_scope(EVERYWHERE):
        uid = Person.objects.order_by("id").values_list("uid", flat=True)[0]
    for typed in (NUMBERS[0], NUMBERS[3], NUMBERS[2][:-1]):
        client.post("/registers/search/", {"number": typed})
    for field in ("name", "id_number", "phone"):
        client.post(f"{url}{uid}/reveal/", {"field": field, "reason": "电话回访"})
    changed = {"phone": PHONES[3], "reason": "本人来核对", "once": new_key()}
    client.post(f"{url}{uid}/edit/", changed)
    asked = {"topic": "costs", "words": WORDS, "once": new_key()}
    client.post(f"{url}{uid}/need/", asked)
    client.get(f"{url}{uid}/")
    client.post(f"{url}export/", {})
    bring_in(client)
    make_follow_ups(at=timezone.now())
    with area_scope(EVERYWHERE):
        task = FollowUp.objects.order_by("id")[0]
    finish(task.uid, state="done", note=WORDS, by=served.SYSTEM, at=timezone.now())
    own_data.download(uid, at=timezone.now())
    employer = {"name": CANARY, "contact_name": NAMES[2], "contact_phone": PHONES[2]}
    client.post("/registers/organisations/new/", employer | post | {"once": new_key()})


def bring_in(client) -> None:
    head = ["姓名", "身份证号", "手机号", "所在区划代码", "参保状态", "列入日期"]
    rows = [
        [NAMES[2], NUMBERS[2], PHONES[2], served.village().code],
        [NAMES[3], NUMBERS[3][:-1], PHONES[3], served.village().code],
        [NUMBERS[3], NAMES[3], PHONES[3], PHONES[2], NUMBERS[3], NAMES[3]],
    ]
    file = SimpleUploadedFile("名单.csv", csv_bytes([head, *rows]))
    reply = client.post("/imports/", {"kind": "persons", "file": file, "once": new_key()})
    client.post(reply.url, {"mode": "skip_bad", "sure": "on"})


def needles() -> list[bytes]:
    texts = (*NAMES, *PHONES, *NUMBERS, WORDS)
    escaped = (json.dumps(text)[1:-1] for text in (*NAMES, WORDS))
    return [text.encode() for text in (*texts, *escaped)]


def own_folder() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        return str(cursor.fetchone()[0])


# Clauses: D-53
@pytest.mark.skipif(not is_readable(), reason="the database's files are not ours")
def test_nothing_of_a_person_is_readable_on_disk(tmp_path, settings, caplog):
    settings.VAR_DIR = tmp_path
    caplog.set_level(logging.INFO)
    begun = time.time() - 1
    flows(tmp_path)
    # The log of writes holds every row as it was written, the own folder of data what is flushed.
    places = (CLUSTER / "pg_wal", CLUSTER / "base" / own_folder(), VAR / "log", tmp_path)
    found = found_since(begun, places, [CANARY.encode(), *needles()])

    assert {text for _, text in found} == {CANARY}
    assert [one for one in needles() if one.decode() in caplog.text] == []
    with area_scope(EVERYWHERE):
        assert Person.objects.count() == 3

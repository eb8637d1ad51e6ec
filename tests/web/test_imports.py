"""The pages of an import, from the template to the result, small files and large ones."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from tests import factories
from tests.factories import AT, actor_for, logged_in
from tests.imports.files import csv_bytes, xlsx

from circle15.accounts.refusals import NotAllowed
from circle15.areas.models import Division
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.core.messages import Message
from circle15.imports import keeping, waiting
from circle15.imports.models import ImportRun
from circle15.imports.queries import progress, report_of, run_by_uid
from circle15.imports.refusals import FileRefused, NotChecked
from circle15.imports.states import RunState

pytestmark = pytest.mark.django_db
HEAD = ["村（社区）代码", "村（社区）名称", "所属乡镇代码"]
GOOD = ["320681100009", "新村", "320681100000"]
BAD = ["32068110001", "坏村", "320681100000"]
YES = {"mode": "all_or_nothing", "sure": "on"}


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client():
    factories.TownFactory()
    return logged_in(factories.carol())


def uploaded(client, content: bytes, *, kind="villages", name="村居.xlsx", **more):
    file = SimpleUploadedFile(name, content)
    return client.post("/imports/", {"kind": kind, "file": file, "coordinates": "", **more})


def last_run() -> ImportRun:
    with area_scope(EVERYWHERE):
        return ImportRun.objects.latest("id")


def villages() -> int:
    with area_scope(EVERYWHERE):
        return Division.objects.filter(level="village").count()


def test_pages_are_for_whoever_may_import(client):
    def status(user):
        return logged_in(user).get("/imports/").status_code

    assert client.get("/imports/").status_code == 200
    assert status(factories.city_officer()) == 200
    assert status(factories.manager()) == 403
    assert status(factories.auditor()) == 403
    assert logged_in(factories.alice()).post("/imports/").status_code == 403


def test_nothing_imported_yet(client):
    assert "还没有导入过" in client.get("/imports/").text


def test_template_is_a_workbook(client):
    reply = client.get("/imports/template.xlsx")
    assert load_workbook(BytesIO(reply.content)).sheetnames[0] == "填写说明"


def test_a_check_writes_nothing_and_says_what_it_would(client):
    reply = uploaded(client, xlsx([HEAD, GOOD, BAD]))
    page = client.get(reply.url)

    report = page.context["report"]
    assert (report.new, report.failed, villages()) == (1, 1, 0)
    assert "校验结果（还没有写入）" in page.text
    assert "第 3 行" in page.text


def test_all_or_nothing_refuses_bad_rows(client):
    url = uploaded(client, xlsx([HEAD, GOOD, BAD])).url

    page = client.post(url, YES)
    assert (page.status_code, villages()) == (422, 0)
    assert "有1行存在错误" in page.text
    assert last_run().state == RunState.CHECKED


def test_bad_rows_are_skipped_by_choice(client):
    url = uploaded(client, xlsx([HEAD, GOOD, BAD])).url

    assert client.post(url, {"mode": "skip_bad", "sure": "on"}).url == url
    assert villages() == 1
    assert "导入结果" in client.get(url).text


def test_sending_twice_writes_once(client):
    url = uploaded(client, xlsx([HEAD, GOOD])).url
    client.post(url, YES)

    page = client.post(url, YES, follow=True)
    assert "没有重复写入" in page.text
    with area_scope(EVERYWHERE):
        assert Event.objects.filter(verb="import.apply").count() == 1


def test_the_same_file_again_has_nothing_to_write(client):
    client.post(uploaded(client, xlsx([HEAD, GOOD])).url, YES)

    page = client.get(uploaded(client, xlsx([HEAD, GOOD])).url)
    assert ("没有需要写入的内容" in page.text, "确认导入" in page.text) == (True, False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"mode": "all_or_nothing"}, "sure"), ({"sure": "on"}, "mode"), (YES | {"mode": "x"}, "mode")],
)
def test_writing_needs_a_choice_and_a_confirmation(client, typed, field):
    page = client.post(uploaded(client, xlsx([HEAD, GOOD])).url, typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert villages() == 0


def test_failing_rows_come_back_marked(client):
    url = uploaded(client, xlsx([HEAD, GOOD, BAD])).url
    reply = client.post(f"{url}errors.xlsx")

    sheet = load_workbook(BytesIO(reply.content))["村（社区）"]
    rows = list(sheet.iter_rows(values_only=True))
    assert (len(rows), rows[1][0], "12位" in rows[1][-1]) == (2, "32068110001", True)
    assert client.get(f"{url}errors.xlsx").status_code == 405


def test_a_file_given_up_cannot_be_written(client):
    url = uploaded(client, xlsx([HEAD, GOOD])).url
    assert client.post(f"{url}discard/").url == "/imports/"

    page = client.post(url, YES)
    assert (page.status_code, villages()) == (422, 0)
    assert "请重新上传" in page.text


def test_what_is_written_cannot_be_given_up(client):
    url = uploaded(client, xlsx([HEAD, GOOD])).url
    client.post(url, YES)
    assert client.post(f"{url}discard/").status_code == 409


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x01\x02", "不是可以识别的表格文件"),
        (b"PK\x03\x04 broken", "无法打开"),
        (b"%PDF-1.7\n\x00", "不是可以识别的表格文件"),
        (b"<html><table></table></html>", "网页格式"),
        (b"", "文件是空的"),
    ],
)
def test_hostile_files_are_refused_in_words(client, content, words):
    page = uploaded(client, content)
    assert (page.status_code, words in page.text) == (422, True)
    with area_scope(EVERYWHERE):
        assert ImportRun.objects.count() == 0


def test_a_csv_cannot_be_a_workbook(client):
    page = uploaded(client, csv_bytes([HEAD, GOOD]), kind="workbook", name="a.csv")
    assert (page.status_code, "请选择它的种类" in page.text) == (422, True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "people"}, "kind"),
        ({"coordinates": "moon"}, "coordinates"),
        ({"file": ""}, "file"),
    ],
)
def test_the_form_names_what_is_wrong(client, more, field):
    page = uploaded(client, xlsx([HEAD, GOOD]), **more)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])


def test_coordinates_must_be_declared(client):
    content = xlsx([[*HEAD, "经度", "纬度"], [*GOOD, 121.66, 31.82]])

    page = client.get(uploaded(client, content).url)
    assert "没有声明坐标系" in page.text
    assert "整张表不能使用" in page.text
    assert (
        "没有声明坐标系" not in client.get(uploaded(client, content, coordinates="wgs84").url).text
    )


def test_a_name_of_a_file_is_only_text(client):
    url = uploaded(client, xlsx([HEAD, GOOD]), name="<img src=x onerror=alert(1)>.xlsx").url
    assert "<img src=x" not in client.get(url).text


def test_runs_are_seen_in_their_area(client):
    city = logged_in(factories.city_officer())
    url = uploaded(city, xlsx([HEAD, GOOD])).url

    for path, status in ((url, 200), (f"{url}progress/", 204)):
        assert (city.get(path).status_code, client.get(path).status_code) == (status, 404)
    assert client.post(url, YES).status_code == 404
    assert client.post(f"{url}discard/").status_code == 404
    assert client.post(f"{url}errors.xlsx").status_code == 404
    assert "还没有导入过" in client.get("/imports/").text


def test_list_costs_the_same_for_one_and_three(client, django_assert_num_queries):
    uploaded(client, xlsx([HEAD, GOOD]))
    with django_assert_num_queries(8):
        client.get("/imports/")
    uploaded(client, xlsx([HEAD, GOOD]))
    uploaded(client, xlsx([HEAD, GOOD]))
    with django_assert_num_queries(8):
        client.get("/imports/")


# Large files: what would take too long goes through the timer.


@pytest.fixture
def carol(client):
    return actor_for(factories.carol())


def queued(by, *rows, **more) -> ImportRun:
    return waiting.check_soon(
        xlsx([HEAD, *rows]), name="大.xlsx", kind="villages", by=by, at=AT, small_rows=2, **more
    )


def test_a_large_file_waits_and_is_checked_by_the_timer(client, carol):
    run = queued(carol, GOOD, BAD)
    assert run.state == RunState.WAITING
    url = f"/imports/{run.uid}/"
    assert "正在排队" in client.get(f"{url}progress/").text
    assert "hx-trigger" in client.get(url).text

    assert waiting.work_off(at=AT) == 1
    assert client.get(f"{url}progress/").headers["HX-Refresh"] == "true"
    report = client.get(url).context["report"]
    assert (report.new, report.failed, villages()) == (1, 1, 0)
    assert keeping.is_kept(run.uid, "errors-zh-hans")


def test_a_large_file_is_written_by_the_timer_in_the_name_of_who_asked(client, carol):
    run = queued(carol, GOOD)
    waiting.work_off(at=AT)
    waiting.apply_soon(uid=run.uid, mode="all_or_nothing", by=carol, at=AT, small_rows=1)
    assert (last_run().state, villages()) == (RunState.WAITING, 0)

    assert waiting.work_off(at=AT) == 1
    assert (last_run().state, last_run().applied_by, villages()) == ("applied", carol.name, 1)
    with area_scope(EVERYWHERE):
        assert Event.objects.get(verb="import.apply").actor_role == "county_officer"


def test_what_cannot_be_written_later_goes_back_with_the_reason(carol):
    run = queued(carol, GOOD, BAD)
    waiting.work_off(at=AT)
    waiting.apply_soon(uid=run.uid, mode="all_or_nothing", by=carol, at=AT, small_rows=1)
    waiting.work_off(at=AT)

    assert (last_run().state, last_run().mode, villages()) == (RunState.CHECKED, "", 0)
    with area_scope(EVERYWHERE):
        assert "有1行存在错误" in report_of(run_by_uid(carol, run.uid)).message


def test_a_waiting_file_is_not_written_before_its_check(client, carol):
    run = queued(carol, GOOD)
    with pytest.raises(NotChecked):
        waiting.apply_soon(uid=run.uid, mode="skip_bad", by=carol, at=AT)
    assert client.post(f"/imports/{run.uid}/", YES).status_code == 422


def test_a_waiting_file_can_be_given_up(client, carol):
    run = queued(carol, GOOD)
    client.post(f"/imports/{run.uid}/discard/")
    assert (last_run().state, waiting.work_off(at=AT)) == (RunState.DISCARDED, 0)


def test_an_interrupted_check_is_ended_and_says_so(client, carol):
    run = queued(carol, GOOD)
    with area_scope(EVERYWHERE):
        ImportRun.objects.filter(uid=run.uid).update(state=RunState.WORKING)
    assert client.post(f"/imports/{run.uid}/discard/").status_code == 409

    assert waiting.work_off(at=AT) == 0
    assert last_run().state == RunState.REFUSED
    assert "处理中断" in client.get(f"/imports/{run.uid}/").text


def test_a_file_that_vanished_is_refused_not_a_crash(carol):
    run = queued(carol, GOOD)
    keeping.drop(run.uid)
    assert waiting.work_off(at=AT) == 1
    assert last_run().state == RunState.REFUSED


def test_progress_is_told_while_it_lasts(carol):
    run = queued(carol, GOOD)
    assert progress(run).percent == 0
    keeping.tell_progress(run.uid, Message("校验"), 500, 2000)
    assert (progress(run).stage, progress(run).percent) == ("校验", 25)
    waiting.work_off(at=AT)
    assert progress(run).total == 0


def test_a_hostile_or_foreign_file_is_not_queued(carol):
    with pytest.raises(FileRefused):
        waiting.check_soon(b"\0", name="a", kind="sites", by=carol, at=AT, small_rows=0)
    with pytest.raises(FileRefused):
        waiting.check_soon(
            xlsx([HEAD, GOOD]), name="a", kind="nonsense", by=carol, at=AT, small_rows=1
        )
    with pytest.raises(NotAllowed):
        queued(actor_for(factories.manager()), GOOD)


# One stored report, two languages.


def in_english(client) -> None:
    client.cookies["circle15-language"] = "en"


def test_an_english_report_has_chinese_for_marked_data_only(client):
    url = uploaded(client, xlsx([[*HEAD, "面积"], [*GOOD, 3], [*BAD, 4], ["", "空村", "1"]])).url
    in_english(client)
    page = client.get(url).text

    cards = page[page.index('id="problems"') : page.index('id="apply"')]
    words = re.sub(r'<span lang="zh-CN">[^<]*</span>', "", cards)
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]", words) == []
    assert "A division code has 12 digits, this one has 11" in words
    assert '&quot;<span lang="zh-CN">村（社区）代码</span>&quot; must not be empty' in cards
    assert ": Unknown columns ignored: " in words


def test_a_chinese_report_of_a_file_checked_in_english_is_chinese(client):
    in_english(client)
    url = uploaded(client, xlsx([HEAD, BAD])).url
    client.cookies["circle15-language"] = "zh-hans"

    page = client.get(url).text
    assert '<td class="wide" data-label="错误说明">区划代码应为12位，现为11位</td>' in page


def test_data_in_a_message_is_only_text(client):
    in_english(client)
    url = uploaded(client, xlsx([[*HEAD, "<b>列%s</b>"], [*GOOD, 3]])).url

    assert '<span lang="zh-CN">&lt;b&gt;列%s&lt;/b&gt;</span>' in client.get(url).text


def test_a_refusal_and_its_progress_are_said_in_english(client, carol):
    run = queued(carol, GOOD)
    in_english(client)
    keeping.tell_progress(run.uid, Message("校验“%(sheet)s”", sheet="网点"), 500, 2000)
    part = client.get(f"/imports/{run.uid}/progress/").text
    assert 'Checking &quot;<span lang="zh-CN">网点</span>&quot;' in part

    keeping.drop(run.uid)
    waiting.work_off(at=AT)
    assert "has been deleted" in client.get(f"/imports/{run.uid}/").text


def test_the_failing_rows_of_a_large_file_are_kept_in_both_languages(client, carol):
    run = queued(carol, BAD)
    waiting.work_off(at=AT)

    reasons = []
    for language in ("en", "zh-hans"):
        assert keeping.is_kept(run.uid, f"errors-{language}")
        client.cookies["circle15-language"] = language
        reply = client.post(f"/imports/{run.uid}/errors.xlsx")
        sheet = load_workbook(BytesIO(reply.content))["村（社区）"]
        reasons.append(sheet.cell(2, sheet.max_column).value)
    assert reasons == [
        "村（社区）代码: A division code has 12 digits, this one has 11",
        "村（社区）代码：区划代码应为12位，现为11位",
    ]

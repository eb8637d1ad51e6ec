"""Write the next edition: start it, change, add and drop items, bring in a workbook."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.imports.reading import read
from circle15.items import drafting
from circle15.items.keeping import UnusableItem
from circle15.items.queries import catalogue_of
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_parser import InvalidCatalogue, parse_item
from circle15.standards.strict_yaml import NotYaml
from circle15.web.bureau.items.editions import edition_page, head
from circle15.web.bureau.items.form_data import data_of, fields_of, in_order, papers_of, part_of
from circle15.web.bureau.items.forms import ItemForm, PaperForms, UploadForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

_UNUSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@writes
@requires(Permission.DRAFT_ITEMS)
def start(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Begin the next edition as a copy of this one."""
    draft = drafting.start_draft(from_id=catalogue_id, by=request.actor, at=timezone.now())
    messages.success(request, _("已建立第 %s 版草稿，内容与底稿相同。") % draft.number)
    return redirect("item_edition", draft.id)


@reads
@requires(Permission.DRAFT_ITEMS)
def edit(request: StaffRequest, catalogue_id: int, key: str) -> HttpResponse:
    """Show the form of an item of a draft."""
    item = _item(request, catalogue_id, key)
    forms = ItemForm(initial=fields_of(item)), PaperForms(initial=papers_of(item))
    return _form(request, catalogue_id, forms, item=item)


@writes
@requires(Permission.DRAFT_ITEMS)
def save(request: StaffRequest, catalogue_id: int, key: str) -> HttpResponse:
    """Keep an item of a draft, or say everything that is wrong with it."""
    return _save(request, catalogue_id, item=_item(request, catalogue_id, key))


@reads
@requires(Permission.DRAFT_ITEMS)
def new(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Show an empty form."""
    return _form(request, catalogue_id, (ItemForm(), PaperForms()))


@writes
@requires(Permission.DRAFT_ITEMS)
def add(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Keep a new item."""
    return _save(request, catalogue_id, item=None)


def _item(request: StaffRequest, catalogue_id: int, key: str) -> CatalogueItem:
    item = catalogue_of(catalogue_id, by=request.actor).items.get(key)
    if item is None:
        raise NotFound
    return item


def _save(request: StaffRequest, catalogue_id: int, *, item: CatalogueItem | None) -> HttpResponse:
    form, papers = ItemForm(request.POST), PaperForms(request.POST)
    sound = form.is_valid() & papers.is_valid()
    data = _data(form, papers, item)
    if not sound or form.errors:
        return _again(request, catalogue_id, (form, papers), item, _problems(data))
    key, at = str(data.get("key", "")), timezone.now()
    if item is None and key in catalogue_of(catalogue_id, by=request.actor).items:
        form.add_error("key", _("已有这个键的事项，请换一个。"))
        return _again(request, catalogue_id, (form, papers), item, ())
    try:
        drafting.change_item(edition_id=catalogue_id, key=key, data=data, by=request.actor, at=at)
    except UnusableItem as refusal:
        return _again(request, catalogue_id, (form, papers), item, refusal.problems)
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        return _again(request, catalogue_id, (form, papers), item, (str(refusal),))
    messages.success(request, _("已保存到草稿。"))
    return redirect("item_edit", catalogue_id, key)


def _data(form: ItemForm, papers: Any, item: CatalogueItem | None) -> dict[str, Any]:
    """Put the data together from whatever could be read; broken YAML becomes an error there."""
    parts: dict[str, Any] = {}
    for name in ("questions", "refusals"):
        try:
            parts[name] = part_of(form.cleaned_data.get(name, ""))
        except NotYaml as error:
            form.add_error(name, _("不能读取：%s") % _("；").join(map(worded, error.problems)))
        except ValueError:
            form.add_error(name, _("不能读取：%s") % _("应为列表"))
    fields = dict.fromkeys(form.fields, "") | form.cleaned_data
    kept = [
        each.cleaned_data
        for each in papers
        if getattr(each, "cleaned_data", None) and not each.cleaned_data.get("DELETE")
    ]
    if item is not None:
        fields["key"] = item.key
    data = data_of(fields, kept, parts)
    return in_order(data, item_data(item)) if item else data


def _problems(data: dict[str, Any]) -> tuple[str, ...]:
    try:
        parse_item(data)
    except InvalidCatalogue as error:
        return error.problems
    return ()


def _form(
    request: StaffRequest,
    catalogue_id: int,
    forms: tuple[ItemForm, Any],
    *,
    status: int = HTTPStatus.OK,
    **more: object,
) -> HttpResponse:
    form, papers = forms
    context = head(request, catalogue_id, "items") | {"form": form, "papers": papers, **more}
    return render(request, "bureau/items/edit.html", context, status=status)


def _again(
    request: StaffRequest,
    catalogue_id: int,
    forms: tuple[ItemForm, Any],
    item: CatalogueItem | None,
    problems: tuple[str, ...],
) -> HttpResponse:
    return _form(request, catalogue_id, forms, item=item, status=_UNUSABLE, problems=problems)


@writes
@requires(Permission.DRAFT_ITEMS)
def drop(request: StaffRequest, catalogue_id: int, key: str) -> HttpResponse:
    """Take an item out of a draft."""
    drafting.drop_item(edition_id=catalogue_id, key=key, by=request.actor, at=timezone.now())
    messages.success(request, _("已从草稿里去掉。"))
    return redirect("item_edition", catalogue_id)


@writes
@requires(Permission.DRAFT_ITEMS)
def frequent(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Flag the items chosen as asked for most, and no others."""
    wanted, at = set(request.POST.getlist("frequent")), timezone.now()
    for item in catalogue_of(catalogue_id, by=request.actor).items.values():
        if item.is_high_frequency != (item.key in wanted):
            data = item_data(item) | {"high_frequency": item.key in wanted}
            drafting.change_item(
                edition_id=catalogue_id, key=item.key, data=data, by=request.actor, at=at
            )
    messages.success(request, _("已保存高频事项，共 %s 项。") % len(wanted))
    return redirect("item_edition", catalogue_id)


@writes
@requires(Permission.DRAFT_ITEMS)
def upload(request: StaffRequest, catalogue_id: int) -> HttpResponse:
    """Put the items of a workbook in place of those of a draft."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return edition_page(request, catalogue_id, status=_UNUSABLE, upload_form=form)
    try:
        sheets = {sheet.title: sheet.rows for sheet in read(form.cleaned_data["file"].read())}
        done = drafting.import_sheets(
            edition_id=catalogue_id, sheets=sheets, by=request.actor, at=timezone.now()
        )
    except (NotAllowed, NotFound):
        raise
    except UnusableItem as refusal:
        form.add_error("file", _("工作簿有 %s 处问题，没有写入。") % len(refusal.problems))
        return edition_page(
            request, catalogue_id, status=_UNUSABLE, upload_form=form, problems=refusal.problems
        )
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return edition_page(request, catalogue_id, status=_UNUSABLE, upload_form=form)
    said = _("已写入草稿：新增 %(added)s 项，修改 %(changed)s 项，去掉 %(dropped)s 项。")
    counts = {"added": done.added, "changed": done.changed, "dropped": done.dropped}
    messages.success(request, said % {name: len(keys) for name, keys in counts.items()})
    return redirect("item_edition", catalogue_id)

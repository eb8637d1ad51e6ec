"""Say that the printed board was put up: from that day on the wall is compared with what counts."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import Refused
from circle15.accounts.states import Permission
from circle15.audit.actions import record
from circle15.cases.disclosure.board import board_site, catalogue_in_force
from circle15.cases.disclosure.texts import parts_of
from circle15.cases.service_models import Posting
from circle15.items.authority import authority_of
from circle15.standards.catalogue import Authority


class NothingToPost(Refused):
    def __init__(self) -> None:
        super().__init__(_("还没有生效的事项清单，请先公布事项清单。"))


# Clauses: W-45, J-51
@transaction.atomic
def post(*, site_code: str, by: Actor, at: datetime) -> Posting:
    """Record that the board as it is today hangs on the wall of a site.

    Raises NotAllowed, NotFound, NothingToPost.
    """
    demand(by, Permission.TAKE_IN)
    site = board_site(site_code, by)
    on = timezone.localdate(at)
    catalogue = catalogue_in_force(on)
    if catalogue is None:
        raise NothingToPost
    level, kind = site.division.level, site.kind
    items = {
        item.key: item.digest
        for item in catalogue.items.values()
        if authority_of(item, level=level, kind=kind) is not Authority.NONE
    }
    parts = {
        one.part.key: one.digest for one in parts_of(site.area_path, phone=site.phone) if one.text
    }
    posting = Posting.objects.create(
        site=site,
        area_path=site.area_path,
        posted_on=on,
        items=items,
        parts=parts,
        recorded_at=at,
        recorded_by=by.name[:80],
    )
    record(
        who=by.who,
        verb="board.post",
        target_kind="site",
        target_id=site.code,
        area_path=site.area_path,
        at=at,
        new={"items": len(items), "parts": len(parts), "version": catalogue.version},
    )
    return posting

"""Check the chain from a page: on a connection of its own, outside the request's transaction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import Refused
from circle15.audit.actions import record
from circle15.audit.queries import Verification, standing, verify

MOST_LINKS = 200_000


class TooLong(Refused):
    """The chain is too long to be checked while somebody waits for a page."""

    def __init__(self) -> None:
        super().__init__(
            _("审计链已超过 %(most)s 条，请在服务器上运行 circle15 audit verify 校验。")
            % {"most": f"{MOST_LINKS:,}"}
        )


def check_now(*, by: Actor, at: datetime, most: int = MOST_LINKS) -> Verification:
    """Check the whole chain and record what came out. Raises TooLong."""
    if standing().last > most:
        raise TooLong
    with ThreadPoolExecutor(max_workers=1) as apart:
        result = apart.submit(_verified).result()
    record(
        who=by.who,
        verb="audit.verify",
        target_kind="audit",
        target_id="",
        area_path=by.area_path,
        at=at,
        new={"links": result.links, "findings": len(result.findings) + result.more_findings},
    )
    return result


def _verified() -> Verification:
    try:
        return verify()
    finally:
        connection.close()

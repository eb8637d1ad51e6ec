"""Keep the file of a paper with the ledger's evidence: of a site, or of an area."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from circle15.accounts.actors import Actor
from circle15.areas.models import Division
from circle15.audit.actions import record
from circle15.ledger.files import CheckedFile
from circle15.ledger.models import Evidence
from circle15.sites.models import Site


def keep_file(
    checked: CheckedFile, path: str, *, site: Site | None, by: Actor, at: datetime
) -> Evidence:
    """Keep a checked file of a site or an area under its digest; the same one is kept once."""
    is_sites = site is not None and site.area_path == path
    owner: dict[str, Site | Division | None] = (
        {"site": site, "division": None}
        if is_sites
        else {"site": None, "division": Division.objects.get(path=path)}
    )
    kept = Evidence.objects.filter(digest=checked.sm3, **owner).first()
    if kept is not None:
        return kept
    name = f"{checked.sm3[:2]}/{checked.sm3}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(checked.content))
    kept = Evidence.objects.create(
        **owner,
        digest=checked.sm3,
        media_type=checked.media_type,
        name=checked.safe_name,
        size=len(checked.content),
        storage_name=name,
        uploaded_at=at,
        uploaded_by=by.name,
    )
    record(
        who=by.who,
        verb="evidence.keep",
        target_kind="evidence",
        target_id=kept.pk,
        area_path=path,
        at=at,
        new={"digest": checked.sm3, "name": checked.safe_name},
    )
    return kept

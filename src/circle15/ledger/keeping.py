"""Keep checked files: once in the store, once for the site or the area that shows them."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from circle15.accounts.actors import Actor
from circle15.accounts.steps import name_of, tell
from circle15.areas.models import Division
from circle15.ledger.files import CheckedFile
from circle15.ledger.models import Evidence
from circle15.sites.models import Site


def in_store(checked: CheckedFile) -> str:
    """Put a file's content into the store under its digest; return the name it has there."""
    name = f"{checked.sm3[:2]}/{checked.sm3}"
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(checked.content))


def keep_for(owner: Site | Division, checked: CheckedFile, *, by: Actor, at: datetime) -> Evidence:
    """Keep a checked file of a site or an area; the same file is kept once and told once."""
    is_sites = isinstance(owner, Site)
    whose = {"site": owner if is_sites else None, "division": None if is_sites else owner}
    kept = Evidence.objects.filter(digest=checked.sm3, **whose).first()
    if kept is not None:
        return kept
    kept = Evidence.objects.create(
        **whose,
        digest=checked.sm3,
        media_type=checked.media_type,
        name=checked.safe_name,
        size=len(checked.content),
        storage_name=in_store(checked),
        taken_at=checked.taken_at,
        lon=checked.lon,
        lat=checked.lat,
        uploaded_at=at,
        uploaded_by=name_of(by),
    )
    path = owner.area_path if isinstance(owner, Site) else owner.path
    tell(
        "evidence.keep",
        kept.pk,
        path,
        by=by,
        at=at,
        digest=checked.sm3,
        site=owner.code if isinstance(owner, Site) else "",
        name=checked.safe_name,
    )
    return kept

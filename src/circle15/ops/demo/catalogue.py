"""The demo city's catalogue: the one that comes with the house, and a next one under review.

A template of a result paper waits for a second officer, too.
"""

from datetime import datetime

from circle15.accounts.actors import Actor, system_actor
from circle15.cases.documents.beginning import beginning
from circle15.cases.paper_states import PaperKind
from circle15.cases.paper_templates.keeping import bring_in
from circle15.items.drafting import change_item, start_draft
from circle15.items.publishing import install_built_in, send_to_review
from circle15.items.queries import catalogue_of, editions
from circle15.ops.demo.character import MARK
from circle15.standards.catalogue_data import item_data

# Other cities promise 20 working days where the rule allows 30; this one is about to follow.
SHORTER = ("outpatient-costs", "hospital-costs", "aid-costs")
DAYS = 20
NOTE = f"手工报销的承诺时限由 30 个工作日缩短到 {DAYS} 个工作日{MARK}"


def ensure(*, by: Actor, at: datetime) -> None:
    """Put the catalogue in force and a second edition under review, unless they are there."""
    install_built_in(by=by, at=at)
    every = editions(by)
    if len(every) > 1:
        return
    drafter = system_actor(f"市局待遇科{MARK}")
    draft = start_draft(from_id=every[0].id, by=drafter, at=at)
    items = catalogue_of(draft.id, by=drafter).items
    for key in SHORTER:
        data = item_data(items[key])
        limit = data["limit"]
        assert isinstance(limit, dict)
        data["limit"] = {**limit, "promised": DAYS}
        change_item(edition_id=draft.id, key=key, data=data, by=drafter, at=at)
    send_to_review(edition_id=draft.id, change_note=NOTE, by=drafter, at=at)
    bring_in(
        kind=PaperKind.GRANTED,
        content=beginning(PaperKind.GRANTED),
        file_name="certificate.docx",
        note=f"参保凭证的结果通知书单列一份模板{MARK}",
        item_key="certificate",
        by=drafter,
        at=at,
    )

"""Editions of the catalogue of service items, each with its items whole."""

from django.db import models

from circle15.items.states import EditionState


class Edition(models.Model):
    """A catalogue from draft to published; it counts until the day before the next one.

    The same for the whole installation, so not behind row-level security.
    """

    number = models.PositiveIntegerField(unique=True)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    is_built_in = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    change_note = models.CharField(max_length=300, blank=True)
    return_note = models.CharField(max_length=300, blank=True)
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(null=True)
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    in_force_from = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["in_force_from"],
                condition=models.Q(state=EditionState.PUBLISHED),
                name="items_edition_one_a_day",
            ),
            models.CheckConstraint(
                name="items_edition_published_by",
                condition=models.Q(
                    published_at__isnull=True, published_by="", in_force_from__isnull=True
                )
                | models.Q(published_at__isnull=False, in_force_from__isnull=False)
                & ~models.Q(published_by=""),
            ),
            models.CheckConstraint(
                name="items_edition_counts_from_a_day",
                condition=~models.Q(state=EditionState.PUBLISHED)
                | models.Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="items_edition_withdrawn_by",
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by="")
                & ~models.Q(state=EditionState.WITHDRAWN)
                | models.Q(withdrawn_at__isnull=False, state=EditionState.WITHDRAWN)
                & ~models.Q(withdrawn_by=""),
            ),
            # 三权分立: who wrote it does not put it in force; the system's own have no ids.
            models.CheckConstraint(
                name="items_edition_two_persons",
                condition=models.Q(published_by_id__isnull=True)
                | models.Q(drafted_by_id__isnull=True)
                | ~models.Q(published_by_id=models.F("drafted_by_id")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class ItemVersion(models.Model):
    """An item as one edition has it; a trigger freezes it once the edition is no draft.

    A case keeps the id of the version it was begun under.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="versions")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "key"], name="items_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"

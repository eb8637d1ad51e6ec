"""Templates of papers in dated versions, papers as issued, and signatures given on a screen."""

from django.db import models
from django.db.models import F, Q

from circle15.cases.models import NAME_LENGTH, Case, CaseFile
from circle15.cases.paper_states import PaperKind, Signed, TemplateState


class PaperTemplate(models.Model):
    """A Word file a paper is written from, for one item or, with an empty key, for all.

    The same for the whole installation, so not behind row-level security; the file never changes,
    a trigger sees to it.
    """

    item_key = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    version = models.PositiveIntegerField()
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)  # SM3 of the file
    placeholders = models.JSONField(default=list)
    note = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=TemplateState.choices, default=TemplateState.DRAFT
    )
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(max_length=NAME_LENGTH)
    drafted_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(null=True)
    published_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    published_at = models.DateTimeField(null=True)
    in_force_from = models.DateField(null=True)
    withdrawn_by = models.CharField(max_length=NAME_LENGTH, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["item_key", "kind", "version"], name="cases_template_version"
            ),
            models.UniqueConstraint(
                fields=["item_key", "kind", "in_force_from"],
                condition=Q(state=TemplateState.PUBLISHED),
                name="cases_template_one_a_day",
            ),
            models.CheckConstraint(
                name="cases_template_published_by",
                condition=Q(published_at__isnull=True, published_by="", in_force_from__isnull=True)
                | Q(published_at__isnull=False, in_force_from__isnull=False) & ~Q(published_by=""),
            ),
            models.CheckConstraint(
                name="cases_template_in_force",
                condition=~Q(state=TemplateState.PUBLISHED) | Q(in_force_from__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_template_withdrawn_by",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                & ~Q(state=TemplateState.WITHDRAWN)
                | Q(withdrawn_at__isnull=False, state=TemplateState.WITHDRAWN)
                & ~Q(withdrawn_by=""),
            ),
            models.CheckConstraint(
                name="cases_template_two_persons",
                condition=Q(published_by_id__isnull=True)
                | Q(drafted_by_id__isnull=True)
                | ~Q(published_by_id=F("drafted_by_id")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_key} {self.kind} {self.version}"


class IssuedPaper(models.Model):
    """A paper issued from a template: which version, and the words put in, sealed.

    A paper without such a row is the one the program words itself.
    """

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="issued_papers", db_index=False
    )
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    number = models.CharField(max_length=40)
    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="+")
    words_sealed = models.TextField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "kind", "number"], name="cases_issued_once"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class Signature(models.Model):
    """What somebody wrote with a finger or a pen; the picture is a sealed file of the case."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="signatures", db_index=False
    )
    of = models.CharField(max_length=8, choices=Signed.choices)
    # The paper it stands on: a case that was appealed has a result of its own for each round.
    number = models.CharField(max_length=40)
    file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="+")
    # Of the picture as it is kept: who has it can prove that it is this one.
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    signer = models.CharField(max_length=120)  # masked
    is_agent = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    taken_by = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "of", "number"], name="cases_signature_once"),
        )

    def __str__(self) -> str:
        return f"{self.of} {self.number}"

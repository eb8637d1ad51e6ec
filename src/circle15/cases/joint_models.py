"""Joint handlings (一件事联办): cases that were taken in together, each with a life of its own."""

from django.db import models

from circle15.cases.models import AREA_LENGTH, NAME_LENGTH, Case
from circle15.core.uids import new_uid
from circle15.sites.models import Site


class JointHandling(models.Model):
    """What happened in somebody's life, and who took in at once all that follows from it."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    # Of the edition of life events it was made under.
    event_key = models.CharField(max_length=40)
    event_version = models.CharField(max_length=20)
    person_uid = models.UUIDField()
    person_name = models.CharField(max_length=NAME_LENGTH)  # masked
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    site_name = models.CharField(max_length=120)
    area_path = models.CharField(max_length=AREA_LENGTH, db_collation="C")
    clerk_id = models.BigIntegerField()
    clerk_name = models.CharField(max_length=NAME_LENGTH)
    handled_at = models.DateTimeField()
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["handled_at", "site"], name="cases_joint_of_day"),)

    def __str__(self) -> str:
        return f"{self.event_key} {self.handled_at}"


class JointCase(models.Model):
    """A case of a joint handling; a case is of one at most."""

    joint = models.ForeignKey(
        JointHandling, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="joined")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["joint", "position"], name="cases_joint_case_once"),
        )

    def __str__(self) -> str:
        return f"{self.joint_id} {self.position}"

"""What counts has a day, and no two editions of a book have the same."""

from django.db import migrations, models
from django.db.models import CheckConstraint, Q, UniqueConstraint

COUNTING = ("published", "leaving")
NO_DAY = Q(published_at__isnull=True, published_by="", in_force_from__isnull=True)
A_DAY = Q(published_at__isnull=False, in_force_from__isnull=False) & ~Q(published_by="")
NOT_LEAVING = Q(leaving_at__isnull=True, leaving_by="") & ~Q(state="leaving")
LEAVING = Q(leaving_at__isnull=False) & ~Q(leaving_by="")


def add(constraint: models.BaseConstraint) -> migrations.AddConstraint:
    """Add a constraint to the editions."""
    return migrations.AddConstraint(model_name="storededition", constraint=constraint)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_days_of_the_editions")]
    operations = [
        migrations.RemoveConstraint(
            model_name="storededition", name="assessments_edition_published_by"
        ),
        add(
            UniqueConstraint(
                fields=["book", "in_force_from"],
                condition=Q(state__in=COUNTING),
                name="assessments_edition_one_a_day",
            )
        ),
        add(CheckConstraint(name="assessments_edition_published_by", condition=NO_DAY | A_DAY)),
        add(
            CheckConstraint(
                name="assessments_edition_counts_from_a_day",
                condition=~Q(state__in=COUNTING) | Q(in_force_from__isnull=False),
            )
        ),
        add(
            CheckConstraint(name="assessments_edition_leaving_by", condition=NOT_LEAVING | LEAVING)
        ),
    ]

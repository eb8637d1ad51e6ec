"""Editions of the catalogue and the items in them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("version", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("review", "待审核"),
                            ("published", "已发布"),
                            ("withdrawn", "已停用"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("is_built_in", models.BooleanField(default=False)),
                ("digest", models.CharField(max_length=64)),
                ("change_note", models.CharField(blank=True, max_length=300)),
                ("return_note", models.CharField(blank=True, max_length=300)),
                ("drafted_by_id", models.BigIntegerField(null=True)),
                ("drafted_by", models.CharField(max_length=80)),
                ("drafted_at", models.DateTimeField()),
                ("published_by_id", models.BigIntegerField(null=True)),
                ("published_by", models.CharField(blank=True, max_length=80)),
                ("published_at", models.DateTimeField(null=True)),
                ("in_force_from", models.DateField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=80)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=300)),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="items.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                ("data", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="items.edition",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("in_force_from",),
                name="items_edition_one_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("in_force_from__isnull", True),
                        ("published_at__isnull", True),
                        ("published_by", ""),
                    ),
                    models.Q(
                        ("in_force_from__isnull", False),
                        ("published_at__isnull", False),
                        models.Q(("published_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="items_edition_published_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("in_force_from__isnull", False),
                    _connector="OR",
                ),
                name="items_edition_counts_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_by", ""),
                        models.Q(("state", "withdrawn"), _negated=True),
                    ),
                    models.Q(
                        ("state", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="items_edition_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_by_id__isnull", True),
                    ("drafted_by_id__isnull", True),
                    models.Q(("published_by_id", models.F("drafted_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="items_edition_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(
                fields=("edition", "key"), name="items_version_once"
            ),
        ),
    ]

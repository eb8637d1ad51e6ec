"""Once-only answers, tokens of programs, and the count of anonymous requests."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from circle15.areas.row_security import by_area_path

_TUNE = (
    "ALTER TABLE accounts_givenanswer SET (fillfactor = 50)",
    "ALTER TABLE accounts_anonymousvisits SET UNLOGGED",
)
_TUNE_BACK = (
    "ALTER TABLE accounts_givenanswer RESET (fillfactor)",
    "ALTER TABLE accounts_anonymousvisits SET LOGGED",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_devices")]
    operations = [
        migrations.CreateModel(
            "GivenAnswer",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "holder",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("holder", models.CharField(max_length=160)),
                ("key", models.CharField(max_length=64)),
                ("area_path", models.CharField(max_length=160)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [BrinIndex(fields=["at"], name="accounts_answer_at")],
            },
        ),
        migrations.CreateModel(
            "ApiToken",
            [
                ("uid", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="accounts.post",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "made_at"], name="accounts_token_user")]
            },
        ),
        migrations.CreateModel(
            "AnonymousVisits",
            [
                ("address", models.GenericIPAddressField(primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField()),
                ("now_count", models.PositiveIntegerField()),
                ("before_count", models.PositiveIntegerField()),
            ],
        ),
        by_area_path("accounts_givenanswer"),
        # Updated in place, and worth nothing after a crash: no log for the count.
        migrations.RunSQL(sql=_TUNE, reverse_sql=_TUNE_BACK),
    ]

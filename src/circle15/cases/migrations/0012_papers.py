"""Keep templates of papers, papers as issued and signatures; the latter two seen with their case."""

import django.db.models.deletion
from django.db import migrations, models

from circle15.areas.row_security import protect

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"

# A paper already issued stands on the file.
FREEZE = """
CREATE FUNCTION cases_papertemplate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.item_key, OLD.kind, OLD.version, OLD.content, OLD.digest)
     IS DISTINCT FROM (NEW.item_key, NEW.kind, NEW.version, NEW.content, NEW.digest) THEN
    RAISE EXCEPTION 'the file of a template never changes';
  END IF;
  RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_short_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item_key", models.CharField(blank=True, max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("granted", "办理结果通知书（同意）"),
                            ("refused", "不予办理决定书"),
                            ("not_taken_in", "不予受理决定书"),
                            ("delivery", "送达回证（领取结果）"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("file_name", models.CharField(max_length=120)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("placeholders", models.JSONField(default=list)),
                ("note", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("published", "已发布"),
                            ("withdrawn", "已停用"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("item_key", "kind", "version"), name="cases_template_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("item_key", "kind", "in_force_from"),
                        name="cases_template_one_a_day",
                    ),
                    models.CheckConstraint(
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
                        name="cases_template_published_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("in_force_from__isnull", False),
                            _connector="OR",
                        ),
                        name="cases_template_in_force",
                    ),
                    models.CheckConstraint(
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
                        name="cases_template_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_by_id__isnull", True),
                            ("drafted_by_id__isnull", True),
                            models.Q(("published_by_id", models.F("drafted_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_template_two_persons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("granted", "办理结果通知书（同意）"),
                            ("refused", "不予办理决定书"),
                            ("not_taken_in", "不予受理决定书"),
                            ("delivery", "送达回证（领取结果）"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("words_sealed", models.TextField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.CharField(blank=True, max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="issued_papers",
                        to="cases.case",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.papertemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "kind", "number"), name="cases_issued_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("intake", "受理通知书"), ("result", "领取结果")], max_length=8
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("sha256", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("signer", models.CharField(max_length=120)),
                ("is_agent", models.BooleanField(default=False)),
                ("signed_at", models.DateTimeField()),
                ("taken_by", models.CharField(max_length=80)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="cases.case",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.casefile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "of", "number"), name="cases_signature_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql=[
                FREEZE,
                """CREATE TRIGGER cases_papertemplate_frozen
                BEFORE UPDATE OR DELETE ON cases_papertemplate
                FOR EACH ROW EXECUTE FUNCTION cases_papertemplate_frozen()""",
            ],
            reverse_sql=[
                "DROP TRIGGER cases_papertemplate_frozen ON cases_papertemplate",
                "DROP FUNCTION cases_papertemplate_frozen()",
            ],
        ),
        protect("cases_issuedpaper", OF_VISIBLE_CASE),
        protect("cases_signature", OF_VISIBLE_CASE),
    ]

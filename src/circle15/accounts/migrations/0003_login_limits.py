"""Count failed logins from the attempts alone, names as blind index; revoked device tokens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_row_security")]
    operations = [
        migrations.RemoveField("user", "failed_logins"),
        migrations.RemoveField("user", "locked_until"),
        migrations.AddField("user", "lock_lifted_at", models.DateTimeField(null=True, blank=True)),
        migrations.RemoveIndex("loginattempt", "accounts_attempt_username"),
        migrations.RemoveField("loginattempt", "username"),
        migrations.AddField(
            "loginattempt",
            "username_index",
            models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "loginattempt",
            models.Index(fields=["username_index", "at"], name="accounts_attempt_name"),
        ),
        migrations.CreateModel(
            "RevokedDevice",
            [
                ("device_id", models.UUIDField(primary_key=True, serialize=False)),
                ("area_path", models.CharField(max_length=120)),
                ("revoked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
        ),
    ]

"""A token may be for less than its post: what a partner's program is for."""

import importlib

from django.db import migrations, models

DROP = "DROP FUNCTION accounts_bearer(text, timestamptz)"
BEARER = """
CREATE FUNCTION accounts_bearer(p_digest text, p_at timestamptz)
RETURNS TABLE (token uuid, post_id bigint, user_id bigint, epoch int, scope varchar)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT t.uid, t.post_id, t.user_id, u.epoch, t.scope FROM accounts_apitoken t
    JOIN accounts_user u ON u.id = t.user_id
    WHERE t.digest = p_digest AND t.expires_at > p_at AND t.revoked_at IS NULL
      AND u.is_active AND NOT u.must_change_password;
END $$
"""
FORMER = importlib.import_module("circle15.accounts.migrations.0007_bearer").BEARER


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_public_sessions")]
    operations = [
        migrations.AddField(
            "apitoken",
            "scope",
            models.CharField(
                choices=[
                    ("all", "本岗位的全部权限"),
                    ("hall", "只限大厅叫号"),
                    ("cases", "只限事项和办件"),
                ],
                default="all",
                max_length=8,
            ),
        ),
        migrations.RunSQL(
            sql=[(DROP, None), (BEARER, None)], reverse_sql=[(DROP, None), (FORMER, None)]
        ),
    ]

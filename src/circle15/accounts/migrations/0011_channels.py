"""Where cases come from: the channel of a program's token, and of a session at home."""

import importlib

from django.db import migrations, models

DROP = "DROP FUNCTION accounts_bearer(text, timestamptz)"
BEARER = """
CREATE FUNCTION accounts_bearer(p_digest text, p_at timestamptz)
RETURNS TABLE (
    token uuid, post_id bigint, user_id bigint, epoch int, scope varchar, channel varchar
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT t.uid, t.post_id, t.user_id, u.epoch, t.scope, t.channel FROM accounts_apitoken t
    JOIN accounts_user u ON u.id = t.user_id
    WHERE t.digest = p_digest AND t.expires_at > p_at AND t.revoked_at IS NULL
      AND u.is_active AND NOT u.must_change_password;
END $$
"""
FORMER = importlib.import_module("circle15.accounts.migrations.0010_token_scopes").BEARER


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_token_scopes")]
    operations = [
        migrations.AddField(
            "apitoken",
            "channel",
            models.CharField(
                blank=True,
                choices=[
                    ("", "由程序在每件办件中说明"),
                    ("app", "手机应用、小程序"),
                    ("bank", "银行网点"),
                    ("hospital", "医院"),
                    ("pharmacy", "药店"),
                    ("village", "村（社区）"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            sql=[(DROP, None), (BEARER, None)], reverse_sql=[(DROP, None), (FORMER, None)]
        ),
        migrations.AddField(
            "publicsession",
            "channel",
            models.CharField(db_default="web", default="web", max_length=10),
        ),
        migrations.AlterField(
            "signincode",
            "purpose",
            models.CharField(
                choices=[("sign_in", "登录"), ("mandate", "同意代办"), ("handler", "同意经办")],
                max_length=10,
            ),
        ),
    ]

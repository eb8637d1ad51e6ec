"""Look a token up by a function: asked at every request, planned once a connection."""

from django.db import migrations

BEARER = """
CREATE FUNCTION accounts_bearer(p_digest text, p_at timestamptz)
RETURNS TABLE (token uuid, post_id bigint, user_id bigint, epoch int)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT t.uid, t.post_id, t.user_id, u.epoch FROM accounts_apitoken t
    JOIN accounts_user u ON u.id = t.user_id
    WHERE t.digest = p_digest AND t.expires_at > p_at AND t.revoked_at IS NULL
      AND u.is_active AND NOT u.must_change_password;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_programs")]
    operations = [
        migrations.RunSQL(
            sql=[(BEARER, None)],
            reverse_sql="DROP FUNCTION accounts_bearer(text, timestamptz)",
        )
    ]

"""Let the database hold that nothing moves in a closed round, and nobody dismisses the own.

A round closes only when nothing waits and the rest that was said is what its accounts hold. The
functions look beyond the writer's area: they set the scope to everywhere and back.
"""

from django.db import migrations
from django.db.migrations import RunSQL

_EVERYWHERE = "PERFORM set_config('circle15.area', '/', true)"
_BACK = "PERFORM set_config('circle15.area', coalesce(former, ''), true)"

# The lock of the row makes who moves wait for who closes, and the other way around.
_NOTHING_MOVES = RunSQL(
    sql=[
        f"""CREATE FUNCTION programme_fundmove_open() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE former text := current_setting('circle15.area', true); closed timestamptz;
        BEGIN
          {_EVERYWHERE};
          SELECT closed_at INTO closed FROM programme_fundround
           WHERE id = NEW.round_id FOR KEY SHARE;
          {_BACK};
          IF closed IS NOT NULL THEN RAISE EXCEPTION 'nothing moves in a closed round'; END IF;
          RETURN NEW;
        END $$""",
        """CREATE TRIGGER programme_fundmove_open BEFORE INSERT OR UPDATE ON programme_fundmove
        FOR EACH ROW EXECUTE FUNCTION programme_fundmove_open()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundmove_open ON programme_fundmove",
        "DROP FUNCTION programme_fundmove_open()",
    ],
)

_CLOSED_WHOLE = RunSQL(
    sql=[
        f"""CREATE FUNCTION programme_fundround_closed() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE former text := current_setting('circle15.area', true); waits bigint; held numeric;
        BEGIN
          IF OLD.closed_at IS NOT NULL THEN RAISE EXCEPTION 'a closed round is kept'; END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          IF NEW.closed_at IS NULL THEN RETURN NEW; END IF;
          {_EVERYWHERE};
          SELECT count(*) INTO waits FROM programme_fundmove
           WHERE round_id = NEW.id AND state = 'proposed';
          SELECT coalesce(sum(balance), 0) INTO held FROM programme_fundaccount
           WHERE round_id = NEW.id AND kind IN ('pool', 'held');
          {_BACK};
          IF waits > 0 OR held <> NEW.rest THEN
            RAISE EXCEPTION 'a round closes when nothing waits and its rest is said';
          END IF;
          RETURN NEW;
        END $$""",
        """CREATE TRIGGER programme_fundround_closed BEFORE UPDATE OR DELETE ON programme_fundround
        FOR EACH ROW EXECUTE FUNCTION programme_fundround_closed()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundround_closed ON programme_fundround",
        "DROP FUNCTION programme_fundround_closed()",
    ],
)

_NOT_THE_OWN = RunSQL(
    sql=[
        f"""CREATE FUNCTION programme_fundlook_other() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE former text := current_setting('circle15.area', true); own boolean;
        BEGIN
          IF NEW.act <> 'dismiss' THEN RETURN NEW; END IF;
          {_EVERYWHERE};
          SELECT EXISTS (SELECT 1 FROM programme_fundmove
            WHERE NEW.move_uids ? uid::text
              AND CASE WHEN proposed_by_id IS NULL THEN proposed_by = NEW.said_by
                       ELSE proposed_by_id = NEW.said_by_id END) INTO own;
          {_BACK};
          IF own THEN RAISE EXCEPTION 'who proposed a movement does not dismiss it'; END IF;
          RETURN NEW;
        END $$""",
        """CREATE TRIGGER programme_fundlook_other BEFORE INSERT ON programme_fundlook
        FOR EACH ROW EXECUTE FUNCTION programme_fundlook_other()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundlook_other ON programme_fundlook",
        "DROP FUNCTION programme_fundlook_other()",
    ],
)


class Migration(migrations.Migration):
    dependencies = [("programme", "0013_fund_closing"), ("areas", "0001_initial")]
    operations = [_NOTHING_MOVES, _CLOSED_WHOLE, _NOT_THE_OWN]

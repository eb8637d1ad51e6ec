"""Let the database hold the books: who sees what, nothing changed, everything balanced.

The functions look at every line of a movement, also at those the writer's area hides: they set
the scope to everywhere and back.
"""

from django.db import migrations
from django.db.migrations import RunSQL

from circle15.areas.row_security import SCOPE, append_only, by_area_path, protect

_EVERYWHERE = "PERFORM set_config('circle15.area', '/', true)"
_BACK = "PERFORM set_config('circle15.area', coalesce(former, ''), true)"

# Each line moves the balance of its account: the row is locked until the end, and the account's
# own constraint refuses what is not there. Nothing else may touch an account.
_BALANCES = RunSQL(
    sql=[
        f"""CREATE FUNCTION programme_fundline_book() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE former text := current_setting('circle15.area', true); fits boolean;
        BEGIN
          {_EVERYWHERE};
          SELECT m.round_id = a.round_id AND a.area_path = NEW.area_path
             AND m.booked_on = NEW.booked_on INTO fits
            FROM programme_fundmove m, programme_fundaccount a
           WHERE m.id = NEW.move_id AND a.id = NEW.account_id;
          IF fits IS NOT TRUE THEN
            RAISE EXCEPTION 'a line belongs to an account of its movement''s round and day';
          END IF;
          UPDATE programme_fundaccount SET balance = balance + NEW.amount
           WHERE id = NEW.account_id;
          {_BACK};
          RETURN NULL;
        END $$""",
        """CREATE TRIGGER programme_fundline_book AFTER INSERT ON programme_fundline
        FOR EACH ROW EXECUTE FUNCTION programme_fundline_book()""",
        """CREATE FUNCTION programme_fundaccount_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'INSERT' THEN
            IF NEW.balance <> 0 THEN RAISE EXCEPTION 'an account begins empty'; END IF;
            RETURN NEW;
          END IF;
          IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1
             AND (NEW.id, NEW.round_id, NEW.kind, NEW.source, NEW.area_path)
               = (OLD.id, OLD.round_id, OLD.kind, OLD.source, OLD.area_path) THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'a balance follows the lines of its account';
        END $$""",
        """CREATE TRIGGER programme_fundaccount_kept
        BEFORE INSERT OR UPDATE OR DELETE ON programme_fundaccount
        FOR EACH ROW EXECUTE FUNCTION programme_fundaccount_kept()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundaccount_kept ON programme_fundaccount",
        "DROP FUNCTION programme_fundaccount_kept()",
        "DROP TRIGGER programme_fundline_book ON programme_fundline",
        "DROP FUNCTION programme_fundline_book()",
    ],
)

# At the commit: lines of a movement add up to nothing, one side is its amount, and there are
# lines exactly where one was approved that moves money.
_BALANCED = RunSQL(
    sql=[
        f"""CREATE FUNCTION programme_fund_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE former text := current_setting('circle15.area', true);
                moved record; rest numeric; side numeric; wanted bigint;
        BEGIN
          {_EVERYWHERE};
          wanted := CASE WHEN TG_TABLE_NAME = 'programme_fundline'
                         THEN (to_jsonb(NEW)->>'move_id')::bigint ELSE NEW.id END;
          SELECT * INTO moved FROM programme_fundmove WHERE id = wanted;
          SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0)
            INTO rest, side FROM programme_fundline WHERE move_id = wanted;
          {_BACK};
          IF rest <> 0 OR side <> (CASE WHEN moved.state = 'approved'
               AND moved.counts_as <> 'budget' THEN moved.amount ELSE 0 END) THEN
            RAISE EXCEPTION 'movement % is not balanced', wanted;
          END IF;
          RETURN NULL;
        END $$""",
        """CREATE CONSTRAINT TRIGGER programme_fundline_balanced
        AFTER INSERT ON programme_fundline DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION programme_fund_balanced()""",
        """CREATE CONSTRAINT TRIGGER programme_fundmove_balanced
        AFTER INSERT OR UPDATE ON programme_fundmove DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION programme_fund_balanced()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundmove_balanced ON programme_fundmove",
        "DROP TRIGGER programme_fundline_balanced ON programme_fundline",
        "DROP FUNCTION programme_fund_balanced()",
    ],
)

# A movement is judged once; what was proposed is what is judged.
_JUDGED_ONCE = RunSQL(
    sql=[
        """CREATE FUNCTION programme_fundmove_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.state = 'proposed'
             AND to_jsonb(NEW) - ARRAY['state', 'judged_at', 'judged_by', 'judged_by_id', 'why',
                                       'booked_on']
               = to_jsonb(OLD) - ARRAY['state', 'judged_at', 'judged_by', 'judged_by_id', 'why',
                                       'booked_on'] THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'programme_fundmove is judged once and kept';
        END $$""",
        """CREATE TRIGGER programme_fundmove_kept BEFORE UPDATE OR DELETE ON programme_fundmove
        FOR EACH ROW EXECUTE FUNCTION programme_fundmove_kept()""",
    ],
    reverse_sql=[
        "DROP TRIGGER programme_fundmove_kept ON programme_fundmove",
        "DROP FUNCTION programme_fundmove_kept()",
    ],
)


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_funds"), ("areas", "0001_initial")]
    operations = [
        protect(
            "programme_fundround",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
        by_area_path("programme_fundmove"),
        by_area_path("programme_fundaccount"),
        by_area_path("programme_fundline"),
        by_area_path("programme_fundlook"),
        protect(
            "programme_fundrulebook",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
        append_only("programme_fundline"),
        append_only("programme_fundlook"),
        append_only("programme_fundrulebook"),
        _BALANCES,
        _BALANCED,
        _JUDGED_ONCE,
    ]

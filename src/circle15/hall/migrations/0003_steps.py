"""The four steps of every visit (take, call, begin, finish) as one statement each.

Functions, so that their plans are kept by the connection and each statement inside sees what
was committed before it got its lock. What they answer is documented in `hall/steps.py`.
"""

from django.db import migrations

# Whoever waits too long comes first; then the green channel within its ratio; then booked;
# then the others. `hall/order.py` is the twin of this.
RANK = """
CREATE FUNCTION hall_rank(
    is_overdue boolean, kind text, green_class text, streak int, ratio int, is_peak boolean
) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN is_overdue THEN 0
        WHEN kind = 'green' AND (streak < ratio OR is_peak AND green_class = 'old') THEN 1
        WHEN kind = 'booked' THEN 2
        WHEN kind = 'ordinary' THEN 3
        ELSE 4
    END
$$
"""

PEAK = """
CREATE FUNCTION hall_is_peak(p_hall bigint, p_local timestamp) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM hall_elderpeak
        WHERE hall_id = p_hall AND weekday = extract(isodow FROM p_local)
          AND opens <= p_local::time AND p_local::time < closes)
$$
"""

NEXT_NUMBER = """
CREATE FUNCTION hall_next_number(p_hall bigint, p_path text, p_lane bigint, p_day date)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_last int;
BEGIN
    -- A queue before the row: many waiting for one changing row would look it up again each time.
    PERFORM pg_advisory_xact_lock(41502, p_lane::int);
    LOOP
        UPDATE hall_counter SET last = last + 1
        WHERE hall_id = p_hall AND day = p_day AND lane_id = p_lane RETURNING last INTO v_last;
        IF FOUND THEN
            RETURN v_last;
        END IF;
        INSERT INTO hall_counter (hall_id, area_path, lane_id, day, last)
        VALUES (p_hall, p_path, p_lane, p_day, 0) ON CONFLICT DO NOTHING;
    END LOOP;
END $$
"""

AUDIT = """
CREATE FUNCTION hall_audit(
    p_at timestamptz, p_user bigint, p_name text, p_role text, p_request text,
    p_verb text, p_ticket bigint, p_path text, p_old jsonb, p_new jsonb
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_event (at, actor_id, actor_name, actor_role, verb, target_kind, target_id,
                             area_path, old, new, clause, request_id)
    VALUES (p_at, p_user, p_name, p_role, p_verb, 'ticket', p_ticket::text,
            p_path, p_old, p_new, '', p_request)
$$
"""

WHY_NOT_OPEN = """
CREATE FUNCTION hall_why_not_open(p_window bigint, p_area text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN EXISTS (
        SELECT FROM sites_window w JOIN hall_hall h ON h.site_id = w.site_id
        WHERE w.id = p_window AND starts_with(h.area_path, p_area)
    ) THEN 'window_not_open' ELSE 'not_found' END
$$
"""

TAKE = """
CREATE FUNCTION hall_take(
    p_area text, p_user bigint, p_name text, p_role text, p_request text, p_at timestamptz,
    p_site text, p_lane text, p_uid uuid, p_items text[], p_green text, p_reason text,
    p_source text, p_device uuid, p_appointment uuid, p_day date,
    OUT problem text, OUT ticket_id bigint, OUT label text, OUT number int, OUT ahead int,
    OUT site_name text, OUT site_id bigint
) LANGUAGE plpgsql AS $$
DECLARE
    h record;
BEGIN
    problem := '';
    SELECT hall.id, hall.area_path, hall.is_synthetic, site.name AS site_name, site.id AS site_id,
           hall.takes_tickets AND site.status = 'open' AS takes, lane.id AS lane_id, lane.kind
    INTO h
    FROM sites_site site JOIN hall_hall hall ON hall.site_id = site.id
    LEFT JOIN hall_lane lane ON lane.hall_id = hall.id AND lane.code = p_lane
    WHERE site.code = p_site AND starts_with(site.area_path, p_area) AND p_area <> '';
    IF NOT FOUND THEN
        problem := 'not_found';
    ELSIF NOT h.takes THEN
        problem := 'hall_closed';
    ELSIF h.lane_id IS NULL THEN
        problem := 'no_such_lane';
    ELSIF (h.kind = 'green') <> (p_green <> '') THEN
        problem := 'needs_green_class';
    ELSIF (h.kind = 'booked') <> (p_appointment IS NOT NULL) THEN
        problem := 'needs_appointment';
    END IF;
    IF problem <> '' THEN
        RETURN;
    END IF;
    site_name := h.site_name;
    site_id := h.site_id;
    SELECT count(*) INTO ahead FROM hall_ticket t
    WHERE t.hall_id = h.id AND t.state = 'waiting'
      AND (h.kind = 'ordinary' OR t.kind = 'green' OR t.kind = h.kind);
    -- From here to the commit the lane's counter is ours.
    number := hall_next_number(h.id, h.area_path, h.lane_id, p_day);
    label := p_lane || CASE WHEN number < 1000 THEN lpad(number::text, 3, '0')
                            ELSE number::text END;
    ticket_id := nextval('hall_ticket_id_seq');
    INSERT INTO hall_ticket (
        id, uid, hall_id, area_path, day, lane_id, kind, number, label, place, green_class,
        green_reason, source, device_id, state, since, queued_at, taken_at, calls, outcome,
        appointment_uid, is_synthetic)
    VALUES (
        ticket_id, p_uid, h.id, h.area_path, p_day, h.lane_id, h.kind, number, label, ticket_id,
        p_green, p_reason, p_source, p_device, 'waiting', p_at, p_at, p_at, 0, '',
        p_appointment, h.is_synthetic);
    INSERT INTO hall_span (
        ticket_id, area_path, state, step, begun_at, actor_id, actor_name, note)
    VALUES (ticket_id, h.area_path, 'waiting', 'take', p_at, p_user, p_name, '');
    IF cardinality(p_items) > 0 THEN
        INSERT INTO hall_ticketitem (ticket_id, area_path, position, item, done)
        SELECT hall_take.ticket_id, h.area_path, i.position, i.item, false
        FROM unnest(p_items) WITH ORDINALITY AS i (item, position);
    END IF;
    PERFORM hall_audit(
        p_at, p_user, p_name, p_role, p_request, 'ticket.take', ticket_id, h.area_path, NULL,
        jsonb_strip_nulls(jsonb_build_object(
            'label', label, 'day', p_day, 'source', p_source, 'green_class', nullif(p_green, ''),
            'device', p_device, 'appointment', p_appointment IS NOT NULL OR NULL)));
END $$
"""

CALL = """
CREATE FUNCTION hall_call(
    p_area text, p_user bigint, p_name text, p_role text, p_request text, p_at timestamptz,
    p_window bigint, p_uid uuid, p_local timestamp,
    OUT problem text, OUT ticket_id bigint, OUT uid uuid, OUT label text, OUT window_number int,
    OUT seq bigint, OUT waited_s int, OUT items text[], OUT green_class text, OUT site_id bigint
) LANGUAGE plpgsql AS $$
DECLARE
    h record;
    s record;
    t record;
    v_peak boolean;
    v_skilled boolean;
    v_overdue bigint;
    v_at timestamptz;
BEGIN
    problem := '';
    -- One call at a time in a hall, to the end of this statement's transaction; in a queue, as
    -- above. The row's own lock is for whoever changes windows and tickets in other ways.
    PERFORM pg_advisory_xact_lock(41501, hall.id::int)
    FROM sites_window w JOIN hall_hall hall ON hall.site_id = w.site_id
    WHERE w.id = p_window AND starts_with(hall.area_path, p_area);
    SELECT hall.*, w.number AS window_number INTO h
    FROM sites_window w JOIN hall_hall hall ON hall.site_id = w.site_id
    WHERE w.id = p_window AND starts_with(hall.area_path, p_area) AND p_area <> ''
    FOR NO KEY UPDATE OF hall;
    IF NOT FOUND THEN
        problem := 'not_found';
        RETURN;
    END IF;
    SELECT paused_at INTO s FROM hall_windowsession
    WHERE window_id = p_window AND ended_at IS NULL AND user_id = p_user;
    IF NOT FOUND THEN
        problem := 'window_not_open';
    ELSIF s.paused_at IS NOT NULL THEN
        problem := 'window_paused';
    ELSIF EXISTS (SELECT FROM hall_ticket b
                  WHERE b.window_id = p_window AND b.state IN ('called', 'serving')) THEN
        problem := 'window_busy';
    END IF;
    IF problem <> '' THEN
        RETURN;
    END IF;
    IF p_uid IS NOT NULL THEN
        SELECT * INTO t FROM hall_ticket p WHERE p.uid = p_uid AND p.hall_id = h.id
        FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            problem := 'not_found';
        ELSIF t.state <> 'waiting' THEN
            problem := 'already_taken';
        END IF;
    ELSE
        v_peak := hall_is_peak(h.id, p_local);
        v_skilled := EXISTS (SELECT FROM hall_windowskill k WHERE k.window_id = p_window);
        -- Who came before somebody overdue is so too, whatever the clock said meanwhile.
        SELECT max(o.place) INTO v_overdue FROM hall_ticket o
        WHERE o.hall_id = h.id AND o.state = 'waiting'
          AND o.queued_at < p_at - make_interval(mins => h.longest_wait_min);
        -- A ticket locked for a moment (a step just being refused) is waited for, never passed over.
        SELECT * INTO t FROM hall_ticket w
        WHERE w.hall_id = h.id AND w.state = 'waiting'
          AND (w.for_window_id IS NULL OR w.for_window_id = p_window OR w.for_window_id IN (
                SELECT c.window_id FROM hall_cover c
                WHERE c.by_window_id = p_window AND c.ended_at IS NULL))
          AND (NOT v_skilled OR hall_fits(p_window, w.id, w.lane_id))
        ORDER BY hall_rank(
            w.place <= v_overdue, w.kind, w.green_class, h.green_streak, h.green_ratio, v_peak),
            w.place
        LIMIT 1 FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            problem := 'nobody_waiting';
        END IF;
    END IF;
    IF problem <> '' THEN
        RETURN;
    END IF;
    UPDATE hall_hall SET
        last_event = last_event + 1,
        green_streak = CASE WHEN t.kind = 'green' THEN least(green_streak + 1, 9999) ELSE 0 END
    WHERE id = h.id RETURNING last_event INTO seq;
    v_at := greatest(p_at, t.since);
    UPDATE hall_ticket SET state = 'called', since = v_at, calls = 1, window_id = p_window,
        clerk_id = p_user WHERE id = t.id;
    UPDATE hall_span SET ended_at = v_at WHERE hall_span.ticket_id = t.id AND ended_at IS NULL;
    INSERT INTO hall_span (ticket_id, area_path, state, step, begun_at, actor_id, actor_name,
                           window_id, note)
    VALUES (t.id, h.area_path, 'called', CASE WHEN p_uid IS NULL THEN 'call' ELSE 'pick' END,
            v_at, p_user, p_name, p_window, '');
    INSERT INTO hall_announcement (hall_id, area_path, seq, kind, label, window_number, at)
    VALUES (h.id, h.area_path, seq, 'call', t.label, h.window_number, p_at);
    PERFORM hall_audit(
        p_at, p_user, p_name, p_role, p_request,
        CASE WHEN p_uid IS NULL THEN 'ticket.call' ELSE 'ticket.pick' END, t.id, h.area_path,
        '{"state": "waiting"}', jsonb_build_object(
            'state', 'called', 'label', t.label, 'window', h.window_number, 'seq', seq));
    ticket_id := t.id;
    uid := t.uid;
    label := t.label;
    window_number := h.window_number;
    waited_s := greatest(0, extract(epoch FROM p_at - t.queued_at))::int;
    items := ARRAY(SELECT i.item FROM hall_ticketitem i WHERE i.ticket_id = t.id
                   ORDER BY i.position);
    green_class := t.green_class;
    site_id := h.site_id;
END $$
"""

FITS = """
CREATE FUNCTION hall_fits(p_window bigint, p_ticket bigint, p_lane bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM hall_windowskill k WHERE k.window_id = p_window AND (
            k.lane_id = p_lane
            OR k.item = (SELECT i.item FROM hall_ticketitem i
                         WHERE i.ticket_id = p_ticket AND NOT i.done
                         ORDER BY i.position LIMIT 1)))
$$
"""

ADVANCE = """
CREATE FUNCTION hall_advance(
    p_area text, p_user bigint, p_name text, p_role text, p_request text, p_at timestamptz,
    p_window bigint, p_uid uuid, p_step text, p_outcome text,
    OUT problem text, OUT ticket_id bigint, OUT label text, OUT service_s int,
    OUT site_id bigint
) LANGUAGE plpgsql AS $$
DECLARE
    t record;
    v_from text := CASE p_step WHEN 'begin' THEN 'called' ELSE 'serving' END;
    v_to text := CASE p_step WHEN 'begin' THEN 'serving' ELSE 'finished' END;
    v_at timestamptz;
BEGIN
    problem := '';
    SELECT * INTO t FROM hall_ticket k
    WHERE k.uid = p_uid AND starts_with(k.area_path, p_area) AND p_area <> ''
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        problem := 'not_found';
    ELSIF NOT EXISTS (
        SELECT FROM hall_windowsession s
        WHERE s.window_id = p_window AND s.ended_at IS NULL AND s.user_id = p_user
          AND s.hall_id = t.hall_id) THEN
        problem := hall_why_not_open(p_window, p_area);
    ELSIF t.window_id IS DISTINCT FROM p_window THEN
        problem := 'wrong_state';
    ELSIF t.state = v_to THEN
        problem := CASE p_step WHEN 'begin' THEN 'already_begun' ELSE 'already_finished' END;
    ELSIF t.state <> v_from THEN
        problem := 'wrong_state';
    END IF;
    IF problem <> '' THEN
        RETURN;
    END IF;
    v_at := greatest(p_at, t.since);
    UPDATE hall_ticket SET state = v_to, since = v_at, clerk_id = p_user,
        outcome = CASE p_step WHEN 'begin' THEN outcome ELSE p_outcome END
    WHERE id = t.id;
    UPDATE hall_span SET ended_at = v_at WHERE hall_span.ticket_id = t.id AND ended_at IS NULL;
    INSERT INTO hall_span (ticket_id, area_path, state, step, begun_at, ended_at, actor_id,
                           actor_name, window_id, note)
    VALUES (t.id, t.area_path, v_to, p_step, v_at, CASE p_step WHEN 'finish' THEN v_at END,
            p_user, p_name, p_window, '');
    PERFORM hall_audit(
        p_at, p_user, p_name, p_role, p_request, 'ticket.' || p_step, t.id, t.area_path,
        jsonb_build_object('state', v_from), jsonb_strip_nulls(jsonb_build_object(
            'state', v_to, 'label', t.label, 'outcome', nullif(p_outcome, ''))));
    ticket_id := t.id;
    label := t.label;
    IF p_step = 'finish' THEN
        SELECT sum(extract(epoch FROM s.ended_at - s.begun_at))::int INTO service_s
        FROM hall_span s WHERE s.ticket_id = t.id AND s.state = 'serving';
    END IF;
    SELECT hall.site_id INTO site_id FROM hall_hall hall WHERE hall.id = t.hall_id;
END $$
"""


def created(name: str, sql: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql=[(sql, None)], reverse_sql=f"DROP FUNCTION {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("hall", "0002_row_security"),
        ("sites", "0003_changed_at"),
        ("audit", "0001_initial"),
    ]
    operations = [
        created("hall_rank", RANK),
        created("hall_is_peak", PEAK),
        created("hall_next_number", NEXT_NUMBER),
        created("hall_audit", AUDIT),
        created("hall_why_not_open", WHY_NOT_OPEN),
        created("hall_fits", FITS),
        created("hall_take", TAKE),
        created("hall_call", CALL),
        created("hall_advance", ADVANCE),
    ]

"""Every way to falsify a trail that the tests know, each at a random place.

A tampering changes the tables as their owner (or the file) and returns what must be found.
"""

from circle15.audit.chain import BODY, GENESIS, Chain
from circle15.audit.heads_file import heads_path, read
from circle15.audit.queries import Finding
from circle15.audit.states import FindingKind as Kind

BATCHES = (9, 1, 14, 6)
COUNT = sum(BATCHES)
ENDS = tuple(sum(BATCHES[: number + 1]) for number in range(len(BATCHES)))

NEW_VALUES = {
    "at": "at + interval '1 microsecond'",
    "actor_id": "CASE WHEN actor_id IS NULL THEN 1 WHEN random() < 0.5 THEN actor_id + 1 END",
    "actor_name": "actor_name || ' '",
    "actor_role": "upper(actor_role)",
    "verb": "verb || 'd'",
    "target_kind": "''",
    "target_id": "'0' || target_id",
    "area_path": "CASE WHEN random() < 0.5 THEN '/' ELSE area_path || 'x/' END",
    "old": "CASE WHEN old IS NULL THEN 'null' WHEN random() < 0.5 THEN old || '{\"a\": 1}' END",
    "new": 'new || \'{"name": ""}\'',
    "clause": "clause || '1'",
    "request_id": "'r'",
}


def one(kind, position, event_id=None):
    return {Finding(kind, position, position, event_id)}


def event_at(cursor, position):
    cursor.execute("SELECT event_id FROM audit_link WHERE position = %s", [position])
    return cursor.fetchone()[0]


def change_event(cursor, random):
    position = random.randint(1, COUNT)
    event_id = event_at(cursor, position)
    column, value = random.choice(list(NEW_VALUES.items()))
    cursor.execute(f"UPDATE audit_event SET {column} = {value} WHERE id = %s", [event_id])
    return one(Kind.EVENT_CHANGED, position, event_id)


def change_event_id(cursor, random):
    position = random.randint(1, COUNT)
    event_id = event_at(cursor, position)
    cursor.execute("UPDATE audit_event SET id = id + 1000000 WHERE id = %s", [event_id])
    return one(Kind.EVENT_DELETED, position, event_id)


def change_many_events(cursor, random):
    positions = random.sample(range(1, COUNT + 1), random.randint(2, 8))
    found = set()
    for position in positions:
        event_id = event_at(cursor, position)
        cursor.execute("UPDATE audit_event SET clause = clause || '9' WHERE id = %s", [event_id])
        found |= one(Kind.EVENT_CHANGED, position, event_id)
    return found


def delete_event(cursor, random):
    position = random.randint(1, COUNT)
    event_id = event_at(cursor, position)
    cursor.execute("DELETE FROM audit_event WHERE id = %s", [event_id])
    return one(Kind.EVENT_DELETED, position, event_id)


def swap_events(cursor, random):
    """Exchange all that two events say."""
    first, second = random.sample(range(1, COUNT + 1), 2)
    ids = event_at(cursor, first), event_at(cursor, second)
    columns = ", ".join(NEW_VALUES)
    cursor.execute(
        f"UPDATE audit_event e SET ({columns}) = (SELECT {columns} FROM audit_event o"
        " WHERE o.id = %s + %s - e.id) WHERE e.id IN (%s, %s)",
        [*ids, *ids],
    )
    return one(Kind.EVENTS_SWAPPED, first, ids[0]) | one(Kind.EVENTS_SWAPPED, second, ids[1])


def swap_link_targets(cursor, random):
    """Exchange the events two links bind."""
    first, second = random.sample(range(1, COUNT + 1), 2)
    ids = event_at(cursor, first), event_at(cursor, second)
    for position, event_id in ((first, -1), (second, ids[0]), (first, ids[1])):
        cursor.execute(
            "UPDATE audit_link SET event_id = %s WHERE position = %s", [event_id, position]
        )
    return one(Kind.EVENTS_SWAPPED, first, ids[1]) | one(Kind.EVENTS_SWAPPED, second, ids[0])


def swap_links(cursor, random):
    """Exchange two whole links."""
    first, second = sorted(random.sample(range(1, COUNT + 1), 2))
    ids = event_at(cursor, first), event_at(cursor, second)
    for former, position in ((first, 10**6), (second, first), (10**6, second)):
        cursor.execute(
            "UPDATE audit_link SET position = %s WHERE position = %s", [position, former]
        )
    return one(Kind.EVENTS_SWAPPED, first, ids[1]) | one(Kind.EVENTS_SWAPPED, second, ids[0])


def change_link(cursor, random):
    position = random.randint(1, COUNT)
    byte = random.randrange(32)
    cursor.execute(
        "UPDATE audit_link SET mac = set_byte(mac, %s, 255 - get_byte(mac, %s))"
        " WHERE position = %s",
        [byte, byte, position],
    )
    return one(Kind.LINK_CHANGED, position, event_at(cursor, position))


def delete_link(cursor, random):
    position = random.randint(1, COUNT - 1)
    cursor.execute("DELETE FROM audit_link WHERE position = %s", [position])
    return one(Kind.LINK_MISSING, position)


def append_forged_link(cursor, random):
    """Add an event that never was, and a link for it."""
    event_id = forged_event(cursor)
    mac = random.randbytes(32)
    cursor.execute("INSERT INTO audit_link VALUES (%s, %s, %s)", [COUNT + 1, event_id, mac])
    return one(Kind.LINK_INSERTED, COUNT + 1, event_id) | one(Kind.HEAD_MISSING, COUNT + 1)


def insert_forged_link(cursor, random):
    """Put an event that never was between two others, heads moved along."""
    position = random.randint(1, COUNT)
    event_id = forged_event(cursor)
    cursor.execute(
        "UPDATE audit_link SET position = position + 1000000 WHERE position >= %s", [position]
    )
    cursor.execute("UPDATE audit_link SET position = position - 999999 WHERE position > 1000000")
    mac = random.randbytes(32)
    cursor.execute("INSERT INTO audit_link VALUES (%s, %s, %s)", [position, event_id, mac])
    return one(Kind.LINK_INSERTED, position, event_id)


def cut_tail(cursor, random):
    """Forget everything behind a place, with the heads that told of it."""
    keep = random.randrange(COUNT)
    cursor.execute("DELETE FROM audit_link WHERE position > %s RETURNING event_id", [keep])
    if random.random() < 0.5:
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM audit_event WHERE id = ANY(%s)", [ids])
    if random.random() < 0.8:
        cursor.execute("DELETE FROM audit_head WHERE last > %s", [keep])
    return {Finding(Kind.TAIL_CUT, keep + 1, COUNT)}


def replace_chain_without_key(cursor, random):
    """Falsify an event and make the chain anew with a key of one's own."""
    for position in range(1, COUNT + 1):
        cursor.execute(
            "UPDATE audit_link SET mac = %s WHERE position = %s", [random.randbytes(32), position]
        )
    return {Finding(Kind.CHAIN_REPLACED, 1, COUNT)}


def replace_chain_with_key(cursor, random):
    """Falsify an event and seal everything anew with the stolen key: only the file knows."""
    position = random.randint(1, COUNT)
    cursor.execute(
        "UPDATE audit_event SET clause = clause || 'x' WHERE id = %s", [event_at(cursor, position)]
    )
    reseal(cursor)
    first = max((end + 1 for end in ENDS if end < position), default=1)
    return {Finding(Kind.CHAIN_REPLACED, first, COUNT)}


def change_head(cursor, random):
    number = random.randrange(len(ENDS))
    value = random.choice(
        ["sealed_at = sealed_at - interval '1 second'", "mac = chain_mac", "chain_mac = mac"]
    )
    cursor.execute(f"UPDATE audit_head SET {value} WHERE last = %s", [ENDS[number]])
    return {Finding(Kind.HEAD_CHANGED, *span(number))}


def delete_head(cursor, random):
    number = random.randrange(len(ENDS))
    cursor.execute("DELETE FROM audit_head WHERE last = %s", [ENDS[number]])
    return {Finding(Kind.HEAD_MISSING, *span(number))}


def truncate_file(cursor, random):
    path = heads_path()
    text = path.read_text()
    path.write_text(text[: random.randrange(len(text) - 1)])
    left = max((head.last for head in read()), default=0)
    return {Finding(Kind.FILE_LINE_MISSING, left + 1, COUNT)}


def delete_file_line(cursor, random):
    path = heads_path()
    lines = path.read_text().splitlines(keepends=True)
    number = random.randrange(len(lines))
    path.write_text("".join(lines[:number] + lines[number + 1 :]))
    return {Finding(Kind.FILE_LINE_MISSING, *span(number))}


def change_file_line(cursor, random):
    """Change one hexadecimal digit of a mac."""
    path = heads_path()
    lines = path.read_text().splitlines(keepends=True)
    number = random.randrange(len(lines))
    parts = lines[number].split(" ")
    parts[2] = parts[2][:-1] + ("0" if parts[2][-1] != "0" else "1")
    lines[number] = " ".join(parts)
    path.write_text("".join(lines))
    return {
        Finding(Kind.FILE_LINE_CHANGED, *span(number)),
        Finding(Kind.FILE_LINE_MISSING, *span(number)),
    }


def span(number):
    return ([0, *ENDS][number] + 1, ENDS[number])


def forged_event(cursor):
    cursor.execute(
        "INSERT INTO audit_event (at, actor_name, actor_role, verb, target_kind, target_id,"
        " area_path, clause, request_id) VALUES (now(), 'eve', 'clerk', 'site.rename', 'site', 1,"
        " '/', '', '') RETURNING id"
    )
    return cursor.fetchone()[0]


def reseal(cursor):
    chain, mac = Chain(), GENESIS
    cursor.execute(
        f"SELECT l.position, e.id, {BODY} FROM audit_link l JOIN audit_event e"
        " ON e.id = l.event_id ORDER BY 1"
    )
    macs = []
    for position, event_id, body in cursor.fetchall():
        mac = chain.link(mac, event_id, body)
        macs.append(mac)
        cursor.execute("UPDATE audit_link SET mac = %s WHERE position = %s", [mac, position])
    for number, head in enumerate(list(read())):
        end = macs[ENDS[number] - 1]
        own = chain.head(head.first, head.last, end, head.sealed_at)
        cursor.execute(
            "UPDATE audit_head SET chain_mac = %s, mac = %s WHERE last = %s", [end, own, head.last]
        )


# The findings are exactly those named, and nothing else.
EXACT = (
    change_event,
    change_event_id,
    change_many_events,
    delete_event,
    swap_events,
    swap_link_targets,
    swap_links,
    change_link,
    append_forged_link,
    replace_chain_with_key,
    delete_head,
    truncate_file,
    delete_file_line,
    change_file_line,
)
# Other findings follow from the one named: shifted places, heads without links.
AMONG_OTHERS = (
    delete_link,
    insert_forged_link,
    cut_tail,
    replace_chain_without_key,
    change_head,
)

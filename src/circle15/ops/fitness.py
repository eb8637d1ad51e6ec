"""Is this database one circle15 may run on? Asked before anything is served."""

import psycopg

OLDEST = 150000  # PostgreSQL 15


class UnfitDatabase(Exception):
    """The database can't be used as it is; the message says what to do, in two languages."""


def check(url: str) -> None:
    """Refuse an old server, another encoding, and a role that row-level security doesn't bind."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
            unbound = connection.execute(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.OperationalError as failure:
        raise UnfitDatabase(
            f"连不上数据库,请检查 CIRCLE15_DATABASE_URL:{failure}\n"
            "Can't reach the database: check CIRCLE15_DATABASE_URL."
        ) from failure
    if version < OLDEST:
        raise UnfitDatabase(
            f"PostgreSQL 版本过低({version // 10000}),需要 15 或更高。\n"
            f"PostgreSQL {version // 10000} is too old: 15 or newer is needed."
        )
    if encoding != "UTF8":
        raise UnfitDatabase(
            f"数据库编码是 {encoding},需要 UTF8:请用 ENCODING 'UTF8' 重新建库。\n"
            f"The server's encoding is {encoding}: create the database with ENCODING 'UTF8'."
        )
    if unbound is None or unbound[0]:
        raise UnfitDatabase(UNBOUND)


UNBOUND = """\
数据库账号是超级用户或带 BYPASSRLS,行级安全对它无效,因此拒绝启动。请由数据库管理员执行:
The role is a superuser or has BYPASSRLS, so row-level security would not bind it. Refused.
Let the database's administrator run:
    CREATE ROLE circle15 LOGIN PASSWORD '…' NOSUPERUSER NOBYPASSRLS;
    CREATE DATABASE circle15 OWNER circle15 ENCODING 'UTF8' TEMPLATE template0;
并把 CIRCLE15_DATABASE_URL 指向该账号。 Then point CIRCLE15_DATABASE_URL to that role."""

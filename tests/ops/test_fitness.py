from pathlib import Path

import psycopg
import pytest

from circle15.ops import fitness, lodging, postgres


def test_role_of_the_application_is_fit(server: Path) -> None:
    fitness.check(postgres.start(server))


@pytest.mark.parametrize("right", ["SUPERUSER", "BYPASSRLS"])
def test_role_above_row_security_is_refused_in_both_languages(server: Path, right: str) -> None:
    postgres.start(server)
    found = lodging.lodging_of(server)
    assert found is not None
    admin = postgres.url(found, role=postgres.ADMIN)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE circle15 {right}".encode())
    try:
        with pytest.raises(fitness.UnfitDatabase) as refusal:
            fitness.check(postgres.url(found))
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"ALTER ROLE circle15 NO{right}".encode())

    assert "CREATE ROLE circle15 LOGIN" in str(refusal.value)
    assert "超级用户" in str(refusal.value)


def test_other_encoding_is_refused(server: Path) -> None:
    url = postgres.start(server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    found = lodging.lodging_of(server)
    assert found is not None

    with pytest.raises(fitness.UnfitDatabase, match="LATIN1"):
        fitness.check(postgres.url(found, database="latin"))


def test_unreachable_database_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(fitness.UnfitDatabase, match="CIRCLE15_DATABASE_URL"):
        fitness.check(f"postgresql://circle15@/circle15?host={tmp_path}")

import threading
from pathlib import Path

from circle15.config import env
from circle15.ops import keys


def test_keys_are_long_different_and_private(tmp_path: Path) -> None:
    made = keys.ensure(tmp_path)

    files = [tmp_path / "secrets" / name for name in made]
    assert made == ["secret_key", "data_key", "index_key", "audit_key"]
    assert {len(bytes.fromhex(file.read_text())) for file in files} == {32}
    assert len({file.read_text() for file in files}) == 4
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_existing_keys_are_never_replaced(tmp_path: Path) -> None:
    keys.ensure(tmp_path)
    before = (tmp_path / "secrets" / "data_key").read_text()
    (tmp_path / "secrets" / "audit_key").unlink()

    assert keys.ensure(tmp_path) == ["audit_key"]

    assert (tmp_path / "secrets" / "data_key").read_text() == before


def test_two_starts_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(keys.ensure(tmp_path))) for _ in "abcd"]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == sorted(keys.NAMES)
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == sorted(keys.NAMES)


def test_settings_accept_the_keys_made(tmp_path: Path) -> None:
    keys.ensure(tmp_path)

    read = env.secret("CIRCLE15_NO_SUCH_KEY", tmp_path / "secrets" / "data_key")

    assert read.hex() == (tmp_path / "secrets" / "data_key").read_text().strip()

import gettext
from pathlib import Path

from circle15.ops import catalogues

TEXT = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "网点"
msgstr "site"
"""


def test_stale_catalogue_is_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "sites" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(TEXT)

    first, second = catalogues.compile_stale(tmp_path), catalogues.compile_stale(tmp_path)

    assert first == [folder / "django.po"]
    assert second == []
    with (folder / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("网点") == "site"


def test_no_catalogue_is_no_trouble(tmp_path: Path) -> None:
    assert catalogues.compile_stale(tmp_path) == []

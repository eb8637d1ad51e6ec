"""Collect every text of the product and bring the English catalogue up to date.

`python tools/messages.py` rewrites the catalogue under src/circle15/locale/en: new texts are added
empty, texts no longer used are dropped, translations are kept. `--check` changes nothing and ends
with 1 if a text is missing, unused, untranslated or has other placeholders than its translation.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")

from django.conf import settings
from django.utils.translation.template import templatize

if not settings.configured:
    settings.configure(USE_I18N=True)

SOURCE = Path(__file__).resolve().parents[1] / "src" / "circle15"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = ("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sdg]|\{(\w+)\}")
_LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"(?<!\w)(?:n?gettext|_)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?")
# Lines that would change with every run.
DATED = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team).*\n',
    re.MULTILINE,
)
CHINESE = re.compile(r"[\u3400-\u9fff]")

Key = str | tuple[str, str]


def texts() -> Iterator[tuple[Key, str, int]]:
    """Yield every text (a pair for plurals) with the file and line it stands in."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _of(path, path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.html")):
        yield from _of_template(path)


def _of(path: Path, code: str) -> Iterator[tuple[Key, str, int]]:
    name = path.relative_to(SOURCE.parents[1]).as_posix()
    for message, line in _messages(code):
        yield message, name, line
    found = extract_python(io.BytesIO(code.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    for line, _function, message, _comments in found:
        if isinstance(message, tuple):
            singular, plural = (*message, None)[:2]
            if singular and plural:
                yield (singular, plural), name, line
        elif message:
            yield message, name, line


def _messages(code: str) -> Iterator[tuple[str, int]]:
    """Find the templates of `core.messages.Message`; one may stand inside another."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str(text))]):
                if text:
                    yield text, node.lineno


def _of_template(path: Path) -> Iterator[tuple[Key, str, int]]:
    """Read the calls Django's own templatize writes; what stands between them is masked."""
    name = path.relative_to(SOURCE.parents[1]).as_posix()
    for match in CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        first, second = (each and ast.literal_eval(each) for each in match.groups())
        if first:
            yield (first, second) if second else first, name, 0


def collected(former: Catalog) -> Catalog:
    """Return a catalogue of today's texts with the translations of a former one."""
    fresh = Catalog(
        locale="en", charset="utf-8", fuzzy=False, header_comment="# English texts of circle15."
    )
    for key, name, _line in texts():
        known = former.get(key if isinstance(key, str) else key[0])
        fresh.add(key, string=known.string if known else None, locations=[(name, 0)])
    return fresh


def problems(catalogue: Catalog, today: Catalog) -> list[str]:
    """Name everything that keeps the English from being complete."""
    found = [
        f"missing: {message.id}"
        for message in today
        if message.id and not _known(message, catalogue)
    ]
    for message in catalogue:
        if message.id and today.get(_first(message)) is None:
            found.append(f"unused: {message.id}")
        elif message.id:
            found += _faults(message)
    return found


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _known(message: Message, catalogue: Catalog) -> bool:
    return catalogue.get(_first(message)) is not None


def _faults(message: Message) -> list[str]:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    held = message.string or ""
    strings = [held] if isinstance(held, str) else list(held)
    if not all(strings):
        return [f"untranslated: {source}"]
    wanted = sorted(match.group() for match in PLACEHOLDER.finditer(source))
    return [
        f"placeholders differ: {source} -> {string}"
        for string in strings
        if sorted(match.group() for match in PLACEHOLDER.finditer(string)) != wanted
        or (CHINESE.search(string) and source != "中文")
    ]


def main() -> int:
    """Update the catalogue, or check it."""
    former = Catalog(locale="en")
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            former = read_po(file, locale="en")
    today = collected(former)
    if "--check" in sys.argv:
        found = problems(former, today)
        print("\n".join(found) or f"{len(today)} texts, all in English")
        return 1 if found else 0
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, today, sort_output=True, width=100, no_location=True, omit_header=False)
    CATALOGUE.write_text(DATED.sub("", out.getvalue().decode()), encoding="utf-8")
    missing = sum(bool(_faults(message)) for message in today if message.id)
    print(f"{len(today)} texts, {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())

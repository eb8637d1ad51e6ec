"""Where a paper that need not be brought is looked up, from data: systems and registers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from circle15.standards import strict_yaml
from circle15.standards.catalogue import Material, Origin
from circle15.standards.text import Text


@dataclass(frozen=True, slots=True)
class SharedSources:
    """The sources known by name, the usual one of a paper first."""

    papers: Mapping[str, tuple[Text, ...]]
    origins: Mapping[Origin, tuple[Text, ...]]
    signed_in: Mapping[str, Text]
    by_name: Mapping[str, Text]

    def of(self, material: Material) -> tuple[Text, ...]:
        """Return where a paper may be looked up; none where the item wants it brought."""
        if not material.is_shareable:
            return ()
        return self.papers.get(material.key) or self.origins[material.origin]

    def told(self, name: str) -> Text:
        """Return a source as it was noted, in English too where it is a known one."""
        return self.by_name.get(name) or Text(name, name)


@cache
def shared_sources() -> SharedSources:
    """Return the sources that come with circle15."""
    file = files("circle15.standards") / "data" / "shared_sources.yaml"
    data = strict_yaml.load(file.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    known = {key: Text(*names) for key, names in data["sources"].items()}
    return SharedSources(
        papers={key: tuple(known[one] for one in keys) for key, keys in data["papers"].items()},
        origins={
            origin: tuple(known[one] for one in data["origins"][origin.value]) for origin in Origin
        },
        signed_in={way: known[one] for way, one in data["signed_in"].items()},
        by_name={text.zh: text for text in known.values()},
    )

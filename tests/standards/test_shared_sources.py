"""Where papers that need not be brought are looked up."""

from dataclasses import replace

from circle15.standards.catalogue import Material, Origin
from circle15.standards.catalogue_library import built_in
from circle15.standards.shared_sources import shared_sources
from circle15.standards.text import Text

PAPER = Material("new", Text("新材料", "New paper"), origin=Origin.POLICE, is_shareable=True)
POPULATION = Text("公安人口信息", "Population register of the police")


def test_every_shareable_paper_of_the_catalogue_has_its_own_sources():
    materials = [each for item in built_in().items.values() for each in item.materials]
    shareable = {each.key for each in materials if each.is_shareable}

    assert shareable == set(shared_sources().papers)


def test_a_new_paper_is_looked_up_where_such_papers_come_from():
    assert shared_sources().of(PAPER) == (POPULATION,)
    assert shared_sources().of(replace(PAPER, is_shareable=False)) == ()


def test_a_source_is_told_in_both_languages_where_it_is_known():
    assert shared_sources().told("公安人口信息") == POPULATION
    assert shared_sources().told("镇里的名册") == Text("镇里的名册", "镇里的名册")

"""The reference files are whole: every place, every tile, every chain node."""

from collections import Counter

from parties.reference import chain_nodes, regions

HAISHU = "330203"


def test_ningbo_has_ten_districts_two_zones_and_157_towns_of_which_haishu_seventeen():
    assert Counter(region.kind for region in regions()) == {"city": 1, "district": 10, "zone": 2, "town": 157}
    assert sum(region.parent == HAISHU for region in regions()) == 17


def test_a_parent_comes_before_its_children_and_codes_stand_once():
    seen: set[str | None] = {None}
    for region in regions():
        assert region.parent in seen
        assert region.code not in seen
        seen.add(region.code)


def test_towns_carry_the_code_of_their_district():
    assert [region.code for region in regions() if region.kind == "town" and not region.code.startswith(region.parent)] == []


def test_each_schematic_map_has_a_place_of_its_own_for_each_tile():
    districts = [region.tile for region in regions() if region.kind in ("district", "zone")]
    towns = [region.tile for region in regions() if region.parent == HAISHU]

    for tiles, count in ((districts, 12), (towns, 17)):
        assert None not in tiles
        assert len(set(tiles)) == count


def test_names_fit_their_columns_and_no_two_towns_share_one():
    names = [region.name_zh for region in regions()]

    assert len(set(names)) == len(names)
    assert max(len(region.name_en) for region in regions()) <= 60
    assert {region.name_en for region in regions()} >= {"Shiqi Subdistrict", "Gulin Town", "Longguan Township", "Qiu'ai Town", "Wuxiang Town"}


def test_the_chain_has_ten_nodes_in_order_and_no_word_means_two():
    assert [node.code for node in chain_nodes()] == [
        "fibre", "spinning", "weaving", "knitting", "dyeing", "trims", "garment", "home", "design", "service",
    ]
    assert [node.order for node in chain_nodes()] == list(range(1, 11))
    assert max(len(node.name_en) for node in chain_nodes()) <= 30
    words = Counter(word.casefold().replace(" ", "") for node in chain_nodes() for word in set(node.words))
    assert [word for word, times in words.items() if times > 1] == []

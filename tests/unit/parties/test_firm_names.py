"""Names that mean one firm, and names sorted as they are spoken."""

import pytest

from parties.names import name_key, normalised_name, pinyin_initials, pinyin_key

NAME = "宁波棉罗纱线有限公司（示例）"


@pytest.mark.parametrize("spelling", ["宁波棉罗纱线有限公司(示例)", "宁波棉罗纱线有限公司 ( 示例 )", "宁波棉罗紗線有限公司（示例）", "宁波\u200b棉罗纱线有限公司　（示例）"])
def test_brackets_spaces_unseen_marks_and_old_characters_make_no_second_name(spelling):
    assert name_key(spelling) == name_key(NAME)


def test_another_legal_ending_is_another_name_but_likely_the_same_firm():
    assert name_key("宁波棉罗纱线厂") != name_key("宁波棉罗纱线有限公司")
    assert normalised_name("宁波棉罗纱线厂") == normalised_name(NAME) == "宁波棉罗纱线"
    assert normalised_name("Ningbo Yunzhu Textile Co., Ltd.") == normalised_name("NINGBO YUNZHU TEXTILE") == "ningboyunzhutextile"


@pytest.mark.parametrize("name", ["有限公司", "（示例）", "厂", ""])
def test_a_name_that_is_all_ending_keeps_it(name):
    assert normalised_name(name) == name_key(name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单师傅", "shanshifu"), ("任经理", "renjingli"), ("仇某", "qiumou"), ("单面布厂", "danmianbuchang"), ("重庆", "chongqing"),
        ("江厦街道", "jiangxiajiedao"), ("石碶街道", "shiqijiedao"), ("鄞州", "yinzhou"), ("深甽镇", "shenzhenzhen"), ("𠮷师傅", "jishifu"),
        ("Yunzhu 云杼", "yunzhuyunzhu"), ("吕女士", "lvnvshi"), ("", ""),
    ],
)
def test_pinyin_reads_surnames_and_places_as_they_are_spoken(name, key):
    assert pinyin_key(name) == key


def test_initials_are_those_that_people_type():
    assert pinyin_initials("云杼针织") == "yzzz"
    assert pinyin_initials("Ningbo Yunzhu Textile Co., Ltd.") == "nytcl"

"""Names of firms in words that providers read before they know who asks."""

import pytest

from onestop.anonymous import names_in, without_names

LIN = ("宁波云杼纺织有限公司（示例）", "Yunzhu Textile (demo)")


@pytest.mark.parametrize(
    "text",
    ["请来云杼纺织看看", "宁波云杼紡織有限公司的湿摩擦", "云杼 纺织", "YUNZHU  textile asks", "We of Yunzhu Textile Co., Ltd."],
)
def test_a_firm_is_found_however_its_name_is_written(text):
    assert names_in(text, LIN)


@pytest.mark.parametrize("text", ["宁波哪里能测湿摩擦？", "纺织品甲醛", "", "textile"])
def test_a_place_or_a_trade_names_nobody(text):
    assert not names_in(text, ("宁波纺织有限公司", *LIN, ""))


def test_the_longest_spelling_goes_and_the_rest_stays():
    assert without_names("宁波云杼纺织有限公司的 Yunzhu Textile 布", LIN, instead="[…]") == "[…]有限公司的 […] 布"
    assert without_names("藏青罗纹 2-3 级", LIN, instead="[…]") == "藏青罗纹 2-3 级"
    assert without_names("藏青罗纹", ("", "（示例）"), instead="[…]") == "藏青罗纹"

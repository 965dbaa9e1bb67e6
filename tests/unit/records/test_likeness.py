"""How alike two pictures are."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from records.likeness import are_alike, bits_apart, look_of


def shelf(path: Path, *, boxes: int, size: tuple[int, int] = (900, 700)) -> Path:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    for at in range(boxes):
        draw.rectangle((60 + at * 190, 120 + at * 90, 200 + at * 190, 300 + at * 90), fill=(30 + 60 * at, 90, 160))
    image.save(path, quality=90)
    return path


def test_a_picture_shrunk_pressed_and_lightened_keeps_its_look(tmp_path):
    first = shelf(tmp_path / "a.jpg", boxes=4)
    again = tmp_path / "b.jpg"
    with Image.open(first) as image:
        ImageEnhance.Brightness(image.resize((310, 241))).enhance(1.15).save(again, quality=35)

    one, other = look_of(first), look_of(again)

    assert one is not None and other is not None
    assert are_alike(one, other)
    assert -(1 << 63) <= one < 1 << 63


def test_another_arrangement_has_another_look(tmp_path):
    one, other = look_of(shelf(tmp_path / "a.jpg", boxes=4)), look_of(shelf(tmp_path / "b.jpg", boxes=1))

    assert one is not None and other is not None
    assert bits_apart(one, other) > 6
    assert not are_alike(one, other)


def test_a_plain_wall_has_no_look_and_is_like_nothing(tmp_path):
    Image.new("RGB", (600, 400), (200, 198, 196)).save(tmp_path / "wall.png")

    assert look_of(tmp_path / "wall.png") is None
    assert not are_alike(None, None)


def test_what_is_no_picture_is_said_to_be_none(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"not a picture")

    with pytest.raises(OSError, match="cannot identify"):
        look_of(tmp_path / "a.jpg")

"""Drawn pictures in place of photos: neutral, small, and saying that they are examples."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
LOOKS = {
    "label": ((232, 226, 210), (44, 66, 110)),
    "sheet": ((240, 240, 236), (90, 96, 104)),
    "scale": ((214, 224, 226), (40, 92, 96)),
    "shelf": ((226, 218, 206), (120, 84, 52)),
    "paper": ((246, 244, 238), (150, 60, 52)),
    "yarn": ((222, 228, 216), (70, 104, 66)),
}
# Fonts with Chinese where they are usual; without one the caption is in English.
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/PingFang.ttc",
)
FOLDER = "demo"


def drawn(look: str, number: int = 0) -> bytes:
    """One JPEG: a woven ground, an outlined thing, a caption. The same for the same arguments."""
    ground, ink = LOOKS[look]
    image = Image.new("RGB", SIZE, ground)
    draw = ImageDraw.Draw(image)
    faint = tuple((2 * g + i) // 3 for g, i in zip(ground, ink, strict=True))
    for x in range(-SIZE[1], SIZE[0], 18 + number % 5):
        draw.line([(x, 0), (x + SIZE[1], SIZE[1])], fill=faint)
    left = 150 + 14 * (number % 7)
    draw.rounded_rectangle([left, 110, left + 260, 340], radius=14, fill=ground, outline=ink, width=5)
    for row in range(4):
        draw.line([(left + 30, 160 + 40 * row), (left + 230 - 30 * (row % 2), 160 + 40 * row)], fill=ink, width=4)
    caption, font = _caption()
    draw.text((24, SIZE[1] - 54), f"{caption} {number:03d}", fill=ink, font=font)
    out = BytesIO()
    image.save(out, "JPEG", quality=72)
    return out.getvalue()


def _caption() -> tuple[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]:
    for path in _FONTS:
        if Path(path).exists():
            return "示例", ImageFont.truetype(path, 30)
    return "demo picture", ImageFont.load_default(28)


@dataclass(frozen=True)
class Kept:
    """A drawn picture as evidence rows point to it."""

    path: str
    sha256: str
    size: int


def keep(look: str, number: int) -> Kept:
    """Put a drawing where evidence lies. Many rows may point to one: it holds nothing of anybody."""
    data = drawn(look, number)
    path = Path(FOLDER) / f"{look}-{number}.jpg"
    target = settings.EVIDENCE_ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return Kept(str(path), hashlib.sha256(data).hexdigest(), len(data))

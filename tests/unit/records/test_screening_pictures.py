"""Pictures beyond the collection: what phones send, and what somebody makes to break a reader."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from records.screening import Code, Limits, Verdict, screen

PICTURES = frozenset({"jpeg", "png", "webp", "pdf"})
RED, BLUE = (220, 30, 30), (30, 30, 220)


def judged(tmp_path: Path, name: str, content: bytes, **limits: Any) -> Verdict:
    path = tmp_path / name
    path.write_bytes(content)
    return screen(path, claimed_name=name, allowed=PICTURES, limits=Limits(**limits))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def flag(mode: str = "RGB") -> Image.Image:
    """Wider than high, red only in the upper left: no turn or mirror looks like another."""
    image = Image.new("RGB", (64, 32), BLUE)
    image.paste(RED, (0, 0, 32, 16))
    return image.convert(mode)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with(extra: bytes, *, width: int = 2, height: int = 2) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\x7f" * 3 * width) * height))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + chunk(b"IEND", b"")


def is_close(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(have - want) <= 12 for have, want in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize(("orientation", "kind"), [*((number, "jpeg") for number in range(1, 9)), (6, "png"), (7, "webp")])
def test_shared_copy_stands_upright_for_every_orientation(orientation: int, kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(flag(), kind, exif=exif, **({} if kind == "png" else {"quality": 95}))

    verdict = judged(tmp_path, f"a.{kind}", content)

    assert verdict.code is Code.OK
    assert verdict.shared_copy_path is not None
    with Image.open(io.BytesIO(content)) as original, Image.open(verdict.shared_copy_path) as shared:
        upright = ImageOps.exif_transpose(original).convert("RGB")
        assert shared.size == upright.size == ((32, 64) if orientation >= 5 else (64, 32))
        assert dict(shared.getexif()) == {}
        for x in (4, upright.width - 5):
            for y in (4, upright.height - 5):
                assert is_close(shared.convert("RGB").getpixel((x, y)), RED if is_close(upright.getpixel((x, y)), RED) else BLUE)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("text.png", png_with(chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(80_000_000), 9))), Code.IMAGE_BOMB),
        ("profile.png", png_with(chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(80_000_000), 9))), Code.IMAGE_BOMB),
        ("wide.png", png_with(b"", width=2)[:16] + struct.pack(">II", 60_000, 60_000) + png_with(b"")[24:], Code.IMAGE_BROKEN),
        ("cut.png", encoded(flag(), "png")[:-20], Code.IMAGE_TRUNCATED),
        ("no-end.png", png_with(b"")[:-12], Code.IMAGE_TRUNCATED),
        ("cut.webp", encoded(flag(), "webp")[:-20], Code.IMAGE_TRUNCATED),
        ("preview.jpg", encoded(flag().resize((640, 320)), "jpeg", comment=b"\xff\xd9")[:-400], Code.IMAGE_TRUNCATED),
        ("head-only.jpg", b"\xff\xd8\xff\xe0", Code.IMAGE_TRUNCATED),
        ("noise.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4 + b"\xff\xd9", Code.IMAGE_BROKEN),
        ("frames.webp", encoded(flag(), "webp", save_all=True, append_images=[Image.new("RGB", (64, 32), RED)]), Code.IMAGE_ANIMATED),
        ("frames.png", encoded(flag(), "png", save_all=True, append_images=[Image.new("RGB", (64, 32), RED)]), Code.IMAGE_ANIMATED),
        ("frames.gif", encoded(flag(), "gif", save_all=True, append_images=[Image.new("RGB", (64, 32), RED)]), Code.KIND_NOT_ALLOWED),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Code.HEIC_UNSUPPORTED),
        ("phone.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Code.HEIC_UNSUPPORTED),
        ("really-png.jpg", encoded(flag(), "png"), Code.KIND_MISMATCH),
        ("photo.exe", encoded(flag(), "jpeg"), Code.KIND_MISMATCH),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_picture_made_to_break_a_reader_is_refused(name: str, content: bytes, code: Code, tmp_path: Path) -> None:
    verdict = judged(tmp_path, name, content)

    assert (verdict.accepted, verdict.code) == (False, code)
    assert (tmp_path / name).read_bytes() == content
    assert [left.name for left in tmp_path.iterdir()] == [name]


def test_jpeg_that_claims_the_widest_size_is_a_bomb(tmp_path: Path) -> None:
    small = bytearray(encoded(flag(), "jpeg"))
    at = small.index(b"\xff\xc0")
    small[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)

    assert judged(tmp_path, "wide.jpg", bytes(small)).code is Code.IMAGE_BOMB


def test_pixel_cap_is_exact(tmp_path: Path) -> None:
    content = encoded(flag(), "png")

    assert judged(tmp_path, "a.png", content, max_pixels=64 * 32).code is Code.OK
    assert judged(tmp_path, "a.png", content, max_pixels=64 * 32 - 1).code is Code.IMAGE_BOMB


def test_picture_that_needs_more_memory_than_it_may_have_is_a_bomb(tmp_path: Path) -> None:
    content = encoded(Image.new("RGB", (5000, 5000)), "png")

    assert judged(tmp_path, "a.png", content, memory_bytes=160 * 1024 * 1024).code is Code.IMAGE_BOMB
    assert judged(tmp_path, "a.png", content).code is Code.OK


def test_work_that_never_ends_is_a_timeout(tmp_path: Path) -> None:
    content = encoded(Image.new("RGB", (3000, 3000)), "png")

    assert judged(tmp_path, "a.png", content, wall_seconds=0.05).code is Code.TIMEOUT
    assert judged(tmp_path, "a.png", content, cpu_seconds=0).code is Code.TIMEOUT
    assert [left.name for left in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize(
    ("kind", "mode", "shared_mode"),
    [
        ("jpeg", "CMYK", "RGB"),
        ("jpeg", "L", "L"),
        ("png", "RGBA", "RGBA"),
        ("png", "P", "P"),
        ("png", "LA", "LA"),
        ("png", "1", "1"),
        ("png", "I;16", "I;16"),
        ("webp", "RGBA", "RGB"),
    ],
)
def test_every_way_to_keep_pixels_can_be_shared(kind: str, mode: str, shared_mode: str, tmp_path: Path) -> None:
    image = Image.new("I;16", (64, 32), 40_000) if mode == "I;16" else flag(mode)

    verdict = judged(tmp_path, f"a.{kind}", encoded(image, kind))

    assert verdict.code is Code.OK
    assert verdict.shared_copy_path is not None
    with Image.open(verdict.shared_copy_path) as shared:
        assert (shared.mode, shared.size) == (shared_mode, (64, 32))


def test_texts_comments_and_profiles_stay_with_the_original(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Lin Secret")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    contents = {
        "a.png": encoded(flag(), "png", pnginfo=texts, icc_profile=profile),
        "a.jpg": encoded(flag(), "jpeg", comment=b"Lin Secret", icc_profile=profile, xmp=b"<x>Lin Secret exif:GPSLatitude</x>"),
        "a.webp": encoded(flag(), "webp", xmp=b"<x>Lin Secret</x>", icc_profile=profile),
    }

    for name, content in contents.items():
        assert b"Lin Secret" in content
        verdict = judged(tmp_path, name, content)
        assert verdict.shared_copy_path is not None
        shared = verdict.shared_copy_path.read_bytes()
        assert b"Secret" not in shared
        assert b"ICC" not in shared.upper()
        assert verdict.has_gps is (name == "a.jpg")


def test_colours_in_a_wider_space_are_brought_into_the_common_one_and_turned(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6

    verdict = judged(tmp_path, "a.jpg", encoded(flag(), "jpeg", icc_profile=lab, exif=exif, quality=95))

    assert (verdict.width, verdict.height) == (32, 64)
    assert verdict.shared_copy_path is not None
    with Image.open(verdict.shared_copy_path) as shared:
        assert is_close(shared.getpixel((28, 4)), RED)
        assert is_close(shared.getpixel((4, 4)), BLUE)


def test_broken_colour_profile_costs_no_evidence(tmp_path: Path) -> None:
    assert judged(tmp_path, "a.jpg", encoded(flag(), "jpeg", icc_profile=b"not a profile")).code is Code.OK


@pytest.mark.parametrize(
    ("taken", "offset", "expected"),
    [
        ("2026:05:01 08:00:00", "+08:00", "2026-05-01T08:00:00+08:00"),
        ("2026:05:01 08:00:00", "", "2026-05-01T08:00:00"),
        ("2026:05:01 08:00:00", "nonsense", "2026-05-01T08:00:00"),
        ("0000:00:00 00:00:00", "", ""),
        ("yesterday", "+08:00", ""),
    ],
)
def test_camera_clock_is_told_as_the_camera_wrote_it(taken: str, offset: str, expected: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8769)[0x9011] = offset

    assert judged(tmp_path, "a.jpg", encoded(flag(), "jpeg", exif=exif)).taken_at == expected


def test_phone_picture_with_a_preview_behind_it_is_one_picture(tmp_path: Path) -> None:
    content = encoded(flag(), "mpo", save_all=True, append_images=[Image.new("RGB", (16, 8), RED)])

    verdict = judged(tmp_path, "a.jpg", content)

    assert (verdict.code, verdict.kind, verdict.width, verdict.height) == (Code.OK, "jpeg", 64, 32)

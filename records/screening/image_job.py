"""Runs confined: looks at one picture, and writes the copy that others may see.

The copy is encoded anew from upright pixels: no EXIF, no place, no text, no tail behind the picture.
"""

import io
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps

from records.screening.sandbox import answer, read_order
from records.screening.verdict import Code, Refused

QUALITY = 92
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": QUALITY, "subsampling": "4:4:4"},  # fabric colours live in the chroma
    "png": {"compress_level": 4},
    "webp": {"quality": QUALITY, "method": 2},
}


def examine(path: Path, kind: str, copy_path: Path, max_pixels: int) -> dict[str, Any]:
    with _open(path, kind, max_pixels) as check:
        check.verify()
    with _open(path, kind, max_pixels) as image:
        # A phone's JPEG may carry a preview as a second frame (MPO): the first is the picture.
        if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
            raise Refused(Code.IMAGE_ANIMATED)
        image.load()
        exif = image.getexif()
        facts = {"taken_at": _taken_at(exif), "has_gps": _has_gps(image, exif)}
        upright = _clean_pixels(image, kind)
    upright.save(copy_path, kind.upper(), **SAVE_OPTIONS[kind])
    return {"width": upright.width, "height": upright.height, **facts}


def _open(path: Path, kind: str, max_pixels: int) -> Image.Image:
    image = Image.open(path, formats=(kind.upper(),))
    if image.width * image.height > max_pixels:
        raise Refused(Code.IMAGE_BOMB)
    return image


def _clean_pixels(image: Image.Image, kind: str) -> Image.Image:
    """Upright pixels in a mode its format can keep, with nothing but a palette's transparency beside them."""
    upright = ImageOps.exif_transpose(_in_srgb(image))
    if kind == "jpeg" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    upright.info = {name: upright.info[name] for name in ("transparency",) if name in upright.info}
    return upright


def _in_srgb(image: Image.Image) -> Image.Image:
    """The copy has no colour profile, so its colours are first put into the one that all assume."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    exif = image.getexif()
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):  # a broken profile costs colours, not the evidence
        return image
    if converted is None:
        return image
    converted.info["exif"] = exif.tobytes()  # orientation is still to be applied
    return converted


def _taken_at(exif: Image.Exif) -> str:
    details = exif.get_ifd(ExifTags.IFD.Exif)
    text = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    for value, form in ((text + offset, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            return datetime.strptime(value, form).isoformat()  # noqa: DTZ007 - a camera without a zone stays without
        except ValueError:
            continue
    return ""


def _has_gps(image: Image.Image, exif: Image.Exif) -> bool:
    return bool(exif.get_ifd(ExifTags.IFD.GPSInfo)) or "exif:GPS" in str(image.info.get("xmp", ""))


def _is_cut(path: Path, kind: str) -> bool:
    """Whether the file ends before its format does."""
    stored = path.read_bytes()
    if kind == "webp":
        return len(stored) < 8 + int.from_bytes(stored[4:8], "little")
    return (b"\xff\xd9" if kind == "jpeg" else b"IEND") not in stored


def _judge(order: dict[str, Any]) -> dict[str, Any]:
    path, kind, pixels = Path(order["path"]), order["kind"], order["limits"].max_pixels
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        return examine(path, kind, Path(order["copy_path"]), pixels)
    except Refused as refused:
        return {"refused": refused.code}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return {"refused": Code.IMAGE_BOMB}
    except (OSError, SyntaxError, EOFError, ValueError) as error:
        if "too large" in str(error):  # Pillow's own cap on a PNG's packed texts
            return {"refused": Code.IMAGE_BOMB}
        # A preview inside the file may hold an end mark of its own, so what the decoder missed counts too.
        is_cut = "truncated" in str(error) or _is_cut(path, kind)
        return {"refused": Code.IMAGE_TRUNCATED if is_cut else Code.IMAGE_BROKEN}


if __name__ == "__main__":
    answer(_judge(read_order()))

"""Is a photo of a paper sharp enough to be read? A number, and the line below which a person is asked to take it again."""

from pathlib import Path

from PIL import Image, ImageFilter, ImageStat

# Measured on drawn licences, 1,024 pixels wide: sharp ones lie between 230 and 830, those out of focus below 60, flat colour at 0.
BLURRED_BELOW = 80.0
_LONG_SIDE = 1024
_LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def sharpness(path: Path) -> float:
    """The variance of the Laplacian of the grey picture, at 1,024 pixels on its long side: edges make it large, blur takes them.

    Only for pictures that screening has written anew. Raises OSError for anything that is no picture.
    """
    with Image.open(path) as image:
        image.draft("L", (_LONG_SIDE, _LONG_SIDE))
        grey = image.convert("L")
        grey.thumbnail((_LONG_SIDE, _LONG_SIDE))
        edges = grey.filter(_LAPLACE)
        # A filter leaves the outermost pixels as they were: they are no edges.
        inner = edges.crop((1, 1, max(edges.width - 1, 2), max(edges.height - 1, 2)))
        return float(ImageStat.Stat(inner).var[0])


def looks_blurred(path: Path) -> bool:
    """Whether a person should be asked to take the photo again."""
    return sharpness(path) < BLURRED_BELOW

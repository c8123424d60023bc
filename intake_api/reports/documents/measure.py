"""Widths of text in the metrics of Times New Roman (Liberation Serif has the same), so that a
rule is as long as the words above it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
_UNITS = 1000


@lru_cache(maxsize=4)
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    name = "LiberationSerif-Bold.ttf" if bold else "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), _UNITS)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of ``words`` at ``size`` points."""
    return float(_face(bold).getlength(words)) * size / _UNITS

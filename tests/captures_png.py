"""Draws cells as a PNG: every cell on its exact place, so that Japanese and figures stand in columns as in a terminal."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from tests.captures import Cell, Picture

WIDTH, HEIGHT, SIZE = 12, 27, 24  # of a cell in pixels, and of a full-width character
_COLOURS = 48
# Fonts whose Latin is half as wide as their Japanese, regular and bold, by folder: (file, index in it).
_FONTS = (
    (("bizud-gothic/BIZUDGothic-Regular.ttf", 0), ("bizud-gothic/BIZUDGothic-Bold.ttf", 0)),
    (("BIZ-UDGothicR.ttc", 0), ("BIZ-UDGothicB.ttc", 0)),
    (("NotoSansCJK-Regular.ttc", 5), ("NotoSansCJK-Bold.ttc", 5)),
)
_FOLDERS = tuple(
    Path(p)
    for p in ("/usr/share/fonts/truetype", "/usr/share/fonts/opentype/noto", "C:/Windows/Fonts", "/Library/Fonts")
)
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    for pair in _FONTS:
        name, index = pair[bold]
        for folder in _FOLDERS:
            if (folder / name).exists():
                return ImageFont.truetype(str(folder / name), SIZE, index=index)
    raise SystemExit("no font with Japanese: install BIZ UDGothic or Noto Sans CJK")


def draw(picture: Picture) -> bytes:
    """The PNG of a picture, in few colours so that it stays small."""
    image = Image.new("RGB", (len(picture[0]) * WIDTH, len(picture) * HEIGHT))
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(picture):
        for x, cell in enumerate(row):
            pen.rectangle([x * WIDTH, y * HEIGHT, (x + 1) * WIDTH - 1, (y + 1) * HEIGHT - 1], fill=cell.ground)
        for x, cell in enumerate(row):
            _draw_cell(pen, x * WIDTH, y * HEIGHT, cell)
    out = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _block(code: int, x: int, y: int) -> tuple[int, int, int, int]:
    """The rectangle of a block element: frames of dialogs are drawn with them, and fonts leave gaps."""
    right, bottom = x + WIDTH - 1, y + HEIGHT - 1
    if code == 0x2580:
        return x, y, right, y + HEIGHT // 2
    if code <= 0x2588:
        return x, bottom + 1 - round(HEIGHT * (code - 0x2580) / 8), right, bottom
    if code <= 0x258F:
        return x, y, x + round(WIDTH * (0x2590 - code) / 8) - 1, bottom
    if code == 0x2594:
        return x, y, right, y + HEIGHT // 8
    return right + 1 - (WIDTH // 2 if code == 0x2590 else WIDTH // 8), y, right, bottom


def _draw_cell(pen: ImageDraw.ImageDraw, x: int, y: int, cell: Cell) -> None:
    if cell.underline:
        pen.line([x, y + HEIGHT - 2, x + WIDTH - 1, y + HEIGHT - 2], fill=cell.colour, width=2)
    if cell.char in ("", " "):
        return
    code = ord(cell.char)
    if 0x2800 <= code <= 0x28FF:
        for bit, (column, row) in enumerate(_DOTS):
            if (code - 0x2800) >> bit & 1:
                left, top = x + 2 + column * 6, y + 2 + row * 6
                pen.rectangle([left, top, left + 3, top + 4], fill=cell.colour)
        return
    if 0x2580 <= code <= 0x2595:
        pen.rectangle(_block(code, x, y), fill=cell.colour)
        return
    pen.text((x, y + HEIGHT - 6), cell.char, font=_font(cell.bold), fill=cell.colour, anchor="ls")

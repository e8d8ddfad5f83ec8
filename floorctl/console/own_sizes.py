"""Sizes of the board's parts that a user may set, with their bounds."""

from __future__ import annotations

from typing import NamedTuple

from floorctl.common.frozen import frozen


@frozen
class Sizes:
    """Shares of the board's room; None is the program's own."""

    left_percent: int | None = None  # the left panels (決定待ち、在席) against the right ones (注意、記録)
    upper_rows: int | None = None  # of 決定待ち and 注意 on a wide screen; 在席 and 記録 have what is left
    third_column_from: int | None = None  # columns of a screen that shows 今日の流れ, too; 0: none does


class SizeRule(NamedTuple):
    """Bounds of a size, and what it is in Japanese."""

    low: int
    high: int
    word: str
    usual: str


SIZES = {
    "left_percent": SizeRule(35, 60, "左の枠（決定待ち・在席）の幅、％", "広い画面 47、狭い画面 50"),
    "upper_rows": SizeRule(5, 30, "上の枠（決定待ち・注意）の行数。広い画面だけ", "画面の高さによる"),
    "third_column_from": SizeRule(0, 400, "「今日の流れ」の列を出す画面の幅（桁）。0 なら出さない", "150"),
}

"""Join the lines of a person in a matrix that has begin and end (始業, 終業) and the break below each other."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.intake.csv_officials import texts_before

_BEGINS = ("始業", "開始", "出勤", "出社", "始業時刻", "開始時刻", "出勤時刻", "始", "自", "IN")
_ENDS = ("終業", "終了", "退勤", "退社", "終業時刻", "終了時刻", "退勤時刻", "終", "至", "OUT")
_BREAKS = ("休憩", "休憩時間", "休憩(分)", "休憩分")


def joined(lines: Sequence[tuple[int, list[str]]], staff: int, first_day: int) -> tuple[list[str], int]:
    """Return the first line, its cells of days as 8:15-17:15(休60) where they stand below each other, and of how many lines.

    ``staff``, ``first_day``: columns of the staff code and of the first day. A cell of the first line alone (休) stays.
    """
    (_, raw), *rest = lines[:3]
    if not rest or _label(raw, first_day) not in _BEGINS or not _goes_on(raw, rest[0][1], staff, first_day, _ENDS):
        return raw, 1
    ends, cells = rest[0][1], list(raw)
    breaks = rest[1][1] if len(rest) > 1 and _goes_on(raw, rest[1][1], staff, first_day, _BREAKS) else []
    for n in range(first_day, max(len(raw), len(ends))):
        begin, end, length = (x[n].strip() if n < len(x) else "" for x in (raw, ends, breaks))
        cells += [""] * (n + 1 - len(cells))
        if end and end != begin:
            cells[n] = f"{begin}-{end}" + (f"(休{length})" if length else "")
    return cells, 3 if breaks else 2


def _label(raw: Sequence[str], first_day: int) -> str:
    return next(reversed(texts_before(raw, first_day)), "")


def _goes_on(raw: Sequence[str], below: Sequence[str], staff: int, first_day: int, words: Sequence[str]) -> bool:
    """Return whether a line goes on with a person: no other code, and one of the words."""
    same = staff >= len(below) or below[staff].strip() in ("", raw[staff].strip())
    return same and _label(below, first_day) in words

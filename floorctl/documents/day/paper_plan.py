"""Draw the day's plan on a sheet of 紙の運用票: who stands where from when, who rests when, with room to write.

For a day that goes on without the PC.
"""

from __future__ import annotations

from floorctl.common.words import hm
from floorctl.documents.layout.pages import Value
from floorctl.documents.layout.sheet import Sheet
from floorctl.models.board.posts_plan import place_name, places_now
from floorctl.models.day.floor import Floor

WIDTHS = (11, 14, 30, 16, 11, 11)
_ROW_PT = 21.0


def has_plan(floor: Floor) -> bool:
    """Return whether places or breaks are planned for the day."""
    return bool(floor.posts_plan or floor.planned_breaks)


def draw_plan(sheet: Sheet, floor: Floor) -> None:
    """Draw a row a person, by code: who is absent or gone has none."""
    sheet.title("今日の計画")
    sheet.note("場所は時刻からの予定です。休憩は、入った時刻と戻った時刻を書き、計画と違うときは予定を書き直します。")
    stands = places_now(floor)
    planned = {code for step in floor.posts_plan.values() for code in step}
    away = {code for code, s in floor.staff.items() if s.status in ("absent", "gone")}
    rows: list[list[Value]] = []
    for code in sorted({*floor.staff, *stands, *planned, *floor.planned_breaks} - away):
        steps = [(x, floor.posts_plan[x][code]) for x in sorted(floor.posts_plan) if code in floor.posts_plan[x]]
        rest = floor.planned_breaks.get(code)
        rows.append(
            [
                code,
                place_name(floor.site, stands[code]) if code in stands else "-",
                "　".join(f"{hm(at)} {place_name(floor.site, place)}" for at, place in steps),
                f"{hm(rest.start)} {rest.minutes}分" if rest is not None else "",
            ]
        )
    sheet.form(("従事者", "いまの場所", "予定の場所", "休憩の計画", "入り", "戻り"), rows, _ROW_PT)
    sheet.finish()

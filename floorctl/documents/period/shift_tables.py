"""Data tables and facts of シフト表, its workbook and its CSV (仕様書 10); the layout is ``[shifts]`` and ``[week]``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from floorctl.common.words import WEEKDAYS, hm, wareki
from floorctl.documents.day.tables_csv import csv_bytes
from floorctl.documents.layout.letterhead import LETTERHEAD_FACTS, letterhead_facts
from floorctl.documents.layout.material import Fact, Row, Rows, Table, TableSpec, catalogue, meanings, values
from floorctl.documents.layout.plain import month_ja
from floorctl.documents.layout.report import report_xlsx
from floorctl.documents.layout.template_file import Which
from floorctl.documents.period.shift_table import (
    ABSENT,
    BY_ROSTER,
    ShiftTable,
    fewest,
    hours_of_hall,
    hours_word,
    middle,
    official_times,
    officials_at,
    to_check,
)
from floorctl.models.day.staff import LACKS_BRIEF
from floorctl.models.site.site import Site

_ROLES = {"general_manager": "統括", "site_manager": "現場責任者", "worker": ""}
_SOURCES = {"plan": "勤務表", "roster": "名簿", "absence": "欠勤の予定"}

SHIFT_TABLES: dict[str, TableSpec[ShiftTable]] = {}


def _by_day(name: str, keys: Mapping[str, str]) -> Callable[[Rows[ShiftTable]], Rows[ShiftTable]]:
    """Declare a table with a column for each day of the document."""

    def declare(rows: Rows[ShiftTable]) -> Rows[ShiftTable]:
        def make(record: ShiftTable, site: Site) -> Table:
            members = {_code(d): f"{d.day}\n{WEEKDAYS[d.weekday()]}" for d in record.days}
            return Table(tuple(rows(record, site)), members)

        SHIFT_TABLES[name] = TableSpec(keys, make)
        return rows

    return declare


def _code(day: date) -> str:
    return f"d{day:%m%d}"


@_by_day(
    "shifts",
    {
        "staff": "従事者の符号",
        "role": "役割（現場責任者・代行者）",
        "day.*": "日ごとの勤務の記号",
        "hours.*": "日ごとの勤務の記号と時刻",
        "at_work": "出勤の日数",
        "off": "休みの日数",
        "lacks": "そろっていないもの（誓約書・操作者権限・静脈登録）",
    },
)
def _shifts(record: ShiftTable, site: Site) -> Iterator[Row]:
    for p in record.people:
        marks = {f"day.{_code(d)}": x.mark for d, x in p.days.items()}
        hours = {
            f"hours.{_code(d)}": " ".join(w for w in ("" if x.mark == BY_ROSTER else x.mark, hours_word(x.hours)) if w)
            for d, x in p.days.items()
        }
        yield {
            "staff": p.person.code,
            "role": _ROLES[p.person.role] or ("代行者" if p.person.deputy else ""),
            **{f"day.{_code(d)}": "" for d in record.days},
            **{f"hours.{_code(d)}": "" for d in record.days},
            **marks,
            **hours,
            "at_work": len(p.at_work),
            "off": sum(x.shift.off for x in p.days.values()),
            "lacks": "・".join(LACKS_BRIEF[x] for x in p.lacks),
        }


_COVER = {"word": "項目", "day.*": "日ごとの人数"}


def _cover(word: str, record: ShiftTable, of: Callable[[date], str | int | None]) -> Row:
    """Return a row of numbers by day; a day on which the hall is closed has none."""
    numbers = {f"day.{_code(d)}": of(d) if d in record.open_days else "" for d in record.days}
    return {"word": word, **{key: "-" if n is None else n for key, n in numbers.items()}}


@_by_day("charge", _COVER)
def _charge(record: ShiftTable, site: Site) -> Iterator[Row]:
    """Yield who is in charge on each day, by code, and how many may stand in (仕様書 5(1))."""

    def holder(d: date) -> str:
        stand_in = "代" if record.in_charge(d, "deputy") else "無" if record.charge_known(d) else "-"
        return "・".join(record.in_charge(d, "manager")) or stand_in

    yield _cover("現場責任者", record, holder)
    yield _cover("代行者の人数", record, lambda d: len(record.in_charge(d, "deputy")))


@_by_day("halves", _COVER)
def _halves(record: ShiftTable, site: Site) -> Iterator[Row]:
    """Yield the fewest persons at work in any hour of each half of the day, and those who may work at a terminal."""
    for half, word in (("morning", "午前"), ("afternoon", "午後")):
        yield _cover(f"{word}の最少", record, lambda d, half=half: fewest(record, site, d, half)[0])  # type: ignore[misc]
        yield _cover("うち端末", record, lambda d, half=half: fewest(record, site, d, half)[1])  # type: ignore[misc]


@_by_day("hourly", _COVER)
def _hourly(record: ShiftTable, site: Site) -> Iterator[Row]:
    """Yield the persons planned to be in the hall in each hour."""
    for hour in hours_of_hall(site):
        at = middle(site, hour)
        yield _cover(f"{hour}時台", record, lambda d, at=at: len(record.at(d, at)))  # type: ignore[misc]


@_by_day("officials", _COVER)
def _officials(record: ShiftTable, site: Site) -> Iterator[Row]:
    """Yield the planned numbers of the city's staff from each time of day on which one begins."""
    for at in official_times(record):
        yield _cover(f"市職員 {hm(at)}から", record, lambda d, at=at: officials_at(record, d, at))  # type: ignore[misc]


def _to_check(record: ShiftTable, site: Site) -> Table:
    return Table(tuple({"text": f"・{x}"} for x in to_check(record)))


SHIFT_TABLES["to_check"] = TableSpec({"text": "確かめる点"}, _to_check)


# ---- facts


def _title(record: ShiftTable) -> str:
    if len(record.days) <= 7:
        return f"{wareki(record.first)}から{record.last.month}月{record.last.day}日まで"
    return month_ja(f"{record.first:%Y-%m}")


def _legend(record: ShiftTable, site: Site) -> str:
    """Return each mark that stands in the table, with what it means."""
    shifts = [x for p in record.people for x in p.days.values()]
    used = {x.mark for x in shifts if x.source == "plan"}
    words = []
    for code in site.shift_codes:
        if code.code in used:
            spans = sorted({x.hours for x in shifts if x.source == "plan" and x.mark == code.code and x.hours})
            words.append(" ".join([code.code, code.name, *map(hours_word, spans)]))
    for mark in sorted(
        used - {x.code for x in site.shift_codes} - record.letters.keys() - {"休"}
    ):  # of an older site file
        spans = sorted({x.hours for x in shifts if x.source == "plan" and x.mark == mark and x.hours})
        words.append(" ".join([mark, *map(hours_word, spans)]) if spans else f"{mark} 休み")
    words += [f"{mark} {hours_word(hours)}" for mark, hours in record.letters.items()]
    sources = {x.source for x in shifts}
    words += [f"{ABSENT} 欠勤の予定"] if "absence" in sources else []
    words += [f"{BY_ROSTER} 名簿の勤務時間（勤務表なし）"] if "roster" in sources else []
    return "　".join(words)


_FACTS: dict[str, Fact[ShiftTable]] = {
    "period": ("対象の月・週", lambda r, _: _title(r)),
    "made": ("文書の日付（記録の最後の日）", lambda r, _: wareki(r.made)),
    "open_days": ("開場日数", lambda r, _: len(r.open_days)),
    "people": ("従事者数", lambda r, _: len(r.people)),
    "legend": ("記号の意味と時刻", _legend),
}
SHIFT_FACTS = LETTERHEAD_FACTS | meanings(_FACTS)
SHIFT_DATA = catalogue(SHIFT_TABLES, SHIFT_FACTS)


def shift_xlsx(record: ShiftTable, site: Site) -> bytes:
    """Return the workbook as ``report_xlsx`` does: of a month, or of a week with hours."""
    facts = letterhead_facts(site, record.first) | values(_FACTS, record, site)
    which: Which = "week" if len(record.days) <= 7 else "shifts"
    return report_xlsx(which, record, site, SHIFT_TABLES, facts, SHIFT_DATA, made=record.made, day=None, recorded=True)


def shift_csv(record: ShiftTable) -> bytes:
    """Return the table as CSV, a line a person and day."""
    header = ("staff", "date", "weekday", "code", "start", "end", "mark", "source")
    rows: Iterable[tuple[str, ...]] = (
        (
            p.person.code,
            day.isoformat(),
            WEEKDAYS[day.weekday()],
            "" if x.source == "absence" else x.shift.code,
            *(x.hours or ("", "")),
            x.mark,
            _SOURCES[x.source],
        )
        for day in record.days
        for p in record.people
        if (x := p.days.get(day)) is not None
    )
    return csv_bytes(header, rows)

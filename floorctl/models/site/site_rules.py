"""Rules between the parts of a site file: what is named exists, and what is written can be met. Pure.

Each rule is asked by itself (``intake/toml_model.py``), also of a site with wrong values, which are None; it ends where
it needs one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any
from unicodedata import east_asian_width, normalize

from dateutil.relativedelta import relativedelta

from floorctl.common.clock import day_seconds, fiscal_year
from floorctl.common.illness_words import names_illness
from floorctl.common.incident_policies import INCIDENT_POLICIES
from floorctl.common.words import WEEKDAYS, hm
from floorctl.models.site.calendar import OPEN_KINDS, Calendar
from floorctl.models.site.languages import unknown_names
from floorctl.models.site.part import Fault, Place, instead, known, one_of, twice
from floorctl.models.site.site import Site
from floorctl.models.site.site_code import misread, stops_a_reader
from floorctl.models.site.source_rules import source_faults

# Tables whose parts have a code of their own.
CODED = (
    "lanes", "services", "terminals", "matters", "work_items", "posts", "remarks", "skills", "checklist", "training", "equipment",
    "questions",
)  # fmt: skip
# Words by which people tell parts apart on screens and paper.
_NAMES = (
    ("lanes", "name"), ("services", "name"), ("services", "short"), ("matters", "name"), ("matters", "short"), ("skills", "name"), ("skills", "short"), ("remarks", "name"),
)  # fmt: skip
_WORD_LISTS = ("inquiry_topics", "accommodations", "referrals")
_ONE = "どちらかを消すか、別のものにしてください"
MOST_YEARS = 30  # of a contract: a longer one is a mistyped year
_YEARS = range(2000, 2200)


def _alike(words: Iterable[str | None]) -> Iterator[tuple[int, int]]:
    """Yield (place, place of the first) of each word that stands there already, in whatever case."""
    return twice(word and word.casefold() for word in words)


def _codes(site: Site) -> Iterator[Fault]:
    for table in CODED:
        parts: Sequence[Any] = getattr(site, table) or ()
        for n, first in _alike(x and x.code for x in parts):
            why = f"{parts[n].code} が2度あります（{first + 1}番目にもあります）"
            yield Fault((table, n, "code"), why, "別のコードにしてください")


def _site_code(site: Site) -> Iterator[Fault]:
    if site.code is not None and (why := misread(site.code)):
        yield Fault(("code",), why, "場所の名前など、ほかの言葉にしてください（minami など）")


def _letters(site: Site) -> Iterator[Fault]:
    for n, first in twice(x.letter for x in site.lanes):
        why = f"{site.lanes[n].letter} は{first + 1}番目の窓口（{site.lanes[first].name}）と同じで、番号が見分けられません"
        yield Fault(("lanes", n, "letter"), why, "窓口ごとに違う英字にしてください")


def _names(site: Site) -> Iterator[Fault]:
    for table, key in _NAMES:
        for n, first in _alike(getattr(x, key) for x in getattr(site, table)):
            yield Fault(
                (table, n, key), f"{first + 1}番目と同じ言葉で、画面で見分けられません", "別の言葉にしてください"
            )
    for table in _WORD_LISTS:
        for n, first in _alike(getattr(site, table)):
            yield Fault((table, n), f"{first + 1}番目と同じ言葉です", _ONE)
    for n, first in _alike(site.duties.meeting_heads):
        yield Fault(("duties", "meeting_heads", n), f"{first + 1}番目と同じ言葉です", _ONE)


def _tables(site: Site) -> Iterator[Fault]:
    """Yield the faults of the code tables for imported tables: a word twice, a service that is not there."""
    for table, key in (("booking_codes", "name"), ("shift_codes", "code")):
        for n, first in twice(x and _folded(getattr(x, key)) for x in getattr(site, table) or ()):
            yield Fault((table, n, key), f"{first + 1}番目と同じ言葉です", _ONE)
    hours = [
        (n, x, day)
        for n, x in enumerate(site.city_hours)
        if known(x.starts)
        for day in dict.fromkeys(x.weekdays or ("",))
    ]
    for n, first in twice((x.starts, day) for _, x, day in hours):
        why = f"同じ時刻が{hours[first][0] + 1}番目にもあります"
        yield Fault(("city_hours", hours[n][0], "starts"), why, "時刻ごとに1つにしてください")
    services = [s.code for s in site.services]
    for n, x in enumerate(site.booking_codes):
        if x.service is not None and known(*services) and x.service not in services:
            yield Fault(
                ("booking_codes", n, "service"), f"{x.service} が services にありません", "業務のコードにしてください"
            )
    codes: list[tuple[Place, str]] = [(("shift_codes", n, "code"), x.code) for n, x in enumerate(site.shift_codes)]
    codes += [(("shift_codes", n, "also", m), w) for n, x in enumerate(site.shift_codes) for m, w in enumerate(x.also)]
    for n, first in twice(_folded(word) for _, word in codes):
        if n >= len(site.shift_codes):
            yield Fault(codes[n][0], f"{int(codes[first][0][1]) + 1}番目の記号と同じ言葉です", _ONE)


def _folded(word: str | None) -> str | None:
    return word and normalize("NFKC", word).casefold()


def _lanes_named(site: Site) -> Iterator[Fault]:
    """Yield each lane that is named and not listed."""
    lanes = [x.code for x in site.lanes if x]
    named: list[tuple[Place, str]] = []
    for table in ("services", "bands", "work_items"):
        named += [((table, n, "lane"), x.lane) for n, x in enumerate(getattr(site, table) or ())]
    for table, key in (("terminals", "lanes"), ("equipment", "serves"), ("skills", "lanes")):
        for n, x in enumerate(getattr(site, table) or ()):
            named += [((table, n, key, m), code) for m, code in enumerate(getattr(x, key) or ())]
    if not known(*lanes):
        return
    absent = [code for _, code in named if code is not None and code not in lanes]
    unused = [n for n, code in enumerate(lanes) if code not in {code for _, code in named}]
    if len(unused) == 1 and len({*absent}) == 1 and len(absent) > 1:
        why = f"{lanes[unused[0]]} を使うところがなく、lanes にない {absent[0]} を使うところが{len(absent)}か所あります"
        yield Fault(("lanes", unused[0], "code"), why, "どちらかにそろえてください")
        return
    for place, code in named:
        if code in absent:
            yield Fault(place, f"{code} が lanes にありません", f"{one_of(lanes[:8])}にしてください")


def _lanes_served(site: Site) -> Iterator[Fault]:
    """Yield each lane whose visitors nobody could serve, and each terminal that nobody could come to."""
    lanes = {x.code for x in site.lanes}
    served = {code for t in site.terminals for code in t.lanes}
    asked = {s.lane for s in site.services}
    for n, lane in enumerate(site.lanes):
        if known(lane.code) and lane.code not in served and served <= lanes:  # a misspelt lane is told where it stands
            why = f"窓口 {lane.code} を受け持つ端末が terminals にありません"
            yield Fault(("lanes", n), why, f"端末の lanes に {lane.code} を書き足すか、窓口を消してください")
    for n, t in enumerate(site.terminals):
        if known(*t.lanes) and {*t.lanes} <= lanes and asked <= lanes and not asked & {*t.lanes}:
            why = f"この端末の窓口（{'、'.join(t.lanes)}）で受け付ける業務が services にありません"
            yield Fault(("terminals", n, "lanes"), why, "業務の lane か、端末の lanes を直してください")


def _bands(site: Site) -> Iterator[Fault]:
    for n, first in twice(b.lane for b in site.bands):
        yield Fault(("bands", n, "lane"), f"{site.bands[n].lane} は{first + 1}番目にもあります", "1つにしてください")
    for n, band in enumerate(site.bands):
        able = sum(band.lane in t.lanes for t in site.terminals)
        if (
            known(band.lane, band.low, band.high)
            and able < band.low <= band.high
            and band.lane in {x.code for x in site.lanes}
        ):
            why = f"{band.lane} を受け持てる端末は{able}台で、{band.low}台にはできません"
            yield Fault(("bands", n, "low"), why, "台数か、端末の lanes を直してください")
    lanes = {b.lane for b in site.bands}
    least, able = sum(b.low for b in site.bands), sum(bool(lanes & {*t.lanes}) for t in site.terminals)
    if least > able and not any(b.low > able for b in site.bands):
        why = f"low を合わせると{least}台ですが、これらの窓口の端末は{able}台です"
        yield Fault(("bands",), why, "台数を減らしてください")


def _contract(site: Site) -> Iterator[Fault]:
    start, end = site.contract.start, site.contract.end
    for key, day in (("start", start), ("end", end)):
        if day is not None and day.year not in _YEARS:
            yield Fault(("contract", key), "2000年から2199年までの日ではありません", "年を確かめてください")
    if end.year in _YEARS and start.year in _YEARS and start + relativedelta(years=MOST_YEARS) < end:
        yield Fault(("contract", "end"), f"契約期間が{MOST_YEARS}年を超えます", "年を確かめてください")


def _venues(site: Site) -> Iterator[Fault]:
    contract = site.contract
    begins = [v.valid_from for v in site.venues]
    first = min(begins)
    if contract.start < first:
        why = f"契約の始まり（{contract.start}）から{first}の前日まで、会場がありません"
        yield Fault(("venues", begins.index(first), "valid_from"), why, "契約の始まり以前の日付にしてください")
    for n, begin in enumerate(begins):
        if contract.start <= contract.end < begin:
            why = f"契約の終わり（{contract.end}）より後なので、使われません"
            yield Fault(("venues", n, "valid_from"), why, "日付を確かめてください")
    for n, same in twice(begins):
        yield Fault(("venues", n, "valid_from"), f"{same + 1}番目と同じ日です", _ONE)


def _windows(site: Site) -> Iterator[Fault]:
    """Yield receptions that lie wholly outside the opening hours, after which no wait is foretold."""
    if site.hall.opens >= site.hall.closes:
        return
    for place, opens, closes in windows(site):
        if known(opens, closes) and opens < closes and (closes <= site.hall.opens or opens >= site.hall.closes):
            yield Fault(
                place, f"受付時間（{hm(opens)}〜{hm(closes)}）が開庁時間（{_hall(site)}）にかかりません", _HOURS
            )


_HOURS = "受付時間か [hall] の時刻を直してください"


def _hall(site: Site) -> str:
    return f"{hm(site.hall.opens)}〜{hm(site.hall.closes)}"


def windows(site: Site) -> Iterator[tuple[Place, time, time]]:
    """Yield (place, from, to) of every reception of some length; an empty one on a weekday says that there is none."""
    for n, s in enumerate(site.services):
        found: list[tuple[Place, tuple[time, time]]] = [(("services", n, "opens"), (s.opens, s.closes))]
        found += [
            (("services", n, "weekday_hours", day), hours) for day, hours in (s.weekday_hours or {}).items() if hours
        ]
        for place, (opens, closes) in found:
            if opens != closes:
                yield place, opens, closes


def _calendar(site: Site) -> Iterator[Fault]:
    """Yield agreed days that change nothing or contradict each other."""
    contract = site.contract
    if contract.end < contract.start:
        return
    for n, x in enumerate(site.calendar.training):
        if known(x.start, x.end) and x.start <= x.end and (x.end < contract.start or x.start > contract.end):
            yield Fault(("calendar", "training", n, "start"), "契約期間の外です", "日付を確かめてください")
    if not _has_calendar(site):
        return
    plain = Calendar(replace(site, calendar=replace(site.calendar, overrides=())))
    first: dict[date, int] = {}
    for n, o in enumerate(site.calendar.overrides):
        if not known(o.date, o.kind):
            continue
        place = ("calendar", "overrides", n, "date")
        info = plain.day_info(o.date)
        if first.setdefault(o.date, n) != n:
            yield Fault(place, f"{o.date} は{first[o.date] + 1}番目にもあります", "1日に1つにしてください")
        elif info.kind == "outside_contract":
            yield Fault(place, f"{o.date} は契約期間の外です", "日付を確かめてください")
        elif o.kind == "closed_emergency" and not info.open:
            yield Fault(place, f"{o.date} はもともと開場日ではありません（{info.reason}）", "日付を確かめてください")
        elif o.kind == "extra" and info.kind in OPEN_KINDS:
            yield Fault(place, f"{o.date} はもともと開場日です", "日付を確かめてください")


def _has_calendar(site: Site) -> bool:
    """Return whether the rules by which days are open are right themselves."""
    c = site.calendar
    return known(*c.saturdays_nth, *c.hall_saturdays_nth, *c.saturday_peak_months, c.year_end_from, c.year_end_to)


def _open_days(site: Site) -> Iterator[Fault]:
    start, end = site.contract.start, site.contract.end
    if not _has_calendar(site):
        return
    if start <= end <= start + relativedelta(years=MOST_YEARS) and end.year in _YEARS:
        calendar = Calendar(site)
        if not calendar.is_open(start) and calendar.next_open_day(start) is None:
            yield Fault(("calendar",), "契約期間に開場日が1日もありません", "休みの決まりと契約期間を確かめてください")


def _reports(site: Site) -> Iterator[Fault]:
    for category in site.incident_reports:
        if category not in INCIDENT_POLICIES:
            do = f"{one_of(INCIDENT_POLICIES)}にしてください"
            yield Fault(("incident_reports", category), "このような事案の分類はありません", do)


def _duties(site: Site) -> Iterator[Fault]:
    start, end, months = site.contract.start, site.contract.end, site.duties.handover_months
    if start < end and months and end - relativedelta(months=months) < start:
        why = f"業務引継書の期限（{months}か月前）が、契約の始まり（{start}）より前になります"
        yield Fault(("contract", "end"), why, "契約期間か、[duties] の handover_months を直してください")


def _demand(site: Site) -> Iterator[Fault]:
    """Yield years that the contract does not touch, and totals that no hall could serve."""
    for n, first in twice(x.fiscal_year for x in site.demand):
        why = f"{site.demand[n].fiscal_year} は{first + 1}番目にもあります"
        yield Fault(("demand", n, "fiscal_year"), why, "1年度に1つにしてください")
    years = range(fiscal_year(site.contract.start), fiscal_year(site.contract.end) + 1)
    for n, x in enumerate(site.demand):
        if x.fiscal_year is not None and x.fiscal_year not in years and years:
            why = f"{x.fiscal_year}年度は契約期間にかかりません"
            yield Fault(("demand", n, "fiscal_year"), why, f"{years[0]} から {years[-1]} までにしてください")
        elif expected(x) > (most := most_served(site, 1)):
            why = f"年に{expected(x):,}件は、{len(site.terminals)}台の端末が1分に1件を受け続けても{most:,}件までなので、ありえません"
            yield Fault(("demand", n), why, "件数を確かめてください")


def expected(x: Any) -> int:
    """Return the visitors of a fiscal year's totals."""
    return int(x.cert_renewals + x.card_renewals + x.new_and_reissued)


def most_served(site: Site, minutes: int) -> int:
    """Return how many visitors of ``minutes`` each all terminals could serve in a year of 250 open days."""
    return len(site.terminals) * _longest_s(site) // 60 * 250 // minutes


def _longest_s(site: Site) -> int:
    """Return the length of the longest reception in seconds."""
    return max(day_seconds(closes) - day_seconds(opens) for _, opens, closes in windows(site))


def _seats(site: Site) -> Iterator[Fault]:
    if site.most_in_hall < site.seats.capacity:
        why = f"窓口の数を掛けると{site.most_in_hall}人で、「満席」の人数（capacity の{site.seats.capacity}人）を記録できません"
        yield Fault(("seats", "most_in_lane"), why, "大きくするか、capacity を小さくしてください")


def _feeds(site: Site) -> Iterator[Fault]:
    for n, _ in twice(x.path for x in site.feeds):
        yield Fault(("feeds", n, "path"), "同じファイルがもうあります", "1つにしてください")


def _sources(site: Site) -> Iterator[Fault]:
    yield from source_faults(site.sources, site)


def _hall_page(site: Site) -> Iterator[Fault]:
    """Yield names of lanes and services that the site has not, and signs of which two desks have the same."""
    codes = {"lanes": [x.code for x in site.lanes], "services": [x.code for x in site.services]}
    if known(*codes["lanes"], *codes["services"]):
        for place, table, code in unknown_names(site.hall_page, codes["lanes"], codes["services"]):
            yield Fault(place, f"{code} が {table} にありません", instead(code, codes[table]))
    for n, first in _alike(t.sign for t in site.terminals):
        if site.terminals[n].place is not None:
            why = f"{first + 1}番目の端末と同じで、来た人が見分けられません"
            yield Fault(("terminals", n, "place"), why, "端末ごとに違う表示にしてください")


RULES = (
    _site_code, _codes, _letters, _names, _tables, _lanes_named, _lanes_served, _bands, _contract, _venues, _windows, _calendar, _open_days,
    _reports, _duties, _demand, _seats, _feeds, _sources, _hall_page,
)  # fmt: skip


_ALERTS = (
    "escalation_red_s",
    "wait_target_s",
    "no_show_s",
    "stale_feed_s",
    "long_service_s",
    "last_call_s",
    "switch_s",
)


def cautions(site: Site) -> Iterator[Fault]:
    """Yield what can be meant, and is worth a look: nothing is refused for it."""
    if stops_a_reader(site.code):
        why = f"{site.code} は、本部が ClickHouse で読むとき、型を指定しないと読めません"
        yield Fault(("code",), why, "ClickHouse を使わないなら、直さなくて構いません")
    for place, opens, closes in windows(site):
        if opens < site.hall.opens or closes > site.hall.closes:
            why = f"受付時間（{hm(opens)}〜{hm(closes)}）が開庁時間（{_hall(site)}）からはみ出します"
            yield Fault(place, why, "開庁時間の外では待ち時間を見込めません。そのとおりなら直さなくて構いません")
    longest = _longest_s(site)
    for key in _ALERTS:
        if getattr(site.thresholds, key) >= longest:
            why = f"受付の一日（いちばん長い業務で{longest // 60}分）より長く、知らせが出ません"
            yield Fault(("thresholds", key), why, "秒で書いているか確かめてください")
    asked = {s.lane for s in site.services}
    for n, lane in enumerate(site.lanes):
        if lane.code not in asked:
            why = f"窓口 {lane.code} で受け付ける業務が services にありません"
            yield Fault(("lanes", n), why, "番号を出さない窓口なら、直さなくて構いません")
    for n, remark in enumerate(site.remarks):
        if names_illness(remark.name):
            why = "病気や体の具合を表す言葉のようです"
            yield Fault(("remarks", n, "name"), why, "窓口がすることを書いてください（要配慮、付添い など）")
    shortest = min(s.typical_minutes for s in site.services)
    for n, x in enumerate(site.demand):
        most = most_served(site, shortest)
        if most < expected(x) <= most_served(site, 1):
            why = (
                f"年に{expected(x):,}件は、1件{shortest}分として{len(site.terminals)}台で受けられる{most:,}件を超えます"
            )
            yield Fault(("demand", n), why, "件数か端末の数を確かめてください")
    for n, s in enumerate(site.services):
        if WEEKDAYS[5] in s.weekday_hours and not (site.calendar.saturdays_nth or site.calendar.saturday_peak_months):
            place = ("services", n, "weekday_hours", WEEKDAYS[5])
            yield Fault(place, "土曜日に開く決まりがありません", "暦を確かめてください")
    for table in _NAMED:
        for n, first in _alike(x.name for x in getattr(site, table)):
            why = f"{first + 1}番目と同じ言葉で、画面と書類で見分けにくくなります"
            yield Fault((table, n, "name"), why, "同じもののことでなければ、別の言葉にしてください")
    for table, key in _SHORT:
        for n, x in enumerate(getattr(site, table)):
            if (cells := sum(2 if east_asian_width(c) in "WFA" else 1 for c in getattr(x, key))) > MOST_CELLS:
                why = f"全角{(cells + 1) // 2}字は、狭い画面で途中までになります"
                yield Fault((table, n, key), why, f"全角{MOST_CELLS // 2}字までにしてください")


# Tables whose parts may have one name, as the code stands beside it; seldom meant.
_NAMED = ("terminals", "work_items", "posts", "training", "equipment")
# Words that stand in narrow columns.
_SHORT = (("lanes", "name"), ("services", "short"), ("matters", "short"))
MOST_CELLS = 12

"""No figure without its code: one fact, or the clock, changes exactly the words on the board that depend on it.

Each figure of ``figures.txt`` tells a hall (``given``; ``given!`` at the command line), then one thing that happens (a
``fact`` of the feed, an ``act`` at the command line, the clock ``then``). The words that are named must change as named,
and no other word of the board may change, but for the journal (which tells every fact) and the curves.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from floorctl.console.forecasts import Forecasts
from floorctl.screens.board import day_flow, panels
from floorctl.screens.drawing.canvas import Canvas, spark
from floorctl.screens.drawing.digits import big
from floorctl.usecases.imports import import_roster
from floorctl.usecases.retraction import retract
from tests.screens.harness import Console, console, cut, joined, open_day
from tests.screens.steps import all_at_once, told, value
from tests.story import Story, instant

DAY = open_day(at="09:00")
EARLY = open_day()  # issuance is not received yet
LATE = open_day(at="12:05")  # nobody has worked so long that a break is owed
WIDE, SMALL = (160, 45), (80, 24)
Pairs = tuple[tuple[str, str], ...]
Act = tuple[str, dict[str, Any]]  # kind, fields


def a(prefix: str = "a") -> Story:
    """Something that happens, told under ids of its own."""
    return Story(prefix=prefix)


@dataclass(frozen=True)
class Figure:
    """In the hall ``given`` at ``at``, ``fact`` happens (or the clock moves to ``then``): ``changes`` are old and new.

    ``acts`` and ``act``: the same for what no feed tells, as somebody records it at the command line.
    """

    name: str
    changes: Pairs
    given: list[dict[str, Any]]
    fact: Story | None = None
    acts: tuple[Act, ...] = ()
    act: Act | None = None
    at: str = "09:09"
    then: str = ""
    size: tuple[int, int] = WIDE


# Predicted waits: any fact may move them. Tests of their own say what they follow (test_advice_waits, stories/forecast.txt).
_MINUTES = "(?:まもなく|約?(?:[0-9]+時間)?[0-9]+分)"
FORECASTS = f"最後の人 *{_MINUTES}(?: +9割 +(?:{_MINUTES}|閉庁後))?(?: *15分前より [0-9]+分[長短]い)?|(?:いま来た人|予約の(?:ある|ない)人|予約[ありなし]{2}) (?:{_MINUTES}|待ちなし)"


@pytest.fixture(autouse=True)
def without_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Advice, expected arrivals and proposed breaks are forecasts: any fact may move them (stories/advice.txt, test_plan)."""
    monkeypatch.setattr(day_flow, "_expected", lambda state: {})
    monkeypatch.setattr(panels, "_turns", lambda state: ())
    monkeypatch.setattr(Forecasts, "advice", lambda self: None)
    monkeypatch.setattr(Forecasts, "of_move", lambda self, terminal: None)


def shown(c: Console) -> str:
    """The board's words, one space between them, without the journal panel, the message, curves, large digits and
    predicted waits."""
    rows = c.rows()
    for region, meaning in c.frame.picture.targets:
        if meaning.startswith("journal:"):
            row = rows[region.y]
            rows[region.y] = f"{cut(row, 0, region.x)} {cut(row, region.right, c.app.size.width)}"
    line = c.app.size.height - 2
    rows[line] = rows[line].replace(c.message, "")
    text = re.sub("[\u2800-\u28ff]+", " ", "\n".join(rows))
    assert f"記録 {len(c.floor.entries)}件" in text
    text = re.sub("記録 [0-9]+件.*? m  l|最後の記録 (?:1分以内|[^ ]+前)", "", text)
    text = re.sub(FORECASTS, "", text)
    # So do those for the entrance; which lanes are named, and which of them calls nobody, are facts.
    text = re.sub("ただいまの待ち.*", lambda line: re.sub("約[0-9]+分|待ちなし", "N分", line[0]), text)
    return "\n".join(" ".join(row.split()) for row in text.split("\n"))


def words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


def one_case(matter: str = "proxy", at: str = "09:08", **more: Any) -> Story:
    return a("e").tells("escalation.raised", at, escalation="E-1", matter=matter, **more)


HALLS = {"day": DAY, "early": EARLY, "late": LATE, "none": []}


def happening(text: str) -> tuple[str, str, dict[str, Any]]:
    """``TIME KIND FIELD=VALUE…`` as (kind, time, fields)."""
    at, kind, *fields = text.split()
    return kind, at, {name: value(v) for name, _, v in (x.partition("=") for x in fields)}


def act_of(text: str) -> Act:
    kind, at, fields = happening(text)
    return kind, fields if at == "now" else {**fields, "at": instant(at)}


def figure_of(paragraph: str) -> Figure:
    """A paragraph of ``figures.txt``: its name, what happens, and what changes (``N× OLD → NEW``: in N places)."""
    name, *lines = paragraph.splitlines()
    said: dict[str, list[str]] = defaultdict(list)
    changes: list[tuple[str, str]] = []
    for line in lines:
        if "→" in line:
            times, old, new = re.fullmatch(r"(?:(\d+)× )?(.*?) ?→ ?(.*)", line.strip()).groups()  # type: ignore[union-attr]
            changes += [(old, new)] * int(times or 1)
        else:
            word, _, rest = line.strip().partition(" ")
            said[word].append(rest)
    hall = said.pop("hall", ["day"])[0]
    found = Figure(
        name,
        tuple(changes),
        joined(HALLS[hall], all_at_once(*map(happening, said.pop("given", ())), prefix="g")),
        all_at_once(*map(happening, said.pop("fact"))) if "fact" in said else None,
        tuple(map(act_of, said.pop("given!", ()))),
        act_of(said.pop("act")[0]) if "act" in said else None,
        said.pop("at", ["09:09"])[0],
        said.pop("then", [""])[0],
        SMALL if said.pop("small", []) else WIDE,
    )
    assert not said, f"{name}: {said}"
    return found


STORIES = (Path(__file__).parent / "figures.txt").read_text(encoding="utf-8").split("\n\n")
FIGURES = [figure_of(x.strip("\n")) for x in STORIES if not x.startswith("#")]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name + (" (small)" if f.size == SMALL else ""))
async def test_figure(tmp_path: Path, figure: Figure) -> None:
    async with console(tmp_path, figure.given, at=figure.at, size=figure.size, live=True) as c:
        for kind, fields in figure.acts:
            await told(c, kind, **fields)
        before = shown(c)
        if figure.fact is not None:
            await c.hears(figure.fact)
        if figure.act is not None:
            await told(c, figure.act[0], **figure.act[1])
        if figure.then:
            await c.at(figure.then)
        after = shown(c)
    for old, new in figure.changes:
        assert old in before, f"{old} was not there\n{before}"
        assert new in after, f"{new} did not come\n{after}"
    gone, came = words([before]) - words([after]), words([after]) - words([before])
    assert gone or came
    assert not gone - words(old for old, _ in figure.changes), "more has gone than was named"
    assert not came - words(new for _, new in figure.changes), "more has come than was named"


async def test_a_failure_lasts_since_it_began(tmp_path: Path) -> None:
    """A late call there is an anomaly and does not end it: ``since`` is the start of the state (contract 3)."""
    given = a().tells("terminal.failed", "09:01", terminal="T7").issues("B001", at="09:02").calls("B001", "T7", "09:08")
    async with console(tmp_path, joined(DAY, given), at="09:09", size=WIDE) as c:
        assert "T7 8分" in shown(c)


# ---- figures that are drawn


def lane_text(c: Console, lane: str) -> str:
    """The panel of a lane, from its left edge to the next panel's."""
    titles = {"issuance": "個人番号カード交付", "certificate": "電子証明書"}
    rows = c.rows()
    top = next(y for y, row in enumerate(rows) if titles["issuance"] in row)
    left = cell_len(rows[top].partition(titles["certificate"])[0]) - 1
    edges = {"issuance": (0, left), "certificate": (left, c.app.size.width)}[lane]
    return "\n".join(cut(row, *edges).rstrip() for row in rows[top : top + 13])


def has_number(text: str, number: int) -> bool:
    """Return whether the large digits of ``number`` stand in a panel, each row under the other."""
    rows, digits = text.split("\n"), big(number)
    return any(all(f"  {digits[i]} " in f"  {rows[y + i].strip()} " for i in range(3)) for y in range(len(rows) - 2))


@pytest.mark.parametrize("lane", ["issuance", "certificate"])
async def test_the_large_number_is_who_waits(tmp_path: Path, lane: str) -> None:
    other = {"issuance": "certificate", "certificate": "issuance"}[lane]
    async with console(tmp_path, DAY, at="09:09", size=WIDE) as c:
        for second, n in enumerate((0, 1, 7, 12, 38, 99, 100, 264)):
            await c.hears(a(f"n{n}-").counts(lane, n, at=f"09:08:{second:02d}"))
            assert has_number(lane_text(c, lane), n), n
            assert has_number(lane_text(c, other), 0), n
        await c.hears(a("i").issues("X001", "card_issuance" if lane == "issuance" else "other", at="09:09"))
        assert has_number(lane_text(c, lane), 265)


async def test_the_curve_is_the_last_hour_and_then_what_is_expected(tmp_path: Path) -> None:
    given = (
        a()
        .counts("certificate", 4, at="08:31")
        .counts("certificate", 8, at="09:00")
        .counts("certificate", 2, at="09:20")
    )
    async with console(tmp_path, joined(EARLY, given), at="09:30", size=WIDE) as c:
        # 30 points from 8:32 to 9:30, every two minutes: 4 until 9:00, then 8, then 2; after them 16 down to nobody.
        curve = next(word for word in lane_text(c, "certificate").split() if len(word) == 23)
        assert curve == spark([4] * 14 + [8] * 10 + [2] * 6) + spark([2] * 3 + [1] * 8 + [0] * 5, 8)
        assert spark([0] * 30) + spark([0] * 16) in lane_text(c, "issuance")
        assert "30分後 約0人" in lane_text(c, "certificate")
        await c.hears(a("c").counts("certificate", 30, at="09:30"))
        # Five desks end 14.4 cases of 10.4 minutes in the half hour: 30 become 16.
        assert "30分後 約16人" in lane_text(c, "certificate")
        coming = [29, 28, 27, 26, 25, 24, 23, 23, 22, 21, 20, 19, 18, 17, 16, 15]
        assert spark([4] * 14 + [8] * 10 + [2] * 5 + [30]) + spark(coming, 30) in lane_text(c, "certificate")


async def test_the_bar_of_a_card_grows_with_the_time_of_its_ticket(tmp_path: Path) -> None:
    given = a().issues("B001", at="09:01").calls("B001", "T3", "09:01").finishes("B001", "T3", "09:11")
    given.issues("B002", at="09:11").calls("B002", "T3", "09:11")
    async with console(tmp_path, joined(DAY, given), at="09:16", size=WIDE) as c:
        # The mean service is 10 minutes; the bar is full at twice that.
        def filled() -> float:
            region = next(r for r, m in c.frame.picture.targets if m == "terminal:T3")
            canvas = Canvas(*c.app.size)
            c.frame.draw(canvas)
            bar = [role for role, _, under in canvas.rows()[region.bottom - 1][1][region.x : region.right] if under]
            return sum(role != "faint" for role in bar) / len(bar)

        assert filled() == pytest.approx(0.25, abs=0.05)
        await c.at("09:21")
        assert filled() == pytest.approx(0.5, abs=0.05)
        await c.at("09:40")
        assert filled() == 1


# ---- one card, one terminal


def cards(c: Console) -> dict[str, str]:
    """Return the words in the region of each terminal."""
    rows, found = c.rows(), dict.fromkeys(c.floor.terminals, "")
    for region, meaning in c.frame.picture.targets:
        kind, _, terminal = meaning.partition(":")
        if kind == "terminal" and region.width < c.app.size.width:
            text = [" ".join(cut(rows[y], region.x, region.right).split()) for y in range(region.y, region.bottom)]
            found[terminal] = "\n".join(text)
    return found


async def test_a_fact_of_one_terminal_changes_its_card_alone(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="09:09", size=WIDE) as c:
        codes, after = list(c.floor.terminals), cards(c)
        for n, code in enumerate(codes):
            lane = c.floor.terminals[code].lane
            service = {"issuance": "card_issuance", "certificate": "cert_renewal", "application": "application_support"}
            number = f"Q{n:03d}"
            small = code[0] in "AP"
            steps: list[tuple[Story, str, str]] = [
                (a().tells("terminal.paused", "09:09", terminal=code), "空き", "休止"),
                (a().tells("terminal.failed", "09:09:01", terminal=code), "休止", "故障"),
                (a().tells("terminal.repaired", "09:09:02", terminal=code), "故障", "休止"),
                (a().tells("terminal.resumed", "09:09:03", terminal=code), "休止", "空き"),
                (a().staffs(code, None, "09:09:04"), "空き", "担当なし"),
                (a().staffs(code, f"R{n:02d}", "09:09:05"), "担当なし", "空き" if small else f"R{n:02d}"),
            ]
            for i, (story, old, new) in enumerate(steps):
                story.lines[0]["id"] = f"{code}-{i}"
                await c.hears(story)
                before, after = after, cards(c)
                assert [x for x in codes if before[x] != after[x]] == [code], (code, new)
                assert old in before[code] and new in after[code] and (old not in after[code] or small), (code, new)
            issue = a(f"{code}-t").issues(number, service.get(lane, "registration_support"), at="09:09:06")
            await c.hears(issue)
            for kind, new, fields in (("called", number, {}), ("finished", "空き", {"outcome": "done"})):
                story = a(f"{code}-{kind}").tells(f"ticket.{kind}", "09:09:07", ticket=number, terminal=code, **fields)
                story.lines[0]["at"] = story.lines[0]["at"].replace("39:07", "39:08" if fields else "39:07")
                await c.hears(story)
                before, after = after, cards(c)
                assert [x for x in codes if before[x] != after[x]] == [code]
                assert new in after[code]


# ---- what only the command line and the console write


async def test_incidents_by_the_side(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        other = c.beside()
        before = shown(c)
        assert "事案 0件" in before and "未終結の事案はありません" in before
        other.act("incident.opened", {"category": "injury", "summary": "転倒"})
        await c.until(lambda: "事案 1件" in shown(c), "the incident")
        assert "I-1 未報告 急病・けが 9:09 転倒" in shown(c)
        assert "注意 1件" in shown(c) and "事案 I-1 急病・けが 市へ直ちに報告 あと15分 F5" in shown(c)
        await c.at("09:24")
        assert "市へ直ちに報告 超過" in shown(c)
        other.act("incident.reported", {"incident": "I-1", "to": "監督員"})
        await c.until(lambda: "I-1 報告済 急病・けが 9:09 転倒" in shown(c), "the report")
        assert "市へ直ちに報告" not in shown(c)
        other.act("incident.closed", {"incident": "I-1"})
        await c.until(lambda: "事案 0件" in shown(c), "the close")
        other.close()


async def test_the_journal_tells_each_fact_as_it_comes(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE) as c:
        await c.hears(a().issues("B001", at="09:08"))
        c.sees("9:08 B001      発券 証明書更新")
        await c.hears(a("c").calls("B001", "T3", "09:09"))
        rows = [row for row in c.rows() if "呼出し B001" in row or "発券 証明書更新" in row]
        assert "呼出し" in rows[0] and "発券" in rows[1]
        other = c.beside()
        retract(other, {"target": "c-00001", "target_source": "feed", "reason": "誤り"})
        other.close()
        await c.until(lambda: "取消済" in c.text(), "the correction")
        c.sees("取消し T3 呼出し B001 （誤り）")
        await c.hears(a("q").calls("B777", "T5", "09:09"))
        assert any("呼出し B777" in row and "?" in row for row in c.rows())


async def test_the_date_and_the_place(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE) as c:
        c.sees("熊谷市 交付特設会場", "令和8年9月14日（月）", "9:09:00")
        c.app.state.settings.banner = "時刻固定"
        c.app.redraw()
        c.sees("時刻固定")


def title_of_the_journal(c: Console) -> str:
    """The words of the panel's title, without its keys."""
    row = next(row for row in c.rows() if "m  l" in row and "記録 " in row)
    return " ".join(row[row.index("記録 ") :].split(" m  l")[0].split())


async def test_the_journal_says_when_each_source_last_spoke(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert title_of_the_journal(c) == "記録 13件 発券機 9分前"
        await c.hears(a("m").issues("B001", at="09:07"), source="kiosk")
        assert title_of_the_journal(c) == "記録 14件 発券機 9分前 kiosk 2分前"
        await c.at("09:10:00")
        assert title_of_the_journal(c) == "記録 14件 発券機 10分前 kiosk 3分前"
        await c.hears(a("z").issues("B002", at="09:10"))
        assert title_of_the_journal(c) == "記録 15件 発券機 1分以内 kiosk 3分前"
        await c.at("09:14:30")
        assert title_of_the_journal(c) == "記録 15件 発券機 4分前 kiosk 7分前"


async def test_the_journal_says_when_the_manager_last_recorded(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        await c.press("5", "s")
        assert title_of_the_journal(c) == "記録 14件 発券機 9分前 手入力 1分以内"
        await c.at("09:11:00")
        assert title_of_the_journal(c) == "記録 14件 発券機 11分前 手入力 1分前"


async def a_kiosk_says(c: Console, said_at: str) -> str:
    """Return the words in the journal's title on the clock of a kiosk that has told five facts as they happened."""
    story = a("m")
    for n in range(5):
        story.issues(f"B00{n}", at=said_at)
    await c.hears(story.lines[:4], source="kiosk")
    assert "時計" not in title_of_the_journal(c), "too few facts to tell"
    await c.hears(story.lines[4:], source="kiosk")
    [said] = re.findall("kiosk [^ ]+ ?(時計[^ ]+)?", title_of_the_journal(c))
    return str(said)


def skew_alerts(c: Console) -> list[str]:
    return [x.text for x in c.state.alerts() if x.code == "clock_skew"]


@pytest.mark.parametrize(("said_at", "skew"), [("09:08:46", ""), ("09:08:45", "時計-15秒"), ("09:09:59", "時計+59秒")])
async def test_a_clock_that_is_a_little_off(tmp_path: Path, said_at: str, skew: str) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert await a_kiosk_says(c, said_at) == skew
        assert skew_alerts(c) == []


@pytest.mark.parametrize(
    ("said_at", "skew", "off"), [("09:10:00", "+1分", "1分 進んで"), ("09:07:30", "-1分30秒", "1分30秒 遅れて")]
)
async def test_a_clock_that_is_a_minute_off_or_more(tmp_path: Path, said_at: str, skew: str, off: str) -> None:
    alert = f"kiosk の時計がこのPCより {off}います"
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert await a_kiosk_says(c, said_at) == f"時計{skew}"
        assert skew_alerts(c) == [alert]
        assert f"時計 {alert} F12 時計" in shown(c)


# ---- who people are


NAMES = {"S01": "田島", "S02": "佐々木", "S20": "鈴木"}


def roster_line(code: str, **more: Any) -> dict[str, Any]:
    since = date(2026, 6, 22)
    able = {"authority_on": since, "vein_on": since, "pledge_on": since}
    return {
        "staff": code,
        "role": "worker",
        "deputy": False,
        "shift_from": "08:15",
        "shift_to": "17:15",
        **able,
        **more,
    }


async def test_surnames_stand_in_place_of_codes_where_they_are_kept(tmp_path: Path) -> None:
    away = a("x").tells("staff.changed", "09:05", staff="S20", status="away", until="09:30")
    async with console(tmp_path, joined(DAY, away), at="09:09", size=WIDE, live=True) as c:
        await told(c, "charge.taken", staff="S01")
        await told(c, "vacancy.opened", staff="S20")
        codes = shown(c)
        places = (
            ("現場責任者 {} ", "S01"),
            ("次 9:30 戻り {}", "S20"),
            ("{} S02 S04", "S01"),
            ("{} T1 責任者 ", "S01"),
            ("{} T2", "S02"),
            ("{} 離席〜9:30", "S20"),
            ("欠員 {} 1分未満 代わりの人なし", "S20"),
        )
        for words_around, code in places:
            assert words_around.format(code) in codes, words_around
        other = c.beside()
        import_roster(other, [roster_line(x, deputy=x == "S01") for x in NAMES], NAMES)
        await c.until(lambda: c.state.day.names == NAMES, "the names")
        c.app.redraw()
        named = shown(c)
        for words_around, code in places:
            words_around = words_around.replace("S02", NAMES["S02"])
            assert words_around.format(NAMES[code]) in named, words_around
        assert "S04" in named, "who has no name kept is shown by code"
        assert not {"S01", "S02", "S20"} & set(named.split()), "no code where there is a name"
        other.store.erase_surnames()
        other.close()
        await c.until(lambda: c.state.day.names == {}, "the end of the names")
        c.app.redraw()
        for words_around, code in places:
            assert words_around.format(code) in shown(c), words_around


# ---- the key that takes back, and the key of the band


async def test_the_undo_key_says_what_it_would_take_back(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:

        def foot() -> str:
            return " ".join(c.rows()[-1].split()).removesuffix(" F1 操作一覧").partition(" u ")[2]

        assert foot() == "取消"
        await c.press("5", "s", "escape")
        assert foot() == "取消 T5 休止"
        await c.press("w", "4", "enter", "7", "enter")
        assert foot() == "取消 待ち人数 交付 4人 ほか1件"
        await told(c, "terminal.paused", terminal="T6")
        assert foot() == "取消 待ち人数 交付 4人 ほか1件", "what somebody else did is not this console's to take back"
        await c.press("u")
        assert foot() == "取消 T5 休止"
        await c.press("u")
        assert foot() == "取消"
        await c.press("m")
        await c.enters("とても長いメモなので下の行には入りきらないはずのもの")
        assert foot() == "取消 メモ とても長いメモなので下の.."


@dataclass(frozen=True)
class Band:
    """Name the words in the band, and the screen that its key brings."""

    says: str
    key: str
    brings: str
    fact: Story | None = None
    act: Act | None = None
    at: str = "09:09"


BANDS = [
    Band(
        "故障 T8 R/W 1分未満 f 故障/復旧",
        "f",
        "T8 復旧",
        a().tells("terminal.failed", "09:09", terminal="T8", fault="R/W"),
    ),
    Band(
        "待ち 電子証明書 最長 39分（目標 20分・超過 1人） b 番号",
        "b",
        "B001 1 待ち 39分",
        a().issues("B001", at="08:30"),
    ),
    Band("引継ぎ E-1 決定待ち 4分 F3 市職員", "f3", "市職員への引継ぎ", one_case(at="09:05")),
    Band(
        "市職員 不在 決定待ち 0件 市民課3番窓口へ o 市職員数",
        "o",
        "会場にいる市職員の人数",
        a().tells("officials.changed", "09:09", present=0),
    ),
    Band(
        "満席 会場 41人・椅子 40脚 v 会場人数",
        "v",
        "会場にいる人の数",
        a().tells("visitors.counted", "09:09", persons=41),
    ),
    Band(
        "打切り その他 9:09から（理由 混雑） r 受付打切り",
        "r",
        "受付を打ち切る・再開する業務",
        a().tells("reception.stopped", "09:09", service="other", reason="混雑"),
    ),
    Band(
        "責任者 現場責任者が不在です 受付中の不在 39分 代行者へ引継ぎ h 責任者",
        "h",
        "現場責任者の職務を引き継ぐ",
        None,
        ("charge.taken", {"staff": None, "reason": "急用"}),
    ),
    Band(
        "休憩 S20 休憩 9:05まで 4分超過 Enter 在席",
        "enter",
        "S20 在席",
        a().tells("staff.changed", "09:00", staff="S20", status="on_break", until="09:05"),
    ),
    Band(
        "戻り S20 遅刻 9:05まで 過ぎています Enter 状況",
        "enter",
        "S20 の状況",
        a().tells("staff.changed", "09:00", staff="S20", status="late", until="09:05"),
    ),
    Band("欠員 S20 1分未満 代わりの人なし F4 職員", "f4", "欠員", None, ("vacancy.opened", {"staff": "S20"})),
    Band(
        "記録 合わない記録 1件（発券なし1） l 記録", "l", "Enter 理由を付けて取り消す", a().misses("B999", at="09:09")
    ),
    Band(
        "時計 記録がこのPCの時計より 6分先 F12 時計",
        "f12",
        "時計合わせ",
        a().tells("work.counted", "09:15", item="photo"),
    ),
    Band(
        "配分 交付 4台（通常 2〜3台） 1-8 端末",
        "3",
        "T3 交付 空き",
        a().moves("T3", "issuance", at="09:09", reason="応援"),
    ),
]


@pytest.mark.parametrize("band", BANDS, ids=lambda b: b.says.split()[0])
async def test_the_key_of_the_band_answers(tmp_path: Path, band: Band) -> None:
    """The key beside what matters most is one that works where the manager stands: at the board, with nothing chosen."""
    async with console(tmp_path, DAY, at=band.at, size=WIDE, live=True) as c:
        if band.fact is not None:
            await c.hears(band.fact)
        if band.act is not None:
            await told(c, "charge.taken", staff="S01")
            await told(c, band.act[0], **band.act[1])
        assert band.says in shown(c)
        await c.press(band.key)
        assert band.brings in "\n".join(" ".join(row.split()) for row in c.rows())
        assert c.state.line.role not in ("warn", "bad"), c.message

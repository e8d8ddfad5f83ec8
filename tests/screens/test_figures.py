"""No figure without its code: one fact, or the clock, changes exactly the words on the board that depend on it.

Each figure tells a hall, then one thing that happens. The words that are named must change as named, and no other word
of the board may change, but for the journal (which tells every fact) and the curves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from floorctl.console.forecasts import Forecasts
from floorctl.screens.drawing.canvas import Canvas, spark
from floorctl.screens.drawing.digits import big
from floorctl.usecases.imports import import_roster
from floorctl.usecases.retraction import retract
from tests.screens.harness import Console, console, cut, joined, open_day
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
    fact: Story | None = None
    given: Iterable[dict[str, Any]] = field(default_factory=tuple)
    acts: tuple[Act, ...] = ()
    act: Act | None = None
    at: str = "09:09"
    then: str = ""
    empty: bool = False  # the file holds nothing but ``given``
    size: tuple[int, int] = WIDE

    @property
    def lines(self) -> list[dict[str, Any]]:
        return joined(self.given) if self.empty else joined(DAY, self.given)


# Predicted waits: any fact may move them. Tests of their own say what they follow (test_advice_waits, test_forecast_view).
_MINUTES = "(?:まもなく|約?(?:[0-9]+時間)?[0-9]+分)"
FORECASTS = f"見込み *{_MINUTES}(?: +9割 +{_MINUTES})?(?: *[+-][0-9]+(?:分／15分)?)?|今来た人 {_MINUTES}"


@pytest.fixture(autouse=True)
def without_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line of advice is a forecast as a whole: any fact may move it (test_advice_keys, test_plan)."""
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


async def told(c: Console, kind: str, **fields: Any) -> None:
    """Somebody at the command line records this; the console has seen it afterwards."""
    other = c.beside()
    keys = {e.key for e in other.act(kind, fields)}
    other.close()
    await c.until(lambda: keys <= {e.key for e in c.floor.entries}, kind)
    await c.settle()


def all_at_once(*happens: tuple[str, str, dict[str, Any]]) -> Story:
    """Several facts as one story: kind, time, fields."""
    story = a("c")
    for kind, at, fields in happens:
        story.tells(kind, at, **fields)
    return story


def one_case(matter: str = "proxy", at: str = "09:08", **more: Any) -> Story:
    return a("e").tells("escalation.raised", at, escalation="E-1", matter=matter, **more)


B001 = a().issues("B001", at="09:08").lines
SERVED = a("s").issues("B001", at="09:01").calls("B001", "T3", "09:02").lines
CALM = "平常 いまの記録に目立つ異常はありません"
CASES_NOTE = "3分で注意 5分で超過 Tab と Enter で対応・決定"
NOTHING = ("注意 0件", "注意 1件")
# Before nine the desks of issuance stand idle: the whole text in the band, as much as there is room for in the panel.
IDLE_BAND, IDLE_PANEL, IDLE_KEY = (
    "空き T1・T2・T4 交付の受付は 9:00 から 別の列へ移せます",
    "空き T1・T2・T4 交付の受付は 9:00 から 別の列へ..",
    "1-8",
)
CHECKS = (
    "端末の起動と動作（故障なし）",
    "市職員の在席を確認 o で人数",
    "点呼（全員の状況） 名簿なし",
    "名札の着用",
    "持込み機器の許可（このPCを含む）",
)

CROWD = a("w").counts("certificate", 20, at="09:05").lines

FIGURES = [
    # ---- who comes and goes
    Figure(
        "a ticket of the certificate lane",
        (
            ("最長 - 目標 20分", "最長 1分未満 B001 目標 20分"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("完了 0件 発券 0件", "完了 0件 発券 1件"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
            ("9時 0／0", "9時 0／1"),
            ("本日計 0人 交付 0 電子証明書 0", "本日計 1人 交付 0 電子証明書 1"),
        ),
        a().issues("B001", at="09:09"),
    ),
    Figure(
        "a ticket of the issuance lane",
        (
            ("最長 - 目標 20分", "最長 1分未満 A001 目標 20分"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("完了 0件 発券 0件", "完了 0件 発券 1件"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
            ("9時 0／0", "9時 1／0"),
            ("本日計 0人 交付 0 電子証明書 0", "本日計 1人 交付 1 電子証明書 0"),
        ),
        a().issues("A001", "card_issuance", at="09:09"),
    ),
    Figure(
        "a ticket of a small lane",
        (
            ("申請サポート 待ち 0人 A1", "申請サポート 待ち 1人 1分未満 A1"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
        ),
        a().issues("C001", "application_support", at="09:09"),
    ),
    Figure(
        "a ticket at a small terminal",
        (
            ("登録支援 待ち 1人 1分 P1 空き P2 空き", "登録支援 待ち 0人 P1 空き P2 受付中 D001"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("D001", "P2", at="09:09"),
        a().issues("D001", "registration_support", at="09:08").lines,
    ),
    Figure(
        "a call",
        (
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
            ("T3 空き", "T3 受付中"),
            ("S04 S03", "S04 S03"),
            ("", "証明書更新"),
            ("9分 9分 9分 9分 9分 9分 9分 9分", "9分 9分 9分 1分内 B001 9分 9分 9分 9分"),
        ),
        a("c").calls("B001", "T3", at="09:09"),
        B001,
    ),
    Figure(
        "an appointment",
        (
            ("来庁 1人/時 完了 0人/時", "来庁 2人/時 完了 0人/時 次の予約 09:40"),
            ("発券 1件", "発券 2件"),
            ("会場 1人／椅子 40脚", "会場 2人／椅子 40脚"),
            ("9時 1／0", "9時 2／0"),
            ("本日計 1人 交付 1 電子証明書 0", "本日計 2人 交付 2 電子証明書 0"),
        ),
        a("c").issues("A002", "card_issuance", at="09:09", appointment="09:40"),
        a().issues("A001", "card_issuance", at="09:08").lines,
    ),
    Figure(
        "who comes before an early appointment",
        (
            ("来庁 1人/時 完了 0人/時 次の予約 09:40", "来庁 2人/時 完了 0人/時 次の予約 09:40"),
            ("発券 1件", "発券 2件"),
            ("会場 1人／椅子 40脚", "会場 2人／椅子 40脚"),
            ("9時 1／0", "9時 2／0"),
            ("本日計 1人 交付 1 電子証明書 0", "本日計 2人 交付 2 電子証明書 0"),
        ),
        a("c").issues("A003", "card_issuance", at="09:09"),
        a().issues("A002", "card_issuance", at="09:08", appointment="09:40").lines,
    ),
    Figure(
        "a finish",
        (
            ("完了 0件 発券 1件", "完了 1件 発券 1件"),
            ("完了 0人/時", "完了 1人/時"),
            ("T3 受付中", "T3 空き"),
            ("証明書更新", ""),
            ("9分 9分 9分 7分 B001 9分", "9分 9分 9分 1分内 9分"),
        ),
        a("c").finishes("B001", "T3", at="09:09"),
        SERVED,
    ),
    Figure(
        "a finish that is not done",
        (
            ("完了 0人/時", "完了 1人/時"),
            ("T3 受付中", "T3 空き"),
            ("証明書更新", ""),
            ("7分 B001", "1分内"),
        ),
        a("c").finishes("B001", "T3", at="09:09", outcome="desk3"),
        SERVED,
    ),
    Figure(
        "nobody came",
        (("T3 受付中", "T3 空き"), ("証明書更新", ""), ("7分 B001", "1分内")),
        a("c").misses("B001", at="09:09"),
        SERVED,
    ),
    Figure(
        "somebody leaves",
        (
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").leaves("B001", at="09:09"),
        B001,
    ),
    Figure(
        "another service",
        (
            ("9時 0／2", "9時 1／1"),
            ("発券 0件", "発券 1件"),
            ("発券 2件", "発券 1件"),
            ("来庁 2人/時", "来庁 1人/時"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("来庁 2人/時", "来庁 1人/時"),
            ("最長 - 目標 20分", "最長 1分 B001 目標 20分"),
            ("最長 1分 B001 目標 20分", "最長 1分未満 B002 目標 20分"),
            ("本日計 2人 交付 0 電子証明書 2", "本日計 2人 交付 1 電子証明書 1"),
        ),
        a("c").transfers("B001", "card_issuance", at="09:09"),
        a().issues("B001", at="09:08").issues("B002", at="09:08:30").lines,
    ),
    Figure(
        "a head count",
        (("会場 0人／椅子 40脚", "会場 7人／椅子 40脚"),),
        a("c").counts("certificate", 7, at="09:09"),
    ),
    Figure(
        "a longer wait",
        (
            ("最長 1分 B001", "最長 2分 B001"),
            ("09:09:00", "09:10:00"),
            ("あと7:51", "あと7:50"),
            ("あと7:21", "あと7:20"),
            *[("9分", "10分")] * 8,
        ),
        given=B001,
        then="09:10",
    ),
    Figure(
        "a wait over the target",
        (
            ("最長 20分 B001 目標 20分", "最長 21分 B001 目標 20分 1分超過"),
            ("注意 0件", "注意 1件"),
            (CALM, "待ち 電子証明書 最長 21分（目標 20分・超過 1人） b 番号"),
            ("いまのところありません", "待ち 電子証明書 最長 21分（目標 20分・超過 1人） b"),
            ("09:21:00", "09:22:00"),
            ("あと7:39", "あと7:38"),
            ("あと7:09", "あと7:08"),
            *[("21分", "22分")] * 8,
        ),
        given=joined(a().issues("B001", at="09:01"), a("k").tells("work.counted", "09:20", item="photo")),
        at="09:21",
        then="09:22",
    ),
    # ---- what comes next
    Figure(
        "many who wait",
        (
            ("60分 30分後 約0人 人待ち 60分 30分後 約0人", "60分 30分後 約0人 人待ち 60分 30分後 約6人"),
            ("会場 0人／椅子 40脚", "会場 20人／椅子 40脚"),
        ),
        a("c").counts("certificate", 20, at="09:09"),
    ),
    Figure(
        "arrivals go on as in the last hour",
        (
            ("最長 - 目標 20分 最長 - 目標 20分", "最長 - 目標 20分 最長 1分未満 B001 目標 20分"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("発券 0件", "発券 1件"),
            ("30分後 約6人", "30分後 約9人"),  # a case of 12 minutes where the mean of the lane's services is 10.4
            ("会場 20人／椅子 40脚", "会場 21人／椅子 40脚"),
            ("9時 0／0", "9時 0／1"),
            ("本日計 0人 交付 0 電子証明書 0", "本日計 1人 交付 0 電子証明書 1"),
        ),
        a("c").issues("B001", at="09:09"),
        CROWD,
    ),
    Figure(
        "one desk less",
        (
            ("T3 空き", "T3 休止"),
            ("9分 9分 9分 9分", "9分 9分 9分 1分内"),
            ("30分後 約6人", "30分後 約8人"),
        ),
        a("c").tells("terminal.paused", "09:09", terminal="T3"),
        CROWD,
    ),
    Figure(
        "a case that was shorter than is typical",
        (
            ("完了 0件 発券 1件", "完了 1件 発券 1件"),
            ("完了 0人/時", "完了 1人/時"),
            ("T3 受付中", "T3 空き"),
            ("証明書更新", ""),
            ("7分 B001", "1分内"),
            ("30分後 約7人", "30分後 約6人"),
        ),
        a("c").finishes("B001", "T3", at="09:09"),
        joined(SERVED, a("w").counts("certificate", 21, at="09:05")),
    ),
    Figure(
        "nobody is at the desks of a lane",
        (
            *[(f"T{n} 空き", f"T{n} 休止") for n in (1, 2, 4)],
            ("9分 9分 9分", "1分内 1分内 1分内"),
            ("ただいまの待ち 交付 N分", "ただいまの待ち 交付 案内を停止中"),
        ),
        all_at_once(*[("terminal.paused", "09:09", {"terminal": f"T{n}"}) for n in (1, 2, 4)]),
    ),
    Figure(
        "the last call begins",
        (
            ("16:39:59", "16:40:00"),
            ("あと0:21", "あと0:20"),
            (
                "来庁 0人/時 完了 0人/時 来庁 0人/時 完了 0人/時",
                "来庁 0人/時 完了 0人/時 受付あと20分 閉庁までに 約15人",
            ),
            ("注意 1件", "注意 2件"),
            (
                "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の列へ移せます 1-8 端末",
                "終了前 電子証明書 受付終了 17:00 まで 20分 待ち 8人 閉庁までに約15人 r 受付打切り",
            ),
            ("", "終了前 電子証明書 受付終了 17:00 まで 20分 待ち 8人 .. r"),
            ("", "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の.. 1-8"),
            *[("4時間34分", "4時間35分")] * 8,
        ),
        given=joined(LATE, a().counts("certificate", 8, at="16:38")),
        empty=True,
        at="16:39:59",
        then="16:40:00",
    ),
    Figure(
        "more wait than can be served",
        (
            ("閉庁までに 約15人", "閉庁までに 約15人 2人 間に合わない"),
            ("待ち 8人 閉庁までに約15人 r 受付打切り", "待ち 17人 閉庁までに約15人 r 受付打切り"),
            ("まで 20分 待ち 8人 .. r", "まで 20分 待ち 17人.. r"),
            ("30分後 約0人", "30分後 約3人"),
            ("会場 8人／椅子 40脚", "会場 17人／椅子 40脚"),
        ),
        a("c").counts("certificate", 17, at="16:40"),
        joined(LATE, a().counts("certificate", 8, at="16:38")),
        empty=True,
        at="16:40",
    ),
    Figure(
        "who is left when the reception has ended",
        (
            ("16:59:59", "17:00:01"),
            ("開場 12:05", "開場 12:05 残務"),
            ("電子証明書 受付中 8:30〜17:00 あと0:01", "電子証明書 受付終了 8:30〜17:00"),
            ("次 17:00 受付終了 電子証明書", "次 17:15 閉庁 本庁舎"),
            (
                "終了前 電子証明書 受付終了 17:00 まで 1分 待ち 4人 閉庁までに約5人 r 受付打切り",
                "残務 受付は終わりました。待ち 4人 応対中 0件 市職員待ち 0件 F9 締め",
            ),
            ("受付あと1分 閉庁までに 約5人", "受付終了 閉庁までに 約5人"),
            (
                "終了前 電子証明書 受付終了 17:00 まで 1分 待ち 4人 .. r",
                "終了前 電子証明書 受付終了（17:00） 待ち 4人 閉庁ま.. r",
            ),
            ("空き T1・T2・T4 交付の受付は 16:30 で終わり 別の.. 1-8", ""),
            ("注意 2件", "注意 1件"),
            ("ただいまの待ち 電子証明書 N分", ""),
            *[("4時間54分", "4時間55分")] * 8,
        ),
        given=joined(LATE, a().counts("certificate", 4, at="16:55")),
        empty=True,
        at="16:59:59",
        then="17:00:01",
    ),
    # ---- terminals
    Figure(
        "a move",
        (
            (
                "個人番号カード交付 3台 完了 0件 発券 0件",
                "個人番号カード交付 2台 完了 0件",
            ),  # narrower: the rest is left out
            ("電子証明書 5台 完了 0件 発券 0件", "電子証明書 6台 完了 0件 発券 0件"),
            ("60分 30分後 約0人 人待ち 60分", "20分 30分後 約0人 人待ち 60分"),
            ("T4 空き T3 空き T5 空き", "T3 空き T4 空き T5 空き"),
        ),
        a("c").moves("T4", "certificate", at="09:09"),
    ),
    Figure(
        "a move that waits for its ticket",
        (("", "次 交付へ"),),
        a("c").moves("T3", "issuance", at="09:09"),
        SERVED,
    ),
    Figure(
        "one desk less that stands idle",
        (
            ("個人番号カード交付 3台 完了 0件 発券 0件", "個人番号カード交付 2台 完了 0件"),
            ("電子証明書 5台 完了 0件 発券 0件", "電子証明書 6台 完了 0件 発券 0件"),
            ("60分 30分後 約0人 人待ち 60分", "20分 30分後 約0人 人待ち 60分"),
            ("T4 空き T3 空き T5 空き", "T3 空き T4 空き T5 空き"),
            (f"{IDLE_BAND} {IDLE_KEY} 端末", "空き T1・T2 交付の受付は 9:00 から 別の列へ移せます 1-8 端末"),
            (f"{IDLE_PANEL} {IDLE_KEY}", "空き T1・T2 交付の受付は 9:00 から 別の列へ移せ.. 1-8"),
        ),
        a("c").moves("T4", "certificate", at="08:39"),
        EARLY,
        empty=True,
        at="08:39",
    ),
    Figure(
        "a split outside the band",
        (
            ("個人番号カード交付 3台", "個人番号カード交付 4台"),
            ("電子証明書 5台", "電子証明書 4台"),
            ("注意 0件", "注意 2件"),
            (CALM, "配分 交付 4台（通常 2〜3台） 1-8 端末"),
            ("いまのところありません", "配分 交付 4台（通常 2〜3台） 1-8"),
            ("", "配分 電子証明書 4台（通常 5〜6台） 1-8"),
        ),
        a("c").moves("T3", "issuance", at="09:09", reason="応援"),
    ),
    Figure(
        "a pause with its reason",
        (("T4 空き", "T4 休止"), ("", "清掃"), ("9分 9分 9分", "9分 9分 1分内")),
        a("c").tells("terminal.paused", "09:09", terminal="T4", reason="清掃"),
    ),
    Figure(
        "a failure",
        (
            ("T4 空き", "T4 故障"),
            ("", "R/W"),
            ("9分 9分 9分", "9分 9分 1分内"),
            NOTHING,
            (CALM, "故障 T4 R/W 1分未満 f 故障/復旧"),
            ("いまのところありません", "故障 T4 R/W 1分未満 f"),
        ),
        a("c").tells("terminal.failed", "09:09", terminal="T4", fault="R/W"),
    ),
    Figure(
        "a failure during a ticket",
        (
            ("T3 受付中", "T3 故障"),
            ("", "R/W"),
            ("7分 B001", "1分内 B001"),
            NOTHING,
            (CALM, "故障 T3 R/W 1分未満 f 故障/復旧"),
            ("いまのところありません", "故障 T3 R/W 1分未満 f"),
        ),
        a("c").tells("terminal.failed", "09:09", terminal="T3", fault="R/W"),
        SERVED,
    ),
    Figure(
        "somebody else stands there",
        (("S04 S03", "S31 S03"), ("在席 12名 端末 12", "在席 13名 端末 12"), ("S04 T4", "S04 在席"), ("", "S31 T4")),
        a("c").staffs("T4", "S31", "09:09"),
    ),
    Figure(
        "nobody stands there",
        (
            ("T4 空き", "T4 担当なし"),
            ("S04 S03", "S03"),
            ("S04 T4", "S04 在席"),
            ("9分", ""),
            ("在席 12名 端末 12", "在席 12名 端末 11"),
        ),
        a("c").staffs("T4", None, "09:09"),
    ),
    Figure(
        "several cards, an appointment and what it is for",
        (
            ("T1 空き", "T1 受付中"),
            ("", "交付 2枚"),
            ("", "予約 09:00"),
            ("9分 9分 9分 9分", "1分内 A001 9分 9分 9分"),
            ("最長 8分 A001 目標 20分", "最長 - 目標 20分"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("A001", "T1", at="09:09"),
        a().issues("A001", "card_issuance", at="09:01", cards=2, appointment="09:00").lines,
    ),
    Figure(
        "somebody who wants help",
        (
            ("T3 空き", "T3 受付中"),
            ("", "要配慮"),
            ("", "暗証番号"),
            ("9分", "1分内 B001"),
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("B001", "T3", at="09:09"),
        a().issues("B001", "pin_reset", at="09:08", assist=True).lines,
    ),
    # ---- city staff
    Figure(
        "a case at a terminal",
        (
            ("T3 受付中", "T3 市待ち"),
            ("", "代理人"),
            ("市職員待ち 0件", "市職員待ち 1件"),
            ("決定待ちはありません e で端末から引き継ぎます", "T3 0:00 代理人来庁時の対応 B001 未対応"),
            ("", CASES_NOTE),
        ),
        one_case(at="09:09", terminal="T3", ticket="B001"),
        SERVED,
    ),
    Figure(
        "a case that is taken",
        (("未対応", "対応中 C1"),),
        a("c").tells("escalation.taken", "09:09", escalation="E-1", official="C1"),
        one_case().lines,
    ),
    Figure(
        "a case that is settled",
        (
            ("市職員待ち 1件", "市職員待ち 0件"),
            ("-- 1:00 手数料の徴収決定 未対応", "決定待ちはありません e で端末から引き継ぎます"),
            (CASES_NOTE, ""),
        ),
        a("c").tells("escalation.settled", "09:09", escalation="E-1", outcome="withdrawn"),
        one_case("fee").lines,
    ),
    Figure(
        "the age of a case",
        (("-- 1:00 代理人来庁時の対応", "-- 1:07 代理人来庁時の対応"), ("09:09:00", "09:09:07")),
        given=one_case().lines,
        then="09:09:07",
    ),
    Figure(
        "a case that waits three minutes",
        (
            ("-- 2:59", "-- 3:00"),
            NOTHING,
            (CALM, "市待ち E-1 市職員待ち 3分 F3 市職員"),
            ("いまのところありません", "市待ち E-1 市職員待ち 3分 F3"),
            ("09:10:59", "09:11:00"),
            ("あと7:50", "あと7:49"),
            ("あと7:20", "あと7:19"),
            *[("10分", "11分")] * 8,
        ),
        given=one_case().lines,
        at="09:10:59",
        then="09:11:00",
    ),
    Figure(
        "a case that waits five minutes",
        (
            ("-- 4:59", "-- 5:00"),
            ("市待ち E-1 市職員待ち 4分 F3 市職員", "超過 E-1 市職員待ち 5分（基準 5分） F3 市職員"),
            ("市待ち E-1 市職員待ち 4分 F3", "超過 E-1 市職員待ち 5分（基準 5分） F3"),
            ("09:09:59", "09:10:00"),
            ("あと7:51", "あと7:50"),
            ("あと7:21", "あと7:20"),
            *[("9分", "10分")] * 8,
        ),
        given=one_case(at="09:05").lines,
        at="09:09:59",
        then="09:10:00",
    ),
    Figure("an official goes", (("市職員 2名", "市職員 1名"),), a("c").tells("officials.changed", "09:09", present=1)),
    Figure(
        "no official is left",
        (
            ("市職員 2名", "市職員 0名"),
            NOTHING,
            (CALM, "市職員 不在 引継ぎ待ち 0件 市民課3番窓口へ o 市職員数"),
            ("いまのところありません", "市職員 不在 引継ぎ待ち 0件 市民課3番窓口へ o"),
        ),
        a("c").tells("officials.changed", "09:09", present=0),
    ),
    # ---- people
    Figure(
        "a break",
        (
            ("在席 12名 端末 12", "在席 11名 端末 11 休憩 1"),
            ("S04 T4", "S04 休憩〜09:50"),
            ("次 16:30 受付終了 交付・申請サポート・登録支援", "次 09:50 戻り S04"),
        ),
        a("c").tells("staff.changed", "09:09", staff="S04", status="on_break", until="09:50"),
    ),
    Figure(
        "somebody is absent",
        (("", "欠勤 1"), ("", "S20 欠勤 発熱")),
        a("c").tells("staff.changed", "09:09", staff="S20", status="absent", reason="発熱"),
    ),
    Figure(
        "who guides visitors",
        (("在席 12名", "在席 13名"), ("", "S20 受付案内")),
        act=("staff.posted", {"staff": "S20", "post": "reception"}),
    ),
    Figure(
        "another place to guide visitors",
        (("S20 受付案内", "S20 記入案内"),),
        acts=(("staff.posted", {"staff": "S20", "post": "reception"}),),
        act=("staff.posted", {"staff": "S20", "post": "writing"}),
    ),
    Figure(
        "who is in charge",
        (("", "現場責任者 S01"), ("", "責任者 兼務"), ("S01 T1", "S01 T1 責任者")),
        act=("charge.taken", {"charge": "site_manager", "staff": "S01"}),
    ),
    Figure(
        "the charge is handed over",
        (
            ("現場責任者 S01", "現場責任者 S20"),
            ("責任者 兼務", ""),
            ("S01 T1 責任者", "S01 T1"),
            ("", "S20 在席 責任者"),
            ("在席 12名", "在席 13名"),
        ),
        acts=(("charge.taken", {"charge": "site_manager", "staff": "S01"}),),
        act=("charge.taken", {"charge": "site_manager", "staff": "S20"}),
    ),
    Figure(
        "who was in charge has gone",
        (
            ("現場責任者 S01", ""),
            ("責任者 兼務", ""),
            ("在席 12名 端末 12", "在席 11名 端末 11 離席 1"),
            ("S01 T1 責任者", "S01 離席"),
            NOTHING,
            (CALM, "責任者 現場責任者が不在です 1分未満 代行者へ引継ぎ h 責任者"),
            ("いまのところありません", "責任者 現場責任者が不在です 1分未満 代行者へ引継ぎ h"),
        ),
        a("c").tells("staff.changed", "09:09", staff="S01", status="away"),
        acts=(("charge.taken", {"charge": "site_manager", "staff": "S01"}),),
    ),
    Figure(
        "how long nobody has been in charge",
        (
            (
                "責任者 現場責任者が不在です 2分 代行者へ引継ぎ h 責任者",
                "責任者 現場責任者が不在です 3分 代行者へ引継ぎ h 責任者",
            ),
            ("責任者 現場責任者が不在です 2分 代行者へ引継ぎ h", "責任者 現場責任者が不在です 3分 代行者へ引継ぎ h"),
            ("09:09:00", "09:10:00"),
            ("あと7:21", "あと7:20"),
            ("あと7:51", "あと7:50"),
            *[("9分", "10分")] * 8,
        ),
        acts=(
            ("charge.taken", {"charge": "site_manager", "staff": "S20", "at": instant("09:05")}),
            ("staff.changed", {"staff": "S20", "status": "away", "reason": "急用", "at": instant("09:07")}),
        ),
        then="09:10",
    ),
    Figure(
        "a vacancy",
        (
            NOTHING,
            (CALM, "欠員 S20 1分未満 代わりの人なし F4 職員"),
            ("いまのところありません", "欠員 S20 1分未満 代わりの人なし F4"),
        ),
        act=("vacancy.opened", {"staff": "S20"}),
    ),
    Figure(
        "a vacancy that is filled",
        (
            ("注意 1件", "注意 0件"),
            ("欠員 S20 1分 代わりの人なし F4 職員", CALM),
            ("欠員 S20 1分 代わりの人なし F4", "いまのところありません"),
        ),
        acts=(("vacancy.opened", {"staff": "S20", "at": instant("09:08")}),),
        act=("vacancy.filled", {"staff": "S20", "substitute": "S01"}),
    ),
    Figure(
        "five hours without a break",
        (
            ("13:59:59", "14:00:00"),
            ("あと2:31", "あと2:30"),
            ("あと3:01", "あと3:00"),
            NOTHING,
            (CALM, "休憩 S01・S02・S03ほか9名 5時間00分休憩なし F4 職員"),
            ("いまのところありません", "休憩 S01・S02・S03ほか9名 5時間00分休憩なし F4"),
            ("14時 -", "14時 0／0"),
            *[("4時間59分", "5時間00分")] * 8,
        ),
        given=a("k").tells("work.counted", "13:55", item="photo").lines,
        at="13:59:59",
        then="14:00:00",
    ),
    Figure(
        "chairs",
        (
            ("会場 0人／椅子 40脚", "会場 41人／椅子 40脚"),
            NOTHING,
            (CALM, "溢れ 会場 41人・椅子 40脚 v 会場人数"),
            ("いまのところありません", "溢れ 会場 41人・椅子 40脚 v"),
        ),
        a("c").tells("visitors.counted", "09:09", persons=41),
    ),
    # ---- before the doors open
    Figure(
        "somebody is there early",
        (
            ("在席 0名", "在席 1名"),
            ("まだ誰もいません 端末を選び p で入れます", "S01 在席"),
            ("名簿は floorctl roster import FILE.csv", ""),
            *[("", "1分内")] * 8,
            ("今日の記録はまだありません", ""),
        ),
        a("c").tells("staff.changed", "08:15", staff="S01", status="present"),
        at="08:15",
        empty=True,
    ),
    Figure(
        "an item of the checklist is seen to",
        (
            ("開場前 点検 0／5", "開場前 点検 1／5"),
            ("開場前の点検 0／5", "開場前の点検 1／5"),
            ("未 名札の着用", "済 名札の着用"),
            ("今日の記録はまだありません", ""),
        ),
        act=("checklist.checked", {"item": "name_tags"}),
        at="08:15",
        empty=True,
    ),
    Figure(
        "the officials have come",
        (
            ("開場前 点検 0／5", "開場前 点検 1／5"),
            ("開場前の点検 0／5", "開場前の点検 1／5"),
            ("未 市職員の在席を確認 o で人数", "済 市職員の在席を確認 2名"),
            *[("", "1分内")] * 8,
            ("今日の記録はまだありません", ""),
        ),
        a("c").tells("officials.changed", "08:15", present=2),
        at="08:15",
        empty=True,
    ),
    # ---- the day
    Figure(
        "one service stops",
        (
            (
                "電子証明書 受付中 8:30〜17:00 あと7:51 次",
                "電子証明書 受付中 8:30〜17:00 あと7:51 証明書更新 打切り 8:30〜17:00 次",
            ),
            ("受付終了 交付・申請サポート・登録支援", "受付終了 交付ほか2"),
            NOTHING,
            (CALM, "打切り 証明書更新 9:09から 混雑 r 受付打切り"),
            ("いまのところありません", "打切り 証明書更新 9:09から 混雑 r"),
        ),
        a("c").tells("reception.stopped", "09:09", service="cert_renewal", reason="混雑"),
    ),
    Figure(
        "a whole lane stops",
        (
            ("交付 受付中 9:00〜16:30 あと7:21", "交付 打切り 9:00〜16:30"),
            NOTHING,
            (CALM, "打切り 交付 9:09から 混雑 r 受付打切り"),
            ("いまのところありません", "打切り 交付 9:09から 混雑 r"),
            ("ただいまの待ち 交付 N分", "ただいまの待ち 交付 受付を終了"),
        ),
        a("c").tells("reception.stopped", "09:09", service="card_issuance", reason="混雑"),
    ),
    Figure(
        "the opening",
        (
            ("開場前", "開場 8:39"),
            ("電子証明書 開場前", "電子証明書 受付中"),
            ("", "あと8:21"),
            (
                "開場前 点検 0／5 配分 交付 T1 T2 T4 電子証明書 T3 T5 T6 T7 T8 Enter 開場する",
                f"{IDLE_BAND} {IDLE_KEY} 端末",
            ),
            *[(f"未 {item}", "") for item in CHECKS],
            ("開場前の点検 0／5 c 注意 0件", "市職員待ち 0件 市職員 3名 e o 注意 1件"),
            ("今日の記録はまだありません", ""),
            ("いまのところありません", f"決定待ちはありません e で端末から引き継ぎます {IDLE_PANEL} {IDLE_KEY}"),
            ("", "ただいまの待ち 電子証明書 N分"),
            (
                "Enter 開場 c 点検 F4 職員 o 市職員数 p 担当 1-8 端末 u 取消",
                "1-8 端末 e 市職員へ b 番号 w 待ち人数 t 発券 o 市職員数 k 件数 i 事案記録 m メモ u 取消",
            ),
            *[("", "1分内")] * 8,
        ),
        a("c").opens("08:39", 3),
        at="08:39",
        empty=True,
    ),
    Figure(
        "the close",
        (
            ("開場 9:00", "閉場 9:09"),
            ("交付 受付中 9:00〜16:30 あと7:21", "交付 閉場 9:00〜16:30"),
            ("電子証明書 受付中 8:30〜17:00 あと7:51", "電子証明書 閉場 8:30〜17:00"),
            ("次 16:30 受付終了 交付・申請サポート・登録支援", ""),
            (CALM, "閉場 閉場しました。F9 で今日の文書を書き出します。"),
            ("ただいまの待ち 交付 N分 電子証明書 N分", ""),
        ),
        a("c").closes("09:09"),
    ),
    Figure(
        "the clock",
        (("09:09:00", "09:09:01"),),
        then="09:09:01",
    ),
    Figure(
        "the window that is open has a minute less",
        (("09:09:59", "09:10:00"), ("あと7:51", "あと7:50"), ("あと7:21", "あと7:20"), *[("9分", "10分")] * 8),
        at="09:09:59",
        then="09:10:00",
    ),
    Figure(
        "a window opens",
        (
            ("08:59:59", "09:00:00"),
            ("交付 開始前 9:00〜16:30", "交付 受付中 9:00〜16:30 あと7:30"),
            ("あと8:01", "あと8:00"),
            ("次 09:00 受付開始", "次 16:30 受付終了"),
            (f"{IDLE_BAND} {IDLE_KEY} 端末", CALM),
            ("注意 1件", "注意 0件"),
            (f"{IDLE_PANEL} {IDLE_KEY}", "いまのところありません"),
            ("ただいまの待ち 電子証明書 N分", "ただいまの待ち 交付 N分 電子証明書 N分"),
            ("9時 -", "9時 0／0"),
            *[("29分", "30分")] * 8,
        ),
        given=joined(EARLY, a("k").tells("work.counted", "08:55", item="photo")),
        empty=True,
        at="08:59:59",
        then="09:00:00",
    ),
    Figure(
        "a window closes",
        (
            ("16:29:59", "16:30:01"),
            ("交付 受付中 9:00〜16:30 あと0:01", "交付 受付終了 9:00〜16:30"),
            ("あと0:31", "あと0:30"),
            ("次 16:30 受付終了 交付・申請サポート・登録支援", "次 17:00 受付終了 電子証明書"),
            ("受付あと1分 閉庁までに 約9人 来庁 0人/時", "来庁 0人/時 完了 0人/時 来庁 0人/時"),  # nobody waits
            NOTHING,
            (CALM, "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の列へ移せます 1-8 端末"),
            ("いまのところありません", "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の.. 1-8"),
            ("ただいまの待ち 交付 N分 電子証明書 N分", "ただいまの待ち 電子証明書 N分"),
            *[("4時間24分", "4時間25分")] * 8,
        ),
        given=joined(LATE, a("k").tells("work.counted", "16:25", item="photo")),
        empty=True,
        at="16:29:59",
        then="16:30:01",
    ),
    Figure(
        "the last window closes",
        (
            ("16:59:59", "17:00:01"),
            ("開場 12:05", "開場 12:05 残務"),
            ("電子証明書 受付中 8:30〜17:00 あと0:01", "電子証明書 受付終了 8:30〜17:00"),
            ("次 17:00 受付終了 電子証明書", "次 17:15 閉庁 本庁舎"),
            (
                "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の列へ移せます 1-8 端末",
                "残務 受付は終わりました。待ち 0人 応対中 0件 市職員待ち 0件 F9 締め",
            ),
            ("受付あと1分 閉庁までに 約5人", "来庁 0人/時 完了 0人/時"),
            ("空き T1・T2・T4 交付の受付は 16:30 で終わり 別の.. 1-8", "いまのところありません"),
            ("注意 1件", "注意 0件"),
            ("ただいまの待ち 電子証明書 N分", ""),
            *[("4時間54分", "4時間55分")] * 8,
        ),
        given=joined(LATE, a("k").tells("work.counted", "16:55", item="photo")),
        empty=True,
        at="16:59:59",
        then="17:00:01",
    ),
    Figure(
        "somebody is due back",
        (
            ("次 16:30 受付終了 交付・申請サポート・登録支援", "次 09:15 戻り S20"),
            ("", "離席 1"),
            ("", "S20 離席〜09:15"),
        ),
        a("c").tells("staff.changed", "09:09", staff="S20", status="away", until="09:15"),
    ),
    # ---- what is doubtful
    Figure(
        "a feed falls silent",
        (
            (CALM, "途絶 feed から 10分間 記録なし"),
            NOTHING,
            ("いまのところありません", "途絶 feed から 10分間 記録なし"),
            ("09:10:00", "09:10:01"),
        ),
        at="09:10:00",
        then="09:10:01",
    ),
    Figure(
        "a call of a number that was never given",
        (
            ("T3 空き", "T3 受付中"),
            ("", "用件不明"),
            ("9分", "1分内 B999"),
            (CALM, "記録 合わない記録 1件（発券なし1） l 記録"),
            NOTHING,
            ("いまのところありません", "記録 合わない記録 1件（発券なし1） l"),
        ),
        a("c").calls("B999", "T3", at="09:09"),
    ),
    Figure(
        "facts ahead of this clock",
        (
            (CALM, "時計 記録がこのPCの時計より 6分先 F12 時計"),
            NOTHING,
            ("いまのところありません", "時計 記録がこのPCの時計より 6分先 F12"),
        ),
        a("c").tells("work.counted", "09:15", item="photo", count=3),
    ),
    Figure(
        "a finish that may be missing",
        (
            (CALM, "記録 終了の入れ忘れ? T3 B001 l 記録"),
            NOTHING,
            ("いまのところありません", "記録 終了の入れ忘れ? T3 B001 l"),
            ("09:47:00", "09:47:01"),
        ),
        given=joined(SERVED, a("k").tells("work.counted", "09:46", item="photo")),
        at="09:47:00",
        then="09:47:01",
    ),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name)
async def test_figure(tmp_path: Path, figure: Figure) -> None:
    async with console(tmp_path, figure.lines, at=figure.at, size=figure.size, live=True) as c:
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
    """Whether the large digits of ``number`` stand in a panel, each row under the other."""
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
    """What stands in the region of each terminal."""
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
        c.sees("09:08 B001      発券 証明書更新")
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
        c.sees("熊谷市 交付特設会場", "令和8年9月14日（月）", "09:09:00")
        c.app.state.settings.banner = "時刻固定"
        c.app.redraw()
        c.sees("時刻固定")


def title_of_the_journal(c: Console) -> str:
    """The words of the panel's title, without its keys."""
    row = next(row for row in c.rows() if "m  l" in row and "記録 " in row)
    return " ".join(row[row.index("記録 ") :].split(" m  l")[0].split())


async def test_the_journal_says_when_each_source_last_spoke(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert title_of_the_journal(c) == "記録 13件 feed 9分前"
        await c.hears(a("m").issues("B001", at="09:07"), source="kiosk")
        assert title_of_the_journal(c) == "記録 14件 feed 9分前 kiosk 2分前"
        await c.at("09:10:00")
        assert title_of_the_journal(c) == "記録 14件 feed 10分前 kiosk 3分前"
        await c.hears(a("z").issues("B002", at="09:10"))
        assert title_of_the_journal(c) == "記録 15件 feed 1分以内 kiosk 3分前"
        await c.at("09:14:30")
        assert title_of_the_journal(c) == "記録 15件 feed 4分前 kiosk 7分前"


async def test_the_journal_says_when_the_manager_last_recorded(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        await c.press("5", "s")
        assert title_of_the_journal(c) == "記録 14件 feed 9分前 手入力 1分以内"
        await c.at("09:11:00")
        assert title_of_the_journal(c) == "記録 14件 feed 11分前 手入力 1分前"


async def a_kiosk_says(c: Console, said_at: str) -> str:
    """What the journal's title says of the clock of a kiosk that has told five facts as they happened."""
    story = a("m")
    for n in range(5):
        story.issues(f"B00{n}", at=said_at)
    await c.hears(story.lines[:4], source="kiosk")
    assert "時計" not in title_of_the_journal(c), "too few facts to tell"
    await c.hears(story.lines[4:], source="kiosk")
    [said] = re.findall("kiosk [^ ]+ ?(時計[^ ]+)?$", title_of_the_journal(c))
    return str(said)


def skew_alerts(c: Console) -> list[str]:
    return [x.text for x in c.state.alerts() if x.code == "clock_skew"]


@pytest.mark.parametrize(("said_at", "skew"), [("09:08:46", ""), ("09:08:45", "時計-15秒"), ("09:09:59", "時計+59秒")])
async def test_a_clock_that_is_a_little_off(tmp_path: Path, said_at: str, skew: str) -> None:
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert await a_kiosk_says(c, said_at) == skew
        assert skew_alerts(c) == []


@pytest.mark.parametrize(
    ("said_at", "skew", "off"), [("09:10:00", "+60", "60秒 進んで"), ("09:07:30", "-90", "90秒 遅れて")]
)
async def test_a_clock_that_is_a_minute_off_or_more(tmp_path: Path, said_at: str, skew: str, off: str) -> None:
    alert = f"kiosk の時計がこのPCより {off}います"
    async with console(tmp_path, DAY, at="09:09", size=WIDE, live=True) as c:
        assert await a_kiosk_says(c, said_at) == f"時計{skew}秒"
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
            ("次 09:30 戻り {}", "S20"),
            ("{} S02 S04", "S01"),
            ("{} T1 責任者 ", "S01"),
            ("{} T2", "S02"),
            ("{} 離席〜09:30", "S20"),
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
    """What stands in the band, and what its key brings."""

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
        "待ち 電子証明書 最長 39分（目標 20分・超過 1人） b 番号", "b", "B001 待ち 39分", a().issues("B001", at="08:30")
    ),
    Band("市待ち E-1 市職員待ち 4分 F3 市職員", "f3", "市職員への引継ぎ", one_case(at="09:05")),
    Band(
        "市職員 不在 引継ぎ待ち 0件 市民課3番窓口へ o 市職員数",
        "o",
        "会場にいる市職員の人数",
        a().tells("officials.changed", "09:09", present=0),
    ),
    Band(
        "溢れ 会場 41人・椅子 40脚 v 会場人数",
        "v",
        "会場にいる人の数",
        a().tells("visitors.counted", "09:09", persons=41),
    ),
    Band(
        "打切り その他 9:09から 混雑 r 受付打切り",
        "r",
        "受付を打ち切る・再開する業務",
        a().tells("reception.stopped", "09:09", service="other", reason="混雑"),
    ),
    Band(
        "責任者 現場責任者が不在です 1分未満 代行者へ引継ぎ h 責任者",
        "h",
        "現場責任者の職務を引き継ぐ",
        None,
        ("charge.taken", {"staff": None, "reason": "急用"}),
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


@pytest.mark.parametrize(
    "figure",
    [
        Figure(
            "a ticket",
            (
                ("待ち 0人 完了 0", "待ち 1人 完了 0"),
                ("最長 - 30分後0 来0完0/時", "最長 1分未満 30分後0"),
                ("会場 0人／椅子", "会場 1人／椅子"),
            ),
            a().issues("B001", at="09:09"),
            size=SMALL,
        ),
        Figure(
            "a finish",
            (
                ("待ち 0人 完了 0", "待ち 0人 完了 1"),
                ("来1完0/時", "来1完1/時"),
                ("T3 受付中 S03 B001 証明書更新 7分", "T3 空き S03 1分内"),
            ),
            a("c").finishes("B001", "T3", at="09:09"),
            SERVED,
            size=SMALL,
        ),
        Figure(
            "a move",
            (("3台", "2台"), ("5台", "6台")),
            a("c").moves("T4", "certificate", at="09:09"),
            size=SMALL,
        ),
        Figure(
            "a small lane",
            (("申請サポート 0人 A1", "申請サポート 1人 A1"), ("会場 0人／椅子", "会場 1人／椅子")),
            a("c").issues("C001", "application_support", at="09:09"),
            size=SMALL,
        ),
        Figure(
            "a case",
            (
                ("市職員待ち 0件", "市職員待ち 1件"),
                ("決定待ちはありません e で引き継ぎ..", "T3 0:00 代理人 B001 未対応"),
                ("", "3分で注意 5分で超過"),
                ("T3 受付中 S03 B001 証明書更新 7分", "T3 市待ち S03 B001 代理人 7分"),
            ),
            one_case(at="09:09", terminal="T3", ticket="B001"),
            SERVED,
            size=SMALL,
        ),
        Figure(
            "many who wait",
            (
                ("電子証明書 5台 待ち 0人 完了 0", "電子証明書 5台 待ち 20人 完了 0"),
                ("最長 - 30分後0 来0完0/時 最長 - 30分後0 来0完0/時", "最長 - 30分後0 来0完0/時 最長 - 30分後6"),
                ("会場 0人／椅子", "会場 20人／椅子"),
            ),
            a("c").counts("certificate", 20, at="09:09"),
            size=SMALL,
        ),
        Figure(
            "the last call begins",
            (
                ("16:39:59", "16:40:00"),
                ("あと0:21", "あと0:20"),
                (
                    "最長 - 30分後0 来0完0/時 最長 - 30分後0",
                    "最長 - 30分後0 来0完0/時 最長 - あと20分 閉庁まで約15人",
                ),
                (
                    "空き T1・T2・T4 交付の受付は 16:30 で終わり 別の列へ移せます 1-8 端末",
                    "終了前 電子証明書 受付終了 17:00 まで 20分 待ち 8人 閉庁まで.. r 受付打切り",
                ),
                ("注意 1件", "注意 2件"),
                ("", "終了前 電子証明書 受付終了 17:00 .. r"),
                ("", "空き T1・T2・T4 交付の受付は 1.. 1-8"),
                *[("4時間34分", "4時間35分")] * 8,
            ),
            given=joined(LATE, a().counts("certificate", 8, at="16:38")),
            empty=True,
            at="16:39:59",
            then="16:40:00",
            size=SMALL,
        ),
        Figure(
            "who is in charge",
            (("S01 T1", "S01 T1 責任者"),),
            act=("charge.taken", {"charge": "site_manager", "staff": "S01"}),
            size=SMALL,
        ),
        Figure(
            "an item of the checklist is seen to",
            (
                ("開場前 点検 0／5", "開場前 点検 1／5"),
                ("開場前の点検 0／5", "開場前の点検 1／5"),
                ("未 名札の着用", "済 名札の着用"),
                ("今日の記録はまだありません", ""),
            ),
            act=("checklist.checked", {"item": "name_tags"}),
            at="08:15",
            empty=True,
            size=SMALL,
        ),
    ],
    ids=lambda f: f.name,
)
async def test_figure_on_the_small_board(tmp_path: Path, figure: Figure) -> None:
    await test_figure(tmp_path, figure)

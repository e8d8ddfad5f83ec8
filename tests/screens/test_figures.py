"""No figure without its code: one fact, or the clock, changes exactly the words on the board that depend on it.

Each figure tells a hall, then one thing that happens. The words that are named must change as named, and no other word
of the board may change, but for the journal (which tells every fact) and the curves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len, get_character_cell_size

from floorctl.widgets.canvas import Canvas, spark
from floorctl.widgets.digits import big
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story

DAY = open_day()
WIDE = (160, 45)
Pairs = tuple[tuple[str, str], ...]


def a(prefix: str = "a") -> Story:
    """Something that happens, told under ids of its own."""
    return Story(prefix=prefix)


@dataclass(frozen=True)
class Figure:
    """In the hall ``given`` at ``at``, ``fact`` happens (or the clock moves to ``then``): ``changes`` are old and new."""

    name: str
    changes: Pairs
    fact: Story | None = None
    given: Iterable[dict[str, Any]] = field(default_factory=tuple)
    at: str = "08:39"
    then: str = ""
    empty: bool = False  # the file holds nothing but ``given``
    size: tuple[int, int] = WIDE

    @property
    def lines(self) -> list[dict[str, Any]]:
        return joined(self.given) if self.empty else joined(DAY, self.given)


def shown(c: Console) -> str:
    """The board's words, one space between them, without the journal's rows, the message, curves and large digits."""
    rows = c.rows()
    for region, meaning in c.frame.picture.targets:
        if meaning.startswith("journal:"):
            row = rows[region.y]
            rows[region.y] = f"{cut(row, 0, region.x)} {cut(row, region.right, c.app.size.width)}"
    rows[c.app.size.height - 2] = ""
    text = re.sub("[\u2800-\u28ff]+", " ", "\n".join(rows))
    assert f"新しい順 {len(c.floor.entries)}件" in re.sub(" +", " ", text)
    text = re.sub("新しい順 [0-9]+件|最後の記録 (?:1分以内|[^ ]+前)", "", text)
    return "\n".join(" ".join(row.split()) for row in text.split("\n"))


def cut(row: str, start: int, end: int) -> str:
    """The characters of the cells from ``start`` to before ``end``."""
    kept, x = "", 0
    for char in row:
        if start <= x < end:
            kept += char
        x += get_character_cell_size(char)
    return kept


def words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


def one_case(matter: str = "proxy", at: str = "08:38", **more: Any) -> Story:
    return a("e").tells("escalation.raised", at, escalation="E-1", matter=matter, **more)


B001 = a().issues("B001", at="08:38").lines
SERVED = a("s").issues("B001", at="08:31").calls("B001", "T3", "08:32").lines
CALM = "平常 いまの記録に目立つ異常はありません"
CASES_NOTE = "3分で注意 5分で超過 Tab と Enter で対応・決定"
NOTHING = ("注意 0件", "注意 1件")

FIGURES = [
    # ---- who comes and goes
    Figure(
        "a ticket of the certificate lane",
        (
            ("最長 - 目標 20分", "最長 1分未満 B001 目標 20分"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("30分で変わらず", "30分で+1人"),
            ("完了 0件 発券 0件", "完了 0件 発券 1件"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
            ("8時 0／0", "8時 0／1"),
            ("本日計 0人 交付 0 電子証明書 0", "本日計 1人 交付 0 電子証明書 1"),
        ),
        a().issues("B001", at="08:39"),
    ),
    Figure(
        "a ticket of the issuance lane",
        (
            ("最長 - 目標 20分", "最長 1分未満 A001 目標 20分"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("30分で変わらず", "30分で+1人"),
            ("完了 0件 発券 0件", "完了 0件 発券 1件"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
            ("8時 0／0", "8時 1／0"),
            ("本日計 0人 交付 0 電子証明書 0", "本日計 1人 交付 1 電子証明書 0"),
        ),
        a().issues("A001", "card_issuance", at="08:39"),
    ),
    Figure(
        "a ticket of a small lane",
        (
            ("申請サポート 待ち 0人 A1", "申請サポート 待ち 1人 1分未満 A1"),
            ("会場 0人／椅子 40脚", "会場 1人／椅子 40脚"),
        ),
        a().issues("C001", "application_support", at="08:39"),
    ),
    Figure(
        "a ticket at a small terminal",
        (
            ("登録支援 待ち 1人 1分 P1 空き P2 空き", "登録支援 待ち 0人 P1 空き P2 受付中 D001"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("D001", "P2", at="08:39"),
        a().issues("D001", "registration_support", at="08:38").lines,
    ),
    Figure(
        "a call",
        (
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("30分で+1人", "30分で変わらず"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
            ("T3 空き", "T3 受付中"),
            ("S04 S03", "S04 S03"),
            ("", "証明書更新"),
            ("9分 9分 9分 9分 9分 9分 9分 9分", "9分 9分 9分 1分未満 B001 9分 9分 9分 9分"),
        ),
        a("c").calls("B001", "T3", at="08:39"),
        B001,
    ),
    Figure(
        "an appointment",
        (
            ("来庁 1人/時 完了 0人/時", "来庁 2人/時 完了 0人/時 次の予約 09:10"),
            ("30分で+1人", "30分で+2人"),
            ("発券 1件", "発券 2件"),
            ("会場 1人／椅子 40脚", "会場 2人／椅子 40脚"),
            ("8時 1／0", "8時 2／0"),
            ("本日計 1人 交付 1 電子証明書 0", "本日計 2人 交付 2 電子証明書 0"),
        ),
        a("c").issues("A002", "card_issuance", at="08:39", appointment="09:10"),
        a().issues("A001", "card_issuance", at="08:38").lines,
    ),
    Figure(
        "who comes before an early appointment",
        (
            ("来庁 1人/時 完了 0人/時 次の予約 09:10", "来庁 2人/時 完了 0人/時 次の予約 09:10"),
            ("30分で+1人", "30分で+2人"),
            ("発券 1件", "発券 2件"),
            ("会場 1人／椅子 40脚", "会場 2人／椅子 40脚"),
            ("8時 1／0", "8時 2／0"),
            ("本日計 1人 交付 1 電子証明書 0", "本日計 2人 交付 2 電子証明書 0"),
        ),
        a("c").issues("A003", "card_issuance", at="08:39"),
        a().issues("A002", "card_issuance", at="08:38", appointment="09:10").lines,
    ),
    Figure(
        "a finish",
        (
            ("完了 0件 発券 1件", "完了 1件 発券 1件"),
            ("完了 0人/時", "完了 1人/時"),
            ("T3 受付中", "T3 空き"),
            ("証明書更新", ""),
            ("9分 9分 9分 7分 B001 9分", "9分 9分 9分 1分未満 9分"),
        ),
        a("c").finishes("B001", "T3", at="08:39"),
        SERVED,
    ),
    Figure(
        "a finish that is not done",
        (
            ("完了 0人/時", "完了 1人/時"),
            ("T3 受付中", "T3 空き"),
            ("証明書更新", ""),
            ("7分 B001", "1分未満"),
        ),
        a("c").finishes("B001", "T3", at="08:39", outcome="desk3"),
        SERVED,
    ),
    Figure(
        "nobody came",
        (("T3 受付中", "T3 空き"), ("証明書更新", ""), ("7分 B001", "1分未満")),
        a("c").misses("B001", at="08:39"),
        SERVED,
    ),
    Figure(
        "somebody leaves",
        (
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("30分で+1人", "30分で変わらず"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").leaves("B001", at="08:39"),
        B001,
    ),
    Figure(
        "another service",
        (
            ("30分で変わらず", "30分で+1人"),
            ("8時 0／2", "8時 1／1"),
            ("発券 0件", "発券 1件"),
            ("発券 2件", "発券 1件"),
            ("来庁 2人/時", "来庁 1人/時"),
            ("来庁 0人/時", "来庁 1人/時"),
            ("来庁 2人/時", "来庁 1人/時"),
            ("最長 - 目標 20分", "最長 1分 B001 目標 20分"),
            ("最長 1分 B001 目標 20分", "最長 1分未満 B002 目標 20分"),
            ("30分で+2人", "30分で+1人"),
            ("本日計 2人 交付 0 電子証明書 2", "本日計 2人 交付 1 電子証明書 1"),
        ),
        a("c").transfers("B001", "card_issuance", at="08:39"),
        a().issues("B001", at="08:38").issues("B002", at="08:38:30").lines,
    ),
    Figure(
        "a head count",
        (("30分で変わらず", "30分で+7人"), ("会場 0人／椅子 40脚", "会場 7人／椅子 40脚")),
        a("c").counts("certificate", 7, at="08:39"),
    ),
    Figure(
        "a longer wait",
        (
            ("最長 1分 B001", "最長 2分 B001"),
            ("08:39:00", "08:40:00"),
            ("あと8:21", "あと8:20"),
            *[("9分", "10分")] * 8,
        ),
        given=B001,
        then="08:40",
    ),
    Figure(
        "a wait over the target",
        (
            ("最長 20分 B001 目標 20分", "最長 21分 B001 目標 20分 1分超過"),
            ("注意 0件", "注意 1件"),
            (CALM, "待ち 電子証明書 最長 21分（目標 20分・超過 1人）"),
            ("いまのところありません", "待ち 電子証明書 最長 21分（目標 20分・超過 1人）"),
            ("08:51:00", "08:52:00"),
            ("あと8:09", "あと8:08"),
            *[("21分", "22分")] * 8,
        ),
        given=joined(a().issues("B001", at="08:31"), a("k").tells("work.counted", "08:50", item="photo")),
        at="08:51",
        then="08:52",
    ),
    # ---- terminals
    Figure(
        "a move",
        (
            ("個人番号カード交付 3台", "個人番号カード交付 2台"),
            ("電子証明書 5台", "電子証明書 6台"),
            ("完了 0件 発券 0件", ""),  # the narrower lane leaves out what does not fit
            ("完了 0人/時", ""),
            ("30分で変わらず", ""),
        ),
        a("c").moves("T4", "certificate", at="08:39"),
    ),
    Figure(
        "a move that waits for its ticket",
        (("", "次 交付へ"),),
        a("c").moves("T3", "issuance", at="08:39"),
        SERVED,
    ),
    Figure(
        "a split outside the band",
        (
            ("個人番号カード交付 3台", "個人番号カード交付 4台"),
            ("電子証明書 5台", "電子証明書 4台"),
            ("注意 0件", "注意 2件"),
            (CALM, "配分 交付 4台（通常 2〜3台）"),
            ("いまのところありません", "配分 交付 4台（通常 2〜3台）"),
            ("", "配分 電子証明書 4台（通常 5〜6台）"),
        ),
        a("c").moves("T3", "issuance", at="08:39", reason="応援"),
    ),
    Figure(
        "a pause with its reason",
        (("T4 空き", "T4 休止"), ("", "清掃"), ("9分 9分 9分", "9分 9分 1分未満")),
        a("c").tells("terminal.paused", "08:39", terminal="T4", reason="清掃"),
    ),
    Figure(
        "a failure",
        (
            ("T4 空き", "T4 故障"),
            ("", "R/W"),
            ("9分 9分 9分", "9分 9分 1分未満"),
            NOTHING,
            (CALM, "故障 T4 R/W 1分未満 f 復旧"),
            ("いまのところありません", "故障 T4 R/W 1分未満 f"),
        ),
        a("c").tells("terminal.failed", "08:39", terminal="T4", fault="R/W"),
    ),
    Figure(
        "a failure during a ticket",
        (
            ("T3 受付中", "T3 故障"),
            ("", "R/W"),
            ("7分 B001", "1分未満 B001"),
            NOTHING,
            (CALM, "故障 T3 R/W 1分未満 f 復旧"),
            ("いまのところありません", "故障 T3 R/W 1分未満 f"),
        ),
        a("c").tells("terminal.failed", "08:39", terminal="T3", fault="R/W"),
        SERVED,
    ),
    Figure(
        "somebody else stands there",
        (("S04 S03", "S31 S03"), ("在席 12名 端末 12", "在席 13名 端末 12"), ("S04 T4", "S04 在席"), ("", "S31 T4")),
        a("c").staffs("T4", "S31", "08:39"),
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
        a("c").staffs("T4", None, "08:39"),
    ),
    Figure(
        "several cards, an appointment and what it is for",
        (
            ("T1 空き", "T1 受付中"),
            ("", "交付 2枚"),
            ("", "予約 08:30"),
            ("9分 9分 9分 9分", "1分未満 A001 9分 9分 9分"),
            ("最長 8分 A001 目標 20分", "最長 - 目標 20分"),
            ("30分で+1人", "30分で変わらず"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("A001", "T1", at="08:39"),
        a().issues("A001", "card_issuance", at="08:31", cards=2, appointment="08:30").lines,
    ),
    Figure(
        "somebody who wants help",
        (
            ("T3 空き", "T3 受付中"),
            ("", "要配慮"),
            ("", "暗証番号"),
            ("9分", "1分未満 B001"),
            ("最長 1分 B001 目標 20分", "最長 - 目標 20分"),
            ("30分で+1人", "30分で変わらず"),
            ("会場 1人／椅子 40脚", "会場 0人／椅子 40脚"),
        ),
        a("c").calls("B001", "T3", at="08:39"),
        a().issues("B001", "pin_reset", at="08:38", assist=True).lines,
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
        one_case(at="08:39", terminal="T3", ticket="B001"),
        SERVED,
    ),
    Figure(
        "a case that is taken",
        (("未対応", "対応中 C1"),),
        a("c").tells("escalation.taken", "08:39", escalation="E-1", official="C1"),
        one_case().lines,
    ),
    Figure(
        "a case that is settled",
        (
            ("市職員待ち 1件", "市職員待ち 0件"),
            ("-- 1:00 手数料の徴収決定 未対応", "決定待ちはありません e で端末から引き継ぎます"),
            (CASES_NOTE, ""),
        ),
        a("c").tells("escalation.settled", "08:39", escalation="E-1", outcome="withdrawn"),
        one_case("fee").lines,
    ),
    Figure(
        "the age of a case",
        (("-- 1:00 代理人来庁時の対応", "-- 1:07 代理人来庁時の対応"), ("08:39:00", "08:39:07")),
        given=one_case().lines,
        then="08:39:07",
    ),
    Figure(
        "a case that waits three minutes",
        (
            ("-- 2:59", "-- 3:00"),
            NOTHING,
            (CALM, "市待ち E-1 市職員待ち 3分 F3 開く"),
            ("いまのところありません", "市待ち E-1 市職員待ち 3分 F3"),
            ("08:40:59", "08:41:00"),
            ("あと8:20", "あと8:19"),
            *[("10分", "11分")] * 8,
        ),
        given=one_case().lines,
        at="08:40:59",
        then="08:41:00",
    ),
    Figure(
        "a case that waits five minutes",
        (
            ("-- 4:59", "-- 5:00"),
            ("市待ち E-1 市職員待ち 4分 F3 開く", "超過 E-1 市職員待ち 5分（基準 5分） F3 開く"),
            ("市待ち E-1 市職員待ち 4分 F3", "超過 E-1 市職員待ち 5分（基準 5分） F3"),
            ("08:39:59", "08:40:00"),
            ("あと8:21", "あと8:20"),
            *[("9分", "10分")] * 8,
        ),
        given=one_case(at="08:35").lines,
        at="08:39:59",
        then="08:40:00",
    ),
    Figure("an official goes", (("市職員 2名", "市職員 1名"),), a("c").tells("officials.changed", "08:39", present=1)),
    Figure(
        "no official is left",
        (
            ("市職員 2名", "市職員 0名"),
            NOTHING,
            (CALM, "市職員 不在 引継ぎ待ち 0件 市民課3番窓口へ o 人数"),
            ("いまのところありません", "市職員 不在 引継ぎ待ち 0件 市民課3番窓口へ o"),
        ),
        a("c").tells("officials.changed", "08:39", present=0),
    ),
    # ---- people
    Figure(
        "a break",
        (("在席 12名 端末 12", "在席 11名 端末 12 休憩 1"), ("S04 T4", "S04 休憩〜09:30")),
        a("c").tells("staff.changed", "08:39", staff="S04", status="on_break", until="09:30"),
    ),
    Figure(
        "somebody is absent",
        (("", "欠勤 1"), ("", "S20 欠勤 発熱")),
        a("c").tells("staff.changed", "08:39", staff="S20", status="absent", reason="発熱"),
    ),
    Figure(
        "chairs",
        (
            ("会場 0人／椅子 40脚", "会場 41人／椅子 40脚"),
            NOTHING,
            (CALM, "溢れ 会場 41人・椅子 40脚"),
            ("いまのところありません", "溢れ 会場 41人・椅子 40脚"),
        ),
        a("c").tells("visitors.counted", "08:39", persons=41),
    ),
    # ---- the day
    Figure(
        "one service stops",
        (
            ("電子証明書 受付中", "電子証明書 受付中"),
            ("", "証明書更新 打切り 8:30〜17:00"),
            NOTHING,
            (CALM, "打切り 証明書更新 8:39から 混雑"),
            ("いまのところありません", "打切り 証明書更新 8:39から 混雑"),
        ),
        a("c").tells("reception.stopped", "08:39", service="cert_renewal", reason="混雑"),
    ),
    Figure(
        "the opening",
        (
            ("開場前", "開場 8:39"),
            ("電子証明書 開場前", "電子証明書 受付中"),
            ("", "あと8:21"),
            ("市職員 未入力", "市職員 3名"),
            ("開場前 配分 交付 T1 T2 T4 電子証明書 T3 T5 T6 T7 T8 Enter 開場する", CALM),
            ("今日の記録はまだありません", ""),
            ("Enter 開場", ""),
            *[("", "1分未満")] * 8,
        ),
        a("c").opens("08:39", 3),
        empty=True,
    ),
    Figure(
        "the close",
        (
            ("開場 8:30", "閉場 8:39"),
            ("交付 開始前", "交付 閉場"),
            ("電子証明書 受付中", "電子証明書 閉場"),
            ("あと8:21", ""),
            ("次 09:00 受付開始 交付・申請サポート・登録支援", ""),
            (CALM, "閉場 閉場しました。F9 で今日の文書を書き出します。"),
        ),
        a("c").closes("08:39"),
    ),
    Figure(
        "the clock",
        (("08:39:00", "08:39:01"),),
        then="08:39:01",
    ),
    Figure(
        "the window that is open has a minute less",
        (("08:39:59", "08:40:00"), ("あと8:21", "あと8:20"), *[("9分", "10分")] * 8),
        at="08:39:59",
        then="08:40:00",
    ),
    Figure(
        "a window opens",
        (
            ("08:59:59", "09:00:00"),
            ("交付 開始前 9:00〜16:30", "交付 受付中 9:00〜16:30 あと7:30"),
            ("あと8:01", "あと8:00"),
            ("次 09:00 受付開始", "次 16:30 受付終了"),
            ("9時 -", "9時 0／0"),
            *[("29分", "30分")] * 8,
        ),
        given=a("k").tells("work.counted", "08:55", item="photo").lines,
        at="08:59:59",
        then="09:00:00",
    ),
    Figure(
        "a window closes",
        (
            ("16:30:00", "16:30:01"),
            ("交付 受付中 9:00〜16:30 あと0:00", "交付 受付終了 9:00〜16:30"),
        ),
        at="16:30:00",
        then="16:30:01",
    ),
    Figure(
        "somebody is due back",
        (
            ("次 09:00 受付開始 交付・申請サポート・登録支援", "次 08:45 戻り S20"),
            ("", "離席 1"),
            ("", "S20 離席〜08:45"),
        ),
        a("c").tells("staff.changed", "08:39", staff="S20", status="away", until="08:45"),
    ),
    # ---- what is doubtful
    Figure(
        "a feed falls silent",
        (
            (CALM, "途絶 feed から 10分間 記録なし"),
            NOTHING,
            ("いまのところありません", "途絶 feed から 10分間 記録なし"),
            ("08:40:00", "08:40:01"),
        ),
        at="08:40:00",
        then="08:40:01",
    ),
    Figure(
        "a call of a number that was never given",
        (
            ("T3 空き", "T3 受付中"),
            ("", "用件不明"),
            ("9分", "1分未満 B999"),
            (CALM, "記録 合わない記録 1件（発券なし1）"),
            NOTHING,
            ("いまのところありません", "記録 合わない記録 1件（発券なし1）"),
        ),
        a("c").calls("B999", "T3", at="08:39"),
    ),
    Figure(
        "facts ahead of this clock",
        (
            (CALM, "時計 記録がこのPCの時計より 6分先"),
            NOTHING,
            ("いまのところありません", "時計 記録がこのPCの時計より 6分先"),
        ),
        a("c").tells("work.counted", "08:45", item="photo", count=3),
    ),
    Figure(
        "a finish that may be missing",
        (
            (CALM, "記録 終了の入れ忘れ? T3 B001"),
            NOTHING,
            ("いまのところありません", "記録 終了の入れ忘れ? T3 B001"),
            ("09:17:00", "09:17:01"),
        ),
        given=joined(SERVED, a("k").tells("work.counted", "09:16", item="photo")),
        at="09:17:00",
        then="09:17:01",
    ),
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.name)
async def test_figure(tmp_path: Path, figure: Figure) -> None:
    async with console(tmp_path, figure.lines, at=figure.at, size=figure.size) as c:
        before = shown(c)
        if figure.fact is not None:
            await c.hears(figure.fact)
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
    """A late call there is an anomaly and does not end it: ``since`` is the start of the state (contract §3)."""
    given = a().tells("terminal.failed", "08:31", terminal="T7").issues("B001", at="08:32").calls("B001", "T7", "08:38")
    async with console(tmp_path, joined(DAY, given), at="08:39", size=WIDE) as c:
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
    async with console(tmp_path, DAY, at="08:39", size=WIDE) as c:
        for second, n in enumerate((0, 1, 7, 12, 38, 99, 100, 640)):
            await c.hears(a(f"n{n}-").counts(lane, n, at=f"08:38:{second:02d}"))
            assert has_number(lane_text(c, lane), n), n
            assert has_number(lane_text(c, other), 0), n
        await c.hears(a("i").issues("X001", "card_issuance" if lane == "issuance" else "other", at="08:39"))
        assert has_number(lane_text(c, lane), 641)


async def test_the_curve_is_the_number_waiting_of_the_last_hour(tmp_path: Path) -> None:
    given = (
        a()
        .counts("certificate", 4, at="08:31")
        .counts("certificate", 8, at="09:00")
        .counts("certificate", 2, at="09:20")
    )
    async with console(tmp_path, joined(DAY, given), at="09:30", size=WIDE) as c:
        # 30 points from 8:32 to 9:30, every two minutes but a little: 4 until 9:00, then 8, then 2.
        curve = next(word for word in lane_text(c, "certificate").split() if len(word) == 15)
        assert curve == spark([4] * 14 + [8] * 10 + [2] * 6)
        assert spark([0] * 30) in lane_text(c, "issuance")
        assert "30分で-6人" in lane_text(c, "certificate")
        await c.hears(a("c").counts("certificate", 6, at="09:30"))
        assert spark([4] * 14 + [8] * 10 + [2] * 5 + [6]) in lane_text(c, "certificate")


async def test_the_bar_of_a_card_grows_with_the_time_of_its_ticket(tmp_path: Path) -> None:
    given = a().issues("B001", at="08:31").calls("B001", "T3", "08:31").finishes("B001", "T3", "08:41")
    given.issues("B002", at="08:41").calls("B002", "T3", "08:41")
    async with console(tmp_path, joined(DAY, given), at="08:46", size=WIDE) as c:
        # The mean service is 10 minutes; the bar is full at twice that.
        def filled() -> float:
            region = next(r for r, m in c.frame.picture.targets if m == "terminal:T3")
            canvas = Canvas(*c.app.size)
            c.frame.draw(canvas)
            bar = [role for role, _, under in canvas.rows()[region.bottom - 1][1][region.x : region.right] if under]
            return sum(role != "faint" for role in bar) / len(bar)

        assert filled() == pytest.approx(0.25, abs=0.05)
        await c.at("08:51")
        assert filled() == pytest.approx(0.5, abs=0.05)
        await c.at("09:10")
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
    async with console(tmp_path, open_day(), at="08:39", size=WIDE) as c:
        codes, after = list(c.floor.terminals), cards(c)
        for n, code in enumerate(codes):
            lane = c.floor.terminals[code].lane
            service = {"issuance": "card_issuance", "certificate": "cert_renewal", "application": "application_support"}
            number = f"Q{n:03d}"
            small = code[0] in "AP"
            steps: list[tuple[Story, str, str]] = [
                (a().tells("terminal.paused", "08:39", terminal=code), "空き", "休止"),
                (a().tells("terminal.failed", "08:39:01", terminal=code), "休止", "故障"),
                (a().tells("terminal.repaired", "08:39:02", terminal=code), "故障", "休止"),
                (a().tells("terminal.resumed", "08:39:03", terminal=code), "休止", "空き"),
                (a().staffs(code, None, "08:39:04"), "空き", "担当なし"),
                (a().staffs(code, f"R{n:02d}", "08:39:05"), "担当なし", "空き" if small else f"R{n:02d}"),
            ]
            for i, (story, old, new) in enumerate(steps):
                story.lines[0]["id"] = f"{code}-{i}"
                await c.hears(story)
                before, after = after, cards(c)
                assert [x for x in codes if before[x] != after[x]] == [code], (code, new)
                assert old in before[code] and new in after[code] and (old not in after[code] or small), (code, new)
            issue = a(f"{code}-t").issues(number, service.get(lane, "registration_support"), at="08:39:06")
            await c.hears(issue)
            for kind, new, fields in (("called", number, {}), ("finished", "空き", {"outcome": "done"})):
                story = a(f"{code}-{kind}").tells(f"ticket.{kind}", "08:39:07", ticket=number, terminal=code, **fields)
                story.lines[0]["at"] = story.lines[0]["at"].replace("39:07", "39:08" if fields else "39:07")
                await c.hears(story)
                before, after = after, cards(c)
                assert [x for x in codes if before[x] != after[x]] == [code]
                assert new in after[code]


# ---- what only the command line and the console write


async def test_incidents_by_the_side(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="08:39", size=WIDE) as c:
        other = c.beside()
        before = shown(c)
        assert "事案 0件" in before and "未終結の事案はありません" in before
        other.act("incident.opened", {"category": "injury", "summary": "転倒"})
        await c.until(lambda: "事案 1件" in shown(c), "the incident")
        assert "I-1 未報告 急病・けが 8:39 転倒" in shown(c)
        assert "注意 1件" in shown(c) and "事案 I-1 急病・けが 市へ直ちに報告 あと15分 F5" in shown(c)
        await c.at("08:54")
        assert "市へ直ちに報告 超過" in shown(c)
        other.act("incident.reported", {"incident": "I-1", "to": "監督員"})
        await c.until(lambda: "I-1 報告済 急病・けが 8:39 転倒" in shown(c), "the report")
        assert "市へ直ちに報告" not in shown(c)
        other.act("incident.closed", {"incident": "I-1"})
        await c.until(lambda: "事案 0件" in shown(c), "the close")
        other.close()


async def test_the_journal_tells_each_fact_as_it_comes(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="08:39", size=WIDE) as c:
        await c.hears(a().issues("B001", at="08:38"))
        c.sees("08:38 B001      発券 証明書更新")
        await c.hears(a("c").calls("B001", "T3", "08:39"))
        rows = [row for row in c.rows() if "呼出し B001" in row or "発券 証明書更新" in row]
        assert "呼出し" in rows[0] and "発券" in rows[1]
        other = c.beside()
        other.retract({"target": "c-00001", "target_source": "feed", "reason": "誤り"})
        other.close()
        await c.until(lambda: "取消済" in c.text(), "the correction")
        c.sees("取消し T3 呼出し B001 （誤り）")
        await c.hears(a("q").calls("B777", "T5", "08:39"))
        assert any("呼出し B777" in row and "?" in row for row in c.rows())


async def test_the_date_and_the_place(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="08:39", size=WIDE) as c:
        c.sees("熊谷市 交付特設会場", "令和8年9月14日（月）", "08:39:00")
        c.app.state.banner = "時刻固定"
        c.app.redraw()
        c.sees("時刻固定")


@pytest.mark.parametrize(
    "figure",
    [
        Figure(
            "a ticket",
            (
                ("待ち 0人 完了 0", "待ち 1人 完了 0"),
                ("最長 - 来0 完0/時", "最長 1分未満 来1 完0/時"),
                ("会場 0人／椅子", "会場 1人／椅子"),
            ),
            a().issues("B001", at="08:39"),
            size=(80, 24),
        ),
        Figure(
            "a finish",
            (
                ("待ち 0人 完了 0", "待ち 0人 完了 1"),
                ("来1 完0/時", "来1 完1/時"),
                ("T3 受付中 S03 B001 証明書更新 7分", "T3 空き S03 1分未満"),
            ),
            a("c").finishes("B001", "T3", at="08:39"),
            SERVED,
            size=(80, 24),
        ),
        Figure(
            "a move",
            (("3台", "2台"), ("5台", "6台")),
            a("c").moves("T4", "certificate", at="08:39"),
            size=(80, 24),
        ),
        Figure(
            "a small lane",
            (("申請サポート 0人 A1", "申請サポート 1人 A1"), ("会場 0人／椅子", "会場 1人／椅子")),
            a("c").issues("C001", "application_support", at="08:39"),
            size=(80, 24),
        ),
        Figure(
            "a case",
            (
                ("市職員待ち 0件", "市職員待ち 1件"),
                ("決定待ちはありません e で引き継ぎ..", "T3 0:00 代理人 B001 未対応"),
                ("", "3分で注意 5分で超過"),
                ("T3 受付中 S03 B001 証明書更新 7分", "T3 市待ち S03 B001 代理人 7分"),
            ),
            one_case(at="08:39", terminal="T3", ticket="B001"),
            SERVED,
            size=(80, 24),
        ),
    ],
    ids=lambda f: f.name,
)
async def test_figure_on_the_small_board(tmp_path: Path, figure: Figure) -> None:
    await test_figure(tmp_path, figure)

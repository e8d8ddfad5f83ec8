"""問題点 of the daily report as a draft: every sentence from facts, with its figures, and no person's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.privacy import check
from floorctl.documents.day.doubts import NOT_CLOSED
from floorctl.documents.day.problem_kinds import kind_of
from floorctl.documents.day.problems_draft import MOST_CHARS, MOST_LINES, difference_text, draft_problems, unexplained
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from tests.story import Desk, Story, a_day


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Iterator[Desk]:
    """A manager with a file; the day opens at 8:30 with two officials."""
    d = Desk(tmp_path / "floor.db", site, "08:29")
    yield d
    d.close()


def record_of(d: Desk) -> DayRecord:
    return day_record(d.floor, d.session.register(), Head(0, ""), revision=1)


def draft(d: Desk) -> list[str]:
    """The draft of the desk's day; each line may be written into the report as it is."""
    lines = draft_problems(record_of(d), d.floor, d.session.register())
    assert len(lines) <= MOST_LINES
    for line in lines:
        assert check(line, "本文") == line and 0 < len(line) <= MOST_CHARS
        assert kind_of(line) is not None, line
    return lines


def of(story: Story) -> list[str]:
    floor = story.floor()
    record = day_record(floor, Register(), Head(0, ""), revision=1)
    lines = draft_problems(record, floor, Register())
    assert [line for line in lines if kind_of(line) is None] == []
    return lines


def test_a_day_without_trouble_has_no_draft() -> None:
    assert of(a_day().opens("08:30").issues("B001").calls("B001").finishes("B001").closes("17:15")) == []


def test_late_opening_and_early_closing_with_their_minutes() -> None:
    assert of(a_day().opens("08:34").closes("16:50")) == [
        "開場が午前8時34分となり、4分遅れました（定刻 午前8時30分）。",
        "閉場が午後4時50分となり、受付時間の終わり（午後5時）より10分早くなりました。",
    ]
    # A feed whose first fact came late says nothing of the doors.
    assert of(a_day().issues("B001", at="08:40").calls("B001").finishes("B001").closes("17:15")) == []


def test_an_outage_with_its_minutes_and_its_cause(desk: Desk) -> None:
    desk.opens()
    desk.at("09:12").does("incident.opened", category="system_outage", summary="国のシステムに接続できない", services=("cert_issue", "cert_renewal"))  # fmt: skip
    desk.does("incident.amended", incident="I-1", cause="national")
    desk.at("09:15").does("incident.reported", incident="I-1", to="常駐職員")
    desk.at("10:05").does("incident.restored", incident="I-1")
    desk.at("17:15").does("day.closed")
    lines = draft(desk)
    assert lines[0] == (
        "電子証明書発行、電子証明書更新が午前9時12分から午前10時5分まで停止しました"
        "（受付時間のうち53分、国のシステム、I-1）。"
    )
    assert lines[1] == "事案が1件ありました（システム障害 1件）。"
    assert len(lines) == 2


def test_an_outage_during_which_people_were_served_is_in_doubt(desk: Desk) -> None:
    """A restoration that nobody recorded stops a service for weeks, on paper only."""
    desk.opens()
    desk.at("09:12").does("incident.opened", category="labour_accident", summary="足をひねった")
    desk.does("incident.opened", category="system_outage", summary="接続できない", services=("cert_renewal",))
    desk.at("10:00").does("terminal.staffed", terminal="T5", staff="S05")
    desk.does("ticket.issued", ticket="B001", service="cert_renewal")
    desk.does("ticket.called", ticket="B001", terminal="T5")
    desk.at("10:09").does("ticket.finished", ticket="B001", terminal="T5", outcome="done")
    desk.at("17:15").does("day.closed")
    lines = draft(desk)
    assert lines[0].endswith("停止の記録の間に完了した番号札が1枚あります。停止の時刻を確かめる必要があります。")
    assert kind_of(lines[0]) == ""
    assert [line for line in lines if "I-1" in line] == ["I-1 労働災害（足をひねった）。市への報告がまだです。"], "once"


def test_a_reception_that_was_stopped_says_which_when_and_why() -> None:
    story = a_day().opens("08:30")
    for s in ("cert_issue", "cert_renewal", "pin_reset", "reissue_application", "other"):
        story.tells("reception.stopped", "16:00", service=s, reason="本日分終了")
    story.tells("reception.stopped", "11:00", service="application_support")
    story.tells("reception.resumed", "11:30", service="application_support")
    assert of(story.closes("17:15")) == [
        "申請サポートの受付を午前11時から午前11時30分まで打ち切りました。受付時間のうち30分です。",
        "電子証明書の全用件の受付を午後4時から打ち切りました（本日分終了）。受付時間のうち1時間です。",
    ]


def test_terminals_that_failed_with_their_minutes() -> None:
    story = a_day().opens("08:30").tells("terminal.failed", "13:19", terminal="T7", fault="カードR/W応答なし。")
    story.tells("terminal.repaired", "14:00", terminal="T7")
    for at, kind in (("09:00", "failed"), ("09:10", "repaired"), ("10:00", "failed"), ("10:05", "repaired")):
        story.tells(f"terminal.{kind}", at, terminal="T2")
    assert of(story.closes("17:15")) == [
        "端末 T2 が2回故障しました。受付時間のうち計15分、使えませんでした。",
        "端末 T7 が午後1時19分から午後2時まで故障しました（カードR/W応答なし）。受付時間のうち41分、使えませんでした。",
    ]


def test_equipment_that_is_down(desk: Desk) -> None:
    desk.opens()
    desk.at("14:10").does("equipment.changed", equipment="furigana_printer", unit=1, state="failed", reason="紙詰まり")
    desk.does("equipment.changed", equipment="furigana_printer", unit=2, state="stopped")
    desk.at("17:15").does("day.closed")
    assert draft(desk) == [
        "カード追記欄印字プリンタ 1 が午後2時10分から故障しています（紙詰まり）。",
        "カード追記欄印字プリンタ 2 が午後2時10分から停止しています。",
        "振り仮名印字プリンタがすべて使えません（証明書とセット 仕様書 7(1)ウ）。",
    ]


def test_waits_beyond_the_target_and_who_left() -> None:
    story = a_day().opens("08:30")
    for n, at in ((1, "09:10"), (2, "09:40"), (3, "09:15")):
        story.issues(f"B00{n}", at="09:00").calls(f"B00{n}", "T3", at).finishes(f"B00{n}", "T3", at)
    story.issues("B004", at="09:00").leaves("B004", "09:30")
    story.issues("C001", "application_support", "09:00").leaves("C001", "09:30")
    assert of(story.closes("17:15")) == [
        "電子証明書の待ち時間が目標（20分）を超えた方が3人中1人、最大40分でした（午前9時40分の呼出し）。"
        "呼出しの前に帰られた方は1人です。",
        "申請サポートで、呼出しの前に帰られた方は1人です。",
    ]


def test_more_persons_than_chairs_with_how_long() -> None:
    story = a_day().opens("08:30").tells("visitors.counted", "13:40", persons=58)
    story.tells("visitors.counted", "14:05", persons=30)
    assert of(story.closes("17:15")) == [
        "会場の人数が椅子（40脚）を超えました（最大58人、午後1時40分、受付時間のうち25分）。"
    ]


def test_people_by_code_without_their_reasons(desk: Desk) -> None:
    desk.at("08:14").does("staff.changed", staff="S12", status="absent", reason="発熱")
    desk.does("vacancy.opened", staff="S12")
    desk.does("charge.taken", staff="S00")
    desk.at("08:16").does("staff.changed", staff="S08", status="late", until="09:05", reason="電車遅延")
    desk.at("08:20").does("staff.changed", staff="S01", status="present")
    desk.at("08:29").opens()
    desk.at("09:05").does("staff.changed", staff="S08", status="present")
    desk.at("09:40").does("vacancy.filled", staff="S12", substitute="S11")
    desk.at("12:00").does("charge.taken", staff=None, reason="打合せ")
    desk.at("12:12").does("charge.taken", staff="S00")
    desk.at("17:15").does("day.closed")
    lines = draft(desk)
    assert lines[:4] == [
        "欠勤が1人ありました（S12）。",
        "遅刻が1人ありました（S08 午前9時5分出勤）。",
        "S12 の欠員が午前8時14分に生じ、午前9時40分にS11 が代わりに入りました。受付時間のうち1時間10分補充がありませんでした。",
        "現場責任者（代行者を含む）が受付時間のうち計12分不在でした。",
    ]
    assert lines[4].startswith("休憩の記録が法定の時間（労働基準法34条）に足りない従事者が3人います（不足 S00 1時間、")
    assert "発熱" not in "".join(lines) and "電車" not in "".join(lines)


def test_city_staff_absent_and_hand_offs_that_waited() -> None:
    story = a_day().opens("08:30").tells("officials.changed", "12:00", present=0)
    story.tells("officials.changed", "12:25", present=2)
    for n, (raised, taken) in enumerate((("09:00", "09:01"), ("10:00", "10:11"), ("11:00", "11:05")), 1):
        story.tells("escalation.raised", raised, escalation=f"E-{n}", matter="fee")
        story.tells("escalation.taken", taken, escalation=f"E-{n}")
        story.tells("escalation.settled", "11:30", escalation=f"E-{n}", outcome="approved", official="C1")
    assert of(story.closes("17:15")) == [
        "市職員が受付時間のうち計25分会場に不在でした。",
        "市職員への引継ぎ3件のうち、対応の開始まで5分を超えたものが1件ありました（最長11分、E-2）。",
    ]


def test_incidents_that_are_serious_and_those_not_yet_reported(desk: Desk) -> None:
    desk.opens()
    desk.at("10:00").does("incident.opened", category="personal_info", summary="交付前のカード1枚が見当たらない")
    desk.does("incident.amended", incident="I-1", serious=True)
    desk.at("10:10").does("incident.reported", incident="I-1", to="常駐職員")
    desk.at("11:00").does("incident.opened", category="complaint", summary="待ち時間への苦情")
    desk.at("17:15").does("day.closed")
    assert draft(desk) == [
        "I-1 個人情報の漏えい・紛失・目的外使用（重大）（交付前のカード1枚が見当たらない）。市へは午前10時10分に報告しました。",
        "事案が1件ありました（苦情・トラブル 1件）。",
        "市への報告がまだの事案が1件あります（I-2 苦情）。",
    ]
    desk.at("17:16").does("incident.closed", incident="I-2", reason="その場で納得された")
    assert draft(desk)[-1] == "I-2 苦情は市に報告せずに終結しました（その場で納得された）。"
    for n in range(3, 28):
        desk.does("incident.opened", category="other", summary=f"件{n}")
    assert all(f"I-{n} " in "".join(draft(desk)) for n in range(3, 28)), "each is told"


def test_differences_until_they_are_explained(desk: Desk, site: Site) -> None:
    desk.opens().does("work.counted", item="issuance_new", count=12)
    desk.does("total.read", item="issuance_new", count=13)
    desk.does("total.read", item="cert_copy", count=0)
    desk.at("17:15")
    line = "交付 新規の件数が交付簿と一致しません（記録 12件、交付簿 13件、差 +1件）。"
    assert draft(desk) == [line]
    assert [difference_text(t, desk.floor) for t in unexplained(record_of(desk))] == [line]
    desk.does("total.read", item="issuance_new", count=13, note="記録漏れ1件、交付簿が正しい")
    assert draft(desk) == []


def test_many_differences_leave_room_for_the_rest(desk: Desk, site: Site) -> None:
    desk.opens()
    for item in (w for w in site.work_items if w.ledger):
        desk.does("total.read", item=item.code, count=7)
    for n in range(1, 19):  # so many other lines that not every difference finds one of its own
        desk.does("vacancy.opened", staff=f"V{n:02d}")
    desk.at("17:15").does("day.closed")
    lines = draft(desk)
    assert sum("の欠員が" in line for line in lines) == 18
    assert sum("と一致しないものが" in line for line in lines) == len({w.ledger for w in site.work_items if w.ledger})


def test_card_stock_and_records_in_doubt(desk: Desk) -> None:
    desk.at("08:30").opens().does("ticket.issued", service="cert_renewal")
    desk.at("17:14").does("cards.counted", received=0, issued=2, returned=0, left=50)
    lines = draft(desk)
    assert lines == [
        "カード在庫の照合で数が合いません（交付 2枚、記録は 0枚（2枚多い））。",
        "終わりの記録がない番号札が1枚あります。",
    ]
    assert NOT_CLOSED in record_of(desk).doubts  # of the moment, not of the day: no problem of it


HOSTILE = ["[/red] [@click=app.quit]x", "長" * 400, "=cmd|' /C calc'!A0", "", " 。 "]


@pytest.mark.parametrize("text", HOSTILE)
def test_reasons_are_only_text_and_cut(desk: Desk, text: str) -> None:
    story: Any = a_day().opens("08:30").tells("terminal.failed", "09:00", terminal="T1", fault=text)
    story.tells("reception.stopped", "09:00", service="other", reason=text)
    desk.hears(story)
    lines = draft(desk)
    assert len(lines) == 2 and all(len(line) < 160 for line in lines)

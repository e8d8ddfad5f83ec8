"""Keys for records: memo, inquiry, tally, incident, taking back, dating back, correcting, and the end of the day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from floorctl.common.words import INCIDENT_CATEGORIES
from tests.screens.harness import Console, console, joined, open_day
from tests.story import MONDAY, Story, kumagaya

DAY = open_day()
B041_AT_T6 = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01").lines


async def test_inquiries_are_counted_by_one_key_each(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("q")
        c.sees("問い合わせ", "持ち物", "苦情", "今日 0件")
        await c.press("1", "1", "8", "+")
        await c.type("自転車置場")
        await c.press("enter", "9", "-", "1")
        assert [(k, f["topic"], f["count"]) for k, f in c.wrote(6)] == [
            ("inquiry.counted", "持ち物", 1),
            ("inquiry.counted", "持ち物", 1),
            ("inquiry.counted", "苦情", 1),
            ("inquiry.counted", "自転車置場", 1),
            ("inquiry.counted", "自転車置場", 1),
            ("inquiry.counted", "持ち物", -1),
        ]
        assert dict(c.told()[0].inquiries) == {"持ち物": 1, "苦情": 1, "自転車置場": 2}
        c.sees("今日 4件")
        await c.press("-", "2")
        assert "減らせません" in c.message
        await c.press("escape")
        c.sees("市職員待ち")


# ---- the tally grid


async def test_tally_by_arrow_and_mouse_reaches_every_item(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        await c.press("k")
        for item in kumagaya().work_items:
            await c.press("1", "enter")
            assert c.wrote()[0][1]["item"] == item.code
        await c.click_on("写真撮影")
        await c.press("5", "enter")
        assert c.wrote() == [("work.counted", {"item": "photo", "count": 5})]
        await c.press("escape")
        c.sees("市職員待ち")


# ---- incidents


async def test_an_incident_takes_under_ten_keys_and_its_text(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:05") as c:
        for n, category in enumerate(INCIDENT_CATEGORIES, 1):
            before = c.pressed
            await c.press("i", str(n))
            await c.enters("記載台で転びかけた")
            assert c.pressed - before == 3
            [(kind, fields)] = c.wrote()
            assert (kind, fields["incident"], fields["category"]) == ("incident.opened", f"I-{n}", category)
            assert fields["summary"] == "記載台で転びかけた"
            assert fields["occurred_at"] == fields["found_at"]
            assert c.message.startswith(f"I-{n} を記録しました")
        c.sees("I-1", "市へ")


async def test_an_incident_at_a_terminal_ten_minutes_ago(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:25") as c:
        await c.press("7", "-", "1", "0", "i", "4")
        await c.enters("カードR/W応答なし")
        assert c.pressed < 10
        [(_, fields)] = c.wrote()
        assert fields["terminals"] == ("T7",)
        assert (f"{fields['occurred_at']:%H:%M}", f"{fields['found_at']:%H:%M}") == ("09:15", "09:25")
        assert f"{c.last().fact.at:%H:%M}" == "09:25"
        assert c.state.pending.backdate_min == 0


async def opened(c: Console, digit: str, text: str) -> None:
    await c.press("i", digit)
    await c.enters(text)


# ---- undo

# Keys of an act (after "|": text into the dialog, then Enter), the kinds that it writes, and what is said to be taken back.
ACTS: dict[str, tuple[Sequence[str], str, list[str], str]] = {
    "move": (("4", "right"), "", ["terminal.assigned"], "取消し T4 電子証明書へ"),
    "move with a reason": (("3", "left"), "応援", ["terminal.assigned"], "取消し T3 交付へ 応援"),
    "pause": (("5", "s"), "", ["terminal.paused"], "取消し T5 休止"),
    "fail": (("5", "f"), "", ["terminal.failed"], "取消し T5 故障"),
    "staff": (("5", "p", "1"), "", ["terminal.staffed", "terminal.staffed"], "取消し T1 担当なし  取消し T5 担当 S01"),
    "finish": (("6", "d"), "", ["ticket.finished"], "取消し T6 B041 完了"),
    "no-show": (("6", "z"), "", ["ticket.no_show"], "取消し B041 不在"),
    "finish and call": (
        ("6", "n"),
        "",
        ["ticket.finished", "ticket.called"],
        "取消し T6 B041 完了  取消し T6 呼出し B042",
    ),
    "call": (("3", "n"), "", ["ticket.called"], "取消し T3 呼出し B042"),
    "issue": (("t", "3"), "", ["ticket.issued"], "取消し B043 発券 証明書更新"),
    "count": (
        ("w", "4", "enter", "7", "enter"),
        "",
        ["queue.counted", "queue.counted"],
        "取消し 待ち人数 交付 4人  取消し 待ち人数 電子証明書 7人",
    ),
    "visitors": (("v", "9", "enter"), "", ["visitors.counted"], "取消し 会場の人数 9人"),
    "escalate": (("6", "e", "4"), "", ["escalation.raised"], "取消し T6 市職員へ引継ぎ 代理人"),
    "take": (("tab", "enter", "1", "1"), "", ["escalation.taken"], "取消し E-7 市職員 対応開始 C1"),
    "settle": (("tab", "enter", "5"), "", ["escalation.settled"], "取消し E-7 市職員 決定 取下げ"),
    "officials": (("o", "1", "enter"), "", ["officials.changed"], "取消し 市職員の人数 1名"),
    "person": (
        ("tab", "tab", "tab", "enter", "4", "1"),
        "",
        ["staff.changed", "terminal.staffed"],
        "取消し S01 休憩 〜10:05  取消し T1 担当なし",
    ),
    "absence": (
        ("f4", "3", "1"),
        "",
        ["staff.changed", "terminal.staffed", "vacancy.opened"],
        "取消し S01 欠勤 本人から連絡  取消し T1 担当なし  取消し S01 欠員 本人から連絡",
    ),
    "charge": (("h", "1"), "", ["charge.taken"], "取消し S01 現場責任者の職務"),
    "post": (
        ("f4", "n", "1"),
        "",
        ["terminal.staffed", "staff.posted"],
        "取消し T1 担当なし  取消し S01 持ち場 受付案内",
    ),
    "by hand": (("j", "3"), "", ["ticket.issued"], "取消し B043 発券 証明書更新"),
    "accommodation": (("y", "1"), "", ["accommodation.given"], "取消し 合理的配慮 筆談 +1"),
    "checklist": (("c", "1"), "", ["checklist.checked"], "取消し 点検 端末の起動と動作（故障なし）"),
    "reception": (("r", "3"), "混雑", ["reception.stopped"], "取消し 証明書更新 受付打切り 混雑"),
    "memo": (("m",), "机を動かした", ["memo.written"], "取消し メモ 机を動かした"),
    "inquiry": (("q", "+"), "駐車場", ["inquiry.counted"], "取消し 問い合わせ 駐車場 +1"),
    "tally": (("k", "5", "enter"), "", ["work.counted"], "取消し 交付新規 +5"),
    "incident": (("i", "2"), "苦情", ["incident.opened"], "取消し I-1 苦情 苦情"),
}
BUSY = joined(
    DAY,
    B041_AT_T6,
    Story(prefix="w").issues("B042", at="09:02"),
    Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee"),
)


@pytest.mark.parametrize("name", list(ACTS))
async def test_every_act_is_taken_back_by_one_key(tmp_path: Path, name: str) -> None:
    keys, text, kinds, taken_back = ACTS[name]
    async with console(tmp_path, BUSY, at="09:05") as c:
        before = plain_floor(c)
        await c.press(*keys)
        if text:
            await c.enters(text)
        assert c.kinds() == kinds
        assert c.message.endswith("   u 取消")
        assert plain_floor(c) != before
        await c.press("escape", "u")
        assert c.kinds() == [*kinds, *["retracted"] * len(kinds)]
        assert c.message == taken_back
        assert plain_floor(c) == before
        await c.press("u")
        assert c.message == "取消: この盤面から今日記録したものはありません"


def plain_floor(c: Console) -> object:
    """What the file says of the hall, but for the list of facts itself."""
    from tests.story import plain

    floor, register = c.told()
    shown = plain(floor)["shown"]
    for name in ("entries", "retracted", "taken_back", "sources", "last_fact_at"):
        shown.pop(name, None)
    derived = plain(floor)["derived"]
    derived.pop("revision")
    return shown, derived, [(i.code, i.state) for i in register.incidents.values()]


# ---- dating back


async def test_the_minutes_need_no_enter(tmp_path: Path) -> None:
    async with console(tmp_path, DAY, at="09:25") as c:
        await c.press("-", "5", "w", "4", "enter", "7", "enter")
        assert {f"{e.fact.at:%H:%M}" for e in c.facts() if e.source == "console"} == {"09:20"}


# ---- the end of the day


async def test_close_export_reopen(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, Story(prefix="w").issues("B041", at="17:00")), at="17:15") as c:
        await c.press("f9")
        c.sees("締め", "未 待っている番号", "1枚  B041", "未 カード在庫の照合")
        await c.press("z")
        c.sees("今日を締めますか", "いいえ", "残り 4件（待っている番号ほか）")
        await c.press("enter")  # the cursor stands on いいえ
        assert c.kinds() == []
        await c.press("z", "2")
        assert c.kinds() == ["day.closed"]
        c.sees("閉場 17:15", "締めました")
        await c.press("u")
        assert "閉場 は取り消せません" in c.message
        folder = tmp_path / "reports" / f"{MONDAY}"
        c.sees(str(folder)[:60])
        assert (folder / f"日次報告書_{MONDAY}.xlsx").exists()
        record = json.loads((folder / f"records_{MONDAY}.json").read_text("utf-8"))
        assert record["revision"] == 1 and record["head"]["seq"] == c.last().seq
        await c.press("f")
        await c.enters("閉め忘れの記録")
        assert c.wrote() == [("day.reopened", {"reason": "閉め忘れの記録"})]
        c.sees("開場 8:30")
        await c.press("z", "2")
        record = json.loads((folder / f"records_{MONDAY}.json").read_text("utf-8"))
        assert record["revision"] == 2


async def test_opening(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:25") as c:
        c.sees("開場前", "配分 交付 T1 T2 T4", "Enter")
        await c.press("enter", "2")
        [(kind, fields)] = c.wrote()
        assert (kind, fields["officials"]) == ("day.opened", 2)
        assert fields["allocation"] == {t.code: t.lane for t in kumagaya().terminals}
        c.sees("開場 8:25", "市職員 2名")
        await c.press("enter")
        assert len(c.kinds()) == 1

"""Scenario files: a fault is one sentence with its line, all are told at once, and what is asked can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.intake.site_file import data_dir
from floorctl.rehearsal.scenario_files import doubts, load_scenario
from tests.contract.contract_cli import run
from tests.story import kumagaya

# The same service is down already when the scenario's own outage begins.
TWICE = '[[mishaps]]\nkind = "outage"\nat = 09:00:00\nuntil = 12:00:00\nservices = ["cert_renewal"]\n\n[[mishaps]]'
SHIPPED = (data_dir() / "scenarios" / "outage.toml").read_text(encoding="utf-8")


FAULTS = {  # what is put there: (what stands in the shipped file, words of the sentence)
    'kind = "storm"': ('kind = "outage"', "mishaps 1番目 の kind：outage、slow"),
    '"cert_isue"]\n\n': ('"cert_issue", "cert_renewal", "pin_reset"]\n\n', "cert_isue が会場設定にありません"),
    'training = "x"': ('training = "emergency"', "研修の項目にありません"),
    "ends = 09:30:00": ("ends = 11:30:00", "starts の10:15）より後ではありません"),
    '"incident.opend"]': ('"incident.opened"]', "知らない記録の種類"),
    "colour =": ("category =", "その記録にない項目"),
    "番号は 1234 5678 9018 です": ("隣の T8 も同じです", "個人情報に見える"),
    'who = "090-1234-5678"': ('who = "会場案内"', "個人情報に見える"),
    'title = "1234567 の障害"': ('title = "電子証明書の全国障害"', "個人情報に見える"),
    "": ("within = 10\n", "within：この項目がありません"),
    "[[mishap]]": ("[[mishaps]]", "mishaps のことであれば"),
    TWICE: ("[[mishaps]]", "1番目 と時間が重なり"),
}


@pytest.mark.parametrize("new", FAULTS, ids=lambda x: x[:16])
def test_a_wrong_scenario_is_one_sentence_with_its_line(tmp_path: Path, new: str) -> None:
    old, words = FAULTS[new]
    path = tmp_path / "own.toml"
    assert old in SHIPPED
    text = SHIPPED.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_scenario(str(path), kumagaya())
    sentence = caught.value.sentence
    assert words in sentence and "own.toml の" in sentence and "行目" in sentence
    assert "1234" not in sentence


UNMET = (  # of which scenario, what stands there, what is put there, words of the line that tells it
    ("lost-card", 'category = "personal_info"', 'category = "fire"', "where の category：fire という値はありません。personal_info、"),
    ("lost-card", "at = 14:10:00", "at = 13:10:00", "messages 1番目 の at：13:10 は演習の時間（14:00〜15:15）の外"),
    ("lost-card", "within = 5", "within = 500", "within：期限（14:10から500分）が演習の終わり（15:15）より後"),
    ("surge", 'terminals = ["T6"]', 'terminals = ["T6", "X9"]', "terminals 2番目：X9 が会場設定にありません"),
    ("surge", "at = 10:02:00\nuntil = 10:35:00", "at = 11:02:00\nuntil = 11:35:00", "受講者には起きません"),
    ("lost-card", 'after = ["incident.amended"]', 'after = ["incident.amend"]', "after 1番目：知らない記録の種類です"),
    ("surge", 'kinds = ["terminal.assigned", "terminal.lent"]', 'kinds = ["terminal.asigned"]', "terminal.assigned のことであれば"),
    ("surge", 'kinds = ["terminal.assigned", "terminal.lent"]', 'kinds = ["terminal.assigned"]\nwhere = { lane = "cert" }', "cert という値は"),
    ("quiet", 'staff = "S03", status = "away"', 'staff = "S93", status = "away"', "staff：S93 という値は"),
    ("quiet", 'staff = "S03", status = "away"', 'staff = "S03", status = "asleep"', "status：asleep という値は"),
    ("quiet", "day = 2026-09-16", "day = 2026-09-20", "day：2026-09-20 は開場日ではありません（日曜日）"),
    ("outage", "count = 3", "count = 4", "違うものが3つまでしかなく、4回にはなりません"),
    ("outage", 'services = ["cert_issue", ', 'terminals = ["T1"]\nservices = ["cert_issue", ', "kind が outage の出来事では使われません"),
    ("printers", 'matter = "inquiry"', 'matter = "fees"', "matter：fees という値はありません。fee のこと"),
    ("printers", 'equipment = "furigana_printer", state', 'equipment = "printer", state', "equipment：printer という値は"),
    ("officials", "never = true", "never = true\ncount = 2", "count：never = true では 1 です"),
    ("officials", 'kinds = ["hand_off.taken"]', 'kinds = ["hand_off.taken", "memo.written"]', "一緒に使えません"),
    ("lost-card", 'category = "personal_info"', "category = []", "where の category：空の並びで"),
    ("lost-card", 'category = "personal_info"', 'category = "personal_info", summary = []', "where の summary：空の並びで"),
    ("lost-card", 'category = "personal_info"', 'category = "personal_info", at = "14:10"', "where の at：その記録にない項目"),
    ("surge", 'terminals = ["T6"]', 'terminals = ["T6", "T6"]', "terminals 2番目：T6 が2度あります"),
    ("lost-card", "day = 2027-01-20", "day = 2027-02-30", "12行目 day：ありえない日か"),
    ("lost-card", "starts = 14:00:00\nends = 15:15:00", "starts = 19:00:00\nends = 20:00:00", "starts：19:00〜20:00 に受付をする"),
    ("power-cut", 'kinds = ["visitors.counted"]', 'kinds = ["visitors.counted"]\nwhere = { persons = "20人" }', "数の項目です"),
    ("power-cut", 'kinds = ["incident.restored"]', 'kinds = ["incident.restored"]\nwhere = { restored_at = "14:00" }', "値では比べられません"),
    ("lost-card", "すぐに {incident}", "すぐに {incidnt}", "tasks 1番目：知らない { } があり"),
    ("power-cut", "{waiting}", "{wating}", "messages 5番目 の text：知らない { } があり"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "words"), UNMET, ids=[x[3][:24] for x in UNMET])
def test_what_a_scenario_asks_can_be_done_and_all_faults_are_told_at_once(
    tmp_path: Path, name: str, old: str, new: str, words: str
) -> None:
    text = (data_dir() / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new, 1).replace("speed = 5", "speed = 0\nsped = 1"), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_scenario(str(path), kumagaya())
    head, *told = caught.value.lines
    assert "誤りが3件" in head and len(told) == 3
    assert [x for x in told if words in x], told


def test_a_message_below_a_later_one_is_told(tmp_path: Path) -> None:
    text = (data_dir() / "scenarios" / "lost-card.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.replace("at = 14:10:00", "at = 14:30:00", 1), encoding="utf-8")
    assert "時刻の順に伝えます" in "".join(doubts(load_scenario(str(path), kumagaya())[1]))


def test_a_closed_day_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace("day = 2027-02-15", "day = 2027-02-14"), encoding="utf-8")
    told = run("rehearse", path, "--no-console")
    assert told.status == 2 and "2027-02-14 は開場日ではありません（日曜日）" in told.err
    told = run("rehearse", "fire", "--no-console")
    assert told.status == 2 and "outage" in told.err

"""The rules of incidents as `floorctl do` obeys them, and `incident show` (docs/additions.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_cli import at, refuses, run
from contract_steps import do, incidents, status

NEXT_DAY = "2026-09-15T10:00:00+09:00"


@pytest.fixture
def opened(db: Path) -> Path:
    """I-1 個人情報, I-2 不当介入, I-3 システム障害, I-4 苦情, all found at 10:00."""
    for category in ("personal_info", "undue_intervention", "system_outage", "complaint"):
        assert run("incident", "add", "--category", category, "--summary", "概要", db=db, now="10:00").status == 0
    return db


REFUSED: dict[str, tuple[str, str]] = {  # the act as it is typed, words of the refusal
    "report before the finding": ("incident.reported incident=I-1 reported_at=2026-09-14T09:59", "発見より前"),
    "report of the future": ("incident.reported incident=I-1 reported_at=2026-09-14T15:00", "まだ来ていない"),
    "close without a report": ("incident.closed incident=I-1 text=済", "市への報告"),
    "close without the police": ("incident.closed incident=I-2", "警察"),
    "opened before it occurred": ("incident.opened category=other summary=x occurred_at=2026-09-14T11:30", "まだ来ていない"),
    "opened, found in the future": ("incident.opened category=other summary=x found_at=2026-09-14T11:30", "まだ来ていない"),
    "opened, found before it occurred": ("incident.opened category=other summary=x occurred_at=2026-09-14T09:10 found_at=2026-09-14T09:00", "発見より後"),
    "occurred after it was found": ("incident.amended incident=I-4 occurred_at=2026-09-14T10:30", "発見より後"),
    "found in the future": ("incident.amended incident=I-4 found_at=2026-09-14T15:00", "まだ来ていない"),
    "police before it occurred": ("incident.amended incident=I-2 police_at=2026-09-14T09:00", "発生より前"),
    "police in the future": ("incident.amended incident=I-2 police_at=2026-09-14T15:00", "まだ来ていない"),
    "restored before it occurred": ("incident.restored incident=I-3 restored_at=2026-09-14T09:00", "発生より前"),
    "restored in the future": ("incident.restored incident=I-3 restored_at=2026-09-14T15:00", "まだ来ていない"),
    "nothing to restore": ("incident.restored incident=I-4", "復旧がありません"),
    "a restoration to correct where there is none": ("incident.amended incident=I-4 restored_at=2026-09-14T10:30", "復旧がありません"),
    "unknown incident": ("incident.amended incident=I-9 damage=true", "I-9"),
    "unknown service": ("incident.amended incident=I-3 services=haircut", "services"),
    "unknown cause": ("incident.amended incident=I-3 cause=weather", "cause"),
    "empty summary": ("incident.amended incident=I-4 summary=", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_refused_says_why(opened: Path, name: str) -> None:
    words, why = REFUSED[name]
    before = run("incident", "show", "I-1", db=opened).out
    result = run("do", *words.split(), db=opened, now="11:00")
    if name == "empty summary":  # an empty value of a field that may be null leaves it as it is
        assert result.status == 0 and result.json == []
    else:
        assert why in refuses(result)
    assert run("incident", "show", "I-1", db=opened).out == before


def test_found_after_the_report_is_refused(opened: Path) -> None:
    do(opened, "10:30", "incident.reported", "incident=I-4")
    result = run("do", "incident.amended", "incident=I-4", "found_at=2026-09-14T10:45", db=opened, now="11:00")
    assert "報告が発見より前" in refuses(result)


def test_a_closed_incident_is_changed_no_more_but_noted(opened: Path) -> None:
    do(opened, "10:30", "incident.closed", "incident=I-4", "--reason", "その場で解決した")
    for words in (["amended", "damage=true"], ["reported"], ["closed"]):
        result = run("do", f"incident.{words[0]}", "incident=I-4", *words[1:], db=opened, now="11:00")
        assert "終結" in refuses(result)
    do(opened, "11:00", "incident.noted", "incident=I-4", "text=後日の連絡")


def test_after_report_and_police_both_close(opened: Path) -> None:
    do(opened, "10:10", "incident.reported", "incident=I-1", "to=監督員")
    do(opened, "10:20", "incident.closed", "incident=I-1")
    do(opened, "10:30", "incident.amended", "incident=I-2", "police_at=2026-09-14T10:20")
    assert "市への報告" in refuses(run("do", "incident.closed", "incident=I-2", db=opened, now="10:35"))
    do(opened, "10:40", "incident.closed", "incident=I-2", "--reason", "市の指示で記録だけ")
    assert [i["state"] for i in incidents(opened)][:2] == ["closed", "closed"]


def test_a_reason_closes_an_intervention_that_nobody_was_told_of(opened: Path) -> None:
    """Contract 6: with a reason it is recorded for all but personal_info."""
    result = run("do", "incident.closed", "incident=I-2", "--reason", "誤記録", db=opened, now="10:30")
    assert result.status == 0 and "警察への通報の記録がありません" in result.err
    assert incidents(opened)[1]["state"] == "closed"


@pytest.mark.parametrize("code", ["I-1", "I-3", "I-4"])
def test_another_category_takes_no_report_away(opened: Path, code: str) -> None:
    do(opened, "10:20", "incident.amended", f"incident={code}", "category=other")
    assert "市への報告" in refuses(run("do", "incident.closed", f"incident={code}", db=opened, now="10:30"))
    do(opened, "10:40", "incident.closed", f"incident={code}", "--reason", "分類の誤り")
    assert "分類の誤り" in run("incident", "show", code, db=opened).out


def test_everything_is_completed_in_one_act(opened: Path) -> None:
    do(
        opened, "11:30", "incident.amended", "incident=I-3", "measures=国に確認した", "services=cert_renewal,cert_issue",
        "terminals=T3,T4", "damage=true", "serious=false", "police_at=2026-09-14T11:00", "cause=national",
        "occurred_at=2026-09-14T09:12", "prevention=手順を掲示",
    )  # fmt: skip
    shown = run("incident", "show", "I-3", "--json", db=opened).json
    assert (shown["services"], shown["terminals"]) == (["cert_renewal", "cert_issue"], ["T3", "T4"])
    assert (shown["measures"], shown["prevention"], shown["cause"]) == ("国に確認した", "手順を掲示", "national")
    assert (shown["damage"], shown["serious"], shown["police_at"]) == (True, False, at("11:00"))
    assert [h["kind"] for h in shown["history"]] == ["incident.opened", "incident.amended"]
    assert set(incidents(opened)[2]) == {
        "incident", "category", "summary", "occurred_at", "found_at", "reported_at", "state", "services", "terminals",
    }  # fmt: skip


def alert(db: Path, now: str, code: str) -> list[str]:
    return [f"{a['severity']} {a['text']}" for a in status(db, now)["alerts"] if a["code"] == code]


def test_damage_switches_the_clock(opened: Path) -> None:
    def clock() -> str:
        return next(a for a in alert(opened, "10:05", "incident_unreported") if "I-2" in a)

    assert clock().startswith("warning") and "遅滞なく" in clock() and "あと7時間10分" in clock()
    do(opened, "10:04", "incident.amended", "incident=I-2", "damage=true")
    assert "直ちに" in clock() and "あと10分" in clock()


def test_clocks_of_the_three_words(opened: Path) -> None:
    found = alert(opened, "10:10", "incident_unreported")
    assert any(a.startswith("critical I-1") and "直ちに" in a and "あと5分" in a for a in found)
    assert any("I-4" in a and "遅滞なく" in a and "あと7時間05分" in a for a in found)
    assert any("I-3" in a and "速やかに" in a and "9/15 17:15まで" in a for a in found)
    late = [a for a in alert(opened, NEXT_DAY, "incident_unreported") if "I-4" in a]
    assert late[0].startswith("critical") and "超過" in late[0]


def test_an_outage_is_told_by_service_and_the_others_go_on(opened: Path) -> None:
    run("do", "day.opened", db=opened, now="10:01")
    do(opened, "10:05", "incident.amended", "incident=I-3", "services=cert_renewal,cert_issue", "cause=national")
    [text] = alert(opened, "10:20", "service_outage")
    assert text.startswith("critical") and "証明書更新" in text and "10:00から" in text and "国のシステム" in text
    assert all(s["accepting"] for s in status(opened, "10:20")["services"])
    do(opened, "10:30", "incident.restored", "incident=I-3")
    assert alert(opened, "10:31", "service_outage") == []


def test_both_furigana_printers_down(db: Path) -> None:
    do(db, "09:00", "equipment.changed", "equipment=furigana_printer", "unit=1", "state=failed", "reason=紙詰まり")
    assert alert(db, "09:01", "equipment_down") == []
    do(db, "09:02", "equipment.changed", "equipment=furigana_printer", "unit=2", "state=failed")
    assert alert(db, "09:03", "equipment_down") == [
        "warning 振り仮名印字プリンタがすべて使えません（証明書とセット 仕様書 7(1)ウ）"
    ]
    result = run("do", "equipment.changed", "equipment=furigana_printer", "unit=4", "state=ok", db=db, now="09:04")
    assert "3台まで" in refuses(result)


def test_the_history_of_an_incident_over_days(opened: Path) -> None:
    do(opened, "11:00", "incident.amended", "incident=I-4", "summary=説明への苦情")
    do(opened, NEXT_DAY, "incident.reported", "incident=I-4", "to=監督員")
    result = run("incident", "show", "I-4", db=opened)
    assert result.status == 0
    for words in ("苦情・トラブル", "概要", "説明への苦情", "監督員", "2026-09-14 10:00", "2026-09-15 10:00"):
        assert words in result.out
    assert "記録にない" in refuses(run("incident", "show", "I-99", db=opened))

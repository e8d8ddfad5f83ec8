"""Contract 1 roster and appointments, and what the roster means for acts and for the board."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_cli import Result, at, refuses, run, spawn
from contract_facts import issued, opened
from contract_steps import do, doctor, entry, facts_in, feed, fields, log, status, terminal, try_to
from contract_words import MY_NUMBER

NOW = "08:00"
HEAD = "code,surname,role,deputy,authority,vein,pledge,shift,direct_employee,experience"
ROSTER = [
    "G01,大野,general_manager,0,,,2026-06-15,,1,1",
    "S01,岡,site_manager,1,2026-07-01,2026-07-01,2026-06-15,08:15-17:15,,",
    "S02,佐々木,worker,1,2026-07-01,2026-07-01,2026-06-15,08:15-17:15,,",
    "S03,髙﨑,worker,0,2026-07-01,2026-07-01,2026-06-15,08:15-17:15,,",
    "S04,林,worker,0,,,2026-06-15,08:15-17:15,,",
    "S05,森,worker,0,2026-07-01,2026-07-01,,08:15-17:15,,",
]
NAMES = ["大野", "岡", "佐々木", "髙﨑", "林", "森"]


def csv(db: Path, *lines: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = db.parent / name
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
    return path


def imports(db: Path, *lines: str, now: str = NOW, table: str = "roster", encoding: str = "utf-8") -> Result:
    return run(table, "import", csv(db, *lines, encoding=encoding), "--json", db=db, now=now)


def people(db: Path, *options: str, now: str | None = NOW) -> dict[str, Any]:
    result = run("roster", "list", "--json", *options, db=db, now=now)
    assert result.status == 0, result
    return {p["staff"]: p for p in result.json}


@pytest.fixture
def team(db: Path) -> Path:
    """A file with a roster, on an ordinary day before the doors open."""
    assert imports(db, HEAD, *ROSTER).status == 0
    return db


@pytest.fixture
def hall(team: Path) -> Path:
    """The same with the doors open, 2 and 6."""
    feed(team, opened("08:30"))
    return team


# ---- roster import


def test_a_roster_is_taken_in(db: Path) -> None:
    """«roster import FILE.csv: staff list»; one fact a person, no name in any."""
    result = imports(db, HEAD, *ROSTER)
    assert result.status == 0, result
    assert result.json == {"registered": 6, "unchanged": 0, "missing": 0, "names": 6}
    found = people(db)
    assert sorted(found) == ["G01", "S01", "S02", "S03", "S04", "S05"]
    assert {c: p["role"] for c, p in found.items() if p["role"] != "worker"} == {
        "G01": "general_manager",
        "S01": "site_manager",
    }
    s01 = found["S01"]
    fields(s01, "staff", "role", "deputy", "authority_on", "vein_on", "pledge_on", "shift_from", "shift_to", "left_on")
    assert (s01["deputy"], s01["authority_on"], s01["shift_from"], s01["left_on"]) == (
        True,
        "2026-07-01",
        "08:15",
        None,
    )
    assert "surname" not in s01
    facts = log(db)
    assert [f["kind"] for f in facts] == ["staff.registered"] * 6
    assert not any(name in json.dumps(facts, ensure_ascii=False) for name in NAMES)
    assert doctor(db)["ok"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_as_excel_in_japan_writes_it(db: Path, encoding: str) -> None:
    result = imports(db, "職員コード,氏,役割,代行", "Ｓ０１,髙﨑,現場責任者,○", encoding=encoding)
    assert result.status == 0, result
    assert people(db, "--names")["S01"]["surname"] == "髙﨑"


def test_the_same_file_twice_is_no_fact(team: Path) -> None:
    before = team.read_bytes()
    again = imports(team, HEAD, *ROSTER, now="09:00")
    assert again.json == {"registered": 0, "unchanged": 6, "missing": 0, "names": 6}
    assert team.read_bytes() == before


def test_only_who_changed_is_a_fact_and_the_others_stay(team: Path) -> None:
    """Leave as it was whatever has no line or no column in the file."""
    result = run("roster", "import", csv(team, "code,vein,authority", "S04,R8.9.1,R8.9.1", "S03,,2026-07-01", "S09,,"),
                 db=team, now="09:00")  # fmt: skip
    assert result.status == 0
    assert "名簿 3名（新規 1 変更 1 変わりなし 1）" in result.out
    assert "4名" in result.out  # of the team, not in the file
    found = people(team, "--names", now="09:00")
    assert (found["S04"]["vein_on"], found["S04"]["pledge_on"], found["S04"]["surname"]) == (
        "2026-09-01",
        "2026-06-15",
        "林",
    )
    assert found["S03"]["vein_on"] is not None, "an empty cell erases no date"
    assert "空の欄は前のまま残しました: 静脈登録 1件。消すときは「なし」と書いてください。" in result.err
    kept = imports(team, "code,role,deputy", "S01,,", "S02,,", now="09:01")
    assert kept.json["registered"] == 0, "nor a role or a ○"
    erased = imports(team, "code,vein", "S03,なし", now="09:01")
    assert "S03 の静脈登録の日付を消しました。" in erased.err
    assert people(team, now="09:02")["S03"]["vein_on"] is None
    assert found["S01"]["role"] == "site_manager"
    assert (found["S09"]["role"], found["S09"]["surname"]) == ("worker", None)
    assert facts_in(team) == 9


def test_who_has_left_is_shown_by_code(team: Path) -> None:
    """仕様書 12(1)エ: the leaving date stays, the name does not; not counted as missing either."""
    assert imports(team, "code,surname,left", "S04,林,2026-09-11", now="09:00").json["names"] == 0
    found = people(team, "--names", now="09:00")
    assert (found["S04"]["left_on"], found["S04"]["surname"]) == ("2026-09-11", None)
    assert imports(team, "code", "S01", now="09:01").json["missing"] == 4
    assert "S04" not in {x["staff"] for x in status(team, "09:02")["staff"]}


def test_all_or_nothing(team: Path) -> None:
    """«Nothing is ever half done»: the first bad line, and how many more."""
    before = team.read_bytes()
    result = imports(team, HEAD, "S10,東,worker,0,,,,,,", "S11,西,boss,0,,,,,,", "S12,南,worker,?,,,,,,", now="09:00")
    sentence = refuses(result)
    assert "3行目の役割" in sentence
    assert "ほかの1行" in sentence
    assert team.read_bytes() == before


@pytest.mark.parametrize(
    "lines",
    [
        ["code,tel", "S01,x"],
        ["role", "worker"],
        ["code", "S01", "S01"],
        ["code,role", "S01,boss"],
        ["code,shift", "S01,17:15-08:15"],
        ["code,surname", "S01,山田 太郎"],
        ["code,surname", f"S01,{MY_NUMBER}"],
        ["code,surname", "090-1234-5678,岡"],
        ["code,pledge", "S01,taro@example.jp"],
        ["code,vein", "S01,2026-02-30"],
        ["code"],
    ],
    ids="/".join,
)
def test_a_refused_roster_leaves_nothing_and_repeats_nothing(db: Path, lines: list[str]) -> None:
    sentence = refuses(imports(db, *lines))
    for cell in ",".join(lines[1:]).split(","):
        assert len(cell) < 4 or cell in ("worker",) or cell not in sentence
    assert not db.exists()


def test_wrong_usage_and_files_that_are_not_there(db: Path) -> None:
    """«1 refused or failed … 2 wrong usage»."""
    for table in ("roster", "appointments"):
        refuses(run(table, "import", db=db), 2)
        refuses(run(table, "import", db.parent / "none.csv", db=db))
        refuses(run(table, "import", db.parent, db=db))
        refuses(run(table, "export", db=db), 2)
        assert run(table, "import", "--help").status == 0
    refuses(run("roster", "import", csv(db, "code", "S01"), db=db.parent / "no" / "f.db"), 3)
    assert not db.exists()


def test_what_the_team_lacks_is_said(db: Path) -> None:
    """仕様書 5(1): 統括責任者 by direct employment and experience; 5(2), 7(2): who lacks what is counted."""
    first = imports(db, HEAD, *ROSTER)
    assert "統括責任者" not in first.err
    assert "誓約書 1名、操作者権限 1名、静脈登録 1名" in first.err
    second = imports(db, "code,experience", "G01,なし", now="09:00")
    assert "G01 は統括責任者" in second.err
    assert second.json["registered"] == 1


# ---- names


def test_names_stand_beside_the_facts_and_are_listed_on_request(team: Path) -> None:
    assert [p["surname"] for p in people(team, "--names").values()] == NAMES
    plain = run("roster", "list", db=team, now=NOW)
    assert "S01" in plain.out
    assert not any(name in plain.out for name in NAMES)
    assert all(name in run("roster", "list", "--names", db=team, now=NOW).out for name in NAMES)


def test_an_erased_name_leaves_no_byte(db: Path) -> None:
    """Not even where so many stood that the table had grown over many pages; the facts stay, and the chain holds."""
    kanji = [f"{chr(0x4E00 + n // 40)}{chr(0x5F00 + n % 40)}{chr(0x6F22 + n % 7)}" for n in range(800)]
    assert imports(db, "code,surname", *(f"S{n:03},{name}" for n, name in enumerate(kanji))).json["names"] == 800
    old = [name.encode() for name in kanji]
    assert sum(name in db.read_bytes() for name in old) == 800
    assert imports(db, "code,surname", *(f"S{n:03},岡" for n in range(0, 800, 3)), now="09:00").json["names"] == 267
    assert sum(name in db.read_bytes() for name in old[::3]) == 0
    assert imports(db, "code,surname", "S001,", now="09:01").json["names"] == 0
    assert old[1] not in db.read_bytes()
    result = run("roster", "erase-names", db=db)
    assert (result.status, result.err) == (0, "")
    assert "799" in result.out
    raw = b"".join(p.read_bytes() for p in db.parent.iterdir() if p.suffix != ".csv")
    assert [name for name in [*old, "岡".encode()] if name in raw] == []
    assert doctor(db)["ok"]
    assert len(people(db)) == 800


def test_erasing_where_there_are_none(db: Path) -> None:
    """Exit 0 on a file without names, and on none, which is not made."""
    for _ in range(2):
        assert run("roster", "erase-names", db=db).status == 0
        assert not db.exists()
    assert imports(db, "code", "S01").status == 0
    assert run("roster", "erase-names", "--json", db=db).json == {"erased": 0}


def test_reading_without_a_file(db: Path) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one and create nothing»"""
    assert run("roster", "list", "--json", db=db).json == []
    assert run("roster", "list", db=db).status == 0
    assert run("appointments", "list", "--json", "--date", "2026-09-14", db=db).json == []
    assert not db.exists()


def test_the_roster_as_it_was_then(team: Path) -> None:
    """«--now: everything is seen as it was then»."""
    assert imports(team, "code,role", "S02,site_manager", now="10:00").status == 0
    assert people(team, now="09:00")["S02"]["role"] == "worker"
    assert people(team, now="10:00")["S02"]["role"] == "site_manager"
    assert people(team, now="07:59") == {}


# ---- appointments import

SLOTS = ["date,time,cards,count", "2026-09-15,09:00,1,3", "2026-09-15,09:00,2,1", "2026-09-16,10:30,,2"]


def slots(db: Path, day: str) -> list[tuple[str, int, int]]:
    result = run("appointments", "list", "--date", day, "--json", db=db)
    assert result.status == 0, result
    return [(s["time"], s["cards"], s["count"]) for s in result.json]


def test_appointments_are_taken_in(db: Path) -> None:
    """«appointment slots of days (no personal data: date,time,cards,count)»; a fact a day."""
    result = imports(db, *SLOTS, table="appointments")
    assert (result.status, result.err) == (0, "")
    assert result.json == {"days": 2, "slots": 3, "appointments": 6, "unchanged": 0}
    assert slots(db, "2026-09-15") == [("09:00", 1, 3), ("09:00", 2, 1)]
    assert slots(db, "2026-09-16") == [("10:30", 1, 2)]
    assert [f["kind"] for f in log(db)] == ["appointments.imported"] * 2


def test_a_day_in_the_file_replaces_its_appointments(db: Path) -> None:
    assert imports(db, *SLOTS, table="appointments").status == 0
    again = imports(db, *SLOTS, table="appointments", now="08:10")
    assert again.json == {"days": 2, "slots": 3, "appointments": 6, "unchanged": 2}
    assert facts_in(db) == 2
    changed = imports(db, SLOTS[0], "2026-09-15,9:30,1,1", "2026-09-17,9:00,1,0", table="appointments", now="08:20")
    assert changed.json == {"days": 2, "slots": 1, "appointments": 1, "unchanged": 0}
    assert slots(db, "2026-09-15") == [("09:30", 1, 1)]
    assert slots(db, "2026-09-16") == [("10:30", 1, 2)]
    assert slots(db, "2026-09-17") == []


def test_appointments_all_or_nothing(db: Path) -> None:
    sentence = refuses(imports(db, *SLOTS, "2026-09-16,10:30,1,2", "2026-09-16,x,1,2", table="appointments"))
    assert "5行目" in sentence
    assert "ほかの1行" in sentence
    refuses(imports(db, "date,time,cards,count,name", "2026-09-16,10:30,1,2,x", table="appointments"))
    assert MY_NUMBER not in refuses(imports(db, SLOTS[0], f"2026-09-16,10:30,1,{MY_NUMBER}", table="appointments"))
    assert not db.exists()


def test_unusual_appointments_are_kept_and_said(db: Path) -> None:
    """Closed by the calendar, or outside the window of 仕様書 7(4)."""
    result = imports(db, SLOTS[0], "2026-09-13,10:00,1,1", "2026-09-14,08:30,1,1", table="appointments")
    assert result.status == 0
    assert "開場日ではない" in result.err
    assert "受付時間（9:00〜16:30）の外" in result.err
    assert slots(db, "2026-09-13") == [("10:00", 1, 1)]


# ---- the board


def test_roles_and_who_is_expected(team: Path) -> None:
    """«"staff":[{"staff","role","status","until"}]»: the team on an open day, by code."""
    do(team, "08:10", "staff.changed", "staff=S02", "status=late", "until=09:30")
    do(team, "08:11", "staff.changed", "staff=X9", "status=present")
    found = [(x["staff"], x["role"], x["status"], x["until"]) for x in status(team, "08:20")["staff"]]
    assert found == [
        ("G01", "general_manager", "expected", None),
        ("S01", "site_manager", "expected", None),
        ("S02", "worker", "late", "09:30"),
        ("S03", "worker", "expected", None),
        ("S04", "worker", "expected", None),
        ("S05", "worker", "expected", None),
        ("X9", None, "present", None),
    ]


def test_nobody_is_expected_on_a_closed_day(team: Path) -> None:
    sunday = "2026-09-20T10:00:00+09:00"
    assert status(team, sunday)["staff"] == []
    feed(team, issued("2026-09-20T09:00:00+09:00", "B001"))  # opened by facts
    assert len(status(team, sunday)["staff"]) == 6


def test_who_holds_the_charge(hall: Path) -> None:
    """«manager»: 仕様書 5(1), from when."""
    assert status(hall, "08:35")["manager"] == {"staff": None, "since": None}
    do(hall, "08:40", "charge.taken", "staff=S01")
    assert status(hall, "09:00")["manager"] == {"staff": "S01", "since": at("08:40")}
    do(hall, "12:00", "charge.taken", "staff=S02", reason="昼休み")
    assert status(hall, "12:30")["manager"] == {"staff": "S02", "since": at("12:00")}
    assert status(hall, "11:59")["manager"]["staff"] == "S01"


def test_what_people_can_do_and_who_is_new(team: Path) -> None:
    """«skills, newcomer»: by words of the site or marks; an empty cell keeps, 「なし」 takes the record away."""
    assert imports(team, "code,できる業務,新人", "S01,交付・案内,○", "S02,,", "S03,電子証明書,").status == 0
    found = people(team)
    assert [(found[x]["skills"], found[x]["newcomer"]) for x in ("S01", "S02", "S03")] == [
        (["issuance", "guidance"], True),
        (None, False),
        (["certificate"], False),
    ]
    assert "交付・案内（新人）" in run("roster", "list", db=team, now=NOW).out
    assert imports(team, "code,skills,newcomer", "S01,なし,×", "S03,,").status == 0
    found = people(team)
    assert [(found[x]["skills"], found[x]["newcomer"]) for x in ("S01", "S03")] == [
        (None, False),
        (["certificate"], False),
    ]
    refusal = refuses(imports(team, "code,skills", "S01,溶接"))
    assert "2行目" in refusal and "会場設定にない技能です" in refusal and "溶接" not in refusal


def test_a_place_without_the_skill_needs_a_reason_on_the_command_line_too(hall: Path) -> None:
    """«with a reason»: the person is put there with a warning, and an alert stands."""
    assert imports(hall, "code,skills,pledge,authority,vein", "S01,交付,2026-06-15,2026-06-22,2026-06-24").status == 0
    place = ("do", "terminal.staffed", "terminal=T8", "staff=S01")
    assert "電子証明書の技能がありません" in refuses(run(*place, db=hall, now=NOW))
    assert run(*place, "--reason", "ほかに人がいないため", db=hall, now=NOW).status == 0
    codes = [a["code"] for a in run("status", "--json", db=hall, now=NOW).json["alerts"]]
    assert codes.count("unskilled") == 1


# ---- what the roster means for acts


@pytest.mark.parametrize(("staff", "word"), [("S04", "操作者権限・静脈登録"), ("S05", "誓約書"), ("S99", "名簿")])
def test_who_may_stand_at_a_terminal(hall: Path, staff: str, word: str) -> None:
    """仕様書 7(2), 8, 10: authority, vein registration, pledge; otherwise only with a reason, which is recorded."""
    before = facts_in(hall)
    assert word in refuses(try_to(hall, "09:00", "terminal.staffed", "terminal=T3", f"staff={staff}"))
    assert facts_in(hall) == before
    result = try_to(hall, "09:01", "terminal.staffed", "terminal=T3", f"staff={staff}", reason="登録の不具合")
    assert result.status == 0, result
    assert word in result.err
    found = entry(hall, result.json[-1]["seq"])
    assert (found["data"]["staff"], found["data"]["reason"]) == (staff, "登録の不具合")
    assert terminal(status(hall, "09:02"), "T3")["staff"] == staff


def test_who_has_all_of_it_stands_without_a_word(hall: Path) -> None:
    result = try_to(hall, "09:00", "terminal.staffed", "terminal=T3", "staff=S03")
    assert (result.status, result.err) == (0, "")


def test_authority_from_a_day_on(hall: Path) -> None:
    assert imports(hall, "code,authority,vein", "S04,2026-09-15,2026-09-01", now="09:00").status == 0
    assert "操作者権限" in refuses(try_to(hall, "09:10", "terminal.staffed", "terminal=T3", "staff=S04"))
    tomorrow = "2026-09-15T09:00:00+09:00"
    assert try_to(hall, tomorrow, "terminal.staffed", "terminal=T3", "staff=S04").status == 0


@pytest.mark.parametrize("code", ["A1", "P1"])
def test_other_devices_need_no_authority(hall: Path, code: str) -> None:
    """The authority is of the integrated terminals (仕様書 7(2)) alone."""
    result = try_to(hall, "09:00", "terminal.staffed", f"terminal={code}", "staff=S04")
    assert (result.status, result.err) == (0, "")


def test_without_a_roster_nobody_is_asked(db: Path) -> None:
    feed(db, opened("08:30"))
    assert try_to(db, "09:00", "terminal.staffed", "terminal=T3", "staff=S99").status == 0


def test_only_the_eligible_stand_in_for_the_manager(hall: Path) -> None:
    """仕様書 5(1): 代行者を選任."""
    assert "代行者" in refuses(try_to(hall, "09:00", "charge.taken", "staff=S03"))
    assert "名簿" in refuses(try_to(hall, "09:00", "charge.taken", "staff=S99"))
    for staff in ("S02", "S01"):
        assert try_to(hall, "09:01", "charge.taken", f"staff={staff}").status == 0


def test_the_manager_takes_no_break_without_a_deputy(hall: Path) -> None:
    """仕様書 5(1): 受付中は会場に常駐."""
    do(hall, "08:40", "charge.taken", "staff=S01")
    assert "代行者" in refuses(try_to(hall, "12:00", "staff.changed", "staff=S01", "status=on_break"))
    refuses(try_to(hall, "12:00", "staff.changed", "staff=S01", "status=on_break", reason="昼休み"))
    do(hall, "12:01", "charge.taken", "staff=S02")
    assert try_to(hall, "12:02", "staff.changed", "staff=S01", "status=on_break").status == 0
    assert {x["staff"]: x["status"] for x in status(hall, "12:03")["staff"]}["S01"] == "on_break"


def test_a_break_never_empties_a_service(hall: Path) -> None:
    """仕様書 7(4)※: 休憩中も窓口を休止しない."""
    do(hall, "08:40", "terminal.staffed", "terminal=T3", "staff=S03")
    assert "電子証明書" in refuses(try_to(hall, "12:00", "staff.changed", "staff=S03", "status=on_break"))
    do(hall, "12:01", "terminal.staffed", "terminal=T4", "staff=S02")
    assert try_to(hall, "12:02", "staff.changed", "staff=S03", "status=on_break").status == 0
    assert terminal(status(hall, "12:03"), "T3")["state"] == "unstaffed"


def test_one_and_seven_asks_for_a_reason(hall: Path) -> None:
    """仕様書 15(4)※: 交付 2〜3台、電子証明書 5〜6台."""
    assert "1台" in refuses(try_to(hall, "09:00", "terminal.assigned", "terminal=T1", "lane=certificate"))
    assert try_to(hall, "09:01", "terminal.assigned", "terminal=T1", "lane=certificate", reason="予約なし").status == 0


def test_desk_3_is_doubtful_on_a_fifth_saturday(db: Path) -> None:
    """仕様書 6※, 7(4): on 2026-08-29 the venue opens alone."""
    now = "2026-08-29T10:0{}:00+09:00"
    do(db, now.format(0), "day.opened", "officials=1")
    do(db, now.format(1), "escalation.raised", "matter=identity", "terminal=T3")
    result = try_to(db, now.format(2), "escalation.settled", "escalation=E-1", "outcome=desk3")
    assert result.status == 0
    assert "3番窓口" in result.err


def test_only_the_city_decides(hall: Path) -> None:
    """仕様書 7(2): the decision itself names the official, whoever took the case."""
    do(hall, "09:00", "escalation.raised", "matter=cert_decision", "terminal=T3")
    do(hall, "09:01", "escalation.taken", "escalation=E-1", "official=C1")
    for outcome in ("approved", "declined"):
        refuses(try_to(hall, "09:02", "escalation.settled", "escalation=E-1", f"outcome={outcome}"))
    desk = try_to(hall, "09:02", "escalation.settled", "escalation=E-1", "outcome=approved", "official=T3")
    assert "端末のコード" in refuses(desk)
    assert try_to(hall, "09:03", "escalation.settled", "escalation=E-1", "outcome=approved", "official=C1").status == 0


def test_as_a_process(db: Path) -> None:
    """The same from outside: bytes of cp932 in, UTF-8 out."""
    path = csv(db, "コード,氏", "S01,髙﨑", encoding="cp932")
    done = spawn("roster", "import", path, db=db, now=NOW)
    assert (done.status, done.out.strip()) == (0, "名簿 1名（新規 1 変更 0 変わりなし 0）")
    assert "誓約書 1名" in done.err

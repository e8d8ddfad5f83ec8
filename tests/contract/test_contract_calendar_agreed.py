"""Contract 1: calendar with what was agreed in the file, as everybody sees it: calendar, status, do, export."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_cli import DAY, at, refuses, run
from contract_steps import do, log, status, try_to

SUNDAY = "2026-09-20"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "f.db"


def kinds(db: Path, start: str, end: str, now: str | None = None) -> list[tuple[str, bool, str]]:
    result = run("calendar", "--from", start, "--to", end, "--json", db=db, now=now)
    assert result.status == 0, result
    return [(x["kind"], x["open"], x["reason"]) for x in result.json]


def agree(db: Path, now: str = at("08:00"), day: str = SUNDAY) -> int:
    fields = (f"date={day}", "reason=更新の混雑", "agreed_on=2026-09-01")
    return int(do(db, now, "calendar.extra", *fields)[0]["seq"])


def test_on_no_file_as_on_an_empty_one(db: Path) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one and create nothing»"""
    assert kinds(db, SUNDAY, SUNDAY) == [("sunday", False, "日曜日")]
    assert not db.exists()


def test_an_extra_day_and_its_withdrawal(db: Path) -> None:
    """«`kind`, the first that fits: … `extra`»; «`retracted`» on a later day."""
    seq = agree(db)
    assert kinds(db, SUNDAY, SUNDAY) == [("extra", True, "更新の混雑")]
    do(db, at("09:00", "2026-09-15"), "retracted", f"seq={seq}", reason="取りやめ")
    assert kinds(db, SUNDAY, SUNDAY) == [("sunday", False, "日曜日")]
    refuses(try_to(db, at("09:00", "2026-09-16"), "retracted", f"seq={seq}", reason="取りやめ"))


def test_an_emergency_closure(db: Path) -> None:
    """«`closed_emergency`» goes before everything but the contract's end."""
    agree(db)
    do(db, at("08:00"), "calendar.closed", f"date={SUNDAY}", "reason=台風", f"agreed_on={DAY}")
    do(db, at("08:00"), "calendar.closed", "date=2026-09-15", "reason=停電", f"agreed_on={DAY}")
    assert kinds(db, SUNDAY, SUNDAY) == [("closed_emergency", False, "台風")]
    assert kinds(db, "2026-09-15", "2026-09-15") == [("closed_emergency", False, "停電")]
    assert "停電" in refuses(try_to(db, at("08:30", "2026-09-15"), "day.opened", "officials=1"))


def test_a_frozen_clock_knows_what_was_known(db: Path) -> None:
    """«everything is seen as it was then»"""
    agree(db, at("10:00"))
    assert kinds(db, SUNDAY, SUNDAY, at("09:00"))[0][0] == "sunday"
    assert kinds(db, SUNDAY, SUNDAY, at("10:00"))[0][0] == "extra"


def test_the_refusal_names_the_way_and_the_way_works(db: Path) -> None:
    """«opening a closed day by command is refused» with what, why, what to do."""
    said = refuses(try_to(db, at("08:20", SUNDAY), "day.opened", "officials=2"))
    assert "日曜日" in said
    command = said.split("floorctl do ")[1].split("）")[0].split()
    assert command[:2] == ["calendar.extra", f"date={SUNDAY}"]
    do(db, at("08:00"), "calendar.extra", command[1], "reason=混雑", "agreed_on=2026-09-14")
    do(db, at("08:20", SUNDAY), "day.opened", "officials=2")
    assert status(db, at("08:40", SUNDAY))["open"] is True
    assert "day_not_open" not in [a["code"] for a in status(db, at("08:40", SUNDAY))["alerts"]]
    assert [x["kind"] for x in log(db, SUNDAY)] == ["day.opened"]


@pytest.mark.parametrize(
    ("fields", "exit_status"),
    [
        (("date=2026-09-20", "agreed_on=2026-09-01"), 2),
        (("date=2026-09-20", "reason=x"), 2),
        (("reason=x", "agreed_on=2026-09-01"), 2),
        (("date=2026-09-20", "reason=x", "agreed_on=2026-09-21"), 1),
        (("date=2026-09-15", "reason=x", "agreed_on=2026-09-01"), 1),
        (("date=2028-07-02", "reason=x", "agreed_on=2026-09-01"), 1),
        (("date=2026-9-20", "reason=x", "agreed_on=2026-09-01"), 1),
    ],
)
def test_what_is_no_agreement(db: Path, fields: tuple[str, ...], exit_status: int) -> None:
    refuses(try_to(db, at("08:00"), "calendar.extra", *fields), exit_status)


def test_planned_outages_of_a_day(db: Path) -> None:
    """An addition: `outages` of each day."""
    fields = (
        "services=cert_issue,cert_renewal",
        "from_at=2026-09-15T13:00",
        "until_at=2026-09-15T15:00",
        "reason=保守",
    )
    do(db, at("08:00"), "calendar.outage", *fields)
    result = run("calendar", "--from", "2026-09-14", "--to", "2026-09-15", "--json", db=db).json
    assert [x["outages"] for x in result] == [
        [],
        [
            {
                "services": ["cert_issue", "cert_renewal"],
                "from": "2026-09-15T13:00:00+09:00",
                "to": "2026-09-15T15:00:00+09:00",
                "reason": "保守",
            }
        ],
    ]
    assert "停止" in run("calendar", "--from", "2026-09-15", "--to", "2026-09-15", db=db).out
    refuses(try_to(db, at("16:00", "2026-09-15"), "calendar.outage", *fields[:1], "from_at=2026-09-15T13:00",
                   "until_at=2026-09-15T14:00", "reason=保守"))  # fmt: skip


def test_the_card_stock_is_warned_of_on_stderr(db: Path) -> None:
    """`do cards.counted`: the facts on stdout, a difference on stderr, exit 0."""
    numbers = ("received=10", "issued=0", "returned=0")
    do(db, at("17:10"), "cards.counted", *numbers, "left=10")
    result = try_to(db, at("17:10", "2026-09-15"), "cards.counted", *numbers, "left=19")
    assert result.status == 0 and result.json[0]["kind"] == "cards.counted"
    assert "1枚不足" in result.err

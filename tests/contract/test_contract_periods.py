"""Contract 5: the documents of a month, a fiscal year and the contract."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from contract_cli import DAY, Json, refuses, run
from contract_facts import called, fact, finished, issued, opened
from contract_steps import do, feed, log
from contract_words import LANES, SERVICES

PERIODS = {
    "month": (["--month", "2026-09"], "2026-09", "月次報告書_2026-09.xlsx", "records_2026-09.json"),
    "year": (["--fiscal-year", "2026"], "FY2026", "年度業務実績報告書_2026.xlsx", "records_FY2026.json"),
    "contract": (["--contract"], "contract", "業務引継書.xlsx", "records_contract.json"),
}
SECOND = "2026-09-15"
HEADS = {
    "month": ("実績", "翌月計画", "改善提案", "要員計画", "課題", "進捗"),
    "year": ("実績", "課題", "改善内容"),
    "contract": ("処理状況", "未完了案件", "特記事項"),
}


def export(db: Path, out: Path, which: str, now: str | None = None) -> Path:
    """The folder that was written."""
    options, folder, *_ = PERIODS[which]
    result = run("export", *options, "--out", out, db=db, now=now)
    assert result.status == 0, result
    return out / folder


def records(db: Path, out: Path, which: str = "month", now: str | None = None) -> Json:
    return json.loads((export(db, out, which, now) / PERIODS[which][3]).read_text("utf-8"))


def texts(workbook: Path) -> str:
    """Every text of a workbook, one a line."""
    with zipfile.ZipFile(io.BytesIO(workbook.read_bytes())) as z:
        root = ElementTree.fromstring(z.read("xl/sharedStrings.xml"))
    return "\n".join("".join(si.itertext()) for si in root)


def two_days(db: Path) -> None:
    feed(
        db,
        opened(),
        issued("09:00", "B001"),
        called("09:10", "B001"),
        finished("09:25", "B001", work={"cert_signature_renewal": 1, "furigana_print": 1}),
        issued("09:00", "A001", "card_issuance", appointment="09:30"),
        called("09:45", "A001", "T1"),
        finished("10:00", "A001", "T1", work={"issuance_renewal": 1}),
        fact("10:00", "escalation.raised", escalation="X1", matter="identity"),
        fact("10:02", "escalation.taken", escalation="X1", official="C1"),
        fact("10:05", "escalation.settled", escalation="X1", outcome="approved", official="C1"),
        fact("10:30", "terminal.assigned", terminal="T4", lane="issuance", reason="予約の集中"),
        fact("11:00", "inquiry.counted", topic="駐車場", count=2),
        fact("17:10", "day.closed"),
    )
    second = [
        opened(f"{SECOND}T08:20:00+09:00"),
        issued(f"{SECOND}T09:00:00+09:00", "B001"),
        called(f"{SECOND}T09:30:00+09:00", "B001"),
        finished(f"{SECOND}T09:40:00+09:00", "B001", outcome="desk3"),
        fact(f"{SECOND}T11:00:00+09:00", "work.counted", item="photo", count=4),
        fact(f"{SECOND}T11:00:00+09:00", "inquiry.counted", topic="駐車場"),
    ]
    feed(db, *second, source="second")


@pytest.mark.parametrize("which", PERIODS)
def test_each_period_has_its_folder_with_two_files_of_these_names(db: Path, tmp_path: Path, which: str) -> None:
    """«write `月次報告書_YYYY-MM.xlsx` … and `records_….json` into `DIR/YYYY-MM/` / `DIR/FYYYYY/` / `DIR/contract/`»"""
    two_days(db)
    options, folder, workbook, record = PERIODS[which]
    result = run("export", *options, "--out", tmp_path / "out", db=db)
    written = tmp_path / "out" / folder
    assert result.out.splitlines() == [str(written / workbook), str(written / record)]
    assert {p.name for p in written.iterdir()} == {workbook, record}
    with zipfile.ZipFile(written / workbook) as z:
        assert z.testzip() is None
        assert not any(b"<f>" in z.read(n) for n in z.namelist() if n.startswith("xl/worksheets/sheet"))
        assert not any(b"mergeCell" in z.read(n) for n in z.namelist() if n.startswith("xl/worksheets/sheet"))


@pytest.mark.parametrize("which", PERIODS)
def test_the_required_heads_stand_in_the_document_and_nothing_is_empty(db: Path, tmp_path: Path, which: str) -> None:
    """仕様書 9, 10: 実績・翌月計画・改善提案・要員計画; 実績・課題・改善内容; 処理状況・未完了案件・特記事項."""
    workbook = export(db, tmp_path, which) / PERIODS[which][2]
    found = texts(workbook)
    for head in HEADS[which]:
        assert any(head in line for line in found.splitlines()), head
    assert "該当なし" in found
    assert "熊谷市個人番号カード交付等関連業務委託" in found


def test_figures_are_sums_over_the_days(db: Path, tmp_path: Path) -> None:
    two_days(db)
    d = records(db, tmp_path)
    assert [x["day"] for x in d["days"]] == [DAY, SECOND]
    assert d["counts"] == {code: {"cert_renewal": 1, "card_issuance": 1}.get(code, 0) for code, *_ in SERVICES}
    assert d["work"]["photo"] == 4
    assert d["work"]["furigana_print"] == 1
    assert list(d["waits"]) == LANES
    assert d["waits"]["certificate"] == {"n": 2, "mean_s": 1200, "p90_s": 1800, "max_s": 1800}
    assert d["waits"]["issuance"] == {"n": 1, "mean_s": 900, "p90_s": 900, "max_s": 900}
    assert d["waits"]["application"] == {"n": 0, "mean_s": None, "p90_s": None, "max_s": None}
    assert d["moves"] == 1
    assert d["inquiries"] == {"駐車場": 3}
    assert d["escalations"]["identity"] == {
        "n": 1,
        "outcomes": {"approved": 1},
        "taken_mean_s": 120,
        "settled_mean_s": 300,
    }
    assert d["escalations"]["fee"]["n"] == 0


@pytest.mark.parametrize("which", PERIODS)
def test_the_head_is_the_last_fact_within_the_period(db: Path, tmp_path: Path, which: str) -> None:
    """«for a longer period, the last within it»"""
    two_days(db)
    within = max(x["seq"] for x in log(db, SECOND))
    assert records(db, tmp_path / "a", which)["head"]["seq"] == within
    feed(db, issued("2026-10-01T09:00:00+09:00", "B001"), source="third")
    head = records(db, tmp_path / "b", which)["head"]
    assert head["seq"] == (within if which == "month" else within + 1)
    assert len(head["hash"]) == 64


@pytest.mark.parametrize("which", PERIODS)
def test_the_same_facts_give_the_same_bytes_whenever(db: Path, tmp_path: Path, which: str) -> None:
    """«The same facts give the same bytes: no document carries the time of export»"""
    two_days(db)
    found = [
        {p.name: p.read_bytes() for p in export(db, tmp_path / f"{n}", which, now).iterdir()}
        for n, now in enumerate((None, None, "2027-01-15T10:00:00+09:00", "2028-06-01T10:00:00+09:00"))
    ]
    assert found[0] == found[1] == found[2] == found[3]


def test_now_shows_the_month_as_it_was(db: Path, tmp_path: Path) -> None:
    two_days(db)
    do(db, "2026-09-16T10:00:00+09:00", "period.written", "of=2026-09", "head=issues", 'lines=["あとで書いた課題"]')
    then = records(db, tmp_path / "then", now=f"{DAY}T09:30:00+09:00")
    assert [x["day"] for x in then["days"]] == [DAY]
    assert then["issued"] == 2
    assert sum(then["counts"].values()) == 1
    assert "あとで書いた課題" not in json.dumps(then, ensure_ascii=False)
    assert "あとで書いた課題" in json.dumps(records(db, tmp_path / "now"), ensure_ascii=False)


def test_the_contractors_words_stand_in_the_document_before_the_drafts(db: Path, tmp_path: Path) -> None:
    two_days(db)
    do(db, "2026-09-16T10:00:00+09:00", "period.written", "of=2026-09", "head=next_month", 'lines=["応援を2人頼む"]')
    d = records(db, tmp_path)
    assert d["texts"]["next_month"][0] == {"text": "応援を2人頼む", "draft": False}
    assert all(x["draft"] for x in d["texts"]["next_month"][1:])
    found = texts(tmp_path / "2026-09" / "月次報告書_2026-09.xlsx")
    assert "応援を2人頼む" in found
    assert "記録からの下書き" in found


@pytest.mark.parametrize("which", PERIODS)
def test_a_file_that_does_not_exist_is_as_an_empty_one(db: Path, tmp_path: Path, which: str) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one and create nothing»"""
    d = records(db, tmp_path, which)
    assert d["days"] == []
    assert d["head"] == {"seq": 0, "hash": ""}
    assert not db.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--month", "2026-09", "--contract"],
        ["--date", DAY, "--month", "2026-09"],
        ["--fiscal-year", "2026", "--month", "2026-09"],
        ["--month", "2026-9"],
        ["--month", "2026-13"],
        ["--month", DAY],
        ["--fiscal-year", "26"],
        ["--fiscal-year", "FY2026"],
        ["--month", "2026-09", "--fallback"],
        ["--contract", "--encoding", "cp932"],
    ],
)
def test_two_periods_or_none_that_is_one_are_wrong_usage(db: Path, tmp_path: Path, options: list[str]) -> None:
    refuses(run("export", *options, "--out", tmp_path / "out", db=db), 2)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_in_words(db: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    refuses(run("export", "--month", "2026-09", "--out", tmp_path / "out", db=db), 1)

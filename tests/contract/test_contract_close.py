"""Contract 1: close, the end of the day: answers, 未記入, backup, documents, what a second run does; doctor afterwards."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contract_cli import DAY, JAPANESE, Result, at, refuses, run, spawn
from contract_facts import called, fact, finished, issued, opened
from contract_steps import do, facts_in, feed, log, try_to
from contract_words import MY_NUMBER, TOPICS_AND_CARDS

EARLIER = "2026-09-11"  # the Friday before
SECRET = "ひみつの語句"  # what no message may repeat
UNANSWERED = "未記入: 問い合わせ内容、問題点、特記事項・翌日への引継ぎ、台帳との照合 "
FULL = f"""
weather = "くもり"
inquiries = ["予約の取り方", "手数料の支払い方法"]
problems = "昼に待ち時間が延びた"
remarks = "特になし"

[totals]
cert_signature_renewal = 2
furigana_print = {{ count = 3, note = "試し刷りが1件" }}
{TOPICS_AND_CARDS}"""

Json = Any


def a_day(db: Path) -> None:
    feed(
        db,
        opened(),
        issued("09:00", "B001"),
        called("09:05", "B001"),
        finished("09:15", "B001", work={"cert_signature_renewal": 2, "furigana_print": 2}),
        issued("09:10", "A001", "card_issuance"),
        called("09:20", "A001", "T1"),
        finished("09:30", "A001", "T1", work={"issuance_new": 1}),
    )


def answers(db: Path, text: str) -> Path:
    path = db.parent / "answers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def close(db: Path, out: Path, *options: str | Path, now: str | None = "17:30") -> Result:
    return run("close", "--out", out, *options, db=db, now=now)


def closed(db: Path, out: Path, *options: str | Path, now: str | None = "17:30") -> Result:
    """A close that must be done."""
    result = close(db, out, *options, now=now)
    assert result.status == 0, result
    return result


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def records(out: Path, day: str = DAY) -> Json:
    return json.loads((out / day / f"records_{day}.json").read_text("utf-8"))


def workbook(out: Path, day: str = DAY) -> str:
    """All texts of the day's workbook."""
    with zipfile.ZipFile(out / day / f"日次報告書_{day}.xlsx") as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True) as conn:
        found = conn.execute(sql).fetchall()
    conn.close()
    return found


def sound(db: Path, *options: str) -> None:
    """«doctor» finds nothing, in the file and in its backups."""
    for path in (db, *sorted((db.parent / "backups").glob("*.db"))):
        report = run("doctor", "--json", *options, db=path)
        assert (report.status, report.json["findings"]) == (0, []), path


def kinds(db: Path, day: str = DAY) -> list[str]:
    return [x["kind"] for x in log(db, day)]


# ---- what a close does -----------------------------------------------------------------------------------------------


def test_closes_backs_up_and_exports(db: Path, tmp_path: Path) -> None:
    """«the end of the day: closes the day, backs up, exports», as a process."""
    a_day(db)
    out = tmp_path / "out"
    result = spawn("close", "--out", out, "--answers", answers(db, FULL), db=db, now="17:30")
    assert result.status == 0, result
    assert result.err == f"{UNANSWERED[:4]} 台帳との照合 19項目\n"
    *paths, backup, due = result.out.splitlines()
    assert {str(Path(p).relative_to(out)) for p in paths} == set(everything(out))
    assert backup == f"控え: {db.parent / 'backups' / 'floor-a.db'}"
    assert due == "日次報告書（9/14（月）分）の提出期限は 9月15日（火）"
    assert kinds(db)[-1] == "day.closed"
    assert log(db)[-1]["source"] == "console"
    assert run("status", "--json", db=db, now="17:31").json["open"] is False
    assert {p.name for p in (db.parent / "backups").iterdir() if p.suffix == ".db"} == {"floor-a.db"}
    sound(db, "--full")


def test_what_was_not_answered_is_listed(db: Path, tmp_path: Path) -> None:
    """«What was not answered prints as 未記入 and is listed on stderr»"""
    a_day(db)
    result = closed(db, tmp_path)
    assert result.err == f"{UNANSWERED}21項目、天候\n"
    assert workbook(tmp_path).count("未記入") >= 1


def test_answers_stand_in_the_documents(db: Path, tmp_path: Path) -> None:
    """«answers (totals, 問題点, 特記, inquiry texts) come from the file»"""
    a_day(db)
    closed(db, tmp_path, "--answers", answers(db, FULL))
    book = workbook(tmp_path)
    for text in ("くもり", "予約の取り方", "手数料の支払い方法", "昼に待ち時間が延びた", "特になし", "試し刷りが1件"):
        assert text in book, text
    assert records(tmp_path)["inquiries"] == {"持ち物": 4}
    assert rows(db, "SELECT item, count, read, note FROM work WHERE read IS NOT NULL ORDER BY item") == [
        ("cert_signature_renewal", 2, 2, ""),
        ("furigana_print", 2, 3, "試し刷りが1件"),
    ]


def test_a_difference_that_nobody_explained_becomes_a_problem(db: Path, tmp_path: Path) -> None:
    """additions: «A difference from a ledger without a `note` becomes a line of `problems`»"""
    a_day(db)
    closed(db, tmp_path, "--answers", answers(db, 'problems = "特になし"\n[totals]\nissuance_new = 5\n'))
    lines = [text for (text,) in rows(db, "SELECT text FROM report_lines WHERE head = 'problems'")]
    assert len(lines) == 1
    assert "交付 新規" in lines[0] and "5" in lines[0]


def test_problems_from_the_draft(db: Path, tmp_path: Path) -> None:
    """docs/closing.md: 問題点 as the records draft them; 特になし where they have nothing to say."""
    a_day(db)
    feed(
        db,
        fact("10:00", "terminal.failed", terminal="T4", fault="画面が消えた"),
        fact("10:40", "terminal.repaired", terminal="T4"),
    )
    closed(db, tmp_path, "--answers", answers(db, 'problems = "下書き"\n'))
    lines = [text for (text,) in rows(db, "SELECT text FROM report_lines WHERE head = 'problems'")]
    assert any("40分" in line for line in lines), lines


@pytest.mark.parametrize("name", ["日次報告書", "records"])
def test_a_second_run_exports_again(db: Path, tmp_path: Path, name: str) -> None:
    """«On a closed day: exports again, exit 0»; the same bytes, and what was lost comes back."""
    a_day(db)
    closed(db, tmp_path, "--answers", answers(db, FULL))
    before, facts = everything(tmp_path / DAY), facts_in(db)
    next((tmp_path / DAY).glob(f"{name}*")).unlink()
    for now in ("17:40", "2026-12-01T09:00:00+09:00"):
        assert closed(db, tmp_path, "--date", DAY, now=now).status == 0
        assert everything(tmp_path / DAY) == before
        assert facts_in(db) == facts
    sound(db, "--full")


def test_answers_on_a_closed_day_are_not_taken_and_that_is_said(db: Path, tmp_path: Path) -> None:
    a_day(db)
    closed(db, tmp_path)
    facts = facts_in(db)
    result = closed(db, tmp_path, "--answers", answers(db, FULL))
    assert "記録していません" in result.err
    assert facts_in(db) == facts
    assert "昼に待ち時間が延びた" not in workbook(tmp_path)


def test_without_out_the_documents_lie_beside_the_file(db: Path) -> None:
    """additions: «without `--out`: `reports/` beside the data file»"""
    a_day(db)
    result = run("close", db=db, now="17:30")
    assert result.status == 0
    assert (db.parent / "reports" / DAY / f"records_{DAY}.json").exists()


# ---- which day -------------------------------------------------------------------------------------------------------


def test_a_day_that_a_feed_has_closed(db: Path, tmp_path: Path) -> None:
    """2: «From a feed it ends the reception only; reports close by `close`.»"""
    a_day(db)
    feed(db, fact("17:00", "day.closed"))
    result = closed(db, tmp_path, "--answers", answers(db, FULL))
    assert "閉" not in result.err.replace("未記入", "")
    closings = [x for x in log(db) if x["kind"] == "day.closed"]
    assert [x["source"] for x in closings] == ["feed", "console"]
    assert (records(tmp_path)["revision"], records(tmp_path)["inquiries"]) == (1, {"持ち物": 4})
    assert rows(db, "SELECT closed_at, report_closed_at IS NOT NULL FROM days") == [(at("17:00"), 1)]
    sound(db, "--full")


def test_an_earlier_day(db: Path, tmp_path: Path) -> None:
    """«[--date D]»: a day that nobody closed, from any later day; its facts keep the time of that day."""
    friday = [
        {**f, "at": f["at"].replace(DAY, EARLIER), "id": f"e-{n}"}
        for n, f in enumerate([opened(), issued("09:00", "B001"), called("09:05", "B001"), finished("09:15", "B001")])
    ]
    feed(db, *friday)
    a_day(db)
    closed(db, tmp_path, "--date", EARLIER, "--answers", answers(db, FULL), now="09:00")
    ends = [x for x in log(db, EARLIER) if x["source"] == "console"]
    assert ends[-1]["kind"] == "day.closed"
    assert {x["at"][:10] for x in ends} == {EARLIER}
    assert {x["recorded_at"][:10] for x in ends} == {DAY}
    assert "day.closed" not in kinds(db)
    closed(db, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} >= {EARLIER, DAY}
    sound(db, "--full")


def test_a_day_to_come_or_without_facts_is_refused(db: Path, tmp_path: Path) -> None:
    a_day(db)
    facts = facts_in(db)
    for day in ("2026-09-15", "2026-09-10", "2026-09-13"):
        sentence = refuses(close(db, tmp_path / "out", "--date", day))
        assert ("まだ来ていない" in sentence) == (day == "2026-09-15"), sentence
    assert facts_in(db) == facts
    assert not (tmp_path / "out").exists()
    assert not (db.parent / "backups").exists()


def test_an_empty_file_has_nothing_to_close(db: Path, tmp_path: Path) -> None:
    refuses(close(db, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_now_is_the_instant_of_the_close(db: Path, tmp_path: Path) -> None:
    """1: «Commands that write do so with at = recorded_at = TIME.»"""
    a_day(db)
    closed(db, tmp_path, now="17:32:05")
    last = log(db)[-1]
    assert (last["at"], last["recorded_at"]) == (at("17:32:05"), at("17:32:05"))


# ---- revisions -------------------------------------------------------------------------------------------------------


def test_what_the_city_was_not_told_of_is_said_at_the_close(db: Path, tmp_path: Path) -> None:
    a_day(db)
    do(db, "10:00", "incident.opened", "category=complaint", "summary=待ち時間")
    do(db, "10:01", "incident.opened", "category=injury", "summary=急病")
    assert "市への報告がまだの事案があります: I-1 苦情（" in closed(db, tmp_path).err


def test_reopened_with_a_reason_is_another_revision(db: Path, tmp_path: Path) -> None:
    """«A closed day can be reopened with a reason; the report then carries a revision number.»"""
    a_day(db)
    closed(db, tmp_path, "--answers", answers(db, FULL))
    first = records(tmp_path)
    assert try_to(db, "17:40", "day.reopened").status == 1, "a reason is needed"
    do(db, "17:40", "day.reopened", reason="追記のため")
    do(db, "17:41", "work.counted", "item=photo", "count=2")
    result = closed(db, tmp_path, "--answers", answers(db, 'remarks = "写真を追記した"\n'), now="17:45")
    assert result.status == 0
    again = records(tmp_path)
    assert (first["revision"], again["revision"], again["work"]["photo"]) == (1, 2, 2)
    book = workbook(tmp_path)
    assert "写真を追記した" in book
    assert "昼に待ち時間が延びた" in book, "what was answered before stands"
    assert "第2版" in book
    assert rows(db, "SELECT revision FROM days") == [(2,)]
    sound(db, "--full")


def test_facts_that_come_late_are_another_revision(db: Path, tmp_path: Path) -> None:
    """2: «earlier ones that arrive late count and raise the report's revision»; later ones change nothing."""
    a_day(db)
    closed(db, tmp_path)
    feed(db, issued("17:45", "B900"))
    closed(db, tmp_path)
    assert (records(tmp_path)["revision"], sum(records(tmp_path)["counts"].values())) == (1, 2)
    feed(db, issued("10:00", "B002"), called("10:05", "B002"), finished("10:10", "B002"))
    closed(db, tmp_path)
    assert (records(tmp_path)["revision"], sum(records(tmp_path)["counts"].values())) == (2, 3)
    sound(db, "--full")


# ---- the answers file ------------------------------------------------------------------------------------------------

WRONG = {
    "no TOML": f"problems = {SECRET}",
    "an unknown key": f'"{SECRET}" = 1',
    "text in two kinds": f'problems = ["{SECRET}", 1]',
    "an empty list": "problems = []",
    "a table for a text": f'problems = {{ text = "{SECRET}" }}',
    "a number for a text": "remarks = 12345678",
    "totals no table": f'totals = "{SECRET}"',
    "an unknown item": f"[totals]\n{SECRET.encode().hex()} = 1",
    "a count as text": f'[totals]\nphoto = "{SECRET}"',
    "a count as a fraction": "[totals]\nissuance_new = 1.5",
    "a count as a truth": "[totals]\nissuance_new = true",
    "a count below zero": "[totals]\nissuance_new = -1",
    "a count too large": "[totals]\nissuance_new = 7777777",
    "a total without a count": f'[totals]\nissuance_new = {{ note = "{SECRET}" }}',
    "a total with an unknown key": f'[totals]\nissuance_new = {{ count = 1, noet = "{SECRET}" }}',
    "a note that is no text": "[totals]\nissuance_new = { count = 1, note = 77777 }",
    "topics no table": f'topics = ["{SECRET}"]',
    "a topic's count as text": f'[topics]\n"持ち物" = "{SECRET}"',
    "cards no table": f'cards = "{SECRET}"',
    "cards not whole": "[cards]\nreceived = 1",
    "cards with an unknown key": f'[cards]\nreceived = 1\nissued = 1\nreturned = 0\nleft = 0\n"{SECRET}" = 1',
    "personal data in a text": f'problems = "{MY_NUMBER} の方"',
    "personal data in a list": f'inquiries = ["予約", "電話 {MY_NUMBER}"]',
    "personal data in a note": f'[totals]\nissuance_new = {{ count = 2, note = "{MY_NUMBER}" }}',
    "personal data in a topic": f'[topics]\n"{MY_NUMBER}" = 1',
    "personal data in a key": f'"{MY_NUMBER}" = 1',
    "too many texts": "inquiries = [" + ", ".join(f'"{SECRET}{n}"' for n in range(9)) + "]",
    "a text too long": f'problems = "{SECRET * 100}"',
    "nothing but white space": 'problems = "  "',
    "an empty text": 'remarks = ""',
    "a date": "remarks = 2026-09-14",
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_answers_that_are_wrong(db: Path, tmp_path: Path, text: str) -> None:
    """One Japanese sentence, exit 1; nothing is written, and no value is repeated."""
    a_day(db)
    facts = facts_in(db)
    sentence = refuses(close(db, tmp_path / "out", "--answers", answers(db, f"{text}\n")))
    for value in (SECRET, MY_NUMBER, "7777777", "12345678", "77777", "2026-09-14", "noet"):
        assert value not in sentence, sentence
    assert facts_in(db) == facts
    assert not (tmp_path / "out").exists()
    assert not (db.parent / "backups").exists()


def test_an_answers_file_that_cannot_be_read(db: Path, tmp_path: Path) -> None:
    a_day(db)
    refuses(close(db, tmp_path, "--answers", db.parent / "nowhere.toml"))
    refuses(close(db, tmp_path, "--answers", db.parent))
    path = answers(db, "")
    path.write_bytes("problems = 'あ'".encode("cp932"))
    assert "UTF-8" in refuses(close(db, tmp_path, "--answers", path))
    path.write_bytes(b"#" * 300_000)
    assert "大きすぎ" in refuses(close(db, tmp_path, "--answers", path))
    assert "day.closed" not in kinds(db)


def test_answers_as_notepad_saves_them(db: Path, tmp_path: Path) -> None:
    """With a byte order mark and lines ended as Windows does."""
    a_day(db)
    path = answers(db, "")
    path.write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    closed(db, tmp_path, "--answers", path)
    assert "昼に待ち時間が延びた" in workbook(tmp_path)


def test_a_name_in_a_text_is_said_and_kept(db: Path, tmp_path: Path) -> None:
    """Warn of a possible name without refusing it; the day is closed."""
    a_day(db)
    result = closed(db, tmp_path, "--answers", answers(db, 'problems = "山田様が長く待たれた"\n'))
    assert "day.closed" in kinds(db)
    assert JAPANESE.search(result.err.replace(UNANSWERED, ""))


# ---- doctor ----------------------------------------------------------------------------------------------------------


def _damage(db: Path, sql: str) -> None:
    with sqlite3.connect(db) as conn:
        assert conn.execute(sql).rowcount != 0
    conn.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE days SET served = served + 1",
        "UPDATE tickets SET wait_s = 1 WHERE ticket = 'B001'",
        "DELETE FROM lane_days WHERE lane = 'issuance'",
        f"INSERT INTO inquiries VALUES ('{DAY}', '駐車場', 3)",
        f"DELETE FROM days WHERE day = '{DAY}'",
        "INSERT INTO work VALUES ('2026-09-07', 'photo', 1, 0, NULL, '')",
        "UPDATE report_lines SET text = '何もなかった' WHERE head = 'problems'",
    ],
)  # fmt: skip
def test_damaged_rows_are_found_and_made_again(db: Path, tmp_path: Path, sql: str) -> None:
    """«derived tables … must equal a rebuild to that seq»; exit 3 and the finding."""
    a_day(db)
    closed(db, tmp_path, "--answers", answers(db, FULL))
    _damage(db, sql)
    report = run("doctor", "--json", db=db)
    assert (report.status, report.json["ok"]) == (3, False)
    assert [f["code"] for f in report.json["findings"]] == ["derived"]
    assert JAPANESE.search(report.json["findings"][0]["text"])


def test_a_second_close_makes_damaged_rows_again(db: Path, tmp_path: Path) -> None:
    a_day(db)
    closed(db, tmp_path)
    _damage(db, "UPDATE days SET served = 99")
    _damage(db, "DELETE FROM tickets")
    closed(db, tmp_path)
    sound(db, "--full")


def test_full_proves_every_day(db: Path, tmp_path: Path) -> None:
    """«`--full` proves every day»: without it the last seven that were built."""
    days = [f"2026-08-{n:02d}" for n in (3, 4, 5, 6, 7, 17, 18, 19)]
    for n, day in enumerate(days):
        facts = [opened(), issued("09:00", "B001"), called("09:05", "B001"), finished("09:15", "B001")]
        feed(db, *({**f, "at": f["at"].replace(DAY, day), "id": f"{n}-{k}"} for k, f in enumerate(facts)))
        assert run("close", "--date", day, "--out", tmp_path, db=db, now=f"{day}T17:30:00+09:00").status == 0
    _damage(db, f"UPDATE days SET served = 9 WHERE day = '{days[0]}'")
    assert run("doctor", "--json", db=db).json["ok"] is True
    report = run("doctor", "--json", "--full", db=db)
    assert (report.status, [f["code"] for f in report.json["findings"]]) == (3, ["derived"])
    assert days[0] in report.json["findings"][0]["text"]


def test_a_file_without_derived_rows_is_sound(db: Path) -> None:
    """«never built or behind is no finding»"""
    a_day(db)
    assert rows(db, "SELECT count(*) FROM days") == [(0,)]
    sound(db, "--full")


# ---- the backup ------------------------------------------------------------------------------------------------------


def test_two_backups_by_turns(db: Path, tmp_path: Path) -> None:
    """Each close carries the older one on; both are beginnings of the file, with its rows."""
    a_day(db)
    backups = db.parent / "backups"
    seqs = []
    for n, now in enumerate(("17:30", "17:40", "17:50")):
        closed(db, tmp_path, now=now)
        found = {p.name: rows(p, "SELECT max(seq) FROM event")[0][0] for p in sorted(backups.glob("*.db"))}
        seqs.append((max(found.values()), len(found)))
        assert rows(backups / max(found, key=lambda k: found[k]), "SELECT * FROM days") == rows(
            db, "SELECT * FROM days"
        )
        if n < 2:
            do(db, f"17:{35 + 10 * n}", "day.reopened", reason="追記のため")
    assert [n for _, n in seqs] == [1, 2, 2]
    assert seqs[-1][0] == facts_in(db)
    sound(db, "--full")


def test_a_backup_that_is_damaged_is_set_aside_and_made_anew(db: Path, tmp_path: Path) -> None:
    a_day(db)
    closed(db, tmp_path)
    backup = db.parent / "backups" / "floor-a.db"
    backup.write_bytes(b"\0" * 5000)
    closed(db, tmp_path)
    assert (backup.with_name("floor-a.db.bad")).exists()
    sound(db, "--full")
    # And once more: what was set aside before is kept, and no journal is left to be played into the new file.
    for path in sorted(backup.parent.glob("*.db")):
        path.write_bytes(b"\1" * 5000)
        path.with_name(f"{path.name}-journal").write_bytes(b"\2" * 600)
    closed(db, tmp_path)
    assert (backup.with_name("floor-a.db.bad")).read_bytes() == b"\0" * 5000
    assert (backup.with_name("floor-a.db.bad2")).read_bytes() == b"\1" * 5000
    assert not [p for p in backup.parent.glob("*.db-journal") if p.stat().st_size]
    sound(db, "--full")


def test_a_backup_that_cannot_be_made_is_said_after_the_documents(db: Path, tmp_path: Path) -> None:
    """The day is closed and exported all the same; the exit status says that not all was done, and a second run does it."""
    a_day(db)
    (db.parent / "backups").write_text("a file")
    result = close(db, tmp_path)
    assert result.status == 3
    assert "控えを作れません" in result.err
    assert records(tmp_path)["head"]["seq"] == facts_in(db)
    assert kinds(db)[-1] == "day.closed"
    (db.parent / "backups").unlink()
    closed(db, tmp_path)
    sound(db, "--full")


# ---- where the documents go ------------------------------------------------------------------------------------------


def test_cp932(db: Path, tmp_path: Path) -> None:
    """«cp932 by choice (failing loudly where it cannot encode)»"""
    a_day(db)
    do(db, "10:00", "inquiry.counted", "topic=髙いところ①")
    closed(db, tmp_path)
    options = ("export", "--date", DAY, "--out", tmp_path / "sjis", "--encoding", "cp932")
    assert run(*options, db=db).status == 0
    text = (tmp_path / "sjis" / DAY / "csv" / "inquiries.csv").read_bytes()
    assert text.decode("cp932").split("\r\n")[1] == "髙いところ①,1"
    before = everything(tmp_path / "sjis")
    do(db, "17:40", "day.reopened", reason="追記のため")
    do(db, "17:41", "inquiry.counted", "topic=𠮷野家")
    sentence = refuses(run(*options, db=db))
    assert "inquiries.csv" in sentence and "3行目" in sentence and "topic" in sentence
    assert "𠮷" not in sentence
    assert everything(tmp_path / "sjis") == before


def _locked(monkeypatch: pytest.MonkeyPatch, *names: str) -> Callable[[], None]:
    """Excel holds files open: they cannot be replaced or removed (as Windows says it), for ever; pauses take no time."""
    replace, unlink = os.replace, os.unlink

    def guarded(source: Path, target: Path) -> None:
        if Path(target).name in names:
            raise PermissionError(errno.EACCES, "in use", str(target))
        replace(source, target)

    def kept(path: Path, **more: Any) -> None:
        if Path(path).name in names:
            raise PermissionError(errno.EACCES, "in use", str(path))
        unlink(path, **more)

    patches = {
        "os.replace": guarded,
        "os.unlink": kept,
        "time.sleep": lambda _: None,
        "floorctl.common.patience.on_windows": lambda: True,
    }
    for name, patch in patches.items():
        monkeypatch.setattr(name, patch)
    return monkeypatch.undo


def test_a_document_that_excel_holds_open(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """«a target that Excel holds open gets a numbered name and a sentence»; afterwards it is as if nothing had been."""
    a_day(db)
    closed(db, tmp_path)
    old = everything(tmp_path / DAY)
    do(db, "17:40", "day.reopened", reason="追記のため")
    name = f"日次報告書_{DAY}.xlsx"
    release = _locked(monkeypatch, name)
    result = closed(db, tmp_path, "--answers", answers(db, FULL), now="17:45")
    beside = f"日次報告書_{DAY}_2.xlsx"
    assert beside in result.err and beside in result.out
    assert everything(tmp_path / DAY)[name] == old[name]
    assert records(tmp_path)["revision"] == 2
    newer = everything(tmp_path / DAY)[beside]
    release()
    result = closed(db, tmp_path, now="17:50")
    assert f"前に横に書き出した {beside} は、元の名前の文書ができたので消しました。" in result.err
    assert beside not in result.out
    found = everything(tmp_path / DAY)
    assert found[name] == newer and found.keys() == old.keys()


def test_a_numbered_document_that_is_somebodys_now_stays(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was saved since, what somebody has copied, and what is open is not removed; what is open goes next time."""
    a_day(db)
    closed(db, tmp_path)
    folder, name = tmp_path / DAY, f"日次報告書_{DAY}"
    shutil.copy(folder / f"{name}.xlsx", folder / f"{name}_2.xlsx")  # somebody's, unchanged
    for n, when in enumerate(("17:40", "17:42")):
        do(db, when, "day.reopened", reason="追記のため")
        release = _locked(monkeypatch, f"{name}.xlsx")
        result = closed(db, tmp_path, now=f"17:4{2 * n + 1}")
        assert f"{name}_{n + 3}.xlsx" in result.out
        release()
    shutil.copy(folder / f"{name}_4.xlsx", folder / f"{name}_5.xlsx")
    with (folder / f"{name}_3.xlsx").open("ab") as file:
        file.write(b"saved")
    release = _locked(monkeypatch, f"{name}_4.xlsx")
    assert "消しました" not in closed(db, tmp_path, now="17:50").err
    release()
    assert f"書き出した {name}_4.xlsx は" in closed(db, tmp_path, now="17:51").err
    assert {x for x in everything(folder) if x.startswith(name)} == {
        f"{name}{end}.xlsx" for end in ("", "_2", "_3", "_5")
    }


def test_a_scanner_delays_a_close_and_nothing_else(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rename, replacement and removal is refused three times: the same files as without, and not a word of it."""
    a_day(db)
    quiet = closed(db, tmp_path / "quiet")
    seen: dict[tuple[str, str], int] = {}
    pauses: list[float] = []

    def busy(kind: str, act: Callable[..., None]) -> Callable[..., None]:
        def refused(path: Path, *more: Any, **options: Any) -> None:
            seen[kind, str(path)] = seen.get((kind, str(path)), 0) + 1
            if seen[kind, str(path)] <= 3 and os.path.lexists(path):
                raise PermissionError(errno.EACCES, "in use", str(path))
            act(path, *more, **options)

        return refused

    for kind in ("replace", "rename", "unlink"):
        monkeypatch.setattr(f"os.{kind}", busy(kind, getattr(os, kind)))
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr("floorctl.common.patience.on_windows", lambda: True)
    result = closed(db, tmp_path / "out")
    assert pauses[:3] == [0.01, 0.02, 0.04]
    assert everything(tmp_path / "out") == everything(tmp_path / "quiet")
    assert result.err == quiet.err
    assert result.out == quiet.out.replace("quiet", "out")


def test_somebody_else_makes_the_folder_meanwhile(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The console and the command line close at once: both write, and the documents are whole."""
    a_day(db)
    closed(db, tmp_path / "first")
    rename = os.rename

    def faster(source: Path, target: Path) -> None:
        monkeypatch.setattr("os.rename", rename)
        shutil.copytree(tmp_path / "first" / DAY, target)
        rename(source, target)

    monkeypatch.setattr("os.rename", faster)
    closed(db, tmp_path / "out")
    assert everything(tmp_path / "out") == everything(tmp_path / "first")


def test_out_is_a_file(db: Path, tmp_path: Path) -> None:
    """The day is closed, the documents are not written; one sentence, exit 1; with another folder all is done."""
    a_day(db)
    (tmp_path / "out").write_text("x")
    result = close(db, tmp_path / "out")
    assert result.status == 1
    assert "同じ名前のファイル" in result.err
    assert kinds(db)[-1] == "day.closed"
    assert rows(db.parent / "backups" / "floor-a.db", "SELECT max(seq) FROM event") == [(facts_in(db),)]
    closed(db, tmp_path / "other")
    sound(db, "--full")


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_takes_nothing(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Read-only or full: the documents that stood there are unchanged, nothing half-written is left, a sentence says why."""
    a_day(db)
    closed(db, tmp_path / "out")
    before = everything(tmp_path / "out")
    do(db, "17:40", "day.reopened", reason="追記のため")
    path_open = Path.open

    def refuse(self: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if "x" in mode:
            raise OSError(number, "refused", str(self))
        return path_open(self, mode, *args, **more)

    with monkeypatch.context() as m:
        m.setattr(Path, "open", refuse)
        result = close(db, tmp_path / "out", now="17:45")
    assert result.status == 1
    assert JAPANESE.search(result.err)
    assert everything(tmp_path / "out") == before
    assert kinds(db)[-1] == "day.closed"
    closed(db, tmp_path / "out", now="17:50")
    assert records(tmp_path / "out")["revision"] == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to the administrator")
def test_a_folder_without_permission(db: Path, tmp_path: Path) -> None:
    a_day(db)
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    result = close(db, out)
    assert result.status == 1
    assert "権限" in result.err


def test_anomalies_are_the_same_whether_rows_know_them_or_not(db: Path, tmp_path: Path) -> None:
    """«anomalies» of doctor: of days that are closed, that are closed and have more since, and that were never closed."""
    days = [f"2026-08-{n:02d}" for n in (3, 4, 5, 6, 7, 17, 18, 19, 20)]
    for n, day in enumerate(days):
        facts = [opened(), called("09:05", "B001"), *([called("09:06", "B002", "T4")] if n % 2 else [])]
        feed(db, *({**f, "at": f["at"].replace(DAY, day), "id": f"{n}-{k}"} for k, f in enumerate(facts)))
        assert run("doctor", "--json", db=db).json["anomalies"] == n + 1 + (n + 1) // 2
        if n != 3:
            assert run("close", "--date", day, "--out", tmp_path, db=db, now=f"{day}T17:30:00+09:00").status == 0
    for options in ((), ("--full",)):
        assert run("doctor", "--json", *options, db=db).json["anomalies"] == 13
    feed(db, {**called("09:07", "B003", "T5"), "at": f"{days[0]}T09:07:00+09:00", "id": "late"})
    for options in ((), ("--full",)):
        assert run("doctor", "--json", *options, db=db).json["anomalies"] == 14

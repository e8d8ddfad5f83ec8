"""The heads noted beside the data file: what a chain written anew cannot hide, and what a restore leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.errors import StoreError
from floorctl.database import heads as heads
from floorctl.database.hash_chain import GENESIS, seal
from floorctl.database.head_histories import compare
from floorctl.models.facts.entry import Head
from floorctl.models.site.site import Site
from floorctl.usecases.backup_restore import back_up, restore
from floorctl.usecases.closing import close
from floorctl.usecases.doctor import examine, remarks
from tests.story import MONDAY, Desk, a_day, instant

NOW = instant("17:30")
TUESDAY = MONDAY + timedelta(days=1)


def a_closed_day(desk: Desk, day: date = MONDAY) -> None:
    desk.at("08:30", day).opens()
    desk.hears(a_day(day, prefix=f"{day:%m%d}-").issues("B001", at="09:00").calls("B001", at="09:05").finishes("B001"))
    desk.at("17:20", day)
    assert close(desk.session, day, out=desk.path.parent / "reports").trouble is None


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in heads.place(path).read_text(encoding="utf-8").splitlines()]


def written_anew(path: Path, actor: str = "cli") -> None:
    """Somebody changes one fact and writes the whole chain anew, without the derived tables: the chain is whole again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        made = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in made:
            db.execute(f"DROP TRIGGER {name}")
        sealed = GENESIS
        for *row, _ in db.execute("SELECT * FROM event ORDER BY seq").fetchall():
            seq, fact_id, source, at, day, recorded_at, _, kind, data = row
            given = (seq, fact_id, source, at, day, recorded_at, actor, kind, data)
            sealed = seal(sealed, *given)
            db.execute("UPDATE event SET actor = ?, hash = ? WHERE seq = ?", (actor, sealed, seq))
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%day TEXT%'"):
            if table != "event":
                db.execute(f"DELETE FROM {table}")
        for _, text in made:
            db.execute(text)


def test_a_close_and_every_backup_note_their_heads(desk: Desk) -> None:
    a_closed_day(desk)
    end = desk.session.head()
    done = back_up(desk.path, desk.site, None, NOW)
    mine = desk.path.parent / "誰かの名前.db"
    back_up(desk.path, desk.site, mine, NOW)
    said = lines(desk.path)
    assert [(x["by"], x["seq"], x["hash"]) for x in said] == [
        (by, end.seq, end.hash) for by in ("backup", "report", "backup", "backup")
    ]
    assert (said[1]["day"], said[1]["revision"]) == (str(MONDAY), 1)
    assert [x.get("name") for x in said] == ["floor-a.db", None, done.path.name, None], "names that somebody typed"
    printed = json.loads((desk.path.parent / "reports" / str(MONDAY) / f"records_{MONDAY}.json").read_text())
    assert printed["head"] == {"seq": said[1]["seq"], "hash": said[1]["hash"]}
    assert said[1]["when"].startswith("2026-09-14T17:20:0") and said[1]["when"].endswith("+09:00")
    if os.name != "nt":
        assert heads.place(desk.path).stat().st_mode & 0o077 == 0
    report = examine(desk.path, desk.site)
    assert report["ok"] and report["heads"] == {"same": 4, "differing": 0, "before_restore": 0, "unreadable": 0}
    assert any("4件のうち 4件が一致" in line for line in remarks(report))


def test_closing_again_notes_nothing_twice(desk: Desk) -> None:
    a_closed_day(desk)
    before = heads.place(desk.path).read_bytes()
    close(desk.session, MONDAY, out=desk.path.parent / "reports")
    assert heads.place(desk.path).read_bytes() == before
    desk.hears(a_day(prefix="late-").issues("B009", at="09:30"))
    close(desk.session, MONDAY, out=desk.path.parent / "reports")
    assert [x["revision"] for x in lines(desk.path) if x["by"] == "report"] == [1, 2]


def test_a_chain_that_was_written_anew_is_told(desk: Desk) -> None:
    a_closed_day(desk)
    a_closed_day(desk, TUESDAY)
    desk.close()
    noted = heads.place(desk.path).read_bytes()
    heads.place(desk.path).unlink()
    written_anew(desk.path)
    assert examine(desk.path, desk.site, full=True)["ok"], "the chain alone cannot show it"
    heads.place(desk.path).write_bytes(noted)
    report = examine(desk.path, desk.site)
    assert {f["code"] for f in report["findings"]} == {"head"} and len(report["findings"]) == 4
    assert report["heads"]["differing"] == 4
    said = report["findings"][1]["text"]
    assert "2026-09-14 17:20" in said and "2026-09-14 の報告書（第1版）" in said and "通し番号" in said


@pytest.mark.parametrize("what", ["gone", "another file", "cut short"])
def test_a_file_that_was_exchanged_or_cut_is_told(desk: Desk, site: Site, tmp_path: Path, what: str) -> None:
    a_closed_day(desk)
    desk.close()
    if what == "cut short":
        with closing(sqlite3.connect(desk.path, isolation_level=None)) as db:
            (text,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_delete'").fetchone()
            db.execute("DROP TRIGGER event_no_delete")
            db.execute("DELETE FROM event WHERE seq > 2")
            db.execute("DELETE FROM days")
            db.execute(text)
    else:
        desk.path.unlink()
    if what == "another file":
        Desk(desk.path, site).opens().close()
    said = [f["text"] for f in examine(desk.path, site)["findings"] if f["code"] == "head"]
    assert len(said) == 2 and all("記録がファイルにありません" in text for text in said)


def test_what_a_restore_has_left_behind_is_no_alarm_for_ever(desk: Desk) -> None:
    a_closed_day(desk)
    monday = desk.session.head()
    older = back_up(desk.path, desk.site, None, NOW).path
    a_closed_day(desk, TUESDAY)
    desk.close()
    assert examine(desk.path, desk.site)["heads"]["same"] == 5
    assert restore(desk.path, desk.site, older, NOW + timedelta(days=2)).note == ""
    report = examine(desk.path, desk.site)
    assert report["ok"], report["findings"]
    assert report["heads"] == {"same": 4, "differing": 0, "before_restore": 2, "unreadable": 0}
    assert any("戻す前の照合値 2件" in line for line in remarks(report))
    # The same day is worked again, with other facts under the same numbers; its heads count from now on.
    again = Desk(desk.path, desk.site, "08:30", TUESDAY)
    again.opens().does("memo.written", text="雨")
    a_closed_day_again = close(again.session, TUESDAY)
    again.close()
    assert a_closed_day_again.trouble is None
    assert examine(desk.path, desk.site)["ok"]
    assert examine(desk.path, desk.site)["heads"]["same"] == 6
    # What was noted up to the restored end is looked for as before.
    written_anew(desk.path)
    wrong = examine(desk.path, desk.site)["heads"]
    assert (wrong["differing"], wrong["before_restore"]) == (5, 2)
    said = lines(desk.path)[5]
    assert (said["by"], said["seq"], said["hash"]) == ("restore", monday.seq, monday.hash)
    assert said["left"]["seq"] > monday.seq and "apart" not in said


def test_back_to_the_newest_again_everything_is_there(desk: Desk, tmp_path: Path) -> None:
    a_closed_day(desk)
    older = back_up(desk.path, desk.site, tmp_path / "older.db", NOW).path
    a_closed_day(desk, TUESDAY)
    newest = back_up(desk.path, desk.site, tmp_path / "newest.db", NOW).path
    desk.close()
    restore(desk.path, desk.site, older, NOW)
    restore(desk.path, desk.site, newest, NOW)
    report = examine(desk.path, desk.site)
    assert report["ok"] and report["heads"]["before_restore"] == 0


def test_a_restore_that_was_killed_before_its_end_is_no_alarm(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_closed_day(desk)
    older = back_up(desk.path, desk.site, None, NOW).path
    a_closed_day(desk, TUESDAY)
    desk.close()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("floorctl.usecases.backup_restore._exchange", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(desk.path, desk.site, older, NOW)
    report = examine(desk.path, desk.site)
    assert report["ok"] and report["heads"]["before_restore"] == 0


def test_two_files_in_one_folder_have_their_own_heads(desk: Desk, site: Site) -> None:
    a_closed_day(desk)
    other = Desk(desk.path.with_name("floor.sqlite"), site)
    a_closed_day(other, TUESDAY)
    other.close()
    assert heads.place(other.path) != heads.place(desk.path)
    a_closed_day(desk, TUESDAY + timedelta(days=1))
    made = {p.name for p in (desk.path.parent / "backups").iterdir() if p.stat().st_size}
    assert made == {"floor-a.db", "floor-b.db", "floor.sqlite-a.db"}
    for path in (desk.path, other.path):
        assert examine(path, site)["ok"]
    for path, noted in ((desk.path, 4), (other.path, 2)):
        assert examine(path, site)["heads"]["same"] == noted


@pytest.mark.parametrize("what", ["a folder", "a pipe"])
def test_heads_that_cannot_be_written_are_said_and_stop_nothing(desk: Desk, what: str) -> None:
    if what == "a folder":
        heads.place(desk.path).mkdir()
    elif hasattr(os, "mkfifo"):
        os.mkfifo(heads.place(desk.path))
    else:
        pytest.skip("no pipes with a name here")
    desk.opens()
    desk.at("17:20")
    done = close(desk.session, MONDAY, out=desk.path.parent / "reports")
    assert done.trouble is None and done.backup is not None and done.paths
    assert [note for note in done.notes if "floor.db.heads に書けません" in note]
    made = back_up(desk.path, desk.site, None, NOW)
    assert made.path.exists() and "書けません" in made.note
    desk.close()
    back = restore(desk.path, desk.site, made.path, NOW)
    assert "書けません" in back.note and back.head == made.head
    assert examine(desk.path, desk.site)["ok"]


def test_a_disk_that_is_full_leaves_at_most_a_torn_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    a_closed_day(desk)
    whole = heads.place(desk.path).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:20]))
    assert "書けません" in back_up(desk.path, desk.site, None, NOW).note
    monkeypatch.undo()
    assert heads.place(desk.path).read_bytes()[: len(whole)] == whole
    report = examine(desk.path, desk.site)
    assert report["ok"] and (report["heads"]["same"], report["heads"]["unreadable"]) == (2, 1)
    assert back_up(desk.path, desk.site, None, NOW).note == ""
    assert examine(desk.path, desk.site)["heads"] == {"same": 3, "differing": 0, "before_restore": 0, "unreadable": 1}


TORN: list[bytes] = [
    b'{"when": "2026-09-14T17:2',
    b"\xff\xfe\n",
    b"[]\n",
    b"1\n",
    b"null\n",
    b"[" * 900 + b"\n",
    b"x" * 5000 + b"\n",
    b'{"when": "2026-09-14T17:20:00", "by": "backup", "seq": 1, "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": "backup", "seq": true, "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": "backup", "seq": 1e99, "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": "backup", "seq": ' + b"9" * 30 + b', "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": "report", "seq": 1, "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": "report", "day": "x", "seq": 1, "hash": "' + b"0" * 64 + b'"}\n',
    b'{"when": "2026-09-14T17:20:00+09:00", "by": ["backup"], "seq": 1, "hash": "' + b"0" * 64 + b'"}\n',
]


@pytest.mark.parametrize("line", TORN, ids=range(len(TORN)))
def test_a_line_that_is_none_is_passed_over_and_counted(desk: Desk, line: bytes) -> None:
    a_closed_day(desk)
    with heads.place(desk.path).open("ab") as file:
        file.write(line)
    report = examine(desk.path, desk.site)
    assert report["ok"], report["findings"]
    assert report["heads"]["same"] == 2 and report["heads"]["unreadable"] >= 1
    back_up(desk.path, desk.site, None, NOW)
    assert examine(desk.path, desk.site)["heads"]["same"] == 3


def test_many_that_differ_are_told_in_a_few_lines() -> None:
    notes = [heads.report(NOW, MONDAY, n, Head(n, f"{n:064x}")) for n in range(1, 601)]
    found = compare(heads.Noted(notes, 0), lambda seq: None)
    assert (found.differing_heads, len(found.differing)) == (600, 6)
    assert "595件" in found.differing[-1]


def test_a_strange_source_gives_no_note(desk: Desk, tmp_path: Path) -> None:
    """A restore that was refused has noted nothing."""
    a_closed_day(desk)
    copy = back_up(desk.path, desk.site, tmp_path / "copy.db", NOW).path
    desk.close()
    before = heads.place(desk.path).read_bytes()
    with closing(sqlite3.connect(copy)) as db:
        db.execute("CREATE VIEW more AS SELECT 1")
    with pytest.raises(StoreError):
        restore(desk.path, desk.site, copy, NOW)
    assert heads.place(desk.path).read_bytes() == before


def test_a_backup_that_was_killed_is_swept_whatever_its_date(desk: Desk, tmp_path: Path) -> None:
    """Each backup has a name of its own: what a killed one has left is found by the name of the file, not of the copy."""
    desk.opens()
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / ".floor-20260901-173000.db.123-456.copy"
    kept = [folder / n for n in (".floor2-20260901-173000.db.123-456.copy", ".floor-20260901-173000.db.copy", ".x")]
    young = folder / ".floor-20260914-172900.db.9-9.copy"
    for path in (old, *kept):
        path.touch()
        os.utime(path, (1e9, 1e9))
    young.touch()
    back_up(desk.path, desk.site, None, NOW)
    assert not old.exists() and young.exists() and all(p.exists() for p in kept)


# ---- histories


def counted(desk: Desk, *persons: int) -> None:
    for n in persons:
        desk.does("visitors.counted", persons=n)


def test_honest_restores_between_two_histories_are_no_alarm(desk: Desk, tmp_path: Path) -> None:
    """Back to an earlier copy, another way on from there, and back to what was left."""
    one, two, three = (tmp_path / f"b{n}.db" for n in (1, 2, 3))
    desk.opens()
    back_up(desk.path, desk.site, one, NOW)
    counted(desk, 3, 4)
    back_up(desk.path, desk.site, two, NOW)
    desk.close()
    assert restore(desk.path, desk.site, one, NOW).doubt == ""
    other = Desk(desk.path, desk.site)
    counted(other, 9)
    back_up(desk.path, desk.site, three, NOW)
    other.close()
    back = restore(desk.path, desk.site, two, NOW + timedelta(minutes=1))
    report = examine(desk.path, desk.site, full=True)
    assert (back.doubt, report["ok"], report["findings"]) == ("", True, [])
    assert report["heads"] | {"unreadable": 0} == {"same": 4, "differing": 0, "before_restore": 1, "unreadable": 0}
    # What a restore has put aside was noted with it: it is no stranger either.
    assert back.aside is not None
    assert restore(desk.path, desk.site, back.aside, NOW + timedelta(minutes=2)).doubt == ""
    assert examine(desk.path, desk.site)["ok"]
    written_anew(desk.path)
    assert [f["code"] for f in examine(desk.path, desk.site)["findings"]] == ["head"] * 2


def cut(path: Path) -> None:
    """Takes the last fact off a file, with its derived rows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (text,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_delete'").fetchone()
        db.execute("DROP TRIGGER event_no_delete")
        db.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")
        db.execute(text)


@pytest.mark.parametrize(
    "way", ["restored", "restored over nothing", "exchanged, saved and restored", "exchanged, restored"]
)
def test_a_forged_file_that_ends_before_all_that_was_noted_is_told(desk: Desk, tmp_path: Path, way: str) -> None:
    desk.opens()
    counted(desk, 3)
    back_up(desk.path, desk.site, None, NOW)
    desk.close()
    forged = tmp_path / "forged.db"
    forged.write_bytes(desk.path.read_bytes())
    written_anew(forged)
    cut(forged)
    assert examine(forged, desk.site, full=True)["ok"]
    if way == "restored over nothing":
        desk.path.unlink()
    elif "exchanged" in way:
        desk.path.write_bytes(forged.read_bytes())
    if "saved" in way:
        forged.unlink()
        back_up(desk.path, desk.site, forged, NOW)
    back = restore(desk.path, desk.site, forged, NOW)
    assert "saved" in way or "どの照合値ともつながりません" in back.doubt
    for _ in range(2):
        findings = examine(desk.path, desk.site, full=True)["findings"]
        assert "head" in {f["code"] for f in findings}, findings
        # Working on, or another such copy, does not make it good.
        again = Desk(desk.path, desk.site)
        counted(again, 5)
        again.close()
        restore(desk.path, desk.site, back_up(desk.path, desk.site, None, NOW).path, NOW + timedelta(hours=1))


def test_a_new_file_under_an_old_name_is_told_what_to_do(desk: Desk, site: Site) -> None:
    a_closed_day(desk)
    desk.close()
    desk.path.unlink()
    Desk(desk.path, site).opens().close()
    said = [f["text"] for f in examine(desk.path, site)["findings"]]
    assert "floor.db" not in said[-1] and "一覧（….heads）の名前を変えて" in said[-1]
    heads.place(desk.path).rename(desk.path.with_name("old.heads"))
    assert examine(desk.path, site)["ok"]

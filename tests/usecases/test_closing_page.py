"""docs/closing.md: a day is closed, reopened and closed again with what the page says, word for word."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from floorctl.cli.main import main
from floorctl.common.errors import FloorctlError
from floorctl.common.words import REPORT_HEADS
from floorctl.models.site.site import Site
from floorctl.usecases.closing import DRAFT, MAX_BYTES, read_answers
from floorctl.usecases.doctor import examine
from floorctl.usecases.session import Session
from tests.story import MONDAY, a_day

PAGE = (Path(__file__).parents[2] / "docs" / "closing.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a day that has visitors, and the page's answers file; the commands of the page run in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.toml").write_text(EXAMPLE, encoding="utf-8")
    day = (
        a_day()
        .opens("08:25")
        .issues("B001", at="09:00")
        .calls("B001", at="09:05")
        .finishes("B001", at="09:15", work={"issuance_new": 12})
    )
    (tmp_path / "day.jsonl").write_bytes(day.feed())
    floorctl("ingest day.jsonl", "08:00")
    return tmp_path


def floorctl(command: str, clock: str, day: date = MONDAY) -> int:
    """A command of the page at an instant; its exit status."""
    try:
        main(["--db", "floor.db", "--now", f"{day}T{clock}", *command.split()])
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return 0


def record(folder: Path, site: Site) -> dict[str, tuple[str, ...]]:
    session = Session(site, folder / "floor.db")
    found = {head: f.lines for head, f in session.floor(MONDAY).report.items()}
    session.close()
    return found


def test_the_example_closes_a_day(folder: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert floorctl("close --answers answers.toml --out 日報", "17:30") == 0
    said = capsys.readouterr()
    said_words = re.findall(r"台帳との照合 (\d+)項目", said.err)
    given = tomllib.loads(EXAMPLE)
    ledgers = sum(bool(w.ledger) for w in site.work_items)
    assert said_words == [str(ledgers - len(given["totals"]))]
    written = record(folder, site)
    assert written["weather"] == (given["weather"],)
    assert list(written["inquiries"]) == given["inquiries"]
    assert list(written["remarks"]) == given["remarks"]
    assert given["problems"] == DRAFT
    records = json.loads((folder / "日報" / str(MONDAY) / f"records_{MONDAY}.json").read_text("utf-8"))
    assert records["inquiries"] == given["topics"]
    session = Session(site, folder / "floor.db")
    assert {k: v for k, v in session.register().cards[MONDAY].everything().items() if k in given["cards"]} == given[
        "cards"
    ]
    session.close()
    assert examine(folder / "floor.db", site, full=True)["ok"]


def test_the_example_shows_every_key(site: Site) -> None:
    """And the table of the page names them all; codes of the example are the site's."""
    given = tomllib.loads(EXAMPLE)
    assert set(given) == {*REPORT_HEADS, "totals", "topics", "cards"}
    for key in given:
        assert f"`{key}`" in PAGE or f"`[{key}]`" in PAGE
    assert set(given["totals"]) <= {w.code for w in site.work_items if w.ledger}
    assert set(given["topics"]) <= set(site.inquiry_topics)
    assert len(EXAMPLE.encode()) < MAX_BYTES


def test_reopened_as_the_page_says(folder: Path, site: Site) -> None:
    """Of today and, on the next morning, of the day before: another revision, what was not answered anew stands."""
    assert floorctl("close --answers answers.toml", "17:30") == 0
    commands = re.findall(r"^floorctl (do day.reopened .*)$", PAGE, re.MULTILINE)
    assert len(commands) == 2
    assert floorctl(commands[0], "17:40") == 0
    (folder / "answers.toml").write_text('remarks = "印字を直した"', encoding="utf-8")
    assert floorctl("close --answers answers.toml", "17:45") == 0
    tuesday = date(2026, 9, 15)
    assert floorctl(commands[1], "09:00", tuesday) == 0
    assert floorctl(f"do inquiry.counted --date {MONDAY} topic=予約", "09:01", tuesday) == 0
    assert floorctl(f"close --date {MONDAY}", "09:02", tuesday) == 0
    records = json.loads((folder / "reports" / str(MONDAY) / f"records_{MONDAY}.json").read_text("utf-8"))
    assert (records["revision"], records["inquiries"]["予約"]) == (3, 1)
    written = record(folder, site)
    assert written["remarks"] == ("印字を直した",)
    assert list(written["inquiries"]) == tomllib.loads(EXAMPLE)["inquiries"]
    assert examine(folder / "floor.db", site, full=True)["ok"]


def test_what_belongs_to_its_own_day_is_not_written_into_an_earlier_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert floorctl(f"do ticket.issued --date {MONDAY} ticket=B002 service=other", "09:00", date(2026, 9, 15)) == 2
    assert "--date は使えません" in capsys.readouterr().err
    assert floorctl("do day.reopened --date 2026-09-21 reason=まだ", "09:00") == 1


def test_a_backup_is_put_back_as_the_page_says(folder: Path, site: Site) -> None:
    """The older file is kept aside, the copy is the file: it has all, and closes as before."""
    assert floorctl("close", "17:30") == 0
    before = examine(folder / "floor.db", site, full=True)
    (folder / "floor.db").rename(folder / "floor-古い.db")
    (folder / "floor.db").write_bytes((folder / "backups" / "floor-a.db").read_bytes())
    assert examine(folder / "floor.db", site, full=True) == before
    assert floorctl("close", "17:40") == 0
    assert examine(folder / "floor.db", site)["head"] == before["head"]


def test_the_page_speaks_of_what_is_there() -> None:
    """Its short example of 未記入 and every key of the table are understood by the program."""
    assert read_answers.__doc__ and "docs/closing.md" in read_answers.__doc__
    for word in ("未記入", "特になし", "第2版", "floor-a.db", ".bad", "_2.xlsx", "--encoding cp932"):
        assert word in PAGE


def test_every_fault_of_the_answers_is_told_with_its_line(tmp_path: Path) -> None:
    """The keys below the known ones and the values are free text, and never repeated."""
    path = tmp_path / "answers.toml"
    path.write_text(
        'remarks = 3\nremark = "x"\n[totals]\nissuance_new = "多い"\n[topics]\n"秘密" = 1.5\n', encoding="utf-8"
    )
    with pytest.raises(FloorctlError) as caught:
        read_answers(path)
    said = caught.value.sentence
    assert "answers.toml の1行目が正しくありません（remarks が文字列か" in said
    assert "2行目 知らない項目" in said and "4行目 totals に整数では" in said and "6行目 topics に整数では" in said
    assert "秘密" not in said and "多い" not in said
    path.write_text("remarks = [\n", encoding="utf-8")
    with pytest.raises(FloorctlError, match=r"answers.toml の1行目に誤りがあります（かっこ"):
        read_answers(path)
    path.write_bytes('remarks = "点検"\n'.encode("cp932"))
    with pytest.raises(FloorctlError, match="Shift_JIS"):
        read_answers(path)

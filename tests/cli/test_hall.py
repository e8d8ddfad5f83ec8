"""``floorctl hall``: one page, or one that is kept until it is told to end, whatever happens to the files meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from floorctl.cli import hall as hall_module
from floorctl.usecases import hall_page_writer
from floorctl.usecases.hall_page_writer import HallPageWriter
from tests.contract.contract_cli import run
from tests.story import Desk, instant, kumagaya

NOW = "2026-09-14T09:10"


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A data file with an open day and a number called."""
    path = tmp_path / "floor.db"
    desk = Desk(path, kumagaya(), "9:00").opens()
    desk.does("ticket.issued", ticket="B007", service="cert_renewal")
    desk.does("terminal.staffed", terminal="T3", staff="S1")
    desk.does("ticket.called", ticket="B007", terminal="T3")
    desk.close()
    return path


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Iterator[None]], None]:
    """Runs a step of a test at each look of the command; at the end of the steps it is told to end."""

    def begin(steps: Iterator[None]) -> None:
        def sleep(_: float) -> None:
            try:
                next(steps)
            except StopIteration:
                raise KeyboardInterrupt from None

        monkeypatch.setattr(hall_module, "time", SimpleNamespace(sleep=sleep))
        monkeypatch.setattr(HallPageWriter, "due", lambda _: True)
        monkeypatch.setattr(hall_page_writer, "LATEST_S", 0.0)

    return begin


def test_one_page(hall: Path, tmp_path: Path) -> None:
    done = run("hall", "--out", tmp_path / "h.html", "--once", db=hall, now=NOW)
    assert (done.status, done.err, done.out) == (0, "", f"{tmp_path / 'h.html'}\n")
    text = (tmp_path / "h.html").read_text(encoding="utf-8")
    assert ">B007<" in text and ">T3<" in text and "<time>9:10</time>" in text
    stamp = int(instant("9:10").timestamp() * 1000)
    assert f'data-stamp="{stamp}"' in text, "a browser says that the page of a frozen clock has stopped"
    assert run("hall", "--out", tmp_path / "h.html", "--once", db=hall, now=NOW).status == 0  # again, over its own


def test_a_page_without_a_data_file_tells_the_hours(tmp_path: Path) -> None:
    done = run("hall", "--out", tmp_path / "h.html", "--once", db=tmp_path / "none.db", now=NOW)
    assert done.status == 0
    assert "8:30から 17:00まで" in (tmp_path / "h.html").read_text(encoding="utf-8")
    assert not (tmp_path / "none.db").exists()


def test_it_leaves_the_data_file_and_its_folder_as_they_are(hall: Path, tmp_path: Path) -> None:
    """A file in WAL mode would be changed to be read, and one that is locked waited for: neither is."""
    hall.chmod(0o400)
    before = sorted(tmp_path.iterdir()), hall.read_bytes()
    out = tmp_path / "page" / "h.html"
    out.parent.mkdir()
    assert run("hall", "--out", out, "--once", db=hall, now=NOW).status == 0
    out.unlink()
    out.parent.rmdir()
    assert (sorted(tmp_path.iterdir()), hall.read_bytes()) == before
    hall.chmod(0o600)
    with closing(sqlite3.connect(hall)) as other:
        other.execute("PRAGMA journal_mode = WAL")
    before = sorted(tmp_path.iterdir()), hall.read_bytes()
    done = run("hall", "--out", tmp_path / "h.html", "--once", db=hall, now=NOW)
    assert (done.status, "WAL" in done.err, len(done.err.splitlines())) == (3, True, 1)
    assert (sorted(tmp_path.iterdir()), hall.read_bytes()) == before


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("h.txt", 2, ".html で終わる名前"),
        ("no/h.html", 1, "フォルダーがありません"),
        ("mine.html", 1, "同じ種類のファイル"),
    ],
)
def test_a_place_for_no_page_is_refused_at_once(hall: Path, tmp_path: Path, name: str, status: int, says: str) -> None:
    (tmp_path / "mine.html").write_text("<p>mine", encoding="utf-8")
    done = run("hall", "--out", tmp_path / name, db=hall, now=NOW)
    assert (done.status, says in done.err, len(done.err.splitlines())) == (status, True, 1)
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "<p>mine"


def test_it_goes_on_whatever_goes_wrong_and_tells_each_trouble_once(
    hall: Path, tmp_path: Path, ticks: Callable[[Iterator[None]], None]
) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    page = folder / "h.html"
    seen = list[bool]()

    def steps() -> Iterator[None]:
        yield
        page.unlink()
        folder.rmdir()
        yield from (None, None)
        folder.mkdir()
        yield
        yield
        seen.append(b"B007" in page.read_bytes())
        data = hall.read_bytes()
        hall.write_bytes(b"no database at all, and long enough to be looked at" * 20)
        yield from (None, None)
        hall.write_bytes(data)
        yield
        yield
        seen.append(b"B007" in page.read_bytes())

    ticks(steps())
    done = run("hall", "--out", page, db=hall, now=NOW)
    assert done.status == 0
    assert seen == [True, True]
    told = done.err.splitlines()
    assert ["フォルダーがありません" in x for x in told] == [True, *[False] * (len(told) - 1)]
    assert len(told) == len(set(told)) <= 2
    last = page.read_text(encoding="utf-8")
    assert "B007" not in last and "has not been updated since" in last

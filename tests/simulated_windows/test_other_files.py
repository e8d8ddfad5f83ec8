"""All other files that a manager's commands write or read, while a scanner reads what is new or Excel has one open."""

from __future__ import annotations

from pathlib import Path

import pytest

from floorctl.console.kept_theme import keep_theme
from floorctl.intake.feed import Tail
from tests.simulated_windows.conftest import DAY, EVENING
from tests.simulated_windows.consoles import Said
from tests.simulated_windows.faults import DELETE, EXCEL, READ, WRITE, OpenElsewhere, Scanner
from tests.simulated_windows.system import Windows

MOST_S = 16.0


@pytest.fixture
def own(windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the user's own settings, below the simulated disk."""
    place = tmp_path / "own" / "settings.toml"
    monkeypatch.setenv("FLOORCTL_CONFIG", str(place))
    return place


def say(windows: Windows, db: Path, *args: str | Path, stdin: bytes = b"") -> Said:
    windows.waits.forget()
    said = windows.say(*args, db=db, now=EVENING, stdin=stdin)
    assert windows.waits.total <= MOST_S, windows.waits.pauses
    return said


def test_every_command_that_writes_a_file(windows: Windows, own: Path, db: Path, tmp_path: Path) -> None:
    """Each twice: the file is new, then it is replaced. No other name, no sentence, nothing left."""
    windows.disk.add(Scanner(0.2, EXCEL, again=True))
    out = tmp_path / "out"
    out.mkdir()
    commands: list[tuple[str | Path, ...]] = [
        ("simulate", "--date", DAY, "--seed", "1", "-o", out / "feed.jsonl"),
        ("duties", "--until", DAY, "--ics", out / "期限.ics"),
        ("hall", "--once", "--out", out / "page.html"),
        ("settings", "keys", "--html", out / "card.html"),
        ("export", "--fallback", "--date", DAY, "--out", out),
        ("study", "--own"),
        ("site", "check"),
        ("settings", "check"),
    ]
    names: set[str] = set()
    for n in range(2):
        for args in commands:
            said = say(windows, db, *args)
            assert (said.status, "開かれて" in said.err) == (0, False), (args, said)
        found = {x.name for x in out.rglob("*") if x.is_file()}
        assert not n or found == names
        names = found
    assert not any("_2." in name or name.endswith("tmp") for name in names), names


def test_the_own_settings_and_the_theme(windows: Windows, own: Path, db: Path) -> None:
    windows.disk.add(Scanner(0.1, frozenset({DELETE, WRITE, READ}), again=True))
    for theme in ("dark", "light"):
        keep_theme(own, theme)
    assert say(windows, db, "settings", "init").status == 0
    with windows.disk.asleep():
        text = own.read_bytes().decode()
    assert 'theme = "light"' in text
    assert [x.name for x in own.parent.iterdir()] == ["settings.toml"]
    assert say(windows, db, "settings", "check").status == 0


def test_the_roster_is_open_in_excel(windows: Windows, db: Path, tmp_path: Path) -> None:
    """A table that Excel lets nobody read: the sentence says what to close, and nothing is taken in."""
    table = tmp_path / "職員.csv"
    table.write_text("職員コード,資格\nS91,\n", encoding="utf-8-sig")
    excel = windows.disk.add(OpenElsewhere(table, EXCEL))
    said = say(windows, db, "roster", "import", table)
    assert said.status == 1
    assert "ほかのプログラムで開いていれば閉じ" in said.sentence
    excel.close()
    windows.disk.add(Scanner(0.3, EXCEL))
    said = say(windows, db, "roster", "import", table)
    assert "開かれて" not in said.err, said


@pytest.mark.parametrize("option", ["--site", "close --answers"])
def test_a_text_file_is_open_elsewhere(windows: Windows, db: Path, tmp_path: Path, option: str) -> None:
    path = tmp_path / "written.toml"
    path.write_text('problems = "特になし"\n', encoding="utf-8")
    windows.disk.add(OpenElsewhere(path, EXCEL))
    args = ("--site", path, "status") if option == "--site" else ("close", "--date", DAY, "--answers", path)
    said = say(windows, db, *args)
    assert said.status in (1, 2)
    assert "ほかのプログラムが開いたまま" in said.sentence and "閉じてから" in said.sentence


def test_a_feed_is_open_elsewhere(windows: Windows, db: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(b"")
    windows.disk.add(OpenElsewhere(feed, EXCEL))
    said = say(windows, db, "ingest", feed)
    assert said.status == 1
    assert "ほかのプログラムで開いていれば閉じ" in said.sentence


def test_a_machine_puts_the_feed_aside_that_is_followed(windows: Windows, tmp_path: Path) -> None:
    """It renames its file and begins another, every night; no line of the old one is lost."""
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b"1\n")
    tail = Tail(path)
    assert tail.poll() == [(1, b"1")]
    with path.open("ab") as file:
        file.write(b"2\n")
    path.rename(tmp_path / "feed-1.jsonl")
    path.write_bytes(b"3\n")
    assert [text for n in range(3) for _, text in tail.poll()] == [b"2", b"3"]
    path.unlink()
    assert tail.poll() == [] and tail.missing
    tail.close()


def test_a_followed_feed_that_nobody_may_read(windows: Windows, tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b"1\n")
    held = windows.disk.add(OpenElsewhere(path, EXCEL))
    tail = Tail(path)
    assert tail.poll() == [] and tail.missing
    held.close()
    assert tail.poll() == [(1, b"1")]

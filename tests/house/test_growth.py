"""Check what must not grow with the history of a file, and what must not be loaded before it is needed: by structure, not by the clock."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from floorctl.commands.fold import fold
from floorctl.common.clock import JST
from floorctl.database.schema import REGISTER_KINDS_11
from floorctl.documents.layout.template_file import Which, load_template, own_part
from floorctl.intake.feed import parse_line
from floorctl.intake.site_file import data_dir, load_site
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.stored_fact import stored_fact
from floorctl.usecases.session import Session
from tests.bench.big_halls import Size, as_bytes, feed, site_text
from tests.bench.figures import Row, in_turns, row
from tests.bench.table import line
from tests.story import kumagaya

LAST = date(2027, 3, 31)
PER_DAY = 40


def history(path: Path, days: int) -> Session:
    """A file whose last ``days`` days up to LAST have ``PER_DAY`` facts each, and one fact of the Register."""
    clock = datetime(2027, 3, 31, 12, tzinfo=JST)
    session = Session(kumagaya(), path, clock=lambda: clock, create=True)
    with session.store.write() as pen:
        for k in range(days):
            day = LAST - timedelta(days=days - 1 - k)
            for n in range(PER_DAY):
                at = datetime(day.year, day.month, day.day, 9, n, tzinfo=JST).isoformat()
                data = f'{{"ticket":"B{n:03d}","service":"cert_renewal"}}'
                pen.append(stored_fact(f"{day}-{n}", at, "ticket.issued", data), "feed", "feed", clock)
            at = datetime(day.year, day.month, day.day, 8, tzinfo=JST).isoformat()
            data = json.dumps({"slots": [{"time": "09:30", "cards": 1, "count": 2}], "date": str(day)})
            pen.append(stored_fact(f"c-{day}", at, "appointments.imported", data), "console", "console", clock)
    return session


READINGS: dict[str, Callable[[Session], object]] = {
    "the facts of the day": lambda s: s.store.day_facts(LAST),
    "what is new of it": lambda s: s.store.day_facts(LAST, s.store.head().seq),
    "the head": lambda s: s.store.head(),
    "the head of a day": lambda s: s.store.head(LAST),
    "when somebody began by hand": lambda s: s.began(),
    "what is new of the Register": lambda s: s.store.register_facts(s.store.head().seq),
    "one fact": lambda s: s.store.find("feed", f"{LAST}-7"),
    "the last fact of a day": lambda s: s.store.last_seqs(LAST, LAST),
    "the next case": lambda s: s.store.escalation_numbers(),
    "surnames": lambda s: s.store.surnames(),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, Session]:
    folder = tmp_path_factory.mktemp("history")
    return history(folder / "short.db", 3), history(folder / "long.db", 120)


def steps(session: Session, read: Callable[[Session], object]) -> int:
    """Return the number of steps that SQLite takes for a reading: the same on every machine."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    conn: Any = session.store._conn
    conn.set_progress_handler(step, 1)
    try:
        read(session)
    finally:
        conn.set_progress_handler(None, 0)
    return taken


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_of_the_day_costs_the_same_after_any_history(files: tuple[Session, Session], name: str) -> None:
    short, long = (steps(s, READINGS[name]) for s in files)
    assert short > 0
    assert long <= short * 1.1 + 20


def test_the_register_reads_its_own_facts_alone(files: tuple[Session, Session]) -> None:
    """It must know all years (incidents, rulings, what was handed in), but never the tickets between."""
    short, long = files
    of = [len(s.store.register_facts()) for s in (short, long)]
    assert of == [3, 120]
    a_fact = steps(short, lambda s: s.store.register_facts()) / of[0]
    assert steps(long, lambda s: s.store.register_facts()) <= a_fact * of[1] * 1.2


def test_every_reading_of_facts_goes_by_an_index(files: tuple[Session, Session]) -> None:
    _, session = files
    said: list[str] = []
    conn: Any = session.store._conn
    conn.set_trace_callback(said.append)
    try:
        for read in READINGS.values():
            read(session)
        session.store.register_facts()
    finally:
        conn.set_trace_callback(None)
    plans = {
        sql: " / ".join(str(r[3]) for r in conn.execute(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in said
        if "FROM event" in sql
    }
    assert len(plans) >= 8
    backwards = "ORDER BY seq DESC LIMIT 1"  # one step from the end of the table
    assert {sql: p for sql, p in plans.items() if "SCAN event" in p and "INDEX" not in p and backwards not in sql} == {}
    assert any("event_register" in p for sql, p in plans.items() if REGISTER_KINDS_11 in sql)


# ---- before it is needed


HEAVY = {
    "pydantic",
    "pydantic_core",
    "sqlite3",
    "sqlite_utils",
    "jpholiday",
    "dateutil",
    "xlsxwriter",
    "plotille",
    "tomllib",
}


def test_the_frame_is_painted_before_anything_heavy_is_loaded() -> None:
    """Whoever imports pydantic (or the models) at the head of a module of the frame makes the manager wait for it."""
    code = "import sys, floorctl.__main__, floorctl.screens.launch, floorctl.screens.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    there = set(done.stdout.split())
    assert {m.partition(".")[0] for m in there} & HEAVY == set()
    assert {
        m for m in there if m.startswith(("floorctl.models", "floorctl.usecases.session", "floorctl.advice"))
    } == set()


BOARD = """import asyncio, sys
from pathlib import Path
from floorctl.common.clock import frozen_clock, parse_time
from floorctl.intake.site_file import load_site
from floorctl.screens import app as screens
from floorctl.usecases.session import Session

screens._warm_up = lambda: None  # what the first act needs is loaded behind the board
site, db, now = Path(sys.argv[1]), Path(sys.argv[2]), parse_time("2027-03-31T12:00")
load_site(site, db, keep=True)
before = {m for m in sys.modules if m.startswith("pydantic")}
if before:
    sys.exit(print("checked"))

async def run():
    app = screens.FloorApp(lambda: Session(load_site(site, db), db, frozen=now, create=True), clock=frozen_clock(now))
    async with app.run_test(size=(120, 36)):
        while not (app.state.ready and app.state.forecasts.forecaster):
            await asyncio.sleep(0.02)
        app.exit()

asyncio.run(run())
print("shown", *(m for m in sys.modules if m.startswith(("pydantic", "annotated_types", "tomllib"))))
"""


def test_the_board_checks_nothing_that_was_checked_before(tmp_path: Path) -> None:
    history(tmp_path / "floor.db", 1).close()
    code = [sys.executable, "-c", BOARD, str(data_dir() / "kumagaya.toml"), str(tmp_path / "floor.db")]
    said = [subprocess.run(code, capture_output=True, text=True, check=True, timeout=60).stdout.split() for _ in "12"]
    assert said == [["checked"], ["shown"]]


def test_a_site_is_checked_once(tmp_path: Path) -> None:
    """A command that reads the site alone does not wait for what others need, nor for what was checked before."""
    (tmp_path / "floor.db").touch()
    site = data_dir() / "kumagaya.toml"
    code = "import sys, pathlib, floorctl.intake.site_file as s\n"
    code += "s.load_site(*map(pathlib.Path, sys.argv[1:]), keep=True); print(*sys.modules)"
    run = [sys.executable, "-c", code, str(site), str(tmp_path / "floor.db")]
    first, second = (set(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()) for _ in "12")
    assert first & {"sqlite_utils", "xlsxwriter", "textual"} == set()
    assert first & {"pydantic_core", "tomllib"} == {"pydantic_core", "tomllib"}
    assert second & {"pydantic", "annotated_types", "pydantic_core", "tomllib"} == set()


def test_a_command_that_ends_leaves_nothing_to_be_searched_for_garbage(tmp_path: Path) -> None:
    """Python's own search at the end would be a fifth of a command; a refused one ends as quickly."""
    for verb, code in (("calendar --from 2026-09-14 --to 2026-09-14", 0), ("assign T1 nowhere", 1)):
        script = f"import atexit, gc, sys; from floorctl.__main__ import main; sys.argv[1:] = {['--db', str(tmp_path / 'f.db'), *verb.split()]!r}\n"
        script += (
            "atexit.register(lambda: print('left', len(gc.get_objects()) < 5_000 < gc.get_freeze_count()))\nmain()"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (code, "left True")


# ---- shortcuts that must change nothing


@pytest.mark.parametrize("which", get_args(Which))
def test_a_document_finds_its_own_layout_in_the_part_that_is_read_for_it(which: Which) -> None:
    part, whole = load_template(None, {}, lambda text: own_part(text, which)), load_template(None, {})
    assert getattr(part, which) == getattr(whole, which) is not None
    assert (part.page, part.signing) == (whole.page, whole.signing)
    assert [w for w in get_args(Which) if getattr(part, w) is not None] == [which]


# ---- the table of the measurements


def test_a_row_of_the_measurements_says_its_ratio_and_whether_it_is_within_its_limit() -> None:
    found = row("start", "the frame", [150.0, 120.0, 180.0], "ms", [100.0], limit=1.2)
    assert (found.ours, found.ratio, found.within, found.spread) == (150.0, 1.5, False, (120.0, 180.0))
    assert Row("resident", "idle", 0.7, "%").within
    with pytest.raises(ValueError, match="nothing was measured"):
        row("start", "the frame", [], "ms")


def test_subjects_are_measured_in_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []
    values = {"a": iter([9.0, 1.0, 2.0]), "b": iter([9.0, 3.0, None])}
    found = in_turns(2, {n: lambda n=n: order.append(n) or next(values[n]) for n in values})  # type: ignore[misc]
    assert order == ["a", "b"] * 3
    assert found == {"a": [1.0, 2.0], "b": [3.0]}


def test_a_sample_that_fails_is_told_and_the_others_count(capsys: pytest.CaptureFixture[str]) -> None:
    def gone() -> float:
        raise RuntimeError("the machine is crowded")

    assert in_turns(2, {"a": iter([9.0, 1.0, 2.0]).__next__, "b": gone}) == {"a": [1.0, 2.0], "b": []}
    assert capsys.readouterr().err.splitlines() == [f"b, sample {n}: the machine is crowded" for n in range(3)]


def test_a_line_of_the_measurements_is_whole_before_the_table_is() -> None:
    beyond = row("start", "the frame", [150.0], "ms", [100.0], limit=1.2)
    assert line(beyond) == "start: the frame: 150 ms, beside 100 ms, ratio 1.50 BEYOND 1.20"
    assert line(Row("resident", "idle", 0.7, "%")) == "resident: idle: 0.70 %"


def test_sqlite_counts_steps_here() -> None:
    """The handler that the tests above count with is called at all."""
    conn, seen = sqlite3.connect(":memory:"), []
    conn.set_progress_handler(lambda: seen.append(1) and None, 1)
    conn.execute("SELECT 1").fetchall()
    assert seen


def test_the_page_tells_of_every_part_that_is_measured() -> None:
    if sys.platform != "linux":
        pytest.skip("the measurements need a pseudo-terminal and /proc")
    from tests.bench.parts import PARTS

    page = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
    assert [p for p in PARTS if f"| {p} |" not in page] == []


# ---- where it ends


def test_the_days_of_large_halls_are_ones_that_a_machine_could_tell(tmp_path: Path) -> None:
    size = Size(lanes=12, terminals=64, tickets=200)
    (tmp_path / "site.toml").write_text(site_text(size), encoding="utf-8")
    site = load_site(tmp_path / "site.toml")
    assert (len(site.lanes), len(site.terminals), site.contract.end) == (12, 64, date(2036, 6, 30))
    raw = as_bytes(feed(site, size, LAST))
    assert raw == as_bytes(feed(site, size, LAST))
    facts = [parse_line(line, site) for line in raw]
    floor = fold(site, LAST, [Entry(n, "feed", f.at, "feed", f) for n, f in enumerate(facts, 1)])
    assert len(floor.tickets) == sum(t.state == "finished" for t in floor.tickets.values()) == 200
    assert floor.anomalies == {}


def test_a_figure_bends_where_a_manager_feels_it_or_at_twice_the_small_day() -> None:
    if sys.platform != "linux":
        pytest.skip("the measurements need a pseudo-terminal and /proc")
    from tests.bench.limits import Figure, bends

    assert bends("status at 14:00", Figure(0.8), Figure(0.5)) == ""
    assert bends("status at 14:00", Figure(0.9), Figure(0.3)) == "x3.0"
    assert bends("status at 14:00", Figure(1.1), Figure(0.9)) == "felt"
    assert bends("close", Figure(1.1), Figure(0.9)) == ""
    assert bends("console, memory", Figure(0, 90), Figure(0, 40)) == ""


def test_limits_go_on_where_a_measure_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("the measurements need a pseudo-terminal and /proc")
    from tests.bench import limits

    def measure(files: limits.Files, scratch: Path) -> limits.Figure:
        if files.folder.name == "long":
            raise RuntimeError("not done within 900 s")
        return limits.Figure(0.5, 30)

    cases = {name: limits.Files(tmp_path / name, LAST) for name in ("small", "long")}
    for files in cases.values():
        files.folder.mkdir()
        files.db("whole").write_bytes(bytes(2**20))
    monkeypatch.setattr(limits, "MEASURES", {"doctor": measure})
    said: list[str] = []
    found = limits.measured(cases, 3, ["doctor"], said.append)
    assert found["doctor", "small"] == limits.Figure(0.5, 30)
    assert ("doctor", "long") not in found
    assert [x for x in said if "long" in x] == ["doctor, long: RuntimeError: not done within 900 s"], "tried once"
    table = limits.table(found, list(cases))
    assert [list(column.cells) for column in table.columns] == [
        ["doctor", "size of the file"], ["0.50", "1 MiB"], ["-", "1 MiB"],
    ]  # fmt: skip

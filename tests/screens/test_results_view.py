"""F7: today, this week, this month as plots with their figures; what is asked of the file blocks no key."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from floorctl.advice.forecast import Forecaster
from floorctl.advice.target_expected import Expected
from floorctl.console.forecasts import TARGET
from floorctl.documents.day.record import day_record
from floorctl.models.board import flow
from floorctl.models.register.register import Register
from floorctl.screens.drawing.canvas import Canvas, wrap
from floorctl.screens.drawing.panel import words
from floorctl.screens.drawing.plots import Bar, Plot, Series, draw_bars, draw_plot
from floorctl.screens.results.cards import _queue_card
from floorctl.screens.results.target_card import foreseen
from floorctl.screens.results.view import TABS, ResultView
from floorctl.usecases import period_reports as reports
from floorctl.usecases.forecasting import new_forecaster
from floorctl.usecases.session import Session
from floorctl.usecases.share_ahead import DayShare
from tests.screens.days import DAYS
from tests.screens.halls import WEDNESDAY, WEEK, served
from tests.screens.harness import Console, console
from tests.screens.test_board_words import hall
from tests.story import MONDAY, HandClock, Story, a_day, busy_day, feed_of, instant, kumagaya, numbered

SIZES = pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 45)], ids=lambda s: f"{s[0]}x{s[1]}")


def write_days(folder: Path, days: dict[date, list[dict[str, Any]]], at: str = "17:20", last: date = WEDNESDAY) -> None:
    """Feeds of some days in the file that the console opens."""
    from floorctl.intake.feed import Intake

    clock = HandClock(instant(at, last))
    session = Session(kumagaya(), folder / "floor.db", clock=clock, actor="console", create=True)
    for day, lines in days.items():
        Intake(session.store, session.site, f"feed-{day}", clock, lambda n, why: None).take(numbered(feed_of(lines)))
    session.close()


def tab(c: Console) -> str:
    view = c.frame.view
    assert isinstance(view, ResultView)
    return view.tab


# ---- today


async def test_today_by_hour_with_its_figures(tmp_path: Path) -> None:
    write_days(tmp_path, WEEK)
    async with console(tmp_path, at="17:20", day=WEDNESDAY, size=(160, 45)) as c:
        await c.press("f7")
        c.sees("[今日]", "受付と完了（時間ごと、人）", "計 発券 2  完了 2", "完了／発券 交付 1／1  電子証明書 1／1")
        c.sees(
            "交付 1人  平均50分  9割の人が50分以内  最大50分",
            "目標 20分",
            "市職員への引継ぎ",
            "待っている人（30分ごと、人）",
        )
        hours = next(row for row in c.rows() if row.split()[:3] == ["8", "9", "10"])
        issued = next(row for row in c.rows() if row.strip().startswith("発券 ") and "計" not in row)
        assert issued.split()[:4] == ["発券", "0", "0", "2"]  # both came after ten
        places = [cell_len(row[: row.index(word)]) for row, word in ((hours, "10"), (issued, "2"))]
        assert places[0] == places[1], "a figure stands under its hour"


async def test_the_forecast_of_a_day_is_the_month_over_its_open_days(tmp_path: Path) -> None:
    write_days(tmp_path, WEEK)
    async with console(tmp_path, at="17:20", day=WEDNESDAY, size=(160, 45)) as c:
        await c.press("f7")
        month = next(m for m in reports.shipped_forecast(kumagaya()) if m.month == "2026-09")
        each = month.cert_renewals / 21  # open days of September 2026
        c.sees(f"電子証明書の更新 見込み {each:.0f}  今日 1（{100 / each:.0f}%）", "開場21日で割った数")


# ---- a week, a month


async def test_the_month_shows_the_forecast_against_what_came(tmp_path: Path) -> None:
    write_days(tmp_path, WEEK)
    async with console(tmp_path, at="17:20", day=WEDNESDAY, size=(160, 45)) as c:
        await c.press("f7", "right", "right")
        month = next(m for m in reports.shipped_forecast(kumagaya()) if m.month == "2026-09")
        c.sees("[今月]", "9/1〜9/30", f"9月 電子証明書の更新 見込み {round(month.cert_renewals * 13 / 21):,}  実績 3")


async def test_while_the_file_is_read_keys_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_days(tmp_path, WEEK)
    gate, real = threading.Event(), reports.record_of

    def slowly(session: Session, span: reports.Span) -> object:
        gate.wait(10)
        return real(session, span)

    monkeypatch.setattr(reports, "record_of", slowly)
    async with console(tmp_path, at="17:20", day=WEDNESDAY) as c:
        await c.press("f7")
        c.frame.view.takes("tab")
        c.app.redraw()
        await c._drain()
        assert "読んでいます" in c.text() and tab(c) == "week"
        c.frame.view.takes("left")
        c.app.redraw()
        await c._drain()
        assert "受付と完了（時間ごと" in c.text()
        gate.set()
        await c.settle()
        await c.press("tab")
        c.sees("計 開場 2日")


async def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(session: Session, span: reports.Span) -> object:
        raise RuntimeError

    monkeypatch.setattr(reports, "record_of", fails)
    async with console(tmp_path, WEEK[MONDAY], at="17:20") as c:
        await c.press("f7", "tab")
        c.sees("予期しない不具合です")
        await c.press("left")
        c.sees("受付と完了（時間ごと")


# ---- the list, keys, sizes


@SIZES
async def test_at_every_size_nothing_is_wider_than_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    clock = DAYS["surge"]().write(tmp_path / "floor.db")
    async with console(tmp_path, at=f"{clock():%H:%M}", size=size) as c:
        await c.press("f7")
        for _ in TABS:
            c.clean()
            for _ in range(5):
                await c.press("down")
                c.clean()
            await c.press("tab")


async def test_without_a_fact_there_is_no_figure_made_up(tmp_path: Path) -> None:
    async with console(tmp_path, at="08:20", size=(160, 45)) as c:
        await c.press("f7")
        c.sees("計 発券 0  完了 0", "呼出しなし")
        await c.press("tab")
        c.sees("計 開場 0日  発券 0  完了 0")


# ---- plots


def drawn(draw: Callable[[Canvas], None], width: int = 70, rows: int = 14) -> str:
    canvas = Canvas(width, rows)
    draw(canvas)
    text = canvas.text()
    for row in text.splitlines():
        assert cell_len(row) <= width
    widths = {unicodedata.east_asian_width(ch) for ch in text if not ch.isspace()}
    assert "A" not in widths, "an ambiguous character is two cells wide in some terminals"
    return text


def test_a_scale_ends_at_a_figure_that_can_be_read() -> None:
    tops = {0: 1, 1: 1, 3: 3, 7: 8, 12: 15, 27: 30, 43: 50, 99: 100, 140: 150, 260: 300, 1_388: 1_500}
    for most, top in tops.items():
        found = Plot(["1"], [Series("a", [float(most)])]).top
        assert found >= most and found <= max(1, most * 1.7), (most, top, found)


def test_a_bar_is_as_high_as_its_value_and_the_second_series_is_hatched() -> None:
    plot = Plot(["8", "9"], [Series("発券", [10.0, 5.0]), Series("完了", [10.0, 0.0], "ok")], "件")
    text = drawn(lambda c: draw_plot(c, 0, 0, 40, 12, plot), 40, 12)
    rows = text.splitlines()
    assert rows[0].startswith("⣿⣿ 発券   ⡇⡇ 完了") and "10件" in rows[1]
    solid = [sum(ch == "⣿" for ch in row[:25]) for row in rows[1:9]]
    assert all(solid), "the first bar reaches the top"
    assert "発券" in rows[-2] and "完了" in rows[-1] and rows[-2].split()[1:] == ["10", "5"]


@pytest.mark.parametrize("height", [6, 9, 14])
@pytest.mark.parametrize("form", ["line", "dots"])
def test_a_curve_at_the_top_of_the_scale_is_seen(form: str, height: int) -> None:
    plot = Plot(["8", "9"], [Series("全体", [100.0, 100.0], form=form)], "％")
    rows = drawn(lambda c: draw_plot(c, 0, 0, 40, height, plot), 40, height).splitlines()
    assert any("\u2801" <= ch <= "\u28ff" for ch in rows[1]), "in the line of 100％"


def test_what_was_not_measured_leaves_a_gap_and_a_hyphen() -> None:
    plot = Plot(["8", "9", "10"], [Series("交付", [5.0, None, 5.0], form="line")], "分")
    text = drawn(lambda c: draw_plot(c, 0, 0, 60, 10, plot), 60, 10)
    curve = [row for row in text.splitlines()[1:-2] if any("\u2801" <= ch <= "\u28ff" for ch in row)]
    assert all(len(row.rstrip()) - len(row.strip()) > 0 for row in curve)
    assert sum("\u2801" <= ch <= "\u28ff" for row in curve for ch in row) == 2, "no line over the gap"
    assert text.splitlines()[-1].split() == ["交付", "5", "-", "5"]


def test_curves_that_cross_are_both_seen() -> None:
    canvas = Canvas(3, 1)
    canvas.dots(0, 0, "\u2801", "text")
    canvas.dots(0, 0, "\u2808", "ok")
    canvas.dots(9, 9, "\u2801", "text")  # outside: cut
    assert canvas.text() == "\u2809"


def test_no_line_begins_with_a_closing_mark_and_codes_stay_whole() -> None:
    assert wrap("最長10分、E0914-18）。", 16) == ["最長10分、", "E0914-18）。"]
    assert wrap("待ち（40人）。次", 10) == ["待ち（40", "人）。次"]
    assert wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrap("", 10) == [""]


@pytest.mark.parametrize("width", [5, 12, 20, 60])
@pytest.mark.parametrize("rows", [1, 3, 6, 20])
def test_a_plot_never_leaves_its_place(width: int, rows: int) -> None:
    plot = Plot([str(n) for n in range(31)], [Series("長い名前の系列", [float(n) for n in range(31)])], "件")
    drawn(lambda c: draw_plot(c, 0, 0, width, rows, plot), 70, 20)
    bars = [Bar("長い名前の事項", n, "対応まで 平均 12分", "warn") for n in (0, 1, 900)]
    drawn(lambda c: draw_bars(c, 0, 0, width, rows, bars, "件", 12), 70, 20)


async def test_the_library_of_the_plots_is_loaded_with_f7_only(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, floorctl.screens.app, floorctl.screens.acts, floorctl.screens.results.view; print('plotille' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50)
    assert done.stdout.strip() == "False"


# ---- the target


async def test_the_target_kept_stands_beside_the_same_weekday_of_last_week(tmp_path: Path) -> None:
    week_before = served_on(date(2026, 9, 9), [("B001", 5), ("B002", 30), ("B003", 10)])
    write_days(tmp_path, {date(2026, 9, 9): week_before, **WEEK})
    async with console(tmp_path, at="17:20", day=WEDNESDAY, size=(160, 45)) as c:
        await c.press("f7")
        c.sees("待ちが目標20分以内の割合（待ち始めた時間ごと、％）", "計 2人のうち1人", "先週の水曜 3人のうち2人")
        c.sees("交付 1人のうち0人  電子証明書 1人のうち1人")
        row = next(row for row in c.rows() if row.strip().startswith("全体 "))
        assert row.split()[:4] == ["全体", "-", "-", "1/2"], "both came after ten"


async def test_what_is_expected_of_the_day_stands_beside_what_the_opening_promised(tmp_path: Path) -> None:
    lines = [x for x in busy_day(3) if x["at"] <= instant("11:00").isoformat()]
    async with console(tmp_path, lines, at="11:00", size=(120, 36)) as c:
        await c.until(lambda: c.state.forecasts.forecaster, "a forecaster")
        await c.press("f7")
        await c.until(c.state.forecasts.target, "the engine's answer")
        c.sees("一日の見込み", "朝は", "朝の見込み")
        said = c.state.forecasts.target()
        assert said is not None and said.low <= said.share <= said.high
        await c.at("11:40")
        c.sees("一日の見込みは出せません")  # its source has been silent for forty minutes


def test_without_a_record_of_who_stands_where_it_says_why_nothing_is_expected() -> None:
    story = Story(source="console", prefix="o").opens("08:30")
    for n in range(5):
        story.issues(f"B{n:03d}", at=f"09:{n:02d}")

    def said(told: Story) -> str:
        state = hall(told.entries(), "09:25")
        state.questions.answers[TARGET] = ((MONDAY, -1), DayShare(None, None))
        return "".join(text for piece in foreseen(state) for text, _ in words(piece.words, 200))

    assert said(story) == "一日の見込みは出せません どの端末にも担当の記録がありません"
    assert "担当の記録" not in said(story.staffs("T1", "S01", "09:20").staffs("T3", "S02", "09:20"))


async def test_the_engine_works_the_share_of_the_day_out_while_keys_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, own = set[str](), Forecaster.target

    def watched(f: Forecaster, *args: Any) -> Expected | None:
        threads.add(threading.current_thread().name)
        return own(f, *args)

    monkeypatch.setattr(Forecaster, "target", watched)
    lines = [x for x in busy_day(3) if x["at"] <= instant("11:00").isoformat()]
    async with console(tmp_path, lines, at="11:00", size=(120, 36)) as c:
        await c.until(lambda: c.state.forecasts.forecaster, "a forecaster")
        await c.press("f7")
        await c.until(c.state.forecasts.target, "the engine's answer")
        present = c.state.forecasts.target()
        assert threads == {"floorctl-engine"}
        fresh = new_forecaster(Session(c.state.day.site, tmp_path / "floor.db"), c.state.day.floor.day)
        assert present == own(fresh, c.state.day.floor, c.state.day.register, c.state.day.now)
        await c.press("[")
        await c.until(c.state.forecasts.target, "the share as it was expected then")
        assert c.state.looking_back and c.state.forecasts.target() != present
        assert threads == {"floorctl-engine"}


async def test_a_week_before_without_records_is_said(tmp_path: Path) -> None:
    write_days(tmp_path, WEEK)
    async with console(tmp_path, at="17:20", day=WEDNESDAY, size=(80, 24)) as c:
        await c.press("f7", "down", "down")
        c.sees("先週の水曜 記録なし", "10人に満たない時間は人数")
        await c.press("tab", "down", "down")
        c.sees("待ちが目標20分以内の割合（日ごと、％）", "計 4人のうち2人", "前の週 記録なし")


def served_on(day: date, waits: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return served(day, {number: ("cert_renewal", "10:00", minutes) for number, minutes in waits}, "w")


def test_the_queue_is_shown_at_the_half_hours_of_the_clock_wherever_the_reception_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(flow, "reception_span", lambda floor: (instant("08:45"), instant("16:10")))
    floor = a_day().opens("08:40").issues("B001", at="08:50").issues("B002", at="09:10").floor()
    assert [f"{at:%H:%M}" for at in flow.reception_half_hours(floor)][:2] == ["08:30", "09:00"]
    plot = _queue_card(floor, day_record(floor, Register(), None, revision=1), instant("09:40")).plot
    assert plot is not None and plot.ticks[:4] == ["", "9", "", "10"] and plot.ticks[-1] == ""
    certificates = next(s for s in plot.series if s.name == "電子証明書")
    assert list(certificates.values)[:4] == [0.0, 1.0, 2.0, None]

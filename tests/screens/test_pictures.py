"""Pictures of the console: each shows one thing to look for, named in its docstring.

They are drawn with the Textual of requirements.lock and hold for that one only. After a change that is meant to be
seen: ``pytest tests/screens/test_pictures.py --snapshot-update``, then look at every picture that has changed.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from floorctl.screens.records.tally import TallyView
from tests.screens.days import DAYS
from tests.screens.harness import Answers, Console, new_app
from tests.story import kumagaya

ROOT = Path(__file__).parents[2]
Look = Callable[..., bool]
MOST = 55


def test_pictures_are_drawn_with_the_textual_of_the_lock() -> None:
    """Another Textual draws other pictures: install requirements.lock, or renew the lock and the pictures together."""
    pinned = re.search(r"^textual==(\S+)$", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert pinned is not None, "requirements.lock pins no textual"
    assert version("textual") == pinned[1], (
        f"textual {version('textual')} is installed, the pictures in snapshots/ are those of {pinned[1]}: "
        "pip install -r requirements.lock"
    )


def test_every_picture_has_its_test() -> None:
    """Syrupy finds forgotten pictures only where one process runs all tests; and there are not to be more than ``MOST``."""
    pictures = [p for p in (ROOT / "snapshots").rglob("*") if p.is_file()]
    assert {p.parent for p in pictures} == {ROOT / "snapshots" / Path(__file__).stem}
    assert [p.name for p in pictures if p.suffix != ".svg" or p.stem.partition("[")[0] not in globals()] == []
    assert len(pictures) <= MOST


@pytest.fixture
def look(snap_compare: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """``look("surge", "f3")``: the picture of a day after some keys is the one that is kept."""
    monkeypatch.setattr(gc, "freeze", lambda: None)  # see harness.console

    def compare(
        day: str,
        *keys: str,
        size: tuple[int, int] = (120, 36),
        theme: str = "dark",
        text: str = "",
        acts: tuple[Any, ...] = (),
    ) -> bool:
        path = tmp_path / "floor.db"
        clock = DAYS[day]().write(path)
        TallyView._last = 0
        app = new_app(path, clock, theme=theme)
        c = Console(app, path, clock, kumagaya())
        c.answers = Answers(app.engine)

        async def before(pilot: Pilot[None]) -> None:
            c.pilot = pilot
            await c.until(
                lambda: app.state.ready and app.state.forecasts.forecaster and c.answers.turns > 1,
                "the file, and the day watched",
            )
            await c.settle()
            for key in keys:
                app.state.settings.clock = clock
                await c.press(key)
            if text:
                await c.type(text)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            app.call_later(app.tick)
            await c.settle()
            c.clean()

        same = snap_compare(app, terminal_size=size, run_before=before)
        assert app._exception is None  # snap_compare is content with the picture of a crashed app
        assert app.fatal is None
        return same

    return compare


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)], ids=lambda s: f"{s[0]}x{s[1]}")


@SIZES
def test_normal(look: Look, size: tuple[int, int]) -> None:
    """The order of decisions: services with time left, one line of what matters, lanes with a card a terminal, then
    cases, alerts, presence, journal. T5 is 決定待ち; T8 has nobody; the next number of each lane; the next appointment."""
    assert look("normal", size=size)


@SIZES
def test_surge(look: Look, size: tuple[int, int]) -> None:
    """The alarm band; long waits in red with minutes over the target; T7 故障; T6 決定待ち over 5 minutes; more persons
    than chairs; two open incidents; what does not fit is counted (ほか), never cut in a word."""
    assert look("surge", size=size)


@SIZES
def test_empty(look: Look, size: tuple[int, int]) -> None:
    """Nothing has happened: no figure is made up, the band says how to open, every panel says how it is filled."""
    assert look("empty", size=size)


@SIZES
def test_doubtful(look: Look, size: tuple[int, int]) -> None:
    """The feed is silent, and one line names what is doubtful; the facts in question carry ? in the journal."""
    assert look("doubtful", size=size)


def test_light(look: Look) -> None:
    """The light theme: the same words, dark on white; badges still tell lanes and states apart."""
    assert look("surge", theme="light")


def test_mono(look: Look) -> None:
    """No colour at all: urgency by reverse and bold, state by words; the chosen card by its sign."""
    assert look("surge", "6", theme="mono")


def test_chosen_terminal(look: Look) -> None:
    """T6 is chosen: its card is marked, the foot shows what can be done with it, impossible keys are dim."""
    assert look("normal", "6")


def test_dating_back(look: Look) -> None:
    """The next act is recorded as 10 minutes ago, and the line above the keys says so."""
    assert look("normal", "6", "-", "1", "0", "enter")


def test_question_over_the_board(look: Look) -> None:
    """The matters for city staff by digit, drawn over the board; no character of the board is cut in half."""
    assert look("normal", "6", "e")


def test_question_over_the_small_board(look: Look) -> None:
    """Services by digit at 80 columns; the box fits."""
    assert look("surge", "t", size=(80, 24))


def test_closing_asks_with_the_cursor_on_no(look: Look) -> None:
    """What cannot be taken back is asked for: いいえ is chosen, and what is open or 未記入 stands above it."""
    assert look("surge", "f9", "z")


def test_closing_what_is_open(look: Look) -> None:
    """F9 on the small screen: six steps with their state as a word; what is open, each with its figure."""
    assert look("whole", "f9", size=(80, 24))


def test_closing_problems(look: Look) -> None:
    """The draft of 問題点 with its figures: 入 and 外 before each line, one line left out."""
    assert look("whole", "f9", "tab", "tab", "tab", "d")


def test_closing_review(look: Look) -> None:
    """The report as a page, 未記入 where it is; the light theme."""
    assert look("whole", "f9", "tab", "tab", "tab", "tab", "tab", theme="light", size=(120, 45))


def test_incident_text(look: Look) -> None:
    """One line of text over the board, with what must not be written; markup is only text."""
    assert look("surge", "i", "4", text="T7 カードR/W [/red] 応答なし")


def test_head_count(look: Look) -> None:
    """A field for each lane, the recorded number in grey."""
    assert look("surge", "w", "1", "2", "enter")


def test_help(look: Look) -> None:
    """F1: every action with its key, the impossible ones dim with their reason."""
    assert look("normal", "f1")


def test_help_search(look: Look) -> None:
    """What the words find, on the small screen."""
    assert look("normal", "f1", size=(80, 24), text="市職員")


def test_tally(look: Look) -> None:
    """Work items by lane; the item under the cursor shows what is being typed."""
    assert look("normal", "k", "down", "1", "2")


def test_tally_small(look: Look) -> None:
    """All work items fit at 80x24."""
    assert look("normal", "k", "right", "-", "3", size=(80, 24))


def test_cases(look: Look) -> None:
    """F3: cases of the day, open ones first, with the clock of each; the overdue one is red."""
    assert look("surge", "f3")


def test_people(look: Look) -> None:
    """F4: who is there, since when, where, and until when a break lasts."""
    assert look("surge", "f4")


def test_incidents(look: Look) -> None:
    """F5: incidents that are not reported stand out."""
    assert look("surge", "f5")


def test_results(look: Look) -> None:
    """F7: today as plots, the first series solid, the second hatched; every figure stands under its hour or in words."""
    assert look("surge", "f7", size=(160, 45))


def test_results_mono(look: Look) -> None:
    """No colour, small screen: one plot at a time, its series told apart by how they are drawn."""
    assert look("surge", "f7", "down", theme="mono", size=(80, 24))


@SIZES
def test_forecast(look: Look, size: tuple[int, int]) -> None:
    """The half hour under way is chosen; what is over is dim beside what was expected; what comes has its interval; the
    last call of each lane, red with a time to stop where not all can be served."""
    assert look("surge", "f6", size=size)


@SIZES
def test_queue(look: Look, size: tuple[int, int]) -> None:
    """b: who waits in the order of calling, who is served, who has gone; the appointments beside or below."""
    assert look("whole", "b", size=size)


@SIZES
def test_team(look: Look, size: tuple[int, int]) -> None:
    """F4 with a roster: names, roles, places, breaks against what the law gives; the charge, vacancies, break order."""
    assert look("whole", "f4", size=size)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_city(look: Look, size: tuple[int, int]) -> None:
    """F3: three instants and both intervals of each case; the officials beside or below."""
    assert look("whole", "f3", size=size)


def test_journal(look: Look) -> None:
    """l: every record, what was taken back or entered later marked."""
    assert look("whole", "l")


def test_brief(look: Look) -> None:
    """;: how the hall stands, and what has happened since."""
    assert look("whole", ";")


def test_checklist(look: Look) -> None:
    """c: what is done and what is not, by digit."""
    assert look("morning", "c")


def test_before_the_opening(look: Look) -> None:
    """The board asks for the opening: checklist, split, who is expected."""
    assert look("morning", size=(80, 24))


def test_by_hand(look: Look) -> None:
    """j: one key a service, with who waits and the last number."""
    assert look("whole", "j")


def test_looking_back(look: Look) -> None:
    """The hall as it was 20 minutes ago, and the whole line says that this is not now."""
    assert look("whole", "[", "pageup", "pageup")


def test_last_call(look: Look) -> None:
    """A quarter of an hour before the end: who can still be served; idle issuance terminals are pointed out."""
    assert look("evening")


def test_queue_light(look: Look) -> None:
    """The light theme of a table with a side panel."""
    assert look("whole", "b", "down", theme="light", size=(160, 45))


def test_team_mono(look: Look) -> None:
    """No colour: the cursor is reversed, states are words."""
    assert look("whole", "f4", "down", theme="mono")


def test_deputy(look: Look) -> None:
    """Who holds the charge goes to lunch: a deputy is asked for."""
    assert look("whole", "f4", "4", "enter")


def test_paper(look: Look) -> None:
    """紙の入力: the columns of the printed sheet, who was there before first; what each line comes to stands at its right."""
    assert look("whole", "j", "p", "tab", "4", "3", "down", "down", "down", "3", "5", "enter")

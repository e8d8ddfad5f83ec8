"""F9 締め: the end of the day in one screen, step by step, each answer a fact at once (仕様書 5(3)④, 7(3), 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len

from floorctl.common.action_keys import keyed
from floorctl.common.words import day_ja
from floorctl.console.action import Action
from floorctl.console.keys import BY_ID
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.screens.closing.done import CLOSED, DonePage
from floorctl.screens.closing.ledgers import TiesStep
from floorctl.screens.closing.preview import ReviewStep
from floorctl.screens.closing.steps import TITLE_ROW, LeftStep, Step
from floorctl.screens.closing.written import InquiriesStep, ProblemsStep, RemarksStep
from floorctl.screens.drawing.canvas import Canvas, Span, pad, wrap
from floorctl.screens.drawing.panel import Line, cells, lay_line
from floorctl.screens.drawing.rows import lay_lines
from floorctl.screens.frame import ScreenConsole, View

if TYPE_CHECKING:
    from floorctl.usecases.closing import Closed

_LIST = 24  # cells of the list of steps
_NARROW = 76  # below this it is one line
_LIST_KEYS = ("{close_enter} 決めて次へ", "Tab 次の手順", "{close_day} 締める", "Esc 盤面")


def _key_line(text: str) -> str:
    key, _, word = text.partition(" ")
    return f"{pad(key, 5)} {word}"


class ClosingView(View):
    """Steps of the closing, one at a time beside their list; after the close the closed day."""

    heading = "締め"
    groups: ClassVar[frozenset[str]] = frozenset({"締め"})

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        kinds: tuple[type[Step], ...] = (LeftStep, TiesStep, InquiriesStep, ProblemsStep, RemarksStep, ReviewStep)
        self.steps = [kind(app) for kind in kinds]
        self.done = DonePage(app)
        codes = [s.code for s in self.steps]
        self.n = codes.index(self.state.chosen.closing) if self.state.chosen.closing in codes else 0
        if self.state.ready and self._can_answer:
            if not self.state.chosen.closing:
                self.n = self._first_open()
            self.step.opened()

    # ---- where one is

    @property
    def _can_answer(self) -> bool:
        floor = self.state.day.floor
        return floor.opened_at is not None and floor.report_closed_at is None

    @property
    def step(self) -> Step:
        return self.steps[self.n]

    @property
    def shown(self) -> Step | None:
        """Return the step on the screen, or the closed day; None where there is nothing to close."""
        if not self.state.ready or self.state.day.floor.opened_at is None:
            return None
        return self.step if self._can_answer else self.done

    def _first_open(self) -> int:
        return next((n for n, s in enumerate(self.steps) if s.word(self.state)[1] != "ok"), len(self.steps) - 1)

    def go(self, n: int) -> None:
        """Go to step ``n``, kept within them."""
        self.n = max(0, min(n, len(self.steps) - 1))
        self.state.chosen.closing = self.step.code
        if self.shown is self.step:
            self.step.opened()

    def turn(self, by: int) -> None:
        """Go to the next step or the one before."""
        if self.shown is not self.step:
            self.state.line.say("手順は締める前だけです")
        elif not 0 <= self.n + by < len(self.steps):
            self.state.line.say(keyed("最後の手順です（{close_day} で締めます）") if by > 0 else "最初の手順です")
        else:
            self.go(self.n + by)
            self.state.line.say(f"{self.n + 1}／{len(self.steps)} {self.step.name}")

    # ---- drawing

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        c.fill(0, 1, c.width, c.height - 3, "panel")
        shown = self.shown
        if shown is None:
            day = state.day.floor.day
            yet = "まだ" if state.day.info.open and not state.looking_back else ""
            text = f"{day_ja(day)}は{yet}開場していません。締めるものはありません"
            lay_lines(c, [[(self.heading, "strong"), ("  ", "text"), (text, "dim")]], 1, 2, c.width - 2)
        elif shown is self.done:
            c.put(1, 2, self.heading, "strong")
            self.done.draw(c, state, 2, 4, c.width - 4, c.height - 7)
        else:
            self._lay_step(c, state)

    def _lay_step(self, c: Canvas, state: ConsoleState) -> None:
        step, narrow = self.step, c.width < _NARROW
        x = 2 if narrow else _LIST + 2
        width = c.width - x - 2
        head: list[Span] = [(step.name, "strong")]
        if narrow:
            head = [(f"{self.n + 1}／{len(self.steps)} {step.name}", "strong"), ("  ", "text"), step.word(state)]
        else:
            self._lay_list(c, state)
        # The hint stands beside the name, or under it where there is no room.
        said = offered(state, step.hint)
        beside = cells(head) + cell_len(said) + 10 <= width
        if beside:
            head += [("  ", "text"), (said, "dim")]
        hint: list[list[Span]] = [] if beside else [[(line, "dim")] for line in wrap(said, width)[:2]]
        top = lay_lines(c, [head, *hint], x, TITLE_ROW, width) + 1
        step.draw(c, state, x, top, width, c.height - 2 - top)

    def _lay_list(self, c: Canvas, state: ConsoleState) -> None:
        c.fill(0, 1, _LIST, c.height - 3, "screen")
        words = [s.word(state) for s in self.steps]
        done = f"{sum(role == 'ok' for _, role in words)}／{len(words)} 済"
        lay_lines(c, [[(self.heading, "strong"), ("  ", "text"), (done, "dim")]], 1, 2, _LIST)
        y, gap = 4, 2 if c.height >= 30 else 1
        for n, (step, word) in enumerate(zip(self.steps, words, strict=True)):
            if n == self.n:
                c.fill(0, y, _LIST, 1, "card_on")
            c.target(0, y, _LIST, 1, f"step:{n}")
            name = (f"{n + 1} {step.name}", "strong" if n == self.n else "text")
            lay_line(c, Line([name], right=[word], keep=0), 1, y, _LIST - 1)
            y += gap
        lay_lines(
            c,
            [[(pad(_key_line(line), _LIST - 2), "dim")] for text in _LIST_KEYS if (line := offered(state, text))],
            1,
            y + 1,
            _LIST - 2,
            c.height - 4 - y,
        )

    def foot_actions(self) -> list[Action]:
        shown = self.shown
        ids = () if shown is None else shown.foot if shown is self.done else (*shown.foot, "close_next")
        return [BY_ID[x] for x in (*ids, "board", "undo")]

    def label(self, action: Action) -> str:
        shown = self.shown
        if shown is self.done and action.id == "close_export":
            return "もう一度書き出す"
        return shown.labels.get(action.id, super().label(action)) if shown is not None else super().label(action)

    # ---- keys and mouse

    def takes(self, key: str) -> bool:
        if not self.state.ready:
            return False
        shown, past = self.shown, self.state.looking_back
        if shown is not None and shown.takes(key):
            return True
        if key in ("left", "right"):
            self.turn(1 if key == "right" else -1)
        elif key == "escape" and not past:
            self.app.perform("board")
        else:
            return False
        return True

    def enter(self) -> None:
        """Pass Enter to the step; where it has nothing more to do the next one follows."""
        if self.shown is self.step and self.step.enter():
            self.turn(1)

    def do(self, what: str) -> None:
        if self.shown is not self.step or not self.step.do(what):
            self.state.line.say(f"{self.step.name}では使いません")

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "step":
            self.go(int(rest))
        elif (shown := self.shown) is not None:
            shown.clicked(kind, rest)

    def answered(self, what: str) -> None:
        if what != CLOSED:
            return
        done: Closed = self.state.questions.answers[CLOSED]
        if done.trouble is not None:
            self.state.line.say(
                f"{'締めは済んでいます' if done.again else '締めました'}。ただし {done.trouble.on_screen}", "bad"
            )
        else:
            said = "控えを取り、文書を書き出しました"
            self.state.line.say(said if done.again else f"締めて、{said}", "ok")

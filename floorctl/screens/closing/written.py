"""Written steps of the closing: 問い合わせ, 問題点 (from a draft), 特記・翌日への引継ぎ with the weather.

Every answer is a fact at once (``report.written``, the whole head anew); 特になし is only ever a choice (仕様書 10).
"""

from __future__ import annotations

from typing import Any, ClassVar

from floorctl.commands.reports import MOST_LINES
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import NOTHING, REPORT_HEADS
from floorctl.console.cursor import Cursor
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.documents.day.problems_draft import MOST_LINES as MOST
from floorctl.documents.day.problems_draft import difference_lines, unexplained
from floorctl.models.board.memos import open_memos
from floorctl.screens.asking import Ask, may_write, send
from floorctl.screens.closing.steps import Step
from floorctl.screens.drawing.canvas import Canvas, Span, fit, pad, wrap
from floorctl.screens.drawing.panel import Line, Piece, cells, column, lay_line
from floorctl.screens.drawing.rows import apart, lay_lines
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.records.inquiries import send_count, topics_of
from floorctl.screens.results.day_record import end_of_day
from floorctl.screens.table import NOT_CHOSEN

WEATHERS = ("晴", "曇", "雨", "雪")
_COUNT_KEYS = "1234567890"


class LinesStep(Step):
    """Lines of one head of the report. An offered line is among them until it has been taken or left out."""

    head: ClassVar[str] = ""
    most: ClassVar[int] = MOST
    ticked: ClassVar[bool] = False  # what is offered is in unless it is dropped
    asks: ClassVar[str] = ""  # what the field of a line asks for
    offers: ClassVar[str] = ""  # what an offered line that is left out is called
    foot = ("close_enter", "close_add", "close_edit", "close_drop", "close_none")

    def __init__(self, app: ScreenConsole) -> None:
        super().__init__(app)
        self._edited: set[str] = set()  # offered lines that stand in the report in other words
        self._cursor: Cursor[str] = Cursor()

    def offered(self, state: ConsoleState) -> list[str]:
        return []

    def lines(self, state: ConsoleState) -> list[tuple[str, bool]]:
        """Return each line with True where it is in the report: the written lines, then those only offered."""
        held, offered = state.day.floor.report.get(self.head), self.offered(state)
        if held is None:
            return [(text, self.ticked) for text in offered]
        rest = [text for text in offered if text not in held.lines and text not in self._edited]
        return [*((text, True) for text in held.lines), *((text, False) for text in rest)]

    def word(self, state: ConsoleState) -> Span:
        held = state.day.floor.report.get(self.head)
        if held is not None:
            return (NOTHING, "ok") if held.none else (f"{len(held.lines)}行", "ok")
        n = len(self.offered(state)) if self.ticked else 0
        return (f"下書き {n}" if n else "未", "warn")

    def stands(self, state: ConsoleState) -> Span:
        """Return the state of the head as a sentence."""
        held = state.day.floor.report.get(self.head)
        left_out = sum(not into for _, into in self.lines(state))
        more = f"（{self.offers}に、入れていないもの{left_out}行）" if left_out and self.ticked else ""
        if held is None:
            if self.ticked and self.lines(state):
                filled = f"未記入です。{{close_enter}} で下の{len(self.lines(state))}行を記入します"
                return offered(state, filled), "warn"
            return offered(state, "未記入です（{close_add} 書き足す  {close_none} 特になし）"), "warn"
        if held.none:
            return f"記入済み 特になし{more}", "ok"
        return f"記入済み {len(held.lines)}行{more}", "ok"

    # ---- drawing

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        lay_lines(c, [[self.stands(state)]], x, y, width)
        self.draw_lines(c, state, x, y + 2, width, rows - 2)

    def draw_lines(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw the lines, each whole over as many rows as it takes; the one in hand is always seen."""
        lines = self.lines(state)
        here = self._chosen(lines) is not None
        at = max(0, min(self._cursor.at, len(lines) - 1))
        shown = [(n, i, part) for n, (text, _) in enumerate(lines) for i, part in enumerate(wrap(text, width - 6))]
        mine = [row for row, (n, _, _) in enumerate(shown) if n == at]
        first = max(0, min(mine[0] - rows // 2, len(shown) - rows)) if mine and len(shown) > rows else 0
        if mine and mine[-1] >= first + rows:
            first = mine[-1] - rows + 1
        for row, (n, i, part) in enumerate(shown[first : first + rows], y):
            into, chosen = lines[n][1], here and n == at
            if chosen:
                c.fill(x - 1, row, width + 1, 1, "card_on")
            c.target(x - 1, row, width + 1, 1, f"row:{n}")
            mark = column("" if i else "入" if into else "外", "ok" if into else "text" if chosen else "dim", 4)
            role = ("strong" if into else "text") if chosen else "text" if into else "dim"
            lay_lines(c, [[*mark, (part, role)]], x, row, width)
        if len(shown) > rows:
            c.right(x + width, y - 1, f"{at + 1 if here else '-'}／{len(lines)}行", "dim")

    # ---- keys

    def takes(self, key: str) -> bool:
        if key in (" ", "space") and self.lines(self.state):
            return not may_write(self.app) or self.do("drop")
        step = self.rows_of(key)
        if step:
            self._cursor.step(step, [text for text, _ in self.lines(self.state)])
        return bool(step)

    def _chosen(self, lines: list[tuple[str, bool]]) -> tuple[str, bool] | None:
        """Return the chosen line; None where it is gone."""
        return lines[self._cursor.at] if self._cursor.find([text for text, _ in lines]) else None

    def enter(self) -> bool:
        state = self.state
        if state.day.floor.report.get(self.head) is not None:
            return True
        ticked = self._ticked()
        if ticked:
            send(self.app, *self._report(ticked, f"{REPORT_HEADS[self.head]} {len(ticked)}行を記入しました"))
            return True
        state.line.say(
            f"{REPORT_HEADS[self.head]}が未記入です（{key_of('close_add')} 書き足す  {key_of('close_none')} 特になし  Tab あとにする）",
            "warn",
        )
        return False

    def do(self, what: str) -> bool:
        lines = self.lines(self.state)
        if what == "add":
            self.app.start(self._add(Ask(self.app)))
        elif what == "none":
            self.app.start(self._none(Ask(self.app)))
        elif what == "adopt":
            return False
        elif not lines:
            self.state.line.say(keyed("行がありません（{close_add} で書き足します）"))
        elif (chosen := self._chosen(lines)) is None:
            self.state.line.say(NOT_CHOSEN, "warn")
        elif what == "edit":
            self.app.start(self._edit(Ask(self.app), chosen[0]))
        else:
            self._turn(*chosen)
        return True

    def _ticked(self) -> list[str]:
        return [text for text, into in self.lines(self.state) if into]

    async def _add(self, ask: Ask) -> None:
        text = await ask.text(f"{REPORT_HEADS[self.head]}を書き足す", self.asks)
        await ask.record(*self._report([*self._ticked(), text]))

    async def _edit(self, ask: Ask, old: str) -> None:
        new = await ask.text(f"{REPORT_HEADS[self.head]}を直す", self.asks, value=old)
        ticked = self._ticked()
        lines = [new if x == old else x for x in ticked] if old in ticked else [*ticked, new]
        await ask.record(*self._report(lines))
        if old in self.offered(self.state) and ask.typed != old:
            self._edited.add(old)
        self._cursor.choose(ask.typed)

    def _report(self, lines: list[str], said: str = "", *, none: bool = False) -> tuple[str, str, dict[str, Any]]:
        """Return the head with these lines, as it is recorded: label, kind, fields."""
        lines = list(dict.fromkeys(lines))
        fields = {"head": self.head, "lines": tuple(lines), "none": none}
        return said or f"{REPORT_HEADS[self.head]} {len(lines)}行", "report.written", fields

    def _turn(self, text: str, into: bool) -> None:
        """Leave a line out, or take it in again."""
        ticked = self._ticked()
        if not into:
            send(self.app, *self._report([*ticked, text]))
        elif ticked == [text]:
            self.state.line.say(keyed("最後の1行です。書くことがないなら {close_none} で特になしを選びます"), "warn")
        else:
            send(self.app, *self._report([t for t in ticked if t != text], f"外しました: {fit(text, 40)}"))

    async def _none(self, ask: Ask) -> None:
        state, lines = self.state, self.lines(self.state)
        held = state.day.floor.report.get(self.head)
        if held is not None and held.none:
            state.line.say(f"{REPORT_HEADS[self.head]}は{NOTHING}になっています")
            return
        if lines and (self.ticked or self._ticked()):
            # What the day's records say against it is seen before it is said.
            title = f"{'下書き' if held is None else '行'}が{len(lines)}行あります。それでも「{NOTHING}」としますか"
            options = [("no", "いいえ"), ("yes", f"{NOTHING}とする")]
            if await ask.choice(title, options, fit(lines[0][0], 60)) == "no":
                return
        send(self.app, *self._report([], f"{REPORT_HEADS[self.head]} {NOTHING}", none=True))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row":
            lines = self.lines(self.state)
            again = self._chosen(lines) is not None and int(rest) == self._cursor.at
            self._cursor.put(int(rest), [text for text, _ in lines])
            if again and may_write(self.app):
                self.do("drop")


class InquiriesStep(LinesStep):
    """問い合わせ: counts by topic, and the main ones in words."""

    code, name, head = "inquiries", "問い合わせ", "inquiries"
    most = MOST_LINES["inquiries"]
    hint = "{?close_enter}数字で1件数えます（- のあと数字で1件減らす）。主な内容は5件まで"
    asks = "主な問い合わせの内容と、その答え。個人情報は書きません"
    labels: ClassVar[dict[str, str]] = {"close_enter": "次へ"}
    minus = False

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        topics, bottom, counts = topics_of(state), y + rows, state.day.floor.inquiries
        columns, room = max(1, min(4, width // 24)), max(2, rows // 3)
        w = width // columns
        for n, topic in enumerate(topics[: room * columns]):
            left, row, count = x + n % columns * w, y + n // columns, counts[topic]
            c.target(left, row, w - 1, 1, f"topic:{n}")
            key = f" {_COUNT_KEYS[n]} " if n < len(_COUNT_KEYS) else "   "
            roles = ("text", "strong") if count else ("dim", "dim")
            said = zip((key, pad(topic, w - 10), f"{count or '-':>3}"), ("key", *roles), strict=True)
            lay_line(c, Line(apart(said)), left, row, c.width)
        y += min(room, -(-len(topics) // columns))
        head = ("1件減らす種類を選ぶ（Esc やめる）", "warn") if self.minus else self.stands(state)
        lay_lines(c, [[(f"今日 {sum(counts.values())}件", "strong"), ("  ", "text"), head]], x, y + 1, width)
        self.draw_lines(c, state, x, y + 3, width, bottom - y - 3)

    def word(self, state: ConsoleState) -> Span:
        held, n = state.day.floor.report.get(self.head), sum(state.day.floor.inquiries.values())
        if held is None:
            return f"未 {n}件" if n else "未", "warn"
        return f"{n}件", "ok"

    def stands(self, state: ConsoleState) -> Span:
        held = state.day.floor.report.get(self.head)
        if held is None:
            return offered(state, "主な内容 未記入（{close_add} 書き足す  {close_none} 特になし）"), "warn"
        return (f"主な内容 {NOTHING}", "ok") if held.none else (f"主な内容 {len(held.lines)}／{self.most}件", "ok")

    def takes(self, key: str) -> bool:
        topics = topics_of(self.state)
        if len(key) == 1 and key in _COUNT_KEYS[: len(topics)]:
            if may_write(self.app):
                self._count(topics[_COUNT_KEYS.index(key)])
            return True
        if key == "-" and not self.state.looking_back:
            self.minus = not self.minus
            return True
        if key == "escape" and self.minus:
            self.minus = False
            return True
        return super().takes(key)

    def _count(self, topic: str) -> None:
        send_count(self.app, topic, -1 if self.minus else 1)
        self.minus = False

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "topic":
            if may_write(self.app):
                self._count(topics_of(self.state)[int(rest)])
        else:
            super().clicked(kind, rest)


class ProblemsStep(LinesStep):
    """問題点: the draft from the facts, to be edited."""

    code, name, head, ticked = "problems", "問題点", "problems", True
    hint = "記録からの下書きです。外す・直す・書き足すで整えて {close_enter}"
    asks = "1行で。人の名前は書きません（職員は符号で）"
    offers = "下書き"
    labels: ClassVar[dict[str, str]] = {"close_enter": "記入して次へ", "close_drop": "外す/入れる"}

    def offered(self, state: ConsoleState) -> list[str]:
        return end_of_day(state).draft

    def must(self, state: ConsoleState) -> list[str]:
        """Return the lines that the close itself adds to the problems: unexplained differences from a ledger."""
        found = unexplained(end_of_day(state).record)
        return difference_lines(found, state.day.floor, MOST)

    def do(self, what: str) -> bool:
        lines, must = self.lines(self.state), self.must(self.state)
        text, into = self._chosen(lines) or ("", False)
        dropping = what == "drop" and into and text in must
        if dropping or (what == "none" and must):
            self.state.line.say(
                keyed("照合の差は、理由を書くまで問題点に入ります（照合の手順で {close_edit}）"), "warn"
            )
            return True
        return super().do(what)


class RemarksStep(LinesStep):
    """特記・引継ぎ with the weather; today's memos are offered."""

    code, name, head = "remarks", "特記・引継ぎ", "remarks"
    hint = "天候は{?close_enter}数字で。外とあるのは今日のメモです（{close_drop} で入れます）"
    asks = "翌日の人に伝えること、市に知らせること。人の名前は書きません"
    offers = "今日のメモ"
    labels: ClassVar[dict[str, str]] = {"close_enter": "次へ", "close_drop": "入れる/外す"}

    def offered(self, state: ConsoleState) -> list[str]:
        memos = state.day.floor.memos.values()
        left = [f"{m.text}（未了）" for m in open_memos(state.day.floor)]
        return list(dict.fromkeys([*left, *(m.text for m in memos if not m.asks)]))

    def weather(self, state: ConsoleState) -> str:
        held = state.day.floor.report.get("weather")
        return held.lines[0] if held is not None and held.lines else ""

    def word(self, state: ConsoleState) -> Span:
        word, role = super().word(state)
        return (word, role) if self.weather(state) else ("未 天候" if role == "ok" else "未", "warn")

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        now, end = self.weather(state), x + 5
        words: list[Span] = [("天候 ", "strong")]
        for n, word in enumerate((*WEATHERS, "その他"), 1):
            chosen = now == word or (n == 5 and bool(now) and now not in WEATHERS)
            piece: list[Span] = [(f" {n} ", "key"), (" ", "text"), (word, "ok" if chosen else "text")]
            c.target(end + 1, y, cells(piece), 1, f"weather:{n}")
            words, end = [*words, (" ", "text"), *piece], end + 1 + cells(piece)
        held = Piece([(f"いま {now}", "ok") if now else ("未記入", "warn")])
        lay_line(c, Line([*words, ("  ", "text"), held]), x, y, x + width)
        super().draw(c, state, x, y + 2, width, rows - 2)

    def takes(self, key: str) -> bool:
        if key.isascii() and key.isdigit():
            if not 1 <= int(key) <= len(WEATHERS) + 1:
                self.state.refuse(f"{key} の天候はありません")
            elif may_write(self.app):
                self.app.start(self._set_weather(Ask(self.app), int(key)))
            return True
        return super().takes(key)

    async def _set_weather(self, ask: Ask, n: int) -> None:
        if n <= len(WEATHERS):
            word = WEATHERS[n - 1]
        else:
            word = await ask.text("天候", "短い言葉で（例 曇のち雨）", value=self.weather(self.state))
        await ask.record(f"天候 {word}", "report.written", {"head": "weather", "lines": (word,), "none": False})

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "weather":
            if may_write(self.app):
                self.app.start(self._set_weather(Ask(self.app), int(rest)))
        else:
            super().clicked(kind, rest)

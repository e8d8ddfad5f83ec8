"""Base of the steps of the closing (F9), and the first step: open matters of the hall, each settled by a key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, ClassVar, NamedTuple

from rich.cells import cell_len

from floorctl.commands.context import Context, Wish
from floorctl.commands.people import decide_changed
from floorctl.common.action_keys import keyed
from floorctl.common.words import hm, more_word
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.models.board.checklist import checklist
from floorctl.models.board.memos import memo_word, open_memos
from floorctl.models.day.staff import StaffState
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.people import StaffChanged
from floorctl.models.register.outages import stopped_now
from floorctl.screens.asking import Ask, by_rule, may_write
from floorctl.screens.cases.acts import decided
from floorctl.screens.closing.card_count import count_cards
from floorctl.screens.drawing.canvas import Canvas, Span, pad, wrap
from floorctl.screens.drawing.rows import Words, apart, lay_lines, lay_rows
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.tickets.acts import finish

TITLE_ROW = 2  # where the name of the step stands; at its right end there is room for a counter
_NAME = 26  # cells of the name of an open line
_BEFORE = _NAME + 8  # those before what is said of it: its key and whether it is done, too
_LEAST_DETAIL, _ALL = 4, 1_000_000  # rows under the list for the chosen line; cells in which all of it finds room
_PROMPT = 60  # cells of the line under a question


class Step:
    """Step of the closing: its name, its state in a word, its drawing, and its answers to the actions of the closing."""

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    hint: ClassVar[str] = ""  # what is to be done here, one line
    foot: ClassVar[tuple[str, ...]] = ()  # ids of the actions that mean something here
    labels: ClassVar[dict[str, str]] = {}  # what they are called here

    def __init__(self, app: ScreenConsole) -> None:
        self.app, self.at = app, 0

    @property
    def state(self) -> ConsoleState:
        return self.app.state

    def word(self, state: ConsoleState) -> Span:
        """Return the state of the step, in a few cells."""
        raise NotImplementedError

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        """Draw ``rows`` rows of ``width`` cells."""
        raise NotImplementedError

    def opened(self) -> None:
        """Move the cursor where there is something to do, when the step is shown."""

    def enter(self) -> bool:
        """Take Enter; return True where the step has nothing more to do, so that the next one follows."""
        return True

    def do(self, what: str) -> bool:
        """Do one of ``add edit drop none adopt same``; return False where it means nothing here."""
        return False

    def takes(self, key: str) -> bool:
        """Take any other key; return whether the step has answered it."""
        return False

    def clicked(self, kind: str, rest: str) -> None:
        """Take a click on something that the step has drawn."""

    def move(self, key: str, total: int) -> bool:
        """Move the cursor by the arrows and page keys."""
        step = self.rows_of(key)
        self.at = max(0, min(self.at + step, total - 1)) if step else self.at
        return bool(step)

    def rows_of(self, key: str) -> int:
        """Return by how many rows a key moves the cursor; while looking back the page keys go through time."""
        step = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -999, "end": 999}.get(key, 0)
        return 0 if self.state.looking_back and abs(step) > 1 else step


# ---- 残り


class Open(NamedTuple):
    """Line of the first step. ``done``: nothing is open; ``text``: how much is, in so many cells; ``settle``: act of Enter."""

    name: str
    done: bool
    text: Callable[[int], str]
    settle: Callable[[Ask], Coroutine[Any, Any, None]]


def _serving(t: Ticket) -> bool:
    """Return whether somebody has to say how a visit ended: a source that tells no ends needs none, the close ends it."""
    return t.state == "serving" and not t.ends


class LeftStep(Step):
    """Open matters of the hall: numbers, cases, incidents, people, the checklist."""

    code, name = "left", "残り"
    settling = False  # a line is being settled: the next one waits until the hall is as it was left
    hint = "終わっていないものを {close_enter} か数字で片付けます"
    foot = ("close_enter",)
    labels: ClassVar[dict[str, str]] = {"close_enter": "片付ける"}

    def rows(self, state: ConsoleState) -> list[Open]:
        return state.day.once("closing left", lambda: self._rows(state), by_time=False)

    def _rows(self, state: ConsoleState) -> list[Open]:
        """Return every line, open or not: a number means the same line for as long as the step is shown."""
        floor, register = state.day.floor, state.day.register
        waiting = sorted(n for q in floor.lanes.values() for n in q.tickets)
        serving = sorted((t.terminal or "", t.number) for t in floor.tickets.values() if _serving(t))
        heads = [(q.code, q.uncounted) for q in floor.lanes.values() if q.uncounted]
        cases = [e.code for e in state.day.cases()]
        untold = [i.code for i in register.open_incidents() if i.untold]
        never = [i.code for i in register.incidents_of(floor.day) if i.untold and i.closed_at is not None]
        told = [*untold, *(f"{code}（報告せず終結）" for code in never)]
        stopped = [i.code for i in stopped_now(register)]
        known = register.open_incidents() or register.incidents_of(floor.day)
        none = _named([] if known else ["事案の記録 0件"])
        incidents = partial(self._perform, action="incidents")
        names = [f"{floor.site.lane_by_code[lane].name} {n}人" for lane, n in heads]
        found = [
            Open("待っている番号", not waiting, _named(waiting, "枚"), self._settle_waiting),
            Open("応対中の番号", not serving, _named([f"{t} {n}" for t, n in serving], "枚"), self._settle_serving),
            Open("番号のない待ち", not heads, _named(names), self._settle_heads),
            Open("市職員の決定待ち", not cases, _named(cases, "件"), partial(self._perform, action="city")),
            Open("市に報告していない事案", not untold, _named(told, "件") if told else none, incidents),
            Open("復旧していない障害", not stopped, _named(stopped, "件") if stopped else none, incidents),
            self._staff_row(state),
        ]
        for item in checklist(floor, register, "closing", state.day.now):
            code, name = item.item.code, item.item.name
            if item.item.shown_by == "cards":
                found.append(Open(name, item.done, _named([item.note] if item.done else []), self._count_cards))
            elif item.by_hand:
                tick = partial(self._tick, code=code, name=name, done=not item.done)
                found.append(Open(name, item.done, _named([item.note]), tick))
        memos = [memo_word(floor, m, state.day.who) for m in open_memos(floor)]
        found.append(Open("済んでいないメモ", not memos, _named(memos, "件"), self._settle_memos))
        return found

    def _staff_row(self, state: ConsoleState) -> Open:
        name, here, holder = "退勤していない職員", self._here(state), state.day.floor.holder()
        if not state.day.floor.staff:
            return Open(name, True, _named(["出退勤の記録なし"]), partial(self._perform, action="people"))
        if [s.code for s in here] == [holder]:
            only = f"残るのは責任者（{state.day.who(holder or '')}）だけ"
            return Open(name, True, _named([only]), self._settle_staff)
        return Open(name, not here, _named([state.day.who(s.code) for s in here], "名"), self._settle_staff)

    @staticmethod
    def _here(state: ConsoleState) -> list[StaffState]:
        """Return the people who have come and not gone, by code."""
        return [s for _, s in sorted(state.day.floor.staff.items()) if s.at_work or s.out]

    def left(self, state: ConsoleState) -> list[str]:
        """Return the names of the open lines."""
        return [r.name for r in self.rows(state) if not r.done]

    def word(self, state: ConsoleState) -> Span:
        n = len(self.left(state))
        return (f"{n}件", "warn") if n else ("済", "ok")

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        found, closed = self.rows(state), state.day.floor.closed_at
        self.at = min(self.at, len(found) - 1)
        if closed is not None:
            text = offered(
                state, f"受付は {hm(closed)} に終わりました。番号と引継ぎを直すときだけ {{close_reopen}} で再開します"
            )
            top, y = y, lay_lines(c, [[(part, "dim")] for part in wrap(text, width)[:2]], x, y, width) + 1
            rows -= y - top

        def row(n: int) -> Words:
            name, done, text, _ = found[n]
            key, word = f" {n + 1} " if n < 9 else "   ", ("済", "ok") if done else ("未", "warn")
            said = (text(width - _BEFORE) or ("なし" if done else ""), "dim" if done else "text")
            return apart([(key, "key"), word, (pad(name, _NAME), "text" if done else "strong"), said])

        lay_rows(c, len(found), self.at, row, x, y, width, rows, after=0)
        left = rows - len(found) - 1
        if left >= _LEAST_DETAIL:  # the chosen line in full: the row above may have named only some
            here = found[self.at]
            said: list[Words] = [[(part, "text")] for part in wrap(here.text(_ALL) or "なし", width)]
            lay_lines(c, [[(here.name, "strong")], *said], x, y + len(found) + 1, width, left)

    def opened(self) -> None:
        self._to_open(0)

    def _to_open(self, at: int) -> bool:
        """Put the cursor on the next open line, from ``at`` on and round; return False where nothing is open."""
        found = self.rows(self.state)
        ahead = [n for n in (*range(at, len(found)), *range(at)) if not found[n].done]
        self.at = ahead[0] if ahead else min(at, len(found) - 1)
        return bool(ahead)

    def enter(self) -> bool:
        found = self.rows(self.state)
        if self.settling or not found[self.at].done:
            self._settle(found[self.at])
            return False
        return not self._to_open(self.at)

    def takes(self, key: str) -> bool:
        if key.isascii() and key.isdigit():
            n, found = int(key) - 1, self.rows(self.state)
            if not 0 <= n < min(9, len(found)):
                self.state.refuse(f"{key} の項目はありません")
            elif may_write(self.app):
                self.at = n
                self._settle(found[n])
            return True
        return self.move(key, len(self.rows(self.state)))

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row":
            again = int(rest) == self.at
            self.at = int(rest)
            if again and may_write(self.app):
                self._settle(self.rows(self.state)[self.at])

    # ---- what settles each

    def _settle(self, row: Open) -> None:
        if self.settling:
            self.state.refuse("前の項目を記録しています（済んでから次を選びます）")
        else:
            self.app.start(self._settle_one(row))

    async def _settle_one(self, row: Open) -> None:
        self.settling = True
        try:
            await row.settle(Ask(self.app))
        finally:
            self.settling = False

    def _settled(self) -> None:
        """Put the cursor on the next open line."""
        self.state.day.past = None
        if not self._to_open(self.at):
            self.state.line.say("残りはありません（Enter か Tab で次へ）", "ok")

    async def _perform(self, ask: Ask, *, action: str) -> None:
        ask.app.perform(action)

    async def _count_cards(self, ask: Ask) -> None:
        await count_cards(ask)
        self._settled()

    async def _tick(self, ask: Ask, *, code: str, name: str, done: bool) -> None:
        word = f"点検 {name} {'済' if done else '未'}"
        await ask.record(word, "checklist.checked", {"item": code, "done": done})
        self._settled()

    async def _settle_waiting(self, ask: Ask) -> None:
        numbers = [n for q in self.state.day.floor.lanes.values() for n in q.tickets]
        ways = [
            ("left", "帰宅", "（待たずに帰った）", [("ticket.left", {"ticket": n}) for n in numbers]),
            ("no_show", "不在", "（呼んでも来ない）", [("ticket.no_show", {"ticket": n}) for n in numbers]),
        ]
        await self._settle_numbers(ask, "待っている番号", sorted(numbers), ways)

    async def _settle_serving(self, ask: Ask) -> None:
        served = [(t.number, t.terminal or "") for t in self.state.day.floor.tickets.values() if _serving(t)]
        ways: list[tuple[str, str, str, list[Wish]]] = []
        undecided = [(n, t) for n, t in served if self.state.day.floor.undecided(n)]
        if undecided:  # nobody is done while the city has not decided: each is asked for first
            for number, terminal in undecided:
                if await decided(ask, number, terminal):
                    await finish(ask, number, terminal)
            self._settled()
            return
        for outcome, word in (("done", "完了"), ("incomplete", "未了")):
            ends = [("ticket.finished", {"ticket": n, "terminal": t or None, "outcome": outcome}) for n, t in served]
            ways.append((outcome, word, "", [*ends]))
        await self._settle_numbers(ask, "応対中の番号", [f"{t} {n}" for n, t in sorted(served)], ways)

    async def _settle_numbers(
        self, ask: Ask, what: str, listed: list[str], ways: list[tuple[str, str, str, list[Wish]]]
    ) -> None:
        """Ask for the end of all these numbers. ``ways``: answer, its word, more words for the list, its facts."""
        if not listed:
            self.state.line.say(f"{what}はありません")
            return
        options = [(way, f"{len(listed)}枚すべてを{word}にする{more}") for way, word, more, _ in ways]
        options.append(("queue", keyed("番号の画面で1枚ずつ（{queue}）")))
        answer = await ask.choice(what, options, _named(listed, "枚")(_PROMPT))
        if answer == "queue":
            ask.app.perform("queue")
            return
        word, wishes = next((word, wishes) for way, word, _, wishes in ways if way == answer)
        await ask.record_all(f"{len(listed)}枚を{word}にしました", by_rule(wishes))
        self._settled()

    async def _settle_heads(self, ask: Ask) -> None:
        lanes = {q.code: len(q.tickets) for q in self.state.day.floor.lanes.values() if q.uncounted}
        if not lanes:
            self.state.line.say("番号のない待ちはありません")
            return
        options = [("none", "もう誰も待っていない（0人にする）"), ("count", keyed("数え直す（{count}）"))]
        if await ask.choice("番号のない待ち（人数だけの記録）", options) == "count":
            ask.app.perform("count")
            return
        wishes: list[Wish] = [("queue.counted", {"lane": lane, "waiting": n}) for lane, n in lanes.items()]
        await ask.record_all("番号のない待ちを0人にしました", by_rule(wishes))
        self._settled()

    async def _settle_memos(self, ask: Ask) -> None:
        memos = open_memos(self.state.day.floor)
        if not memos:
            self.state.line.say("済んでいないメモはありません")
            return
        options = [
            ("done", f"{len(memos)}件すべてを済みにする"),
            ("brief", keyed("申し送りの画面で1件ずつ（{brief}）")),
        ]
        listed = _named([m.text for m in memos], "件")(_PROMPT)
        if await ask.choice("済んでいないメモ（残すと特記・引継ぎに出ます）", options, listed) == "brief":
            ask.app.perform("brief")
            return
        wishes: list[Wish] = [("memo.done", {"memo": m.key[1], "memo_source": m.key[0]}) for m in memos]
        await ask.record_all(f"{len(memos)}件のメモを済みにしました", by_rule(wishes))
        self._settled()

    async def _settle_staff(self, ask: Ask) -> None:
        state = self.state
        here, holder = [s.code for s in self._here(state)], state.day.floor.holder()
        if not here:
            state.line.say("退勤していない職員はありません")
            return
        others = [code for code in here if code != holder]
        options = [("all", f"{len(here)}名すべてを退勤にする")]
        if others and len(others) < len(here):
            options.insert(0, ("others", f"責任者（{state.day.who(holder or '')}）のほか{len(others)}名を退勤にする"))
        if state.day.floor.closed_at is None:
            options.append(("people", keyed("職員の画面で1人ずつ（{people}）")))
        answer = await ask.choice("退勤", options, _named([state.day.who(x) for x in here], "名")(_PROMPT))
        if answer == "people":
            ask.app.perform("people")
            return
        codes = here if answer == "all" else others
        await ask.record_all(f"{len(codes)}名 退勤", partial(_go_home, codes=codes))
        self._settled()


def _go_home(c: Context, *, codes: list[str]) -> list[Wish]:
    """Return the facts of people who leave for the day."""
    facts = [StaffChanged(id="wish", at=c.now, staff=x, status="gone", reason="", until=None) for x in codes]
    return [wish for f in facts for wish in decide_changed(c, f)]


def _named(names: list[str], unit: str = "") -> Callable[[int], str]:
    """Return what says, in so many cells, the count of ``names`` and as many of them as find room; '' where there are none."""

    def said(room: int) -> str:
        count = f"{len(names)}{unit}" if unit and names else ""
        for n in range(len(names), 0, -1):
            rest = more_word(len(names) - n, unit)
            text = f"{count}  {'・'.join(names[:n])}{rest}".strip()
            if cell_len(text) <= room:
                return text
        return count

    return said

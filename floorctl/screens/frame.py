"""Frame of all screens: head line, message line, keys at the foot; it finds the action of a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, Protocol, cast

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.widget import Widget

from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import hms, more_word
from floorctl.console.action import Action
from floorctl.console.key_names import key_name
from floorctl.console.keys import BY_ID, EVERYWHERE, SCREEN_OF_GROUP, actions_for, screen_of
from floorctl.console.port import Console
from floorctl.console.state import ConsoleState
from floorctl.screens.drawing.canvas import Canvas, Picture, fit, wrap
from floorctl.screens.drawing.head_line import LEAST_HEIGHT, LEAST_WIDTH, draw_head, draw_notice, draw_too_small
from floorctl.screens.drawing.palette import Palette

# Least cells of the undo key, so that its label names the act; less where there is little room.
_UNDO_LEAST, _UNDO_LITTLE = 30, 17
# Most cells of the words beside it, and the least of a typed text among them: less of it says nothing.
_UNDO_MOST, _UNDO_TEXT = 36, 14
# What stands at the foot of every view where the console only looks, behind that view's own.
_LOOKED_AT = (
    "board",
    "city",
    "people",
    "incidents",
    "forecast",
    "results",
    "duties",
    "close",
    "queue",
    "journal",
    "past",
)
_MESSAGE_ROWS = 6  # most of a message
# Cells in which every row is drawn whole, for a copy of it.
_ROOMY = (200, 60)


class ScreenConsole(Console, Protocol):
    """The console as far as it is Textual: the frame and its view, dialogs, the size of the terminal."""

    frame: FrameScreen

    @property
    def palette(self) -> Palette: ...

    @property
    def size(self) -> Size: ...

    def push_screen(self, screen: Screen[Any], /) -> object:
        """Open a dialog."""

    def dialog_closed(self) -> None:
        """Open the next question that has waited for the dialog."""

    def leave(self) -> None:
        """Leave the console, once what was pressed has been recorded."""


class View:
    """View between the head and the foot. Subclasses draw it and name their actions.

    The views share one Textual screen: to change from one to another repaints what differs, not every cell.
    """

    # The local groups of the registry whose keys mean something here; the others work everywhere.
    groups: ClassVar[frozenset[str]] = frozenset()
    foot: ClassVar[tuple[str, ...]] = ()  # ids of the actions at the foot, the most wanted first
    heading = ""
    # Whether a copy of the view and of the console's choices holds all that a key changes (key_trial.py).
    tries_keys: ClassVar[bool] = True

    def __init__(self, app: ScreenConsole) -> None:
        self.app = app

    @property
    def state(self) -> ConsoleState:
        return self.app.state

    def draw_body(self, c: Canvas, state: ConsoleState) -> None:
        """Draw rows 1 to height - 3."""
        raise NotImplementedError

    def foot_actions(self) -> list[Action]:
        """Return the actions at the foot, the most wanted first; impossible ones are drawn dim."""
        return [BY_ID[x] for x in (*self.foot, "board", "undo")]

    def owns(self, action: Action, key: str) -> bool:
        """Return whether a key of the action means it on this screen; a key of the screen itself is not another's there."""
        if action.id in EVERYWHERE and action.group not in self.groups:
            return not any(a.group in self.groups for a in actions_for(key))
        return action.group not in SCREEN_OF_GROUP or action.group in self.groups

    def label(self, action: Action) -> str:
        """Return the words beside a key at the foot."""
        return action.at(self.state.site).label

    def case(self) -> str | None:
        """Return the case for city staff that is chosen here, "" for none; None where no case can be chosen."""
        return None

    def find(self) -> bool:
        """Ask for words to look for; return False if this view has nothing to search."""
        return False

    def takes(self, key: str) -> bool:
        """Take a key that the view answers by itself; return whether it did."""
        return False

    def clicked(self, kind: str, rest: str) -> None:
        """Take a click on something that this view has drawn."""

    def answered(self, what: str) -> None:
        """Take the answer to a question to the file (``state.questions.answers``)."""


class FrameScreen(Screen[None]):
    """The one screen of the console: head line, a view, message line and keys."""

    BINDINGS: ClassVar = []

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view
        self._pressed_at = Offset()  # where the mouse button went down

    def compose(self) -> ComposeResult:
        self.picture = Picture(self.draw, lambda: self.floor_app.palette, self._copying)
        yield self.picture

    @property
    def floor_app(self) -> ScreenConsole:
        return cast(ScreenConsole, self.app)

    @property
    def state(self) -> ConsoleState:
        return self.floor_app.state

    # ---- copying

    def _copying(self) -> AbstractContextManager[Callable[[str], str]]:
        return self.state.day.without_surnames() if self.state.ready else nullcontext(str)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return the picture and the character at a cell, without the marks in each strip that Textual would look for."""
        widget, offset = super().get_widget_and_offset_at(x, y)
        return (widget, self.picture.offset_at(x, y)) if widget is self.picture else (widget, offset)

    def chosen_row(self) -> str:
        """Return the text of the row, or card, on which the cursor stands, with codes in place of surnames; '' for none.

        It is drawn once more, with room for the whole text.
        """
        with self._copying() as copied:
            canvas = Canvas(*_ROOMY)
            self.view.draw_body(canvas, self.state)
        lines = canvas.text(canvas.chosen).splitlines() if canvas.chosen is not None else []
        return copied("  ".join(re.sub(r" {2,}", "  ", line.strip()) for line in lines if line.strip()))

    def copy(self, text: str) -> None:
        """Hand text to the terminal for the PC's clipboard (OSC 52); a terminal without a clipboard ignores it."""
        if not text:
            self.state.line.say("コピーする行がありません（上下の矢印で選んでから）", "warn")
            return
        self.app.copy_to_clipboard(text)
        self.state.line.say(f"コピーしました: {fit(' '.join(text.split()), 40)}", "ok")

    def _copied(self, key: str) -> bool:
        """Take Ctrl+C where the mouse has selected text; every other key drops the selection and goes on."""
        if not self.selections:
            return False
        if key in ("ctrl+c", "super+c"):
            self.copy((self.get_selected_text() or "").strip("\n"))
            return True
        self.clear_selection()
        return False

    def show(self, view: View) -> None:
        """Show another view in place of the present one; if it is the same, show a message."""
        again = type(view) is type(self.view)
        self.view = view
        self.state.line.say(f"{view.heading}の画面です（Esc で盤面）" if again else "")
        self.redraw()

    def on_screen_resume(self) -> None:
        """Go on after a dialog."""
        self.floor_app.dialog_closed()

    def redraw(self) -> None:
        if self.is_mounted:
            self.picture.redraw()

    # ---- drawing

    def draw(self, c: Canvas) -> None:
        state = self.state
        if c.width < LEAST_WIDTH or c.height < LEAST_HEIGHT:
            # Keys work there too, and the views answer them by what they have drawn.
            self.draw(Canvas(LEAST_WIDTH, LEAST_HEIGHT))
            draw_too_small(c)
            return
        draw_head(c, state)
        if state.ready:
            self.view.draw_body(c, state)
        elif state.file.fatal:
            c.put(2, 3, fit(state.file.fatal, c.width - 4), "bad")
        else:
            c.put(2, 3, "ファイルを読んでいます", "dim")
        self._draw_foot(c, state)
        if state.line.notice is not None:
            draw_notice(c, state.line.notice)
        if state.pending.choice is not None:
            state.pending.choice.draw(c)

    def _draw_foot(self, c: Canvas, state: ConsoleState) -> None:
        y = c.height - 2
        if state.looking_back:
            self._draw_past(c, y)
        elif state.pending.typing_backdate is not None:
            text = f"何分前のことですか  {key_of('backdate')}{state.pending.typing_backdate}_ 分   Enter 決める   Esc やめる"
            c.put(1, y, fit(text, c.width - 2), "warn")
        elif state.pending.backdate_min:
            end = c.put(0, y, f" {state.pending.backdate_min}分前として記録 ", "warn_badge")
            c.put(end + 1, y, fit("次の操作をどうぞ   Esc やめる", c.width - end - 2), "text")
        else:
            self._draw_entrance(c, y, self._draw_message(c, y))
        c.fill(0, y + 1, c.width, 1, "bar")
        # Help has a fixed place at the right end.
        room = c.width - self._draw_key(c, c.width, y + 1, BY_ID["help"], to_the_right=False) - 1
        x = 0
        for action in self._foot_actions(room):
            x += self._draw_key(c, x, y + 1, action, room - x)

    def _draw_message(self, c: Canvas, y: int) -> int:
        """Draw the message; one that is too long begins on the rows above. Return the x after its last line."""
        state = self.state
        role = state.line.role if state.line.text else "bad"
        lines = wrap(state.line.text or state.file.fatal, c.width - 2)
        if len(lines) > _MESSAGE_ROWS:
            lines = [*lines[: _MESSAGE_ROWS - 1], fit("".join(lines[_MESSAGE_ROWS - 1 :]), c.width - 2)]
        first, end = y + 1 - len(lines), 1
        for n, line in enumerate(lines):
            if len(lines) > 1:
                c.fill(0, first + n, c.width, 1, "screen")
                c.put(0, first + n, " " * c.width)
            end = c.put(1, first + n, line, role)
        return end

    def _foot_actions(self, room: int) -> list[Action]:
        """Return the first actions of the view that find room, undo always among them if there is any."""
        wanted = [a.at(self.state.site) for a in self.view.foot_actions() if a.id != "help"]
        if self.state.read_only:
            looks = dict.fromkeys((*wanted, *(BY_ID[x].at(self.state.site) for x in _LOOKED_AT)))
            wanted = [a for a in looks if a.looks]
        needs = {a.id: cell_len(a.cap) + cell_len(self.view.label(a)) + 4 for a in wanted}
        kept = [a for a in wanted if a.id == "undo" and not a.why_not(self.state)]
        if kept:
            needs["undo"] = _UNDO_LEAST if room > 60 else _UNDO_LITTLE
        if sum(needs.values()) <= room:
            return wanted
        found, left = [], room - sum(needs[a.id] for a in kept)
        for action in wanted:
            if action not in kept:
                left -= needs[action.id]
                if left < 0:
                    break
                found.append(action)
        return [*found, *kept]

    def _draw_past(self, c: Canvas, y: int) -> None:
        """Draw the whole line in the colour of the past."""
        state = self.state
        c.fill(0, y, c.width, 1, "past")
        text = state.line.text
        past = f"過去の表示 {hms(state.day.now)}"
        if text and cell_len(past) + cell_len(text) + 5 > c.width:
            c.put(1, y, fit(text, c.width - 2), "past")  # the head line has the time, too
            return
        end = c.put(1, y, past, "past")
        if text:
            c.put(end + 3, y, text, "past")
            return
        words = (
            f"記録 {state.day.place()}／{len(state.day.fold)}件",
            "Esc 今に戻る",
            keyed("{past} {future} 1件ずつ"),
            "PageUp PageDown 10分",
        )
        c.groups(end + 3, y, [[(text, "past")] for text in words], c.width - end - 4, 3)

    def _draw_entrance(self, c: Canvas, y: int, end: int) -> None:
        """Draw the line to read aloud at the entrance, at the right, if it finds room."""
        state = self.state
        if not state.ready or state.day.floor.preparing:
            return
        from floorctl.models.board.outlook import entrance_lines

        def lines() -> list[str]:
            coming = {lane: w.arrivals for lane, w in state.forecasts.waits().items()}
            return entrance_lines(
                state.day.floor,
                state.day.flows(),
                state.day.now,
                coming,
                state.day.grounds(),
                state.forecasts.foreseen(),
            )

        fitting = [x for x in state.day.once("entrance", lines) if end + cell_len(x) + 3 <= c.width]
        if fitting:
            c.right(c.width - 1, y, fitting[0], "text")

    def _draw_key(self, c: Canvas, x: int, y: int, action: Action, room: int = 0, *, to_the_right: bool = True) -> int:
        """Draw a key and its label; return the cells that they take."""
        cap, label = f" {action.cap} ", self.view.label(action)
        if action.id == "undo":
            label = self._undo_label(label, room - cell_len(cap) - 2)
        width = cell_len(cap) + cell_len(label) + 2
        start = x if to_the_right else x - width
        possible = not action.why_not(self.state)
        end = c.put(start, y, cap, "key" if possible else "dim")
        c.put(end + 1, y, label, "text" if possible else "dim")
        c.target(start, y, width, 1, f"action:{action.id}")
        return width

    def _undo_label(self, label: str, room: int) -> str:
        """Return the label of the undo key: the act that it retracts."""
        state = self.state
        act = state.day.last_act() if state.ready and not state.day.act_stays() else []
        if not act:
            return label
        from floorctl.models.board.fact_sentence import subject
        from floorctl.models.facts.fact import free_texts

        # Places that are taken by the plan are that plan, not the first of them.
        fact, site = next((e.fact for e in act if e.kind == "posts.planned"), act[0].fact), state.day.floor.site
        sentence, more = fact.sentence(site), more_word(len(act) - 1)
        texts = [str(getattr(fact, name)) for name in free_texts(fact.kind)]
        typed = next((t for t in texts if t and sentence.endswith(t)), "")
        words = [label, *subject(fact, site).split(), *sentence.removesuffix(typed).split()]
        room = min(room, _UNDO_MOST) - cell_len(more)
        while len(words) > 1 and cell_len(" ".join(words)) > room:
            words, typed = words[:-1], ""
        left = room - cell_len(" ".join(words)) - 1
        if typed and left >= min(cell_len(typed), _UNDO_TEXT):
            words.append(fit(typed, left))
        return " ".join(words) + more if len(words) > 1 else label

    # ---- keys and mouse

    def on_key(self, event: events.Key) -> None:
        key = event.character if event.character and event.character.isprintable() else event.key
        event.prevent_default()
        event.stop()
        refused, self.state.pending.refused = self.state.pending.refused, False
        if self.state.looking_back:
            self.state.line.say("")  # the line belongs to this key now
        if (
            self._copied(event.key)
            or self._heard(key)
            or self._answered(key)
            or self._typed_backdate(key)
            or self._undated(key)
        ):
            self.redraw()
            return
        if refused and key == "enter":
            self.state.line.say("何も選んでいません（矢印か、ある番号で選んでから Enter）", "warn")
            self.redraw()
            return
        if self.view.takes(key) or self._travelled(key):
            self.redraw()
            return
        candidates = [a for a in actions_for(key) if self.view.owns(a, key)]
        if not candidates:
            self.state.line.say(self._no_action(key, event.key), "dim")
            self.state.pending.refused = key.isdigit()
            self.redraw()
            return
        able = [a for a in candidates if not a.why_not(self.state)]
        # Where nothing is recorded the one that would be meant is refused by its own name.
        meant = able or [a for a in candidates if not a.why(self.state)] or candidates
        self.floor_app.perform(meant[0].id)

    def _no_action(self, key: str, name: str) -> str:
        """Return why a key does nothing here: no key is silent."""
        if name in ("ctrl+c", "ctrl+z"):
            return "終えるには Ctrl+Q"
        if not self.state.ready:
            return "まだファイルを読んでいます"
        elsewhere = actions_for(key)
        if elsewhere:
            return f"{key_name(key)} は{screen_of(elsewhere[0].group)}の操作です（{elsewhere[0].label}）"
        return f"{key_name(key)} には操作がありません（F1 で操作一覧）"

    def _heard(self, key: str) -> bool:
        """Take Esc for the notice, where nothing else is asked; every other key goes on as it is."""
        state = self.state
        if key != "escape" or state.line.notice is None or state.pending.choice is not None or state.looking_back:
            return False
        state.line.notice = None
        return True

    def _answered(self, key: str) -> bool:
        """Take every key while a choice is open."""
        choice = self.state.pending.choice
        if choice is None:
            return False
        answer = choice.key(key)
        if answer is not None or key == "escape":
            self.state.pending.choice = None
            if self.state.line.role == "warn":
                self.state.line.say("")
        elif key == "enter":
            self.state.line.say("何も選んでいません（質問に示したキーか矢印で選びます。Esc でやめます）", "warn")
        elif choice.refused:
            self.state.line.say(
                f"{key_name(key)} の答えはありません（質問に示したキーで答えるか、Esc でやめます）", "warn"
            )
        if self.state.pending.choice is None:
            choice.answer(answer)
        return True

    def _travelled(self, key: str) -> bool:
        """Take the keys of the past view: Esc and End return to now, the page keys go by ten minutes; PageUp begins it, too."""
        state = self.state
        if not state.looking_back and (key != "pageup" or not state.ready):
            return False
        if key in ("escape", "end"):
            state.day.look_now()
        elif key not in ("pageup", "pagedown"):
            return False
        elif not state.look_by_time(-10 if key == "pageup" else 10):
            state.line.say("これより前の記録はありません", "warn")
            return True
        state.line.say("今の表示に戻りました" if not state.looking_back else "")
        return True

    def _undated(self, key: str) -> bool:
        """Take Esc for the minutes that were typed for the next act, and for nothing else with them."""
        if key != "escape" or not self.state.pending.backdate_min:
            return False
        self.state.pending.backdate_min = 0
        self.state.line.say("次の操作は今のこととして記録します")
        return True

    def _typed_backdate(self, key: str) -> bool:
        """Take the minutes after ``-``: digits, then Enter (or the next action's key)."""
        state = self.state
        if state.pending.typing_backdate is None:
            return False
        if key.isascii() and key.isdigit() and len(state.pending.typing_backdate) < 3:
            state.pending.typing_backdate += key
            return True
        typed, state.pending.typing_backdate = state.pending.typing_backdate, None
        if key == "backspace" and typed:
            state.pending.typing_backdate = typed[:-1]
            return True
        state.pending.backdate_min = int(typed or 0) if key != "escape" else 0
        return key in ("escape", "enter")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._pressed_at = event.offset

    def on_click(self, event: events.Click) -> None:
        if not self.is_active:  # a dialog has been opened since
            return
        if self.selections:
            (x, y), (from_x, from_y) = event.offset, self._pressed_at
            if y != from_y or abs(x - from_x) > 1:
                return  # the mouse has selected text
            self.clear_selection()  # the hand has trembled
        meaning = self.picture.meaning_at(event.x, event.y)
        state = self.state
        if state.looking_back:
            state.line.say("")
        if state.pending.typing_backdate is not None:
            state.pending.backdate_min, state.pending.typing_backdate = int(state.pending.typing_backdate or 0), None
        kind, _, rest = (meaning or "").partition(":")
        choice = state.pending.choice
        if choice is not None:
            # What was drawn last may have been another question's box.
            answer = choice.clicked(int(rest)) if kind == "choice" and int(rest) < len(choice.options) else None
            if meaning is None or answer is not None:
                state.pending.choice = None
                choice.answer(answer)
        elif meaning is None:
            pass
        elif kind == "action":
            self.floor_app.perform(rest)
        else:
            self.view.clicked(kind, rest)
        self.redraw()

"""Step 照合 of the closing: the counts of terminals and registers, typed straight into the rows, against the records."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len

from floorctl.common.action_keys import key_of
from floorctl.console.state import ConsoleState
from floorctl.documents.day.record import Tie
from floorctl.screens.asking import Ask, by_rule, may_write, send
from floorctl.screens.closing.steps import TITLE_ROW, Step
from floorctl.screens.drawing.canvas import Canvas, Span, fit, pad
from floorctl.screens.drawing.panel import Line, hints
from floorctl.screens.drawing.rows import Words, apart, lay_lines, lay_rows
from floorctl.screens.results.day_record import end_of_day

_DIGITS = 5  # most of a count
_LEAST_WIDE = 66  # cells from which the registers and reasons have a column
_WIDE, _SHORT = 28, 21  # cells for the name of an item; one that is longer stands there by its short name


class TiesStep(Step):
    """照合: work items with the recorded count, the count of the register, and their difference."""

    code, name = "ties", "照合"
    hint = "台帳・端末の件数を入力して {close_enter}。差は理由を書くか、記録に足します"
    foot = ("close_enter", "close_same", "close_edit", "close_adopt", "close_drop")
    labels: ClassVar[dict[str, str]] = {"close_enter": "入れる", "close_edit": "差の理由", "close_drop": "消す"}

    typed = ""

    def ties(self, state: ConsoleState) -> list[Tie]:
        """Return the items grouped by register, as they are read from it."""
        ties = end_of_day(state).record.ties
        ledgers = list(dict.fromkeys(t.ledger for t in ties))
        return sorted(ties, key=lambda t: ledgers.index(t.ledger))

    def word(self, state: ConsoleState) -> Span:
        ties = end_of_day(state).record.ties
        unread = sum(t.read is None for t in ties)
        differing = sum(bool(t.difference) and not t.note for t in ties)
        if unread:
            return f"未 {unread}", "warn"
        return (f"差 {differing}件", "warn") if differing else ("済", "ok")

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        ties = self.ties(state)
        if not ties:
            lay_lines(c, [[("会場設定に、突き合わせる台帳がありません", "dim")]], x, y, width)
            return
        self.at = min(self.at, len(ties) - 1)
        wide = width >= _LEAST_WIDE
        name_w = _WIDE if wide else _SHORT
        titles = [pad("項目", name_w), *(pad(word, 6, right=True) for word in ("記録", "台帳", "差"))]
        lay_lines(c, [Line([(" ".join(titles), "dim"), 2, *hints("台帳・差の理由" if wide else "")])], x, y, width)
        items = state.day.floor.site.work_item_by_code

        def row(n: int) -> Words:
            tie, item, chosen = ties[n], items[ties[n].item], n == self.at
            name = item.name if wide and cell_len(item.name) <= name_w else item.short
            read = ("-" if tie.read is None else f"{tie.read:,}", "text")
            if chosen and self.typed:
                read = (f"{self.typed}_", "warn")
            # The register's name once; on the row in hand it is always seen.
            ledger = tie.ledger if chosen or not n or tie.ledger != ties[n - 1].ledger else ""
            figures = [(f"{tie.recorded:,}", "text" if tie.recorded else "dim"), read, self._difference(tie)]
            return apart(
                [
                    (pad(name, name_w), "strong" if chosen else "text"),
                    *((pad(text, 6, right=True), role) for text, role in figures),
                    ("", "text"),
                    (tie.note, "text") if tie.note and wide else (ledger if wide else "", "dim"),
                ]
            )

        # Beside the list of steps there is no room for the registers: that of the row in hand stands under the rows.
        under = 0 if wide else 2
        if lay_rows(c, len(ties), self.at, row, x, y + 1, width, rows - 1 - under, after=0):
            c.right(x + width, TITLE_ROW, f"{self.at + 1}／{len(ties)}", "dim")
        if under:
            tie = ties[self.at]
            said = f"{items[tie.item].name}  台帳 {tie.ledger}" + (f"  差の理由 {tie.note}" if tie.note else "")
            lay_lines(c, [[(fit(said, width), "dim")]], x, y + min(rows - 1, len(ties) + 2), width)

    @staticmethod
    def _difference(tie: Tie) -> Span:
        if tie.difference is None:
            return "未", "dim"
        if not tie.difference:
            return "一致", "ok"
        return f"{tie.difference:+,}", "text" if tie.note else "bad"

    # ---- keys

    def opened(self) -> None:
        self.typed = ""
        ties = self.ties(self.state)
        self.at = next((n for n, t in enumerate(ties) if t.read is None), 0)

    def takes(self, key: str) -> bool:
        if not self.ties(self.state):
            return False
        if key.isascii() and key.isdigit():
            if len(self.typed) >= _DIGITS:
                self.state.refuse(f"{self.typed} までで{_DIGITS}桁です（入力し直すときは Backspace）")
            elif may_write(self.app):
                self.typed = (self.typed + key).lstrip("0") or "0"
            return True
        if key == "backspace":
            self.typed = self.typed[:-1]
            return True
        before = self.at
        if not self.move(key, len(self.ties(self.state))):
            return False
        if self.typed and self.at != before:
            self.state.line.say(f"{self.typed} は入れていません（数字のあと Enter で入ります）", "warn")
            self.typed = ""
        return True

    def enter(self) -> bool:
        ties = self.ties(self.state)
        if not ties:
            return True
        tie = ties[self.at]
        if not self.typed:
            return self._on()
        count, self.typed = int(self.typed), ""
        difference = count - tie.recorded
        fields = {"item": tie.item, "count": count, "note": tie.note if count == tie.read else ""}
        if not difference:
            send(self.app, f"{self._name(tie)} {tie.ledger} {count}件 一致", "total.read", fields)
            return self._on()
        # The cursor stays: what is to be done with a difference is done here.
        text = f"{self._name(tie)} 差 {difference:+d}件（{key_of('close_edit')} 理由  {key_of('close_adopt')} 記録に足す  Enter 問題点に入れる）"
        send(self.app, text, "total.read", fields)
        return False

    def _on(self) -> bool:
        """Go to the next row, from the last to the first that was not read; return whether the next step follows."""
        ties = self.ties(self.state)
        here, self.at = self.at, self.at + 1
        if self.at < len(ties):
            return False
        self.at = next((n for n, t in enumerate(ties) if t.read is None and n != here), here)
        return self.at == here

    def _name(self, tie: Tie) -> str:
        return self.state.day.floor.site.work_item_by_code[tie.item].short

    def do(self, what: str) -> bool:
        ties = self.ties(self.state)
        if what == "same" and ties:
            self.typed = ""
            self.app.start(self._same(Ask(self.app), ties))
            return True
        if what not in ("edit", "adopt", "drop") or not ties:
            return False
        tie, name = ties[self.at], self._name(ties[self.at])
        self.typed = ""
        if tie.read is None:
            self.state.line.say(f"{name} はまだ件数を入れていません（数字と Enter）", "warn")
        elif what == "drop":
            send(self.app, f"{name} の台帳の件数を消しました", "total.read", {"item": tie.item, "count": None})
        elif not tie.difference:
            self.state.line.say(f"{name} は一致しています")
        elif what == "adopt":
            count = tie.difference
            label = f"{name} {count:+d}件 を記録に足しました（台帳に合わせる）"
            send(self.app, label, "work.counted", {"item": tie.item, "count": count})
        else:
            self.app.start(self._explain(Ask(self.app), tie, name))
        return True

    async def _same(self, ask: Ask, ties: list[Tie]) -> None:
        """Record for every item that was not read that the register says the same, as one act."""
        unread = [t for t in ties if t.read is None]
        if not unread:
            self.state.line.say("台帳の件数はすべて入っています")
            return
        options = [("no", "いいえ（1つずつ入れる）"), ("yes", f"{len(unread)}項目とも台帳と同じ")]
        counted = [t for t in unread if t.recorded]
        prompt = "、".join(f"{self._name(t)} {t.recorded}件" for t in counted[:6]) + ("ほか" if counted[6:] else "")
        if await ask.choice("台帳・端末を見ましたか", options, prompt or "どれも記録は0件です") == "no":
            return
        wishes = [("total.read", {"item": t.item, "count": t.recorded}) for t in unread]
        await ask.record_all(f"{len(unread)}項目 台帳と同じ", by_rule(wishes))

    async def _explain(self, ask: Ask, tie: Tie, name: str) -> None:
        what = f"記録 {tie.recorded}件  {tie.ledger} {tie.read}件  差 {tie.difference:+d}件"
        note = await ask.text(f"{name} の差の理由", what, value=tie.note)
        fields = {"item": tie.item, "count": tie.read, "note": note}
        await ask.record(f"{name} の差の理由を書きました", "total.read", fields)
        self._on()

    def clicked(self, kind: str, rest: str) -> None:
        if kind == "row" and int(rest) != self.at:
            self.at, self.typed = int(rest), ""

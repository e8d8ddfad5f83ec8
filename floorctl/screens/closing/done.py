"""F9 after the close: its time, the edition of the report, the documents written, the next deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.common.action_keys import key_of, keyed
from floorctl.common.errors import on_console
from floorctl.common.words import BLANK, hm, short_day
from floorctl.console.offered_keys import offered
from floorctl.console.state import ConsoleState
from floorctl.screens.closing.preview import Line, PageStep
from floorctl.screens.drawing.canvas import Canvas
from floorctl.screens.drawing.rows import hung, lay_lines
from floorctl.screens.results.day_record import end_of_day
from floorctl.usecases.closing import unanswered

if TYPE_CHECKING:
    from floorctl.usecases.closing import Closed


CLOSED = "closed"  # the question to the engine: ConsoleState.answers


class DonePage(PageStep):
    """Closed day, with the report under it."""

    foot = ("close_export", "close_reopen", "duties")
    counted = False

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        end = y + rows
        y = lay_lines(c, self._said(state, width), x, y, width, max(4, rows - 4)) + 1
        self.lay_page(c, state, x, y, width, end - y)

    def _said(self, state: ConsoleState, width: int) -> list[Line]:
        floor, record = state.day.floor, end_of_day(state).record
        assert floor.report_closed_at is not None
        done: Closed | None = state.questions.answers.get(CLOSED)
        lines: list[Line] = [
            [("締めました", "ok"), (f"  {hm(floor.report_closed_at)}  第{record.revision}版", "strong")],
            [],
        ]

        missing = done.unanswered if done is not None else unanswered(record)
        if CLOSED in state.questions.asked:
            lines.append([("書き出しています", "warn")])
        elif done is None:
            lines.append(
                [("文書  ", "dim"), (offered(state, "{close_export} で書き出すと、どこに何を書いたかが出ます"), "text")]
            )
        else:
            lines += self._written(done, width)
        due = self._due(state)
        if due:
            lines.append([("期限  ", "dim"), (due, "strong")])
        if missing:
            lines += hung(f"{BLANK}  ", "warn", "、".join(missing), width)
        for note in done.notes if done is not None else ():
            lines += hung("注意  ", "warn", on_console(note), width)
        return lines

    @staticmethod
    def _written(done: Closed, width: int) -> list[Line]:
        lines: list[Line] = []
        if done.trouble is not None:
            lines += hung("不具合 ", "bad", done.trouble.on_screen, width)
            lines.append(
                [(keyed("       締めは済んでいます。直してから {close_export} でもう一度書き出してください"), "text")]
            )
        if done.paths:
            folder = done.paths[0].parent
            names = [str(p.relative_to(folder)) if p.is_relative_to(folder) else str(p) for p in done.paths]
            top = [n for n in names if "/" not in n and "\\" not in n]
            rest = len(names) - len(top)
            lines.append([("文書  ", "dim"), ("、".join(top) + (f"、csv {rest}件" if rest else ""), "text")])
            lines += hung("      ", "dim", str(folder), width, said="dim")
        if done.backup is not None:
            lines += hung("控え  ", "dim", str(done.backup), width, said="text", more="dim")
        return lines

    @staticmethod
    def _due(state: ConsoleState) -> str:
        """Return the deadline of this day's report, as F8 has it."""
        own = next(
            (d for d in state.day.duties() if d.duty == "daily_report" and d.key == str(state.day.floor.day)), None
        )
        if own is None:
            return ""
        if own.submitted_on is not None:
            return f"日次報告書は {short_day(own.submitted_on)} に提出済みです"
        return f"日次報告書（{own.about}）の提出期限は {short_day(own.due)}（提出したら {key_of('duties')}）"

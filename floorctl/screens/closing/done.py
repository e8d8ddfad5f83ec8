"""What F9 shows of a day whose report is closed: when, which edition, what was written where, what is due next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from floorctl.common.words import BLANK, WEEKDAYS, hm
from floorctl.console.state import ConsoleState
from floorctl.screens.closing.preview import MOST_WIDTH, Line, draw_page, report_lines
from floorctl.screens.closing.steps import Step
from floorctl.screens.drawing.canvas import Canvas, wrap
from floorctl.screens.results.day_record import end_of_day
from floorctl.usecases.closing import unanswered

if TYPE_CHECKING:
    from floorctl.usecases.closing import Closed


def on(day: date) -> str:
    """A date as the screen writes it: 9/24（木）."""
    return f"{day.month}/{day.day}（{WEEKDAYS[day.weekday()]}）"


CLOSED = "closed"  # the question to the engine: ConsoleState.answers


class DonePage(Step):
    """The closed day, the report under it to be read again."""

    foot = ("close_export", "close_reopen", "duties")
    most = 0

    def draw(self, c: Canvas, state: ConsoleState, x: int, y: int, width: int, rows: int) -> None:
        said = self._said(state, width)
        kept = said[: max(4, rows - 8)]
        for n, line in enumerate(kept):
            c.spans(x, y + n, line, width)
        y, rows = y + len(kept) + 1, rows - len(kept) - 1
        sheet = min(width, MOST_WIDTH)
        record, site = end_of_day(state).record, state.day.floor.site
        page = state.day.once(f"report page {sheet - 4}", lambda: report_lines(record, site, sheet - 4), by_time=False)
        self.most = max(0, len(page) - rows)
        self.at = min(self.at, self.most)
        draw_page(c, page, self.at, x, y, sheet, rows)

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
            lines.append([("文書  ", "dim"), ("p で書き出すと、どこに何を書いたかが出ます", "text")])
        else:
            lines += self._written(done, width)
        due = done.next_due if done is not None and done.next_due else self._due(state)
        if due:
            lines.append([("期限  ", "dim"), (due, "strong")])
        if missing:
            lines.append([(f"{BLANK}  ", "warn"), ("、".join(missing), "text")])
        for note in done.notes if done is not None else ():
            lines += [
                [("注意  " if not n else "      ", "warn"), (p, "text")] for n, p in enumerate(wrap(note, width - 6))
            ]
        return lines

    @staticmethod
    def _written(done: Closed, width: int) -> list[Line]:
        lines: list[Line] = []
        if done.trouble is not None:
            lines += [[("不具合 " if not n else "       ", "bad"), (p, "text")] for n, p in enumerate(wrap(done.trouble.sentence, width - 7))]  # fmt: skip
            lines.append([("       締めは済んでいます。直してから p でもう一度書き出してください", "text")])
        if done.paths:
            folder = done.paths[0].parent
            names = [str(p.relative_to(folder)) if p.is_relative_to(folder) else str(p) for p in done.paths]
            top = [n for n in names if "/" not in n and "\\" not in n]
            rest = len(names) - len(top)
            lines.append([("文書  ", "dim"), ("、".join(top) + (f"、csv {rest}件" if rest else ""), "text")])
            lines += [[("      ", "dim"), (part, "dim")] for part in wrap(str(folder), width - 6)]
        if done.backup is not None:
            lines += [[("控え  " if not n else "      ", "dim"), (part, "dim" if n else "text")] for n, part in enumerate(wrap(str(done.backup), width - 6))]  # fmt: skip
        return lines

    @staticmethod
    def _due(state: ConsoleState) -> str:
        """When this day's report is due, as F8 has it."""
        own = next(
            (d for d in state.day.duties() if d.duty == "daily_report" and d.key == str(state.day.floor.day)), None
        )
        if own is None:
            return ""
        if own.submitted_on is not None:
            return f"日次報告書は {on(own.submitted_on)} に提出済みです"
        return f"日次報告書（{own.about}）の提出期限は {on(own.due)}（提出したら F8）"

    def takes(self, key: str) -> bool:
        return self.move(key, self.most + 1)

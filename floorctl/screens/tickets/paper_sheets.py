"""Sheets of paper as they are typed: columns of the printed 紙の運用票, the meaning of each key, the resulting facts.

Drawn by paper.py, printed by documents/day/paper_sheets_xlsx.py. A digit goes into its field, and a full field goes on
to the next by itself. Of a time the minutes are enough: the hour goes on from the line above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from floorctl.commands.paper import ENDS, Paper, TicketLine
from floorctl.common.clock import JST
from floorctl.models.day.floor import Floor
from floorctl.models.day.paper_keys import open_tickets, paper_hours, service_keys, terminal_keys
from floorctl.models.day.ticket import Ticket
from floorctl.models.facts.own_numbers import HandNumbers, Numbers
from floorctl.models.site.hall import Lane, WorkItem
from floorctl.models.site.site import Site

FIELDS = ("number", "service", "terminal", "issued", "called", "finished", "end", "cards")
MOVE_FIELDS = ("terminal", "lane", "at")
_TIMES = ("issued", "called", "finished", "at")
# Who gave out numbers may have written two lines in the wrong order: so far back is no next hour.
_SWAPPED = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


def minutes_after(text: str, base: datetime, *, swapped: bool = False) -> datetime | None:
    """Return the first such minute from ``base`` on ("05"); each dot before it is an hour more. None where it is not whole."""
    digits = text.lstrip(".")
    if len(digits) != 2 or int(digits) > 59:
        return None
    at = base.replace(minute=int(digits), second=0, microsecond=0)
    if at < base.replace(second=0, microsecond=0) and not (swapped and base - at <= _SWAPPED):
        at += _HOUR
    return at + _HOUR * text.count(".")


@dataclass
class Cells:
    """A line as it is typed: text by field. ``held``: the number that was there before the paper."""

    typed: dict[str, str] = field(default_factory=dict)
    held: Ticket | None = None

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    @property
    def empty(self) -> bool:
        return not any(v for k, v in self.typed.items() if k != "number")


class Sheet:
    """A sheet with a cursor. Its lines grow as they are typed."""

    fields: tuple[str, ...] = ()
    first = 0  # the field at which a line begins
    last = 0  # the last field of which every line has something

    def __init__(self) -> None:
        self.rows: list[Cells] = [Cells()]
        self.row, self.at = 0, self.first

    @property
    def cells(self) -> Cells:
        return self.rows[self.row]

    @property
    def field(self) -> str:
        return self.fields[self.at]

    def filled(self) -> list[Cells]:
        return [r for r in self.rows if not r.empty]

    def takes_digit(self, name: str, text: str) -> str:
        """Return why a field cannot take ``text``; '' if it can (so far)."""
        raise NotImplementedError

    def full(self, name: str) -> bool:
        """Return whether a field is full."""
        return len(self.cells[name].lstrip(".")) == (2 if name in _TIMES else 1)

    def type(self, char: str) -> str:
        """Take a digit, or a dot before minutes; return the refusal in words, '' where it was taken."""
        name = self.field
        held = "" if self.full(name) else self.cells[name]
        if char == "." and (name not in _TIMES or held.strip(".")):
            return "「.」は時刻の前で、1時間あとのことです"
        why = self.takes_digit(name, held + char)
        if why:
            return why
        self.cells.typed[name] = held + char
        if self.full(name):
            self.go_on()
        return ""

    def go_on(self) -> None:
        """Go to the next field, or to the next line after the last field that every line has."""
        if self.at == self.last or self.at == len(self.fields) - 1 or self.field == "end":
            self.next_row()
        else:
            self.at += 1

    def begins_at(self) -> int:
        """Return the field at which the line under the cursor begins."""
        return self.first

    def next_row(self) -> None:
        if self.row + 1 == len(self.rows):
            self.rows.append(Cells())
        self.row += 1
        self.at = self.begins_at()

    def erase(self) -> None:
        """Erase the last character, or go back to the field before."""
        held = self.cells[self.field]
        if held:
            self.cells.typed[self.field] = held[:-1]
        else:
            self.back()

    def back(self) -> None:
        """Go to the field before; from the first one to the end of the line above (結果)."""
        if self.at > self.begins_at():
            self.at -= 1
        elif self.row:
            self.row, self.at = self.row - 1, min(self.last + 1, len(self.fields) - 1)

    def forward(self) -> None:
        self.at = min(self.at + 1, len(self.fields) - 1)

    def up_down(self, step: int) -> None:
        self.row = max(0, min(self.row + step, len(self.rows) - 1))
        self.at = max(self.at, self.begins_at())


class TicketSheet(Sheet):
    """番号札 of a lane. ``start``: time from which the first line's minutes count; ``hand``: its unused numbers."""

    fields = FIELDS
    last = FIELDS.index("finished")

    def __init__(self, floor: Floor, lane: Lane, start: datetime, hand: HandNumbers) -> None:
        site = floor.site
        self.lane, self.start, self._hand = lane, start, hand
        self.services = {k: s for k, s in service_keys(site).items() if s.lane == lane.code}
        self.terminals = terminal_keys(site, lane.code)
        self.first = FIELDS.index("terminal" if len(self.services) == 1 else "service")
        super().__init__()
        self.rows = [*(Cells(held=t) for t in open_tickets(floor, lane.code)), Cells()]
        self.at = self.begins_at()

    def begins_at(self) -> int:
        """Return the first field to type: a number from before the paper needs only the additions."""
        held = self.cells.held
        return self.first if held is None else FIELDS.index("terminal" if held.state == "waiting" else "finished")

    def go_on(self) -> None:
        """Go to the next field; skip the issue of a number from before the paper, which has one."""
        super().go_on()
        if self.cells.held is not None and self.field == "issued":
            self.at += 1

    def full(self, name: str) -> bool:
        return name not in ("number", "cards") and super().full(name)

    def takes_digit(self, name: str, text: str) -> str:
        if name == "service" and text not in self.services:
            words = "  ".join(f"{k} {s.short}" for k, s in self.services.items())
            return f"この列の業務ではありません（{words}）"
        if name == "terminal" and text not in self.terminals:
            return f"この列の端末ではありません（{'  '.join(f'{k} {t}' for k, t in self.terminals.items())}）"
        if name == "end" and text not in "12345"[: len(ENDS)]:
            return "結果は 1 完了 2 未了 3 3番窓口 4 不在 5 帰宅"
        if name in ("number", "cards") and len(text) > 3:
            return "3桁までです"
        if name in _TIMES and len(text.lstrip(".")) == 1 and text[-1:] > "5" and text[-1:] != ".":
            return "分は 00 から 59 です（10:05 なら 05）"
        return ""

    def number(self, row: int) -> str:
        """Return the number of a line: typed in it, or counted on from the one above; "" where none is left."""
        if row < len(self.rows) and (held := self.rows[row].held) is not None:
            return held.number
        n: int | None = None
        for k in range(row + 1):
            cells = self.rows[k] if k < len(self.rows) else None
            if cells is not None and cells.held is not None:
                continue
            typed = cells["number"] if cells is not None else ""
            n = int(typed) if typed else self._hand.after(n)
            if n is None:
                return ""
        return self._hand.text(n) if n is not None else ""

    def lines(self) -> list[TicketLine]:
        """Return the lines of the sheet in its order, without empty ones."""
        found, about = [], self.start
        for row, cells in enumerate(self.rows):
            if cells.empty:
                continue
            line = self._line(row, cells, about) if cells.held is None else self._held(cells, cells.held)
            about = about if cells.held is not None else line.issued_at or about
            found.append(line)
        return found

    def _line(self, row: int, cells: Cells, about: datetime) -> TicketLine:
        issued = minutes_after(cells["issued"], about, swapped=True)
        called = minutes_after(cells["called"], issued or about)
        finished = minutes_after(cells["finished"], called or issued or about)
        service = self.services.get(cells["service"]) or next(iter(self.services.values()))
        return TicketLine(
            self.number(row),
            service.code,
            about,
            self.terminals.get(cells["terminal"]),
            issued,
            called,
            finished,
            ENDS[int(cells["end"] or 1) - 1],
            int(cells["cards"] or 1) or 1,
        )

    def _held(self, cells: Cells, t: Ticket) -> TicketLine:
        called = t.called_at if t.state == "serving" else minutes_after(cells["called"], self.start)
        return TicketLine(
            t.number,
            t.service or "",
            self.start,
            t.terminal if t.state == "serving" else self.terminals.get(cells["terminal"]),
            t.issued_at,
            called,
            minutes_after(cells["finished"], max(self.start, called or self.start)),
            ENDS[int(cells["end"] or 1) - 1],
            t.cards,
            t.state,
        )

    def shown(self) -> dict[int, TicketLine]:
        """Return the typed lines by their row."""
        rows = [row for row, cells in enumerate(self.rows) if not cells.empty]
        return dict(zip(rows, self.lines(), strict=True))


class MoveSheet(Sheet):
    """配分変更: terminal, lane, minutes."""

    fields = MOVE_FIELDS
    last = len(MOVE_FIELDS) - 1

    def __init__(self, site: Site, start: datetime) -> None:
        self.start = start
        movable = [t for t in site.terminals if len(t.lanes) > 1]
        self.terminals = {str(n): t.code for n, t in enumerate(movable[:9], 1)}
        self.lanes = {str(n): lane.code for n, lane in enumerate(site.lanes, 1) if lane.code in site.movable_lanes}
        super().__init__()

    def takes_digit(self, name: str, text: str) -> str:
        if name == "terminal" and text not in self.terminals:
            return f"列を移る端末ではありません（{' '.join(self.terminals.values())}）"
        if name == "lane" and text not in self.lanes:
            return "その列には移せません（列の番号は紙の上にあります）"
        if name == "at" and len(text.lstrip(".")) == 1 and text[-1:] > "5" and text[-1:] != ".":
            return "分は 00 から 59 です（10:05 なら 05）"
        return ""

    def times(self) -> list[datetime | None]:
        found, about = [], self.start
        for cells in self.rows:
            at = minutes_after(cells["at"], about, swapped=True)
            about = at or about
            found.append(at)
        return found

    def moves(self) -> tuple[tuple[datetime, str, str], ...]:
        """Return the complete lines; a line without a time has that of the line above."""
        found, about = [], self.start
        for cells, at in zip(self.rows, self.times(), strict=True):
            about = at or about
            if cells["terminal"] and cells["lane"]:
                found.append((about, self.terminals[cells["terminal"]], self.lanes[cells["lane"]]))
        return tuple(found)


class CountSheet(Sheet):
    """件数: the work items by the hours of the printed sheet; a column is typed downwards."""

    def __init__(self, floor: Floor, hours: list[int], start: datetime) -> None:
        site = floor.site
        self.items: list[WorkItem] = [w for lane in site.lanes for w in site.work_items if w.lane == lane.code]
        self.hours, self.day = hours, floor.day
        self.fields = tuple(str(h) for h in hours)
        super().__init__()
        self.rows = [Cells() for _ in self.items]
        self.at = hours.index(start.hour) if start.hour in hours else 0

    def full(self, name: str) -> bool:
        return False

    def takes_digit(self, name: str, text: str) -> str:
        return "3桁までです" if len(text) > 3 else ""

    def next_row(self) -> None:
        self.row = (self.row + 1) % len(self.rows)

    def back(self) -> None:
        self.at = max(0, self.at - 1)

    def counts(self, now: datetime) -> tuple[tuple[datetime, str, int], ...]:
        """Return each count at the end of its hour, or now if the hour has not ended."""
        found = []
        for item, cells in zip(self.items, self.rows, strict=True):
            for hour in self.hours:
                n = int(cells[str(hour)] or 0)
                if n:
                    end = datetime.combine(self.day, time(hour, 59, 59), JST)
                    found.append((min(end, now), item.code, n))
        return tuple(found)


class Sheets:
    """All sheets of the paper, and the one on the screen.

    One a lane that has a service; the tally where the site counts work, the moves where a terminal can move.
    """

    def __init__(self, floor: Floor, used: Numbers, now: datetime) -> None:
        """Make empty sheets. ``used``: ticket numbers of the day, retracted ones included."""
        site = floor.site
        tickets = [e for e in floor.entries if e.kind.startswith("ticket.") and e.key not in floor.retracted]
        opened = floor.opened_at or now
        self.start = max(opened, tickets[-1].fact.at) if tickets else opened
        self.start = self.start.replace(second=0, microsecond=0)
        served = {s.lane for s in site.services}
        self.lanes = [
            TicketSheet(floor, x, self.start, HandNumbers(used, x.letter)) for x in site.lanes if x.code in served
        ]
        self.counts = CountSheet(floor, paper_hours(site), self.start)
        self.moves = MoveSheet(site, self.start)
        self.at = 0

    @property
    def all(self) -> list[Sheet]:
        return [*self.lanes, *([self.counts] if self.counts.items else []), *([self.moves] if self.moves.lanes else [])]

    @property
    def sheet(self) -> Sheet:
        return self.all[self.at]

    @property
    def empty(self) -> bool:
        return not any(sheet.filled() for sheet in self.all)

    def begin_at(self, start: datetime) -> None:
        """Set the time from which the minutes of each sheet's first line count."""
        self.start = start
        self.moves.start = start
        for sheet in self.lanes:
            sheet.start = start

    def paper(self, now: datetime) -> Paper:
        return Paper(
            tuple(line for sheet in self.lanes for line in sheet.lines()), self.moves.moves(), self.counts.counts(now)
        )

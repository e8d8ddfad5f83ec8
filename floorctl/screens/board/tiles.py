"""Tiles of the board: a terminal each, with its code and its state in a word at every size."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from rich.cells import cell_len

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import minutes_word
from floorctl.common.words import AT_CITY, TERMINAL_STATES, hm
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.remarks import remark_words
from floorctl.models.board.told import busy_untold, untold_word
from floorctl.models.day.terminal import TerminalState
from floorctl.screens.board.lanes import LaneFacts, short_name
from floorctl.screens.board.loans import LoanWords, loan_words
from floorctl.screens.drawing.canvas import Span, fit, pad, tail, wrap
from floorctl.screens.drawing.panel import Line, Piece, cells

TILE_ROWS = 6  # of a lane that is drawn with cards
_CARD_WIDTH, _LINE_WIDTH = 11, 12  # least cells of a card, and of a tile of one line: code and state in a word
_STATE_BADGES = {"free": "free_badge", "failed": "bad_badge", "paused": "off_badge", "unstaffed": "off_badge"}
_STATE_ROLES = {"free": "ok", "failed": "bad", "paused": "dim", "unstaffed": "dim"}
_STATE_WIDTH, _WHO_WIDTH, _NUMBER_WIDTH = 7, 7, 8  # columns of a tile of one line
_NAME_WIDTH = 10  # cells of a name on a card
_MAY_BE_LENT = "応援可"
_HOUR_S = 3600
_UNRECORDED = "呼出 記録なし"  # in place of a time: whether somebody is served there nobody has told


class Shape(NamedTuple):
    """Tiles of ``rows`` rows each, so many beside each other; ``shown`` of them find room."""

    rows: int
    columns: int
    shown: int


def shape(terminals: int, width: int, rows: int, *, cards: bool) -> Shape:
    """Return the largest tiles in which all terminals of a lane find room, else those of one line."""
    for each in (TILE_ROWS, 3, 2) if cards else ():
        columns = ceil(max(1, terminals) / (rows // each))
        if (width + 1) // columns - 1 >= _CARD_WIDTH:
            return Shape(each, columns, terminals)
    columns = min(ceil(max(1, terminals) / max(1, rows)), max(1, (width + 1) // (_LINE_WIDTH + 1)))
    places = columns * rows
    return Shape(1, columns, terminals if terminals <= places else places - 1)


def _lines_of(text: str, width: int, rows: int) -> list[str]:
    """Return a text in one line, or where it is wider and there are ``rows`` in two: at a blank, else of like length."""
    if cell_len(text) <= width or rows < 2:
        return [text]
    words = text.split(" ")
    for n in range(len(words) - 1, 0, -1):
        parts = [" ".join(words[:n]), " ".join(words[n:])]
        if all(cell_len(x) <= width for x in parts):
            return parts
    found = wrap(text, 2 * ceil(cell_len(text) / 4))
    found = found if len(found) == 2 else wrap(text, width)
    return [found[0], "".join(found[1:])]


def _in_two(loan: LoanWords, width: int) -> list[str]:
    """Return the remark on a loan in one line or, at its middle dot, in two: the first wording that fits."""
    found = ([said] if cell_len(said) <= width else said.split("・") for said in loan.all)
    return next((x for x in found if all(cell_len(line) <= width for line in x)), [loan.short[-1]])


class Terminal:
    """Words of a terminal, for a card, for a tile of one line and for the line of the fixed lanes."""

    def __init__(self, state: ConsoleState, facts: LaneFacts, t: TerminalState) -> None:
        floor, now = state.day.floor, state.day.now
        site, shown = floor.site, floor.state(t.code)
        self.facts, self.t, self.code, self.case = facts, t, t.code, floor.at_city(t.code)
        self.chosen, self.failed = state.chosen.terminal == t.code, shown == "failed"
        at_city = self.case is not None and not self.failed  # a failure is shown first: nobody can be called there
        # A lent terminal keeps the colour of its own lane.
        own = f"{lane_role(site, t.home)}_badge" if t.home is not None else facts.badge
        self.badge = "warn_badge" if at_city else _STATE_BADGES.get(shown, own)
        self.plain: Span = (TERMINAL_STATES[shown], _STATE_ROLES.get(shown, facts.role))
        untold = busy_untold(floor, t, now) or (shown == "free" and facts.uncalled_for)
        over = untold and shown == "serving"
        if untold:
            self.plain = (untold_word(shown), "dim")
            self.badge = self.badge if at_city or over else "off_badge"
        self.word: Span = (AT_CITY, "warn") if at_city else self.plain
        self.who = short_name(state, t.staff, _NAME_WIDTH) if t.staff else ""
        if not self.who and floor.staffing_known and shown != "unstaffed":
            self.who = "（担当なし）"
        self.since = self.about = ""
        if t.since and shown != "unstaffed":
            seconds = seconds_between(t.since, now)
            self.since = minutes_word(seconds) if seconds >= _HOUR_S else f"{seconds // 60}分"
            self.about = f"{seconds // _HOUR_S}時間" if seconds >= _HOUR_S else ""
        if untold and not over:
            self.since, self.about = _UNRECORDED, ""  # in place of a time
        ticket = floor.tickets.get(t.ticket) if t.ticket else None
        self.number = ticket.number if ticket else ""
        self.what = t.reason if not ticket and shown in ("failed", "paused") else ""
        note = ""
        if ticket is not None:
            service = site.service_by_code[ticket.service].short if ticket.service else "用件不明"
            self.what = f"{service} {ticket.cards}枚" if ticket.cards > 1 else service
            if self.case is not None:
                note = site.matter_by_code[self.case.matter].short if self.case.matter else self.case.code
            elif ticket.appointment:
                note = f"予約 {hm(ticket.appointment)}"
            else:
                note = " ".join(remark_words(site, ticket))
        if not note and t.staff and floor.holder() == t.staff:
            note = "責任者 兼務"  # attention is split (仕様書 5(1))
        if not note and t.code in floor.lend_permit:
            note = _MAY_BE_LENT
        if self.failed and ticket is not None:
            note = t.reason or note
        self.notes = [note]  # wordings, the longest first
        if t.next_lane and not self.failed:
            name = site.lane_by_code[t.next_lane].name
            self.notes = [f"次 {name}へ", f"次 {name}", f"{name}へ", "移動予定"]
        self.loan = None if self.failed else loan_words(floor, t)
        if self.loan is not None:
            self.notes = self.loan.all
        serving_since = ticket.serving_since if ticket else None
        self.elapsed = seconds_between(serving_since, now) if serving_since else 0
        by_next = ticket is not None and bool(ticket.ends)
        self.long = self.elapsed > site.thresholds.long_service_s and not by_next
        if by_next and not note and self.loan is None and (over or self.elapsed > site.thresholds.long_service_s):
            self.notes = ["次の呼出しで終了", "次の呼出しで終", "次で終了"]

    @property
    def _urgency(self) -> str:
        return "bad" if self.failed or self.long else "warn" if self.case else "strong"

    @property
    def _note_role(self) -> str:
        if self.t.next_lane or self.case:
            return "warn"
        return "strong" if self.loan is not None else "dim"

    @property
    def _code(self) -> Span:
        return (f" {self.code}{'<' if self.chosen else ' '}", self.badge)

    def card(self, rows: int, width: int) -> list[Line]:
        """Return the lines of a card: code and number, state and since when; then person, service and remark by its rows."""
        number = tail(self.number, max(4, width - len(self.code) - 3))
        state = self.word if cell_len(self.word[0]) <= width else self.plain
        left = width - cell_len(state[0])
        # With its blank, else rounded, else right behind the word: a terminal does not stand without its time.
        since = next(
            (x for x in (f" {self.since}", f" {self.about}", self.about or self.since) if cell_len(x) <= left), ""
        )
        said = next((x for x in self.notes if cell_len(x) <= width), self.notes[-1])
        lines = _lines_of(self.what or ("" if since.strip() else self.since), width, 1 if said else 2)
        role = "text" if self.t.ticket else "dim"
        if self.loan is not None and not self.what and rows >= TILE_ROWS:
            *lines, said = _in_two(self.loan, width)
            role = self._note_role
        note: Span = (said, self._note_role)
        who: Span = (self.who, "strong" if self.t.staff else "dim")
        top = [Line([self._code], aside=[([(number, "text"), (" ", "text")], 0), ([(number, "text")], 0)])]
        if rows < TILE_ROWS:
            top = [Line([self._code, 1, (number, "text"), Piece([(self.what, role)])], gap=1)]
        top.append(Line([state, (since if since.strip() else "", self._urgency)]))
        if rows >= TILE_ROWS:
            return [*top, Line([who]), *(Line([(x, role)]) for x in lines), *([Line([note])] if said else [])]
        return [*top, Line([who, Piece([note])])] if rows > len(top) else top

    def progress(self) -> tuple[float, str] | None:
        """Return the share of twice the mean service time that the person at the terminal has taken, and its role."""
        if not (self.t.ticket and self.facts.flow.mean_service_s):
            return None
        part = self.elapsed / self.facts.flow.mean_service_s / 2
        return part, "warn" if part >= 1 or self.case else self.facts.role

    def line(self, room: int) -> list[Span]:
        """Return it in one line of at most ``room`` cells: code and state always, then number, since when, service, person."""
        since: Span = (self.since, "bad" if self.failed else "strong")
        left = room - cell_len(self._code[0])
        for said in self._lines(left - cell_len(self.since) - 1):
            free = left - cells(said) - cell_len(self.since)
            if free >= bool(self.since):
                return [self._code, *said, (" " * free, "text"), since]
        number = tail(self.number, 6)
        for said in ([self.word, (f" {number}", "text")], [self.word], [self.plain, (f" {number}", "text")]):
            if cells(said) <= left:
                return [self._code, *said]
        return [self._code, self.plain]

    def _lines(self, room: int) -> Iterator[list[Span]]:
        """Return its words between code and time that fit, the fullest first. State and person are columns."""
        number, whom, word = tail(self.number, _NUMBER_WIDTH), self.who if self.t.staff else "", self.word
        columns: list[Span] = [(pad(word[0], _STATE_WIDTH), word[1]), (pad(whom, _WHO_WIDTH), "dim")]
        if cell_len(word[0]) >= _STATE_WIDTH:
            columns = [(pad(word[0], _STATE_WIDTH + _WHO_WIDTH), word[1])]
        state: list[Span] = [(f"{word[0]} ", word[1])]
        # A reason is in the words of who wrote it: what finds no room of it is cut.
        what = self.what if number else fit(self.what, max(6, room - _STATE_WIDTH - _WHO_WIDTH))
        notes = [*self.loan.short] if self.loan is not None else self.notes
        if what and notes == [_MAY_BE_LENT]:
            notes = []  # what is done there comes first
        ends = [f"{number} {x}".strip() for x in (*notes, what) if x]
        marked = bool(self.t.next_lane or self.case or self.loan)  # such a remark comes before the person
        said = [(columns, x) for x in ends] + [(state, x) for x in ends if marked]
        if self.loan is not None:  # and its own lane before all else
            loan = [[f"{number} {x}".strip() for x in words] for words in self.loan]
            said = [(head, x) for words in loan for head in (columns, state) for x in words] + said
        role = "warn" if self.t.next_lane or self.case else "strong" if self.loan is not None else "text"
        for head, x in (*said, (columns, number), (state, number)):
            if cells(head) + cell_len(x) <= room:
                yield [*head, (x, role)]

    def in_a_word(self, *, numbered: bool) -> list[Span]:
        """Return its words behind the name of a lane whose terminals never move."""
        number: list[Span] = [(f" {tail(self.number, _NUMBER_WIDTH)}", "dim")] if self.number and numbered else []
        return [self.name, (" ", "text"), self.word, *self.lent, *number]

    @property
    def lent(self) -> list[Span]:
        """Return that it is lent, in the shortest words."""
        return [(f" {self.loan.short[-1]}", self._note_role)] if self.loan is not None else []

    @property
    def name(self) -> Span:
        return (self.code, "cursor" if self.chosen else "strong")

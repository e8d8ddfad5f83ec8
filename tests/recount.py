"""A recount of the raw facts of a day by the words of the contract, for comparison with what floorctl says of it.

It reads the table ``event`` with sqlite3 and json and the site file with tomllib, and imports nothing of floorctl: what
both get wrong in the same way must be wrong in the contract. Where its words leave a choice, floorctl's is followed and
a comment that begins with «choice» says so.

    recount(Path("floor.db"), date(2026, 9, 14)).lanes()["issuance"]["served"]
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

TOKYO = timezone(timedelta(hours=9))
SITE_FILE = Path(__file__).parent.parent / "data" / "kumagaya.toml"
Json = dict[str, Any]

# 2 Order: «at as an instant, then kind (…), others by name, day.closed last; then source, then id».
FIRST = [
    "day.opened", "terminal.staffed", "terminal.assigned", "ticket.issued", "ticket.transferred", "ticket.left",
    "ticket.no_show", "ticket.requeued", "ticket.finished", "ticket.called",
]  # fmt: skip
# Facts that outlive their day; of a day's own they tell nothing.
LASTING = (
    "incident.", "appointments.", "calendar.", "cards.", "clock.", "demand.", "device.", "duty.", "equipment.", "meeting.",
    "period.", "ruling.", "staff.registered", "training.",
)  # fmt: skip
# The contractor's own preparations do not begin the day.
PREPARING = {
    "breaks.planned",
    "lending.permitted",
    "memo.written",
    "charge.taken",
    "staff.posted",
    "vacancy.opened",
    "vacancy.filled",
    "checklist.checked",
}
ENDED = ("finished", "no_show", "left", "counted_out")
SKEW = timedelta(minutes=5)  # 2: «a call or finish up to 5 minutes before its issue fits»
EFFECT = timedelta(minutes=30)  # what followed a move is looked at after half an hour
STOPPING = {"system_outage", "disaster"}
CAUSES = {"national": "国のシステム", "power": "停電", "disaster": "災害", "equipment": "機器", "other": "その他"}


@dataclass
class Rules:
    """What the site file says."""

    services: dict[str, Json]
    lanes: list[str]
    terminals: dict[str, Json]
    items: dict[str, Json]
    capacity: int
    overtaken: int
    targets_s: dict[str, int]

    @classmethod
    def read(cls, path: Path = SITE_FILE) -> Rules:
        site = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            {s["code"]: s for s in site["services"]},
            [lane["code"] for lane in site["lanes"]],
            {t["code"]: t for t in site["terminals"]},
            {w["code"]: w for w in site["work_items"]},
            site["seats"]["capacity"],
            site["thresholds"]["overtaken"],
            {x["code"]: x.get("wait_target_s", site["thresholds"]["wait_target_s"]) for x in site["lanes"]},
        )

    def reception(self, day: date) -> tuple[datetime, datetime]:
        """From the first window's beginning to the last one's end."""
        opens, closes = (
            min(s["opens"] for s in self.services.values()),
            max(s["closes"] for s in self.services.values()),
        )
        return datetime.combine(day, opens, TOKYO), datetime.combine(day, closes, TOKYO)


# ---- the facts


RESERVED = ("identity", "cert_decision", "pin_entry", "proxy", "fee")  # the five matters of 7(2)


def place(f: Json) -> tuple[Any, ...]:
    rank = FIRST.index(f["kind"]) if f["kind"] in FIRST else len(FIRST) + (f["kind"] == "day.closed")
    return (f["at"], rank, "" if f["kind"] in FIRST else f["kind"], f["source"], f["id"])


def facts_in(path: Path, where: str = "", *args: object) -> list[Json]:
    """Rows of ``event`` in their order: the fields of the fact and ``seq id source actor kind at``."""
    names = ("seq", "id", "source", "actor", "kind", "at", "recorded_at", "data", "hash")
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as conn:
        rows = conn.execute(f"SELECT {', '.join(names)} FROM event {where}", args).fetchall()
    conn.close()
    found = []
    for row in rows:
        f = dict(zip(names, row, strict=True))
        f["recorded_at"] = str(datetime.fromisoformat(f["recorded_at"]).astimezone(TOKYO).date())
        f |= {"at": datetime.fromisoformat(f["at"]).astimezone(TOKYO), **json.loads(f.pop("data"))}
        if f.get("ticket"):  # 6: «compared in NFKC, upper case, without spaces»
            f["ticket"] = "".join(unicodedata.normalize("NFKC", f["ticket"]).upper().split())
        found.append(f)
    return sorted(found, key=place)


def seconds(start: datetime, end: datetime) -> int:
    """«Seconds are whole, floored, never below 0.»"""
    return max(0, int((end - start).total_seconds() // 1))


def written(at: datetime | None) -> str | None:
    return at.replace(microsecond=0).isoformat() if at else None


def overlap(since: datetime, until: datetime, span: tuple[datetime, datetime]) -> int:
    return seconds(max(since, span[0]), min(until, span[1]))


@dataclass(eq=False)
class Ticket:
    number: str
    service: str | None = None
    state: str = "waiting"
    issued: datetime | None = None
    due: datetime | None = None
    appointment: str | None = None
    cards: int = 1
    assist: bool = False
    seen: datetime | None = None  # named before its issue
    called: datetime | None = None  # the first call
    serving: datetime | None = None  # the last call
    terminal: str | None = None
    ended: datetime | None = None
    outcome: str | None = None
    end_lane: str | None = None
    work: Counter[str] = field(default_factory=Counter)
    guessed: bool = False  # its end was told only by the next call at its terminal
    nth: int = 1  # 6: which of its number
    recalls: int = 0
    absent: datetime | None = None  # when it was absent before any call
    back: datetime | None = None  # when it was put into a queue that had gone on before
    before: Ticket | None = None  # 6: as it was when it was called after its end
    again: datetime | None = None  # when that was
    owes: str | None = None  # lane whose head count fell by its call, though nobody knew it
    unknown_wait: bool = False
    unknown_length: bool = False
    ends: str = ""  # the rule of its source, which tells no ends
    ruled: bool = False  # ended by it
    bound: bool = False  # by a next call that nobody is known to have waited for
    unarrived: bool = False  # issued as it was called
    doubted: tuple[str, str] | None = None  # its end, of the instant of its absence
    act: str = ""
    early: list[tuple[tuple[str, str], str | None, set[str]]] = field(default_factory=list)

    @property
    def wait(self) -> int | None:
        """«call − issue (or appointment if later)»; None where it was not called or nobody knows since when it waited."""
        # choice: a ticket that was requeued is measured to its first call.
        if self.called is None or self.issued is None or self.unknown_wait:
            return None
        return seconds(max(self.issued, self.due) if self.due else self.issued, self.called)

    @property
    def fate(self) -> str:
        # choice: what was ever finished as done counts as done, also where the number was called once more.
        if self.outcome == "done":
            return "done"
        return self.state if self.state in ("no_show", "left", "counted_out") else self.outcome or "open"

    @property
    def finished(self) -> datetime | None:
        """Its end, where somebody tells it: not where only a rule says that it has come."""
        return None if self.ruled and self.unknown_length else self.ended


@dataclass(eq=False)
class Terminal:
    code: str
    lane: str
    next_lane: str | None = None
    home: str | None = None  # its own lane while it is lent, or to be
    loan: Json = field(default_factory=dict)
    ticket: str | None = None
    staff: str | None = None
    paused: bool = False
    failed: bool = False


@dataclass(eq=False)
class Lane:
    code: str
    waiting: dict[str, Ticket] = field(default_factory=dict)
    heads: int = 0  # persons without a ticket
    counted: bool = False
    curve: list[tuple[datetime, int]] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.waiting) + self.heads

    def oldest(self) -> Ticket:
        return min(self.waiting.values(), key=lambda t: (t.issued, t.number))

    def at(self, instant: datetime) -> int:
        return next((n for since, n in reversed(self.curve) if since <= instant), 0)


class Recount:
    """One day. ``told``: all its facts; ``counted``: those that stand and count, in the order in which they do."""

    def __init__(self, told: list[Json], lasting: list[Json], day: date, rules: Rules) -> None:
        self.day, self.rules, self.told, self.lasting = day, rules, told, lasting
        self.tickets: dict[str, Ticket] = {}
        self.earlier: list[Ticket] = []  # whose number was issued again since
        self.terminals = {c: Terminal(c, t["lane"]) for c, t in rules.terminals.items()}
        self.queues = {c: Lane(c) for c in rules.lanes}
        self.odd: dict[tuple[str, str], str] = {}
        self.at_close: list[tuple[Ticket, str | None]] = []  # ended by their rule as the day closed
        self.mistaken: dict[str, Ticket] = {}  # nobody's numbers; the last one of each
        self.absences: dict[str, Json] = {}  # the last one by number that fitted nothing
        self.reissues: dict[str, Json] = {}  # the last issue by number that came before the end
        self.moves: list[Json] = []
        self.loans: list[Json] = []
        self.lent_at_close: list[tuple[Terminal, Json]] = []  # with their loans as they were
        self.permitted: set[str] = set()
        self.cases: dict[str, Json] = {}
        self.topics: Counter[str] = Counter()
        self.tallies: Counter[str] = Counter()
        self.staff: list[Json] = []
        self.presence: dict[str, list[Json]] = {}  # every state of each person: staff.changed, and being somewhere
        self.officials: list[tuple[datetime, int]] = []
        self.persons: int | None = None
        self.staffed = False  # «once the day has any terminal.staffed»
        self.opened: datetime | None = None
        self.opened_by_fact = False
        self.closed: datetime | None = None
        self.report_closed: datetime | None = None
        self.reopened = 0
        self.totals: dict[str, Json] = {}
        self.report: dict[str, Json] = {}
        self.stopped: set[str] = set()
        self.vacancies: list[Json] = []
        self.gone, self.taking_back = self._taken_back()
        self.counted: list[Json] = []
        self._after: list[Json] = []
        self.last = max((f["at"] for f in told), default=None)
        for f in told:
            if self.key(f) not in self.gone and f["kind"] != "retracted" and not f["kind"].startswith(LASTING):
                self._next(f)

    @staticmethod
    def key(f: Json) -> tuple[str, str]:
        return (f["source"], f["id"])

    def _taken_back(self) -> tuple[set[tuple[str, str]], set[int]]:
        """Facts of the day that a retraction of the same day takes back, and the retractions that do."""
        # choice: a retraction is not retractable, and a fact is taken back once; both are anomalies.
        kinds = {self.key(f): f["kind"] for f in self.told}
        gone: set[tuple[str, str]] = set()
        by: set[int] = set()
        for f in self.told:
            if f["kind"] == "retracted":
                target = (f["target_source"], f["target"])
                if target in kinds and (kinds[target] == "retracted" or target in gone):
                    self.odd[self.key(f)] = "not_retractable"
                elif target in kinds:
                    gone.add(target)
                    by.add(f["seq"])
        return gone, by

    # ---- the day

    def _next(self, f: Json) -> None:
        kind = f["kind"]
        if self.closed is not None and kind != "day.reopened":
            # «After day.closed facts with later at are kept and do not change the counts. From a feed it ends the
            # reception only; reports close by close»: what belongs to the report still counts until that.
            of_report = kind in ("total.read", "report.written") or (kind == "day.closed" and f["source"] == "console")
            if not of_report or self.report_closed is not None:
                self._after.append(f)
                return
        self._count(f)

    def _count(self, f: Json) -> None:
        self.counted.append(f)
        kind = f["kind"]
        if self.opened is None and kind != "day.closed" and kind not in PREPARING:
            self.opened = f["at"]  # «opened (or a first fact of the day)»
        getattr(self, "_" + kind.replace(".", "_"), self._nothing)(f)
        for lane in self.queues.values():
            if not lane.curve or lane.curve[-1][1] != lane.n:
                lane.curve.append((f["at"], lane.n))

    def _nothing(self, f: Json) -> None:
        """A kind that no figure here comes from."""

    def _mark(self, f: Json, code: str) -> None:
        self.odd.setdefault(self.key(f), code)

    def _day_opened(self, f: Json) -> None:
        if self.opened_by_fact:
            self._mark(f, "impossible")
        elif self.opened is None or f["at"] > self.opened:
            self.opened = f["at"]
        self.opened_by_fact = True
        for code, lane in f["allocation"].items():
            t = self.terminals[code]
            if lane not in self.rules.terminals[code]["lanes"]:
                self._mark(f, "impossible")
                continue
            self._no_loan_more(t, f["at"], "moved")
            if t.ticket is None:
                t.lane, t.next_lane = lane, None
            else:
                t.next_lane = lane if lane != t.lane else None
        self.officials.append((f["at"], f["officials"]))

    def _day_closed(self, f: Json) -> None:
        if self.closed is None:
            self.closed = f["at"]
            for desk in self.terminals.values():
                if desk.home:
                    self.lent_at_close.append((replace(desk), dict(desk.loan)))
                    self._home_at_once(desk, f["at"], "closed")
            for t in [t for t in self.tickets.values() if t.state == "serving" and t.ends]:
                self.at_close.append((t, t.terminal))
                self._ruled(t, f["at"], timed=False)
        if f["source"] == "console":
            self.report_closed = f["at"]

    def _day_reopened(self, f: Json) -> None:
        if self.closed is None:
            self._mark(f, "impossible")
            return
        held, self._after, self.closed, self.report_closed = self._after, [], None, None
        self.reopened += 1
        for t, where in self.at_close:
            if t.ruled:
                self._unrule(t, "serving")
                t.ended = t.end_lane = None
                if where and self.terminals[where].ticket is None:
                    self.terminals[where].ticket = t.number
        self.at_close.clear()
        for desk, loan in self.lent_at_close:
            now = self.terminals[desk.code]
            now.lane, now.next_lane, now.home, now.loan = desk.lane, desk.next_lane, desk.home, desk.loan
            desk.loan.clear()
            desk.loan.update(loan)
        self.lent_at_close.clear()
        for late in held:
            # choice: a day that was closed twice and reopened once is open.
            if late["kind"] != "day.closed":
                self._count(late)

    # ---- tickets

    def lane(self, t: Ticket) -> str:
        if t.service is not None:
            return str(self.rules.services[t.service]["lane"])
        # choice: nobody knows the service of a number that was never issued; it counts where it was served.
        if t.end_lane is not None:
            return t.end_lane
        return self.terminals[t.terminal].lane if t.terminal else self.rules.lanes[0]

    def final_lane(self, t: Ticket) -> str:
        """«by the lane of the service at the finish»"""
        return t.end_lane or self.lane(t)

    def _crowd(self, n: int) -> None:
        if self.persons is not None:
            self.persons = max(0, self.persons + n)

    def _queue_up(self, t: Ticket) -> None:
        t.state = "waiting"
        self.queues[self.lane(t)].waiting[t.number] = t

    def _step_out(self, t: Ticket) -> None:
        self.queues[self.lane(t)].waiting.pop(t.number, None)

    def _release(self, code: str, at: datetime) -> None:
        t = self.terminals[code]
        t.ticket = None
        if t.next_lane is None:
            return
        if t.home is None:
            t.lane, t.next_lane = t.next_lane, None
        elif t.next_lane == t.home:
            self._home_again(t, at)
        elif self.queues[t.home].n:
            self._comes_to_nothing(t)
        else:
            self._begins_to_help(t, at)

    def _over(self, t: Ticket, state: str, at: datetime, outcome: str | None = None) -> None:
        if t.state == "waiting":
            self._step_out(t)
        if t.state not in ENDED:
            self._crowd(-1)
        if t.terminal and self.terminals[t.terminal].ticket == t.number:
            self._release(t.terminal, at)
        t.state, t.ended = state, at
        if outcome and not (t.outcome == "done" and outcome == "incomplete"):
            t.outcome = outcome

    @staticmethod
    def act_of(f: Json) -> str:
        return str(f["id"]).rsplit(".", 1)[0] if f["source"] == "console" else f["source"] + f["id"]

    def _ticket_issued(self, f: Json) -> None:
        back = False
        t = self.tickets.get(f["ticket"])
        unarrived, wraps = f.get("no_arrival", False), f.get("wraps", False)
        known = t is not None and (t.issued is not None or t.unarrived)
        if t is not None and known:
            if unarrived and self._same_visitor(t, f):
                return
            apart = t.again is None or f["at"] - t.again > SKEW
            if wraps and t.state not in ENDED and apart and f["at"] > (t.issued or t.seen or f["at"]):
                self._come_round(t, f["at"])
        if t is not None and known:
            # 6: «issued again on the same day after it was finished, left or absent is a new ticket; still counted»
            self._mark(f, "wrapped" if wraps else "repeated_ticket")
            if t.before is not None and t.again is not None and f["at"] - t.again <= SKEW:
                # «a call up to 5 minutes before its issue fits»: it was the first of the new ticket.
                self.earlier.append(t.before)
                back = t.state == "waiting"  # in its queue again since: the new issue may be for another lane
                if back:
                    self._step_out(t)
                if t.state not in ENDED:
                    self._crowd(-1)
                t.seen = t.called = t.again
                t.nth, t.recalls, t.back = t.before.nth + 1, 0, None
                t.work = t.work - t.before.work
                t.outcome = t.outcome if t.state == "finished" else None
                t.issued = t.end_lane = t.before = None
                t.early = [(key, other, lane) for key, other, lane in t.early if self.odd.get(key) == "impossible"]
                for key, _, _ in t.early:
                    self.odd[key] = "unknown_ticket"
            elif t.state in ENDED:
                self.earlier.append(self.tickets.pop(t.number))
                t = None
            else:
                if f["at"] > (t.issued or f["at"]):
                    self.reissues[t.number] = f
                return
        # «a call or finish up to 5 minutes before its issue fits»: what ended before that was somebody else's.
        elif t is not None and t.ended is not None and f["at"] - t.ended > SKEW:
            self.earlier.append(self.tickets.pop(t.number))
            t = None
        new = t is None
        self.mistaken.pop(f["ticket"], None)
        nth = 1 + sum(x.number == f["ticket"] for x in self.earlier)
        t = t or self.tickets.setdefault(f["ticket"], Ticket(f["ticket"], nth=nth))
        t.service, t.issued, t.cards, t.assist = f["service"], f["at"], f["cards"], f["assist"]
        t.appointment = f["appointment"]
        t.due = datetime.combine(self.day, time.fromisoformat(t.appointment), TOKYO) if t.appointment else None
        if unarrived:
            t.issued, t.seen, t.unarrived, t.unknown_wait = None, t.seen or f["at"], True, True
        if new:
            t.act = self.act_of(f)
            if unarrived:
                return  # it stands in no queue
            self._queue_up(t)
            self._crowd(+1)
            return
        # «Clocks differ: a call or finish up to 5 minutes before its issue fits.»
        for key, other, lanes in t.early:
            if t.seen is not None and f["at"] - t.seen <= SKEW and self.odd.get(key) == "unknown_ticket":
                del self.odd[key]
                code = other or ("other_lane" if lanes and self.lane(t) not in lanes else None)
                if code:
                    self.odd[key] = code
        t.early.clear()
        if t.state in ENDED:
            t.end_lane = self.lane(t)
        elif not unarrived:
            self._crowd(+1)
        if t.owes is not None and not unarrived:
            self.queues[t.owes].heads += 1  # «waiting = count + later issues − later calls»
            t.owes = None
        if back and t.issued is not None:
            self._queue_up(t)

    @staticmethod
    def _same_visitor(t: Ticket, f: Json) -> bool:
        """Of a source that tells no issues: whether a call repeats one of a visitor who is known."""
        since = t.serving or t.ended
        soon = since is None or f["at"] - since <= timedelta(hours=1)
        if t.state in ("serving", "no_show"):
            return soon or not f.get("wraps")
        return t.state == "waiting" or (t.ruled and soon)

    def _come_round(self, t: Ticket, at: datetime) -> None:
        if t.state == "waiting":
            t.end_lane = self.lane(t)
            self._over(t, "left", at)
        elif t.ends:
            self._ruled(t, at, timed=False)
        else:
            t.guessed, t.end_lane = True, self.lane(t)
            self._over(t, "finished", at, "incomplete")

    def _ruled(self, t: Ticket, at: datetime, *, timed: bool) -> None:
        t.end_lane = self.lane(t)
        self._over(t, "finished", at, "done")
        t.ruled, t.unknown_length = True, t.unknown_length or not timed

    def _unrule(self, t: Ticket, state: str) -> None:
        if state not in ENDED:
            self._crowd(+1)
        t.state, t.ruled, t.unknown_length, t.bound = state, False, False, False
        t.outcome = "done" if t.before is not None and t.before.outcome == "done" and not t.before.ruled else None

    def _call_of_a_stranger(self, lane: str, t: Ticket, at: datetime) -> None:
        """After a head count the number waiting falls with every call, also with that of a number nobody knows."""
        q = self.queues[lane]
        if not q.counted or not q.n:
            return
        if q.heads:
            q.heads -= 1
        else:
            gone = q.oldest()
            gone.end_lane = lane
            self._over(gone, "counted_out", at)
        t.owes = lane

    def _ticket_called(self, f: Json) -> None:
        self._held_after_all(f["ticket"])
        t, at = self.tickets.get(f["ticket"]), f["at"]
        here = t is not None and f["terminal"] in (None, t.terminal)
        again = t is not None and here and (t.state == "serving" or (t.state in ENDED and t.ended == at and t.called))
        if t is not None and (again or (t.ruled and t.ends == "call")):
            self._recall(t)  # 6: a recall
            return
        self._call(f, t, f["terminal"], f.get("ends", ""))

    def _recall(self, t: Ticket) -> None:
        t.recalls += 1
        if t.doubted and self.odd.get(t.doubted) == "impossible":
            del self.odd[t.doubted]
        t.doubted = None

    def _ticket_recalled(self, f: Json) -> None:
        self._held_after_all(f["ticket"])
        t, at = self._known(f), f["at"]
        if t is None:
            return
        if t.state == "serving" or t.ruled or (t.state in ENDED and t.ended == at and t.called):
            self._recall(t)
        elif t.state == "finished":
            self._mark(f, "impossible")
        else:
            where = f["terminal"]
            if where is None and t.terminal and self.terminals[t.terminal].ticket is None:
                where = t.terminal
            t.recalls += t.called is not None
            self._call(f, t, where, t.ends, further=True)

    def _call(self, f: Json, t: Ticket | None, where: str | None, ends: str, *, further: bool = False) -> None:
        at = f["at"]
        desk = self.terminals[where] if where else Terminal("", "")
        if t is not None and t.state == "finished" and t.called is None and t.ended == at:
            # Called and finished at one instant: the finish comes first in the order, and both fit.
            t.called = t.serving = at
            # choice: from one act of a person's these two times are paper's, which knows neither wait nor length.
            t.unknown_length = t.act == self.act_of(f)
            t.unknown_wait = t.unknown_wait or t.unknown_length
            for key, _, _ in t.early:
                if self.odd.get(key) == "impossible":
                    del self.odd[key]
            t.early = [(key, None, lanes) for key, other, lanes in t.early if other == "impossible"]
            return
        code: str | None = None
        # 6: «an absence after a call in the same minute ends that call»
        absent = t is not None and t.absent == at and t.state in ("no_show", "waiting")
        absence = self.absences.get(f["ticket"])
        gone = absence is not None and absence["at"] == at and not absent and (t is None or t.state in ENDED)
        called_now = desk.ticket is not None and self.tickets[desk.ticket].serving == at
        if desk.ticket is not None and not (called_now and (absent or gone)):
            # «a call at a busy terminal ends the ticket there as incomplete»
            code = "busy_terminal"
            there = self.tickets[desk.ticket]
            # additions: «the next call there tells by its lane whether the terminal has gone»
            if desk.home and desk.next_lane not in (None, desk.home) and t is not None and t.service is not None:
                there.end_lane = self.lane(there)
                if self.lane(t) == desk.next_lane:
                    self._begins_to_help(desk, at)
                elif self.lane(t) == desk.home:
                    self._comes_to_nothing(desk)
            if there.ends or ends:
                code = None
                q = self.queues[desk.lane]
                waited = [x for x in (t, *q.waiting.values()) if x is not None and x.issued and not x.unknown_wait]
                since = [max(x.issued, x.due) if x.due else x.issued for x in waited]
                there.bound = not any(x and at - x > timedelta(seconds=60) for x in since)
                self._ruled(there, at, timed=bool(there.serving and there.serving < at))
            else:
                there.guessed, there.end_lane = True, self.lane(there)
                self._over(there, "finished", at, "incomplete")
        lanes = {desk.lane, desk.home or desk.lane} - {""}  # a lent terminal calls from both
        if desk.failed or desk.paused:
            code = code or "impossible"
        elif where and self.staffed and desk.staff is None:
            code = code or "unstaffed"
        if t is None:
            t = self.tickets[f["ticket"]] = Ticket(f["ticket"], state="serving", seen=at)
            t.early.append((self.key(f), code, lanes))
            if where:
                self._call_of_a_stranger(desk.lane, t, at)
            code = "unknown_ticket"
        elif absent:
            t.absent = None
        elif t.state == "waiting" and t.issued is None:
            self._call_of_a_stranger(desk.lane or self.lane(t), t, at)
            code = "impossible" if further else code
        elif t.state == "waiting":
            # «a call of a waiting ticket ends its wait whatever the terminal's state»
            self._step_out(t)
            # choice: who gets a number only as he is called has waited nobody knows how long.
            t.unknown_wait = t.act == self.act_of(f) and t.issued == at
            code = "impossible" if further else code
        elif t.state == "serving":
            if t.terminal:
                # additions, ``next_call``: «another call of the number that is told afterwards … is no anomaly»
                code = code if t.ends else "impossible"
                self._release(t.terminal, at)
        elif t.state == "counted_out":
            self._crowd(+1)
            self._call_of_a_stranger(self.lane(t), t, at)
            t.owes = None
        else:
            fits = t.ruled or (further and t.state == "no_show")
            if t.issued is not None:
                t.before, t.again = replace(t, work=Counter(t.work)), at
                t.early = [] if fits else [(self.key(f), code, lanes)]
            code = code if fits else "impossible"
            if t.ruled:
                self._unrule(t, "serving")
            else:
                self._crowd(+1)
        if code is None and t.service is not None and where and self.lane(t) not in lanes:
            code = "other_lane"
        if code:
            self._mark(f, code)
        t.called = t.called or at
        if absent and t.state == "waiting":
            return
        t.terminal, t.serving = where, at
        if absent:
            return
        t.guessed, t.ends, t.doubted = False, ends, None
        if gone and absence is not None:
            self.odd.pop(self.key(self.absences.pop(t.number)), None)
            self._crowd(-1)
            t.state, t.ended, t.end_lane = "no_show", at, self.lane(t)
            return
        t.state, t.ended = "serving", None
        if ends == "call":
            self._ruled(t, at, timed=False)
        else:
            desk.ticket = t.number

    def _ticket_finished(self, f: Json) -> None:
        self._held_after_all(f["ticket"])
        t, at = self.tickets.get(f["ticket"]), f["at"]
        if t is None:
            t = self.tickets[f["ticket"]] = Ticket(f["ticket"], state="serving", seen=at, terminal=f["terminal"])
            desk = self.terminals.get(f["terminal"]) if f["terminal"] else None
            t.early.append((self.key(f), "impossible", {desk.lane, desk.home or desk.lane} if desk else set()))
            self._mark(f, "unknown_ticket")
        elif t.ruled:
            self._unrule(t, "serving")
        elif t.state == "finished" and not t.guessed:
            self._mark(f, "impossible")
            return
        elif t.state != "serving" or (t.terminal and f["terminal"] not in (None, t.terminal)):
            self._mark(f, "impossible")
            t.doubted = self.key(f) if t.state == "no_show" and t.ended == at else None
            if t.state == "waiting" or t.absent == at:
                t.early.append((self.key(f), None, set()))
        # «a feed's finish is taken and counted as an anomaly» where a reserved case of the ticket is undecided
        for e in self.cases.values():
            open_one = e["visitor"] == f["ticket"] and e["settled"] is None and e["matter"] in RESERVED
            if (
                f["outcome"] == "done"
                and open_one
                and (e["nth"] == self._nth(t.number) or (t.called and e["raised"] >= t.called))
            ):
                self._mark(f, "undecided_case")
                e["early"] = (self.key(f), at)
        t.end_lane, t.guessed = self.lane(t), False
        t.work.update(f["work"])
        self._over(t, "finished", at, f["outcome"])
        t.terminal = t.terminal or f["terminal"]
        if t.called is not None:
            self._again(t)

    def _again(self, t: Ticket) -> None:
        """6: of one instant the issue of a number comes before its end; it is a new ticket all the same."""
        if t.number in self.reissues and self.reissues[t.number]["at"] == t.ended:
            self._ticket_issued(self.reissues.pop(t.number))

    def _held_after_all(self, number: str) -> None:
        # choice: a number that comes all the same was issued to somebody.
        t = self.mistaken.pop(number, None)
        if t is not None and number not in self.tickets:
            t.end_lane = self.lane(t)
            self.tickets[number] = t

    def _known(self, f: Json) -> Ticket | None:
        t = self.tickets.get(f["ticket"])
        if t is None:
            self._mark(f, "unknown_ticket")
        return t

    def _ticket_no_show(self, f: Json) -> None:
        t = self._known(f)
        if t is not None and t.ruled:
            self._unrule(t, "no_show")
            t.ended = f["at"]
            return
        if t is None or t.state != "waiting":
            self.absences[f["ticket"]] = f
        if t is not None and t.state in ENDED:
            self._mark(f, "impossible")
        elif t is not None:
            t.end_lane, t.absent = self.lane(t), f["at"] if t.state == "waiting" else None
            self._over(t, "no_show", f["at"])
            if t.called is not None and t.absent is None:
                self._again(t)

    def _ticket_left(self, f: Json) -> None:
        t = self._known(f)
        if t is None:
            return
        if t.state == "counted_out":
            t.state = "left"
            return
        if t.ruled:
            self._unrule(t, "left")
            t.ended = f["at"]
            return
        if t.state in ENDED:
            self._mark(f, "impossible")
            return
        if t.state == "serving" and t.terminal:
            self._mark(f, "impossible")
        elif f.get("mistaken") and t.state == "waiting":
            self._over(t, "left", f["at"])
            self.mistaken[t.number] = self.tickets.pop(t.number)
            return
        t.end_lane = self.lane(t)
        self._over(t, "left", f["at"])
        self._again(t)

    def _ticket_requeued(self, f: Json) -> None:
        """«A requeue takes back a no_show.»"""
        self._held_after_all(f["ticket"])
        t = self._known(f)
        if t is None:
            return
        if t.ruled and t.service is not None:
            self._unrule(t, "serving")
        elif (t.state == "finished" and not t.ruled) or (t.state == "waiting" and t.issued is not None):
            self._mark(f, "impossible")
        if (t.state == "waiting" and t.issued is not None) or t.service is None:
            return
        if t.state in ENDED:
            self._crowd(+1)
        where = t.terminal if t.state == "serving" else None
        t.ended = t.end_lane = t.terminal = None
        t.issued = t.issued or t.seen
        t.outcome = "done" if t.outcome == "done" else None
        t.back = f["at"]
        self._queue_up(t)
        if where and self.terminals[where].ticket == t.number:
            self._release(where, f["at"])

    def _ticket_transferred(self, f: Json) -> None:
        t = self._known(f)
        if t is None:
            return
        if t.ruled:
            t.service = f["service"]
            t.end_lane = self.lane(t)
            return
        if t.state in ENDED:
            self._mark(f, "impossible")
            return
        waits = t.state == "waiting" and t.issued is not None
        if waits:
            self._step_out(t)
        lane, t.service = self.lane(t), f["service"]
        if waits:
            t.back = f["at"] if self.lane(t) != lane else t.back
            self._queue_up(t)  # «a transfer keeps it»: the wait goes on from the issue

    def _queue_counted(self, f: Json) -> None:
        """«Surplus tickets leave from the oldest, missing persons are counted without a ticket.»"""
        q = self.queues[f["lane"]]
        q.counted = True
        for t in self.tickets.values():
            t.owes = None if t.owes == q.code else t.owes
        while len(q.waiting) > f["waiting"]:
            t = q.oldest()
            t.end_lane = q.code
            self._over(t, "counted_out", f["at"])
        q.heads = f["waiting"] - len(q.waiting)

    # ---- terminals

    def _terminal_assigned(self, f: Json) -> None:
        t = self.terminals[f["terminal"]]
        if f["lane"] not in self.rules.terminals[t.code]["lanes"]:
            self._mark(f, "impossible")
            return
        lent, origin = t.home, t.home or t.next_lane or t.lane
        if f["lane"] == origin and not lent:
            return
        self._no_loan_more(t, f["at"], "moved")
        if f["lane"] != origin:
            self.moves.append(
                {"at": f["at"], "terminal": t.code, "from": origin, "to": f["lane"], "reason": f["reason"]}
            )
        if t.ticket is not None:
            t.next_lane = f["lane"] if f["lane"] != t.lane else None
        else:
            t.lane, t.next_lane = f["lane"], None

    # ---- loans (additions: Loans)

    def _terminal_lent(self, f: Json) -> None:
        t, lane, at = self.terminals[f["terminal"]], f["lane"], f["at"]
        if lane not in self.rules.terminals[t.code]["lanes"] or (self.staffed and t.staff is None):
            self._mark(f, "impossible")
        elif t.home and t.next_lane == t.home and t.loan["to"] == lane:
            t.next_lane, t.loan["ended"] = None, ""  # on its way home it stays
        elif t.home or lane == (t.next_lane or t.lane):
            self._mark(f, "impossible")
        else:
            t.home = t.next_lane or t.lane
            t.loan = {
                "at": at,
                "terminal": t.code,
                "home": t.home,
                "to": lane,
                "went": None,
                "back": None,
                "reason": f["reason"],
                "ended": "",
            }
            self.loans.append(t.loan)
            here = self._called_now(t, at)
            if t.ticket is None or lane in (t.lane, here):
                self._begins_to_help(t, at)
            else:
                t.next_lane = lane
            if here == lane:
                calls = [
                    c
                    for c in self.counted
                    if c["kind"] == "ticket.called" and (c["at"], c["terminal"], c["ticket"]) == (at, t.code, t.ticket)
                ]
                for c in calls:
                    if self.odd.get(self.key(c)) == "other_lane":
                        del self.odd[self.key(c)]

    def _terminal_returned(self, f: Json) -> None:
        t, at = self.terminals[f["terminal"]], f["at"]
        if t.home is None or t.next_lane == t.home:
            self._mark(f, "impossible")
        elif t.loan["went"] is None:
            self._comes_to_nothing(t)
        else:
            t.loan["ended"] = "returned"
            if t.ticket is None or self._called_now(t, at) == t.home:
                self._home_again(t, at)
            else:
                t.next_lane = t.home

    def _lending_permitted(self, f: Json) -> None:
        self.permitted = {x for x in f["terminals"] if len(self.rules.terminals[x]["lanes"]) > 1}
        if self.permitted != set(f["terminals"]):
            self._mark(f, "impossible")

    def _called_now(self, t: Terminal, at: datetime) -> str | None:
        """Lane of who was called there in this instant."""
        served = self.tickets[t.ticket] if t.ticket else None
        return self.lane(served) if served is not None and served.serving == at and served.service else None

    def _begins_to_help(self, t: Terminal, at: datetime) -> None:
        t.lane, t.next_lane, t.loan["went"] = t.loan["to"], None, at

    def _comes_to_nothing(self, t: Terminal) -> None:
        assert t.home is not None
        home, t.home, t.loan["ended"] = t.home, None, "lapsed"
        if t.ticket is None:
            t.lane, t.next_lane = home, None
        else:
            t.next_lane = home if home != t.lane else None

    def _home_again(self, t: Terminal, at: datetime) -> None:
        assert t.home is not None
        t.lane, t.next_lane, t.home, t.loan["back"] = t.home, None, None, at

    def _home_at_once(self, t: Terminal, at: datetime, how: str) -> None:
        """Nobody at it, or the close: whatever it serves."""
        assert t.home is not None
        if t.loan["went"] is None:
            t.lane, t.next_lane, t.home, t.loan["ended"] = t.home, None, None, "lapsed"
            return
        t.loan["ended"] = t.loan["ended"] or how
        self._home_again(t, at)

    def _no_loan_more(self, t: Terminal, at: datetime, how: str) -> None:
        """A move: lent no more, and where it is."""
        if t.home is None:
            return
        t.loan["ended"] = t.loan["ended"] or how
        t.loan["back"] = at if t.loan["went"] else None
        t.home = t.next_lane = None

    def _terminal_staffed(self, f: Json) -> None:
        self.staffed = True
        self.terminals[f["terminal"]].staff = f["staff"]
        for t in self.terminals.values():
            if t.home and t.staff is None:
                self._home_at_once(t, f["at"], "unstaffed")
        if f["staff"] is None:
            self._nobody_more(f)
        if f["staff"] is not None and not self._at_work(f["staff"]):
            self._is_here(f)  # choice: who stands at a terminal is present, whatever was said before

    def _flag(self, f: Json, name: str, value: bool) -> None:
        t = self.terminals[f["terminal"]]
        if getattr(t, name) == value:
            self._mark(f, "impossible")
        setattr(t, name, value)

    def _terminal_paused(self, f: Json) -> None:
        self._flag(f, "paused", True)
        self._nobody_more(f)

    def _nobody_more(self, f: Json) -> None:
        """A desk that calls nobody: the visit that only its next call would end is over, nobody knows when."""
        there = self.tickets.get(self.terminals[f["terminal"]].ticket or "")
        if there is not None and there.ends:
            self._ruled(there, f["at"], timed=False)

    def _terminal_resumed(self, f: Json) -> None:
        self._flag(f, "paused", False)

    def _terminal_failed(self, f: Json) -> None:
        self._flag(f, "failed", True)
        there = self.tickets.get(self.terminals[f["terminal"]].ticket or "")
        if there is not None and there.ends:
            there.unknown_length = True

    def _terminal_repaired(self, f: Json) -> None:
        self._flag(f, "failed", False)

    def terminal_state(self, t: Terminal) -> str:
        """«the first that holds: failed, serving, paused, unstaffed, free»"""
        if t.failed:
            return "failed"
        if t.ticket is not None:
            return "serving"
        if t.paused:
            return "paused"
        return "unstaffed" if self.staffed and t.staff is None else "free"

    # ---- the rest

    def _escalation_raised(self, f: Json) -> None:
        if f["escalation"] in self.cases:
            self._mark(f, "repeated_escalation")
            return
        t = self.tickets.get(f["ticket"])
        terminal = f["terminal"] or (t.terminal if t is not None and t.state == "serving" else None)
        visitor = f["ticket"] or (self.terminals[terminal].ticket if terminal else None)
        self.cases[f["escalation"]] = {
            "escalation": f["escalation"], "matter": f["matter"], "terminal": terminal, "ticket": f["ticket"],
            "visitor": visitor, "nth": self._nth(visitor), "early": None,
            "raised": f["at"], "taken": None, "settled": None, "outcome": None, "official": "",
        }  # fmt: skip

    def _nth(self, number: str | None) -> int:
        return sum(x.number == number for x in self.earlier)

    def _escalation_taken(self, f: Json) -> None:
        e = self.cases.get(f["escalation"])
        if e is None:
            self._mark(f, "unknown_escalation")
        elif e["settled"] is None and e["taken"] is None:
            e["taken"], e["official"] = f["at"], f["official"]
        elif e["taken"] is None and e["settled"] == f["at"]:
            e["taken"] = f["at"]
        else:
            self._mark(f, "impossible")

    def _escalation_settled(self, f: Json) -> None:
        e = self.cases.get(f["escalation"])
        if e is None:
            self._mark(f, "unknown_escalation")
        elif e["settled"] is not None:
            self._mark(f, "impossible")
        else:
            e["settled"], e["outcome"], e["official"] = f["at"], f["outcome"], f["official"] or e["official"]
            if e["early"] is not None and e["early"][1] == f["at"]:  # of one instant the finish comes first
                open_ones = [x for x in self.cases.values() if x["early"] == e["early"] and x["settled"] is None]
                if not open_ones and self.odd.get(e["early"][0]) == "undecided_case":
                    del self.odd[e["early"][0]]

    def _officials_changed(self, f: Json) -> None:
        self.officials.append((f["at"], f["present"]))

    def _reception_stopped(self, f: Json) -> None:
        if f["service"] in self.stopped:
            self._mark(f, "impossible")
        self.stopped.add(f["service"])

    def _reception_resumed(self, f: Json) -> None:
        if f["service"] not in self.stopped:
            self._mark(f, "impossible")
        self.stopped.discard(f["service"])

    def _staff_changed(self, f: Json) -> None:
        self.staff.append({"staff": f["staff"], "status": f["status"], "at": f["at"], "reason": f["reason"]})

        self.presence.setdefault(f["staff"], []).append(f)

    def _at_work(self, staff: str) -> bool:
        last = self.presence.get(staff, [{"status": ""}])[-1]
        return last["status"] == "present" or (last["status"] == "late" and last["until"] is None)

    def _is_here(self, f: Json) -> None:
        self.presence.setdefault(f["staff"], []).append(
            {"status": "present", "at": f["at"], "reason": "", "until": None}
        )

    def _given(self, f: Json) -> None:
        """Who is given a post or a charge has come, unless something else was said."""
        if f["staff"] is not None and (
            f["staff"] not in self.presence or self.presence[f["staff"]][-1]["status"] == "expected"
        ):
            self._is_here(f)

    def _staff_posted(self, f: Json) -> None:
        if f["post"] is not None:
            self._given(f)

    def _charge_taken(self, f: Json) -> None:
        self._given(f)

    def _vacancy_opened(self, f: Json) -> None:
        if any(v["staff"] == f["staff"] and v["closed"] is None for v in self.vacancies):
            self._mark(f, "impossible")
            return
        self.vacancies.append(
            {"staff": f["staff"], "opened": f["at"], "closed": None, "substitute": None, "reason": f["reason"]}
        )

    def _vacancy_filled(self, f: Json) -> None:
        v = next((v for v in self.vacancies if v["staff"] == f["staff"] and v["closed"] is None), None)
        if v is None:
            self._mark(f, "impossible")
        else:
            v["closed"], v["substitute"] = f["at"], f["substitute"]

    def _accommodation_given(self, f: Json) -> None:
        self.tallies["accommodation"] += f["count"]

    def _referral_given(self, f: Json) -> None:
        self.tallies["other_desk_referral"] += f["count"]

    def _custody_counted(self, f: Json) -> None:
        """Cards in custody stand in no count of tickets or of work."""

    def _inquiry_counted(self, f: Json) -> None:
        self.topics[f["topic"]] += f["count"]

    def _work_counted(self, f: Json) -> None:
        self.tallies[f["item"]] += f["count"]

    def _visitors_counted(self, f: Json) -> None:
        self.persons = f["persons"]

    def _total_read(self, f: Json) -> None:
        self.totals.pop(f["item"], None)
        if f["count"] is not None:
            self.totals[f["item"]] = f

    def _report_written(self, f: Json) -> None:
        self.report.pop(f["head"], None)
        if f["lines"] or f["none"]:
            self.report[f["head"]] = f

    # ---- figures

    @property
    def until(self) -> datetime | None:
        return self.closed or self.last

    @property
    def anomalies(self) -> int:
        return len(self.odd)

    @property
    def revision(self) -> int:
        """1, one more for each reopening, and for what changes the report after a close of the console."""
        # choice: such facts that were recorded on one day are one edition; a day.* fact that came late is none. What
        # the report shows up to the end of the day changes it whenever that happens.
        late: set[tuple[int, str]] = set()
        close: Json | None = None
        for f in sorted(self.told, key=lambda f: f["seq"]):
            if f["kind"] == "day.reopened":
                close = None
            elif f["kind"] == "day.closed" and f["source"] == "console":
                close = f
            elif close is not None and (
                f["seq"] in self.taking_back
                or f["kind"].startswith("incident.")
                or f["kind"] == "cards.counted"
                or (f["at"] < close["at"] and not f["kind"].startswith("day."))
            ):
                late.add((close["seq"], f["recorded_at"]))
        return 1 + self.reopened + len(late)

    def counts(self) -> dict[str, int]:
        """«tickets finished as done, by final service. Every code is present, with 0.»"""
        found = Counter(t.service for t in self.everyone if t.fate == "done")
        return {code: found[code] for code in self.rules.services}

    def work(self) -> dict[str, int]:
        """«Hand tallies (work.counted) add to work.»"""
        total = Counter(self.tallies)
        for t in self.everyone:
            # choice: the work of a ticket that waits again is counted once that is finished.
            if t.state == "finished" or t.outcome:
                total.update(t.work)
        return {code: total[code] for code in self.rules.items}

    @property
    def everyone(self) -> list[Ticket]:
        """Every ticket, of a number that was issued again each."""
        return [*self.earlier, *self.tickets.values()]

    def waits(self) -> dict[str, Json]:
        """«tickets called; p90 by nearest rank; null where n is 0»"""
        found = {}
        for lane in self.rules.lanes:
            own = sorted(t.wait for t in self.everyone if t.wait is not None and self.final_lane(t) == lane)
            n = len(own)
            nearest = next((own[k - 1] for k in range(1, n + 1) if 10 * k >= 9 * n), None)
            # choice: means are floored, as all seconds are.
            mean = sum(own) // n if n else None
            found[lane] = {"n": n, "mean_s": mean, "p90_s": nearest, "max_s": own[-1] if n else None}
        return found

    def targets(self) -> dict[str, Json]:
        """docs/additions.md: who was called within the target, of those of whom it is decided, by the hour of their coming."""
        found: dict[str, Json] = {}
        for lane in self.rules.lanes:
            target_s, until = self.rules.targets_s[lane], self._known_until(lane)
            hours: dict[str, Json] = {}
            for t in self.everyone:
                start = None if t.issued is None or t.unknown_wait else max(t.issued, t.due) if t.due else t.issued
                if self.final_lane(t) != lane or (start or t.called) is None:
                    continue
                gone = t.ended if t.state in ("left", "no_show") else until if t.state == "waiting" else None
                if t.state == "waiting" and self._never_called(lane, t):
                    gone = None
                if t.called:
                    kind = (
                        "unknown" if start is None else "within" if seconds(start, t.called) <= target_s else "beyond"
                    )
                else:
                    kind = "beyond" if start and gone and seconds(start, gone) > target_s else ""
                if kind:
                    own = hours.setdefault(f"{(start or t.called).hour:02d}", {"within": 0, "of": 0, "unknown": 0})  # type: ignore[union-attr]
                    own["of"] += kind != "unknown"
                    if kind != "beyond":
                        own[kind] += 1
            total = {k: sum(h[k] for h in hours.values()) for k in ("within", "of", "unknown")}
            found[lane] = {"target_s": target_s, **total, "hours": dict(sorted(hours.items()))}
        return found

    def _known_until(self, lane: str) -> datetime | None:
        """The close, or the last record of those who tell of the lane, if that was before."""
        lane_of = {t.number: self.final_lane(t) for t in self.everyone}
        own = {
            f["source"]
            for f in self.counted
            if f["kind"] in ("ticket.issued", "ticket.called", "queue.counted")
            and lane == (f["lane"] if f["kind"] == "queue.counted" else lane_of.get(f["ticket"]))
        }
        last = max((f["at"] for f in self.counted if f["source"] in own), default=None)
        return min(self.closed, last) if self.closed and last else self.closed or self.last

    def lanes(self, now: datetime | None = None) -> dict[str, Json]:
        """By lane as 3 has it: waiting, longest_wait_s (with ``now``), served, incomplete, desk3, no_show, left."""
        found: dict[str, Json] = {}
        for lane, q in self.queues.items():
            fates = Counter(t.fate for t in self.everyone if self.final_lane(t) == lane)
            held = [
                t for t in q.waiting.values() if t.issued and not t.unknown_wait and not self._never_called(lane, t)
            ]
            since = [max(t.issued, t.due) if t.due else t.issued for t in held if t.issued]
            found[lane] = {
                "waiting": q.n,
                "longest_wait_s": max((seconds(at, now) for at in since if at), default=None) if now else None,
                "served": fates["done"],
                **{fate: fates[fate] for fate in ("incomplete", "desk3", "no_show", "left", "counted_out")},
            }
        return found

    def _never_called(self, lane: str, t: Ticket) -> bool:
        """6: «numbers shown as never called», by the site's number of later ones that have been called; in no longest wait."""
        if t.due or t.issued is None:
            return False
        # choice: of one that is back, of another lane before, or called by mistake, calls since then tell.
        known = {self.key(f): f for f in self.told}
        backs = [f for f in self.told if f["seq"] in self.taking_back]
        called_back = [f["at"] for f in backs if self._call_of(known[f["target_source"], f["target"]], t)]
        since = max([*called_back, *([t.back] if t.back else [])], default=None)
        later = [
            x
            for x in self.everyone
            if x.called and x.issued and not x.due and self.lane(x) == lane
            if x.issued > t.issued and (since is None or x.called > since)
        ]
        return len(later) >= self.rules.overtaken

    @staticmethod
    def _call_of(f: Json, t: Ticket) -> bool:
        return bool(f["kind"] == "ticket.called" and f["ticket"] == t.number)

    def peak(self, lane: str) -> tuple[int, str | None]:
        """The most who waited at once, and since when first."""
        n, at = 0, None
        for since, waiting in self.queues[lane].curve:
            if waiting > n:
                n, at = waiting, since
        return n, written(at)

    def escalations(self) -> list[Json]:
        return sorted(self.cases.values(), key=lambda e: (written(e["raised"]), e["escalation"]))

    def stops(self) -> list[tuple[str, str, str | None, str | None, int]]:
        """(sort, code, since, until, seconds of the reception hours) of receptions stopped and terminals failed."""
        found, begun = [], {}
        words = {"reception.stopped": 1, "reception.resumed": 0, "terminal.failed": 1, "terminal.repaired": 0}
        for f in self.told:
            if f["kind"] in words and self.key(f) not in self.gone and (self.closed is None or f["at"] <= self.closed):
                what = (f["kind"].split(".")[0], f.get("service") or f["terminal"])
                if words[f["kind"]]:
                    begun.setdefault(what, f["at"])
                elif what in begun:
                    found.append((*what, begun.pop(what), f["at"]))
        found += [(*what, since, None) for what, since in begun.items()]
        span = self.rules.reception(self.day)
        return [
            (sort, code, written(since), written(until), overlap(since, until or self.until or since, span))
            for sort, code, since, until in sorted(found, key=lambda s: (s[2], s[0], s[1]))
        ]

    def officials_absent_s(self) -> int | None:
        """Seconds of the reception hours without city staff; None where nothing was ever said of them."""
        if len(self.officials) < 2 and not any(n for _, n in self.officials):
            return None
        ends = [at for at, _ in self.officials[1:]] + [self.until]
        span = self.rules.reception(self.day)
        return sum(overlap(at, end, span) for (at, n), end in zip(self.officials, ends, strict=True) if n == 0 and end)

    def uncovered_s(self) -> list[int]:
        span = self.rules.reception(self.day)
        return [overlap(v["opened"], v["closed"] or self.until, span) for v in self.vacancies]

    def staff_days(self) -> list[Json]:
        """Everybody of whom a fact of the day speaks, by code: how the day went for each."""
        found = []
        for staff, states in sorted(self.presence.items()):
            words = [s["status"] for s in states]
            here = [s for s in states if self._in_service(s)]
            # choice: who came after all is not absent; breaks before the first coming are none.
            since = states[states.index(here[0]) :] if here else []
            ends = [s["at"] for s in since[1:]] + ([self.until] if since else [])
            found.append(
                {
                    "staff": staff,
                    "status": words[-1],
                    "came_at": written(here[0]["at"]) if here else None,
                    "gone_at": written(states[-1]["at"]) if words[-1] == "gone" else None,
                    "late": int("late" in words),
                    "absent": int("absent" in words and not here),
                    "reason": next(
                        (s["reason"] for s in states if s["status"] in ("absent", "late") and s["reason"]), ""
                    ),
                    "break_s": sum(
                        seconds(s["at"], end) for s, end in zip(since, ends, strict=True) if s["status"] == "on_break"
                    ),
                }
            )
        return found

    @staticmethod
    def _in_service(s: Json) -> bool:
        """At work or away from it for a while; who is late «until» a time has only said so."""
        return s["status"] in ("present", "on_break", "away") or (s["status"] == "late" and s["until"] is None)

    # ---- the Register: what outlives the day

    def incidents(self) -> list[Json]:
        """Incidents that touch the day, as they stood at its end."""
        # choice: a report shows what had been recorded by the end of its day; later days tell the rest.
        gone = {(f["target_source"], f["target"]) for f in self.lasting if f["kind"] == "retracted"}
        found: dict[str, Json] = {}
        for f in self.lasting:
            if not f["kind"].startswith("incident.") or self.key(f) in gone or f["at"].date() > self.day:
                continue
            _incident(found, f)

        def touches(i: Json) -> bool:
            began = min(i["occurred"], i["found"]).date()
            return began <= self.day and (i["closed"] is None or i["closed"].date() >= self.day)

        return [i for i in found.values() if touches(i)]

    def outages(self) -> list[tuple[str, str, int, str]]:
        """(incident, service, whole minutes of its reception, cause) of services that stood still on this day."""
        found = []
        for i in self.incidents():
            if not (i["category"] in STOPPING or (i["category"] == "equipment" and i["cause"])):
                continue
            fallback = {"disaster": "災害", "equipment": "機器"}.get(i["category"], "原因未記入")
            end = min(i["restored"] or i["closed"] or self.until, self.until) if self.until else None
            for service in dict.fromkeys(i["services"]):
                s = self.rules.services[service]
                hours = (datetime.combine(self.day, s["opens"], TOKYO), datetime.combine(self.day, s["closes"], TOKYO))
                minutes = (
                    int(max(0.0, (min(end, hours[1]) - max(i["occurred"], hours[0])).total_seconds()) // 60)
                    if end
                    else 0
                )
                if minutes:
                    found.append((i["code"], service, minutes, CAUSES[i["cause"]] if i["cause"] else fallback))
        return found


AMENDED = ("category", "summary", "services", "terminals", "cause", "measures", "prevention", "damage", "serious")


def _incident(found: dict[str, Json], f: Json) -> None:
    kind, code = f["kind"], f["incident"]
    instant = lambda name: datetime.fromisoformat(f[name]).astimezone(TOKYO) if f.get(name) else None  # noqa: E731
    if kind == "incident.opened":
        if code not in found:
            at = instant("found_at") or f["at"]
            found[code] = {
                "code": code, "category": f["category"], "summary": f["summary"], "occurred": instant("occurred_at") or at,
                "found": at, "reported": None, "closed": None, "restored": None, "cause": None, "owes": False,
                "services": list(f["services"]), "terminals": list(f["terminals"]), "to": "", "again": None, "measures": "",
                "prevention": "", "police": None, "damage": False, "serious": False, "handed": None, "handed_to": "",
                "because": "", "notes": [],
            }  # fmt: skip
        return
    i = found.get(code)
    if i is None:
        return
    if kind == "incident.reported":
        # choice: a report that is owed for measures is the second; it does not move the first.
        if i["owes"]:
            i["owes"], i["again"] = False, instant("reported_at") or f["at"]
        else:
            i["reported"], i["to"] = instant("reported_at") or f["at"], f["to"]
    elif kind == "incident.restored":
        i["restored"] = instant("restored_at") or f["at"]
    elif kind == "incident.noted":
        i["notes"].append((f["at"], f["text"]))
    elif kind == "incident.closed":
        i["closed"], i["because"] = f["at"], "" if i["reported"] else f.get("reason", "")
        i["notes"] += [(f["at"], f["text"])] if f["text"] else []
    elif kind == "incident.amended":
        for name in AMENDED:
            i[name] = f[name] if f.get(name) is not None else i[name]
        i["handed_to"] = f.get("handed_over_to") or i["handed_to"]
        for name in ("occurred", "found", "reported", "restored", "police"):
            i[name] = instant(f"{name}_at") or i[name]
        i["again"], i["handed"] = instant("followed_up_at") or i["again"], instant("handed_over_at") or i["handed"]
        if f.get("measures") is not None:
            i["owes"] = bool(f["measures"]) and i["reported"] is not None


# ---- a file


def recount(path: Path, day: date, now: datetime | None = None) -> Recount:
    """The day as it is, or with ``now`` as it was then: «facts with at <= TIME, whenever recorded»."""
    # choice: a TIME of whole seconds means the whole second.
    end = now.replace(microsecond=999_999) if now else datetime.max.replace(tzinfo=TOKYO)
    told = [f for f in facts_in(path, "WHERE day = ?", str(day)) if f["at"] <= end]
    lasting = [f for f in facts_in(path, "WHERE kind LIKE 'incident.%' OR kind = 'retracted'") if f["at"] <= end]
    return Recount(told, lasting, day, Rules.read())


def days_in(path: Path) -> list[date]:
    """Business days that have facts."""
    return sorted({f["at"].date() for f in facts_in(path)})

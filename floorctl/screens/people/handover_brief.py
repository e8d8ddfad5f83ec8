"""; 申し送り: the brief for whoever takes over: the present state of the hall, and the events since a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from floorctl.common.action_keys import keyed
from floorctl.common.lengths import minutes_word
from floorctl.common.words import INCIDENT_SHORT, INCIDENT_STATES, STAFF_STATUSES, TERMINAL_STATES, hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.board.flow import uncovered_s
from floorctl.models.board.loans import helped_words, permitted
from floorctl.models.board.memos import about_memo, open_memos, owner_of
from floorctl.models.board.presence import charge_is_vacant, charge_vacant_word
from floorctl.models.board.told import arrivals_untold
from floorctl.models.day.floor import Floor
from floorctl.models.facts.advice import AdviceDeclined, AdviceTaken
from floorctl.screens.asking import Ask
from floorctl.screens.drawing.canvas import Span, whole
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.people.memo_acts import answer_memo
from floorctl.screens.table import Column, Row, TableView

_STEP = timedelta(minutes=30)
_NOT_THERE = ("late", "absent", "on_break", "away")
_TOLD = (
    "memo.", "incident.", "terminal.assigned", "terminal.failed", "terminal.repaired", "reception.", "officials.",
    "charge.", "vacancy.", "escalation.settled", "day.", "advice.", "lending.",
)  # fmt: skip


def since_last_held(floor: Floor, staff: str, charge: str = "site_manager") -> datetime | None:
    """Return the time at which a person last gave the charge away; None if they never held it today."""
    own = floor.charge_log(charge)
    ended = [after.at for held, after in pairwise(own) if held.staff == staff]
    return ended[-1] if ended else None


def lent_now(floor: Floor, now: datetime) -> list[tuple[str, str, str, str]]:
    """Return what is lent, may be without asking, and was so far: a row each of its word, its terminals, the text and its key."""
    name = {x.code: x.name for x in floor.site.lanes}
    found = []
    for t in floor.terminals.values():
        if t.home is None or t.loan is None:
            continue
        loan = floor.loans[t.loan]
        when = f"{t.ticket} のあと" if loan.went is None else f"{hm(loan.went)}から"
        back = f"  {t.ticket} のあと戻る" if t.coming_home else ""
        found.append(("応援", t.code, f"{name[loan.to]}へ（本来は{name[loan.home]}） {when}{back}", f"lent {t.code}"))
    if floor.lend_permit:
        codes = "・".join(permitted(floor))
        found.append(("応援の許可", codes, "今日は確かめずに応援に出してよい", "permit"))
    number, length = helped_words(floor, now)
    if number:
        found.append(("今日の応援", number, length, "helped"))
    return found


class BriefView(TableView):
    """State of the hall, then the events since a time that the arrows move."""

    heading = "申し送り"
    unit = ""
    hint = "左右の矢印 30分ずつ広げる・狭める  {enter} メモの操作"
    foot: ClassVar[tuple[str, ...]] = ("hand_over", "memo")
    columns = (Column("時刻", 5), Column("何が", 14), Column("対象", 12), Column("内容", 0, cut=whole))

    def __init__(self, app: ScreenConsole, since: datetime | None = None) -> None:
        super().__init__(app)
        floor = self.state.day.floor
        # Who has not held the charge today knows nothing of it, not even what was left before the doors opened.
        self.since = since or min([e.fact.at for e in floor.entries[:1]], default=self.state.day.now)

    def summary(self, state: ConsoleState) -> list[Span]:
        holder = state.day.floor.holder()
        who = f"現場責任者の職務 {state.day.who(holder)}   " if holder else ""
        return [(f"{who}{hm(self.since)} から後のこと", "text")]

    def rows(self, state: ConsoleState) -> list[Row]:
        floor = state.day.floor
        rows = self._now(state)
        for e in floor.entries:
            if e.fact.at >= self.since and e.kind.startswith(_TOLD) and e.key not in floor.retracted:
                proposed = (
                    f"（{e.fact.text}）" if isinstance(e.fact, AdviceTaken | AdviceDeclined) and e.fact.text else ""
                )
                text = line(e, floor).removeprefix(e.fact.word).strip() + proposed
                whom = state.day.who(subject(e.fact, floor.site))
                rows.append(self._line(hm(e.fact.at), e.fact.word, whom, text, e.fact.id))
        if not floor.entries:
            rows.append(
                self._line("", "今日の記録", "", keyed("まだありません。メモ（{memo}）・事案（{incident}）"), "-")
            )
        return rows

    def _now(self, state: ConsoleState) -> list[Row]:
        """Return the present state: queues, failures, open cases and incidents, vacancies, people who are not there."""
        floor, site = state.day.floor, state.day.floor.site
        found: list[tuple[str, str, str, str]] = []  # what, whom, text, key
        for m in open_memos(floor):
            owner = owner_of(floor, m)
            text = " ".join(x for x in (hm(m.due) if m.due else "", m.text) if x)
            found.append(("メモ", state.day.who(owner) if owner else "", text, f"memo {about_memo(m.key)}"))
        for m in state.day.memos_left():
            found.append(
                ("前の日のメモ", state.day.who(m.owner) if m.owner else "", m.text, f"memo {about_memo(m.key)}")
            )
        for lane in site.lanes:
            names = " ".join(t.code for t in floor.terminals_of(lane.code))
            said = state.day.grounds().withheld.get(lane.code)
            unsure = f"（{said.word}）" if said is not None else ""
            q = floor.lanes[lane.code]
            waiting = "-" if arrivals_untold(q, state.day.now) else f"{q.waiting}人"
            text = f"待ち {waiting}{unsure}  端末 {names}"
            found.append(("待ち", lane.name, text, f"lane {lane.code}"))
        here = state.day.presence()
        if here.people:
            away = "  ".join(f"{STAFF_STATUSES[status]} {n}" for status, n in here.elsewhere().items())
            found.append(("在席", f"{len(here.present)}名", away, "present"))
        for t in floor.terminals.values():
            if t.failed or t.paused:
                found.append((TERMINAL_STATES[floor.state(t.code)], t.code, t.reason, f"t {t.code}"))
        found += lent_now(floor, state.day.now)
        for e in state.day.cases():
            matter = site.matter_by_code[e.matter].short if e.matter else ""
            at = hm(e.raised_at) if e.raised_at else ""
            found.append(("決定待ち", e.code, f"{e.terminal or ''} {matter} {at}から", f"e {e.code}"))
        for i in state.day.register.open_incidents():
            noted = f"  追記：{i.notes[-1][1]}" if i.notes else ""
            text = f"{INCIDENT_SHORT[i.category]} {INCIDENT_STATES[i.stage]} {i.summary}{noted}"
            found.append(("事案", i.code, text, f"i {i.code}"))
        if charge_is_vacant(floor, state.day.register, state.day.now):
            found.append(("現場責任者", "不在", charge_vacant_word(floor, state.day.now), "charge"))
        for v in floor.vacancies:
            if v.closed_at is None:
                text = f"{hm(v.opened_at)}から {minutes_word(uncovered_s(floor, v, state.day.now))}"
                found.append(("欠員", state.day.who(v.staff), text, f"v {v.staff}"))
        for s in here.people:
            if s.status in _NOT_THERE and not s.at_work:
                until = f" {hm(s.until)}まで" if s.until else ""
                text = f"{hm(s.since)}から{until} {s.reason}".rstrip()
                found.append((STAFF_STATUSES[s.status], state.day.who(s.code), text, f"s {s.code}"))
        return [self._line("いま", *now) for now in found]

    @staticmethod
    def _line(when: str, what: str, whom: str, text: str, key: str) -> Row:
        now = when == "いま"
        role = "strong" if now else "text"
        return Row(key, (when, "warn" if now else "dim"), (what, role), (whom, "strong"), (text, role))

    def opened(self, key: str) -> None:
        what, _, about = key.partition(" ")
        if what == "memo":
            self.app.start(answer_memo(Ask(self.app), about))
        else:
            self.state.line.say(
                keyed("申し送りは見るだけの画面です（メモだけ Enter で開きます。直すときは {journal} の記録）")
            )

    def takes(self, key: str) -> bool:
        if key in ("left", "right"):
            first = min([e.fact.at for e in self.state.day.floor.entries[:1]], default=self.state.day.now)
            if key == "left" and self.since <= first:
                self.state.line.say("これより前の記録はありません", "warn")
            else:
                since = self.since + (-_STEP if key == "left" else _STEP)
                self.since = min(max(since, first), self.state.day.now)
            return True
        return super().takes(key)

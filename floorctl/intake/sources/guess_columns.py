"""Guess the role of each column of a sample: by the words of its heading and by its cells."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from floorctl.common.personal_words import words_in
from floorctl.common.privacy import find
from floorctl.intake.sources import site_match
from floorctl.intake.sources.cell_shapes import (
    Moment,
    digits_time,
    has_unit,
    looks_like_count,
    looks_like_ticket,
    moment,
    two_times,
)
from floorctl.intake.sources.sniff import Sample, SampleColumn
from floorctl.models.site.site import Site

MOST_CODES = 40
_MOST_GUARDED = 400  # different cells of a column that the guard looks at
_NEARLY = 0.9

# Words of headings, by role; a heading in Latin letters is looked at in lower case with _ between its words.
_HEADINGS = {
    "personal": r"氏名|名前|姓|フリガナ|カナ|電話|住所|番地|郵便|生年|誕生|性別|年齢|メール|備考|メモ|摘要|特記|個人番号|カード番号|^氏$|^tel|phone|mobile|address|birth|e_?mail|^name$|(customer|visitor|client|guest|person|full|first|last)_?name|note|remark|comment|memo|gender|zip",
    "wait": r"待ち?時間|所要|対応時間|処理時間|応対時間|経過|平均|duration|elapsed|wait(ing)?_?(time|min|sec|s$)|_secs?$|_minutes$|average|更新|updat|modif|予約|appoint|印刷枚",
    "called": r"呼び?出?し?|案内|対応開始|応対開始|開始|call|start|begin|serv(e|ed|ing|ice)_?(start|begin|from)",
    "issued": r"発券|受付|来庁|到着|発行|取得|create|issue|arriv|check_?in|print|taken|regist|joined|enqueue",
    "finished": r"終了|完了|終わり|退|離席|end|finish|complet|clos|leave|left|done",
    "waiting": r"待ち?(人|客|者|組)?数?$|待ち?人|waiting|queue_?(len|size)|in_?queue|人数",
    "id": r"(^|_)id$|^id|連番|シーケンス|通し?番|行番|管理番|seq|^no\.?$|^row|transaction|record|uuid|guid",
    "ticket": r"番号|整理券|チケット|札|ticket|number|token|^no\.?$|queue_?no|呼出番|受付番",
    "event": r"区分|イベント|状態|動作|操作|処理|ステータス|event|action|type|status|state|operation",
    "terminal": r"窓口|カウンタ|ブース|端末|席|卓|デスク|counter|desk|service_?point|window|terminal|booth|position",
    "staff": r"担当|職員|係員|従事|社員|ユーザ|staff|user|operator|agent|clerk|employee",
    "service": r"業務|用件|手続|サービス|種別|種類|目的|区分|メニュー|service|category|menu|reason|purpose|transaction_?type|queue(_?name)?$",
    "lane": r"列|レーン|^lane|キュー|queue|display_?name|窓口名|業務|区分|名称",
    "outcome": r"結果|転帰|outcome|result|disposition",
    "day": r"日付|年月日|営業日|^日$|date|^day",
    "time": r"時刻|時間|日時|time|timestamp|_at$|^at$|_ts$|date",
    "place": r"支所|拠点|会場|店|庁舎|branch|site|office|location|hall",
}
_HEAD = {role: re.compile(pattern) for role, pattern in _HEADINGS.items()}
# Words of events by kind, in the order in which they are looked for.
EVENTS = (
    ("ticket.recalled", r"再呼|recall|re-call"),
    ("ticket.transferred", r"転送|移送|振替|transfer"),
    ("ticket.no_show", r"不在|不応答|欠席|no.?show|absent|miss"),
    ("ticket.left", r"帰宅|取消|取り消し|キャンセル|放棄|辞退|離脱|cancel|left|leave|abandon|drop"),
    ("ticket.requeued", r"戻|再待|requeue|保留|park|hold"),
    ("ticket.finished", r"終了|完了|済|end|finish|complet|close|done|served"),
    ("ticket.called", r"呼|案内|対応開始|開始|call|start|serving"),
    ("ticket.issued", r"発券|受付|発行|登録|issue|creat|print|ticket|arriv|new|join|check.?in"),
)
_EVENT_OF = [(kind, re.compile(pattern)) for kind, pattern in EVENTS]
TOTALS = re.compile(r"合計|小計|総計|計|total|sum", re.I)


def heading_words(heading: str) -> str:
    """Return a heading in lower case, with _ where a capital begins a word: ticketId is ticket_id."""
    text = unicodedata.normalize("NFKC", heading).strip()
    return re.sub(r"[\s.\-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)).lower().strip("_")


def event_kind(value: str) -> str:
    """Return the kind of fact that the name of an event means, or ""."""
    words = value.casefold()
    return next((kind for kind, pattern in _EVENT_OF if pattern.search(words)), "")


@dataclass
class Profile:
    """Column with what its cells have in common. ``clock``: form of its times (both day time digits two, or "")."""

    column: SampleColumn
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)
    clock: str = ""
    moments: list[Moment] = field(default_factory=list)  # by row
    part: int = 0  # of a cell with two times
    mark: str = ""

    @property
    def place(self) -> int | str:
        return self.column.place

    def says(self, role: str) -> bool:
        """Return whether the heading has a word of a role."""
        words = heading_words(self.column.heading)
        return bool(words) and _HEAD[role].search(words) is not None

    def share(self, test: Callable[[str], object]) -> float:
        """Return the share of filled cells that pass a test."""
        return sum(n for value, n in self.values.items() if test(value)) / self.filled if self.filled else 0.0


def profile(column: SampleColumn) -> Profile:
    """Return a column with counts of its values and the form of its times."""
    found = Profile(column)
    found.values = Counter(x for x in column.cells if x)
    found.filled = sum(found.values.values())
    if not found.filled:
        return found
    values = list(found.values)
    known = [moment(x) for x in values]
    n = len(values)
    both = sum(x.day is not None and x.second is not None for x in known)
    days = sum(x.day is not None and x.second is None for x in known)
    times = sum(x.day is None and x.second is not None for x in known)
    if both >= n * _NEARLY:
        found.clock = "both"
    elif days >= n * _NEARLY:
        found.clock = "day"
    elif times + both >= n * 0.6 and times:
        found.clock = "time"
    elif sum(two_times(x) is not None for x in values) >= n * 0.6:
        found.clock = "two"
    elif _times_in_digits(values, column.cells):
        found.clock = "digits"
    if found.clock == "digits":
        found.moments = [Moment(None, digits_time(x)) for x in column.cells]
    elif found.clock:
        found.moments = [moment(x) for x in column.cells]
    return found


def _times_in_digits(values: Sequence[str], cells: Sequence[str]) -> bool:
    """Return whether digits alone are times: office hours in all of them, more in step with the rows than not."""
    seconds = [digits_time(x) for x in values]
    if any(s is None for s in seconds):
        return False
    sizes = {len(x) for x in values}
    if not (sizes <= {5, 6} or sizes <= {3, 4}):
        return False
    good = sum(5 * 3600 <= (s or 0) <= 22 * 3600 for s in seconds) >= len(seconds) * 0.95
    if sizes <= {5, 6}:
        return good
    rows = [s for x in cells if x and (s := digits_time(x)) is not None]
    rising = sum(b >= a for a, b in pairwise(rows))
    # A number on a ticket rises, too; but not one of sixty in a hundred is no minute.
    wide = any(int(x[-2:]) > 30 for x in values) and len({int(x) // 100 for x in values}) > 2
    return (
        good
        and len(values) >= 4
        and wide
        and rising >= len(rows) * 0.5
        and all(len(x) == 4 or x[0] != "0" for x in values)
    )


@dataclass
class Roles:
    """Role of the columns: words of the description, and those that stand for nothing."""

    style: str = ""  # events visits counts issues
    words: dict[str, Profile] = field(default_factory=dict)
    personal: list[Profile] = field(default_factory=list)
    unused: list[Profile] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)  # event: kind
    at: SampleColumn | None = None  # time of the document


def guess_columns(sample: Sample, site: Site) -> Roles:
    """Return the roles of the columns of a sample."""
    roles = Roles()
    left = [profile(x) for x in sample.columns]
    roles.unused = [x for x in left if not x.filled]
    left = [x for x in left if x.filled]
    for x in list(left):
        if _is_personal(x):
            roles.personal.append(x)
            left.remove(x)
    _take_times(roles, left)
    times = (x for x in sample.document if profile(x).clock == "both")
    roles.at = next(times, None)
    _Guess(roles, left, sample, site).take()
    roles.unused += left
    return roles


def _is_personal(x: Profile) -> bool:
    """Return whether a column holds something about a person: by its heading or by what the guard finds."""
    if x.says("personal"):
        return True
    if x.clock:
        return False
    for value in list(x.values)[:_MOST_GUARDED]:
        if find(value) is not None or (not value.isascii() and words_in(value) is not None):
            return True
    return False


def _take_times(roles: Roles, left: list[Profile]) -> None:
    """Take the day and the times: one time, or several in ascending order in nearly all rows."""
    clocks = [x for x in left if x.clock in ("both", "time", "digits", "two")]
    if any(x.clock in ("both", "time") for x in clocks):  # then digits alone are numbers
        clocks = [x for x in clocks if x.clock != "digits" or (x.says("time") and not x.says("ticket"))]
    clocks = [x for x in clocks if x.clock != "digits" or not (x.says("id") or x.says("ticket"))]
    days = [x for x in left if x.clock == "day"]
    two = [x for x in clocks if x.clock == "two"]
    if two:
        _take_two(roles, left, two[0])
    else:
        times = [x for x in clocks if not x.says("wait") and not _is_length(x, clocks)]
        times = _one_of_each(times)
        ordered = _ascending(times)
        if len(ordered) > 1:
            _take_visit(roles, left, ordered)
        elif times:
            best = max(times, key=lambda x: (x.filled, x.says("time") or x.says("issued")))
            roles.words["at" if best.clock == "both" else "time"] = best
            left.remove(best)
    with_day = any(x.clock == "both" for word, x in roles.words.items() if word not in ("day",))
    if days and not with_day:
        best = max(days, key=lambda x: (x.says("day"), x.filled))
        roles.words["day"] = best
        left.remove(best)


def _one_of_each(times: list[Profile]) -> list[Profile]:
    """Return times without those that say the same in every row as one before."""
    found: list[Profile] = []
    for x in times:
        if not any([m.second for m in x.moments] == [m.second for m in y.moments] for y in found):
            found.append(x)
    return found


def _is_length(x: Profile, others: list[Profile]) -> bool:
    """Return whether times are lengths of time: early in the night, while others are by day."""
    seconds = [m.second for m in x.moments if m.second is not None]
    by_day = any(
        median(m.second for m in y.moments if m.second is not None) >= 6 * 3600
        for y in others
        if y is not x and any(m.second is not None for m in y.moments)
    )
    return bool(seconds) and by_day and median(seconds) < 3 * 3600


def _instants(x: Profile) -> list[float | None]:
    return [None if m.second is None else (m.day or 0) * 86_400 + m.second for m in x.moments]


def _ascending(times: list[Profile]) -> list[Profile]:
    """Return the times that follow each other in nearly all rows, the earliest first."""
    if len(times) < 2:
        return []
    at = {id(x): _instants(x) for x in times}

    def before(a: Profile, b: Profile, even: float) -> float:
        pairs = [(p, q) for p, q in zip(at[id(a)], at[id(b)], strict=True) if p is not None and q is not None]
        if not pairs:
            return 0.5
        return sum((q > p) + even * (q == p) for p, q in pairs) / len(pairs)

    ranked = sorted(times, key=lambda x: -sum(before(x, y, 0.5) for y in times if y is not x))
    chain = [ranked[0]]
    for x in ranked[1:]:
        if all(before(y, x, 1) >= 0.85 and before(y, x, 0.5) > 0.5 for y in chain):
            chain.append(x)
    return chain


_VISIT = ("issued", "called", "finished")


def _take_visit(roles: Roles, left: list[Profile], times: list[Profile]) -> None:
    """Take the times of a visit: by order, and by the words of their headings where there are not three."""
    roles.style = "visits"
    named: dict[str, Profile] = {}
    for word in _VISIT:
        said = [x for x in times if x.says(word) and x not in named.values()]
        # 対応開始 comes after 呼出: the call is the first of several.
        if said:
            named[word] = said[-1] if word == "finished" else said[0]
    if len(times) == 3:
        found = dict(zip(_VISIT, times, strict=True))
    elif len(times) == 2 and not {"issued"} & named.keys() and {"called", "finished"} <= named.keys():
        found = {"called": times[0], "finished": times[1]}
    elif len(times) == 2 and "called" not in named and {"issued", "finished"} <= named.keys():
        found = {"issued": times[0], "finished": times[1]}
    elif len(times) == 2:
        found = dict(zip(_VISIT[:2], times, strict=True))
        if "called" not in named:
            roles.unsure.add("called")
    else:
        found = {"issued": times[0], "finished": times[-1], "called": named.get("called", times[1])}
        if "called" not in named or found["called"] in (times[0], times[-1]):
            found["called"] = times[1]
    order = [word for word in _VISIT if word in found]
    if any(named.get(word) not in (None, found[word]) for word in order):
        roles.unsure.update(order)
    for word in order:
        roles.words[word] = found[word]
        left.remove(found[word])


def _take_two(roles: Roles, left: list[Profile], x: Profile) -> None:
    """Take a column of two times in a cell."""
    roles.style = "visits"
    marks = Counter(found[1] for value in x.values if (found := two_times(value)))
    words = heading_words(x.column.heading)
    names = ("called", "finished") if "発券" not in words and "終" in words else ("issued", "called")
    for part, word in enumerate(names, 1):
        cells = tuple(found[2 * (part - 1)] if (found := two_times(cell)) else "" for cell in x.column.cells)
        one = Profile(x.column, x.filled, Counter(cells), "time", [moment(cell) for cell in cells])
        one.part, one.mark = part, marks.most_common(1)[0][0]
        roles.words[word] = one
    left.remove(x)


class _Guess:
    """Search for the columns that are no times."""

    def __init__(self, roles: Roles, left: list[Profile], sample: Sample, site: Site) -> None:
        self.roles, self.left, self.sample, self.site = roles, left, sample, site
        dated = next(
            (x for word in ("day", "at", "issued", "called") if (x := roles.words.get(word)) is not None), None
        )
        self.days = [m.day for m in dated.moments] if dated is not None else [None] * sample.number

    def take(self) -> None:
        """Take the columns in the order in which they are known best."""
        if self._counts():
            return
        for word in ("id", "ticket", "event", "terminal", "service", "outcome", "terminal_left"):
            getattr(self, f"_{word}")()
        if not self.roles.style:
            self.roles.style = "events" if "event" in self.roles.words else "issues"

    def _give(self, word: str, x: Profile | None, sure: bool = True) -> None:
        if x is None:
            return
        self.roles.words[word] = x
        self.left.remove(x)
        if not sure:
            self.roles.unsure.add(word)

    # ---- counts

    def _counts(self) -> bool:
        """Take a head count with its lane, where no visitor has a row."""
        if self.roles.style == "visits" or any(x.says("ticket") and not x.says("waiting") for x in self.left):
            return False
        said = [
            x for x in self.left if x.says("waiting") and not x.says("wait") and x.share(looks_like_count) >= _NEARLY
        ]
        if not said:
            return False
        self.roles.style = "counts"
        self._give("waiting", said[0])
        if self.roles.at is not None:  # a time in a row of such a document is another's
            for word in ("at", "time"):
                self.left.extend(x for x in (self.roles.words.pop(word, None),) if x)
        rows = len(self.sample.columns[0].cells)
        codes = [
            x
            for x in self.left
            if len(x.values) <= MOST_CODES and x.filled >= rows * _NEARLY and not has_unit(next(iter(x.values)))
        ]
        if codes:
            best = max(codes, key=self._lane_score)
            if self._lane_score(best) > 0:
                self._give("lane", best, self._lane_score(best) > 2)
        return True

    def _lane_score(self, x: Profile) -> float:
        found = site_match.lanes(x.values, self.site)
        matched = sum(1 for value in found if found[value]) / len(found)
        if x.values.keys() <= {"true", "false"}:
            return 0
        return (
            4 * matched
            + x.says("lane")
            + x.says("service")
            + x.says("terminal")
            + 0.5 * x.says("id")
            - 0.1 * (len(x.values) == 1)
        )

    # ---- numbers

    def _id(self) -> None:
        rows = len(self.sample.columns[0].cells)
        unique = [x for x in self.left if x.filled == rows > 1 and len(x.values) == rows and x.share(_short) == 1]
        said = [x for x in unique if x.says("id") and not self._ticket_words(x)]
        if said:
            self._give("id", said[0])

    @staticmethod
    def _ticket_words(x: Profile) -> bool:
        words = heading_words(x.column.heading)
        return re.search(r"ticket|整理|発券|呼出|受付番|札|token|queue_?n", words) is not None

    def _ticket(self) -> None:
        rows = len(self.sample.columns[0].cells)
        could = [
            x
            for x in self.left
            if x.filled >= rows * 0.8 and x.share(looks_like_ticket) >= _NEARLY and not x.says("place")
        ]
        if not could:
            return

        def score(x: Profile) -> float:
            lettered = x.share(lambda v: v[:1].isalpha() and any(c.isdigit() for c in v))
            different = 1 / self._rows_each(x)
            often = self._times_each(x)
            short = x.share(lambda v: len(v) < 2 or (len(v) < 3 and (v[0] == "0" or rows < 20)))
            known = self._ticket_words(x) * 6 + (x.says("ticket") * 3)
            other = sum(x.says(w) for w in ("terminal", "staff", "service", "event", "outcome", "wait", "waiting"))
            return (
                known
                + 2 * lettered
                + 3 * (different > 0.2)
                + often
                - 3 * short
                - 2.5 * other * (not self._ticket_words(x))
            )

        # A column that numbers the rows is the number only where no other can be.
        best = max(could, key=lambda x: score(x) - 2.5 * _counts_up(x))
        points = score(best)
        if points > 2:
            self._give("ticket", best, points > 4)

    def _rows_each(self, x: Profile) -> float:
        """Return in how many rows of a day a value of a column stands, in the mean."""
        return x.filled / len({(day, cell) for day, cell in zip(self.days, x.column.cells, strict=True) if cell})

    def _times_each(self, x: Profile) -> float:
        """Return how well the repetitions of a column fit a number: once in a visit, two to four times in events."""
        mean = self._rows_each(x)
        if self.roles.style == "visits":
            return 2.0 if mean < 1.6 else 0.0
        return 2.0 if 1.3 <= mean <= 4.5 else 0.5 if mean < 1.3 else 0.0

    # ---- codes

    def _codes(self) -> list[Profile]:
        most = min(MOST_CODES, max(8, len(self.sample.columns[0].cells) // 4))
        return [
            x
            for x in self.left
            if len(x.values) <= most and not x.says("wait") and x.share(has_unit) < 0.5 and not x.says("place")
        ]

    def _by_ticket(self, x: Profile) -> float:
        """Return the share of numbers with several rows whose values differ from row to row."""
        ticket = self.roles.words.get("ticket")
        if ticket is None:
            return 0.0
        seen: dict[tuple[str, int | None], list[str]] = defaultdict(list)
        for number, cell, day in zip(ticket.column.cells, x.column.cells, self.days, strict=True):
            if number and cell:
                seen[number, day].append(cell)
        several = [v for v in seen.values() if len(v) > 1]
        return sum(len(set(v)) == len(v) for v in several) / len(several) if several else 0.0

    def _event(self) -> None:
        if self.roles.style == "visits":
            return
        best, most = None, 0.0
        for x in self._codes():
            if not 2 <= len(x.values) <= 12 or x.says("terminal") or x.says("staff"):
                continue
            words = sum(n for v, n in x.values.items() if event_kind(v) and not v.isdigit()) / x.filled
            full = x.filled / len(x.column.cells)
            points = (
                4 * words + 3 * self._by_ticket(x) + 1.5 * x.says("event") - 2 * (full < 0.9) - 1.5 * x.says("outcome")
            )
            if points > max(most, 1.4):
                best, most = x, points
        if best is None:
            return
        self._give("event", best, most > 3)
        self.roles.style = "events"
        self._event_kinds(best)

    def _event_kinds(self, x: Profile) -> None:
        """Say what each event means: by its name, else by its place in the life of a number."""
        named = {v: event_kind(v) for v in x.values}
        if sum(map(bool, named.values())) * 2 > len(named) and len(set(named.values()) - {""}) > 1:
            self.roles.kinds = named
            return
        self.roles.kinds = _by_order(x, self.roles.words.get("ticket"))
        self.roles.unsure.add("event")

    def _terminal(self) -> None:
        codes = self._codes()

        def score(x: Profile) -> float:
            if x.says("staff") or x.says("outcome"):
                return 0.0
            found = site_match.terminals(x.values, self.site)
            matched = sum(bool(code) for code in found.values()) / len(found)
            named = x.share(
                lambda v: (
                    re.search(r"\d", v)
                    and re.search(r"窓口|番|counter|desk|window|booth|カウンタ|ブース|[A-Za-z]\d", v, re.I)
                )
            )
            other = x.says("service") or x.says("event") or x.says("id")
            return 3 * x.says("terminal") + 1.5 * matched + named + 2 * self._fits_desk(x) - 1.5 * other

        best = max(codes, key=score, default=None)
        if best is not None and score(best) >= 2.4:
            self._give("terminal", best, score(best) > 3)

    def _terminal_left(self) -> None:
        """Take a column of small numbers without a heading as the desk, where none was found and calls are told."""
        called = self.roles.style == "visits" or "ticket.called" in self.roles.kinds.values()
        if not called or "terminal" in self.roles.words or self.sample.heading:
            return
        small = [
            x for x in self._codes() if len(x.values) > 1 and x.share(lambda v: v.isdecimal() and int(v) <= 40) == 1
        ]
        if small:
            self._give("terminal", max(small, key=lambda x: (self._fits_desk(x), x.filled)), sure=False)

    def _fits_desk(self, x: Profile) -> float:
        """Return 1 where a column may be a desk: filled with the call, and one visitor at a time; -1 where it cannot."""
        words = self.roles.words
        if "event" in words:
            by: dict[str, list[bool]] = defaultdict(list)
            for event, cell in zip(words["event"].column.cells, x.column.cells, strict=True):
                by[self.roles.kinds.get(event, "")].append(bool(cell) and cell not in ("0", "00", "-", "99"))
            issued, called = by.get("ticket.issued", []), by.get("ticket.called", [])
            if not issued or not called:
                return 0.0
            with_call, without = sum(called) / len(called), sum(issued) / len(issued)
            return 1.0 if with_call > 0.9 > 0.3 > without else -0.5
        if "called" in words and "finished" in words and len(x.values) > 1:
            spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
            for cell, a, b in zip(
                x.column.cells, _instants(words["called"]), _instants(words["finished"]), strict=True
            ):
                if cell and a is not None and b is not None:
                    spans[cell].append((a, b))
            day = words.get("day")
            pairs = [(p, q) for v in spans.values() for p, q in zip(sorted(v), sorted(v)[1:], strict=False)]
            if len(pairs) < 4 or (day is not None and len(day.values) > 1):
                return 0.0
            apart = sum(q[0] >= p[1] for p, q in pairs) / len(pairs)
            return 1.0 if apart > 0.93 else -1.0
        return 0.0

    def _service(self) -> None:
        codes = [x for x in self._codes() if not x.says("staff") and not x.says("outcome")]
        rows = len(self.sample.columns[0].cells)

        def score(x: Profile) -> float:
            found = site_match.services(x.values, self.site)
            matched = sum(bool(code) for code in found.values()) / len(found)
            full = x.filled / rows
            flags = x.values.keys() <= {"0", "1", "true", "false", "Y", "N", "○", "×"}
            other = x.says("terminal") + x.says("waiting")
            constant = 1 - self._by_ticket(x) if "ticket" in self.roles.words else 0.5
            return (
                3 * x.says("service")
                + 3 * matched
                + full * constant
                - 2 * flags
                - 2 * other
                - 0.5 * (len(x.values) == 1)
            )

        best = max(codes, key=score, default=None)
        if best is not None and score(best) > 0.4:
            self._give("service", best, score(best) > 2.5)

    def _outcome(self) -> None:
        if self.roles.style != "visits" and "event" not in self.roles.words:
            return
        said = [x for x in self._codes() if x.says("outcome") and len(x.values) <= 12]
        if said:
            self._give("outcome", said[0])


def _counts_up(x: Profile) -> bool:
    """Return whether a column numbers the rows."""
    cells = [int(v) for v in x.column.cells if v.isdecimal()]
    return len(cells) == len(x.column.cells) > 3 and all(b - a == 1 for a, b in pairwise(cells))


def _short(value: str) -> bool:
    return len(value) <= 64 and value.isascii()


def _by_order(x: Profile, ticket: Profile | None) -> dict[str, str]:
    """Return what events without names mean: a number is issued first, then called; the rest ends it, or is absence."""
    if ticket is None:
        return dict.fromkeys(x.values, "")
    lives: dict[str, list[str]] = defaultdict(list)
    first: Counter[str] = Counter()
    for number, event in zip(ticket.column.cells, x.column.cells, strict=True):
        if number and event:
            lives[number].append(event)
    for events in lives.values():
        if len(events) > 1:
            first[events[0]] += 1
    order = sorted(x.values)
    issued = max(order, key=lambda v: (first[v], x.values[v]))
    found = dict.fromkeys(order, "")
    found[issued] = "ticket.issued"
    after: Counter[str] = Counter(b for v in lives.values() for a, b in pairwise(v) if a == issued and b != issued)
    rest = [v for v in order if v != issued]
    if not rest:
        return found
    called = max(rest, key=lambda v: (after[v], x.values[v]))
    found[called] = "ticket.called"
    ends = sorted((v for v in rest if v != called), key=lambda v: -x.values[v])
    calls = x.values[called]
    for v in ends:
        often = x.values[v] > calls * 0.5
        kind = "ticket.finished" if often and "ticket.finished" not in found.values() else "ticket.no_show"
        if kind not in found.values():
            found[v] = kind
    return found

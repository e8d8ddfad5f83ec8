"""Rules of a scenario on a site: what it names exists, its times lie in the play, and what it expects can be done.

Each rule is asked by itself (``intake/toml_model.py``), also of a scenario with wrong values, which are None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from functools import partial
from typing import Any, Literal

from floorctl.common.clock import day_seconds
from floorctl.common.constraints import Shape, shapes
from floorctl.common.incident_policies import INCIDENT_POLICIES
from floorctl.common.privacy import FOUND, find
from floorctl.common.words import hm
from floorctl.console.keys import BY_ID
from floorctl.models.facts.fields import CodeOf
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.part import Fault, Place, instead, known, one_of
from floorctl.models.site.scenario import HAND_OFF, TARGETS, WAITING, Expectation, MishapPlan, Scenario
from floorctl.models.site.site import Site
from floorctl.rehearsal.demo_roster import demo_roster

_IN_PLAY = "starts と ends のあいだの時刻にしてください"
_NOT_KNOWN = "知らない { } があり、そのまま表示されます"
_CODE = re.compile(r"[A-Za-z0-9_.]{1,32}")


def rules_on(site: Site, *, own: bool) -> list[Callable[[Scenario], Iterable[Fault]]]:
    """Return the rules for a scenario of ``site``; ``own``: a trainer's file, not one that is shipped."""
    # A shipped scenario can be played on a site with other training items; it then counts for none of them.
    trained = [partial(_training, site)] if own and site.training else []
    return [
        *trained,
        partial(_day, site),
        partial(_messages, site),
        _keys,
        partial(_mishaps, site),
        partial(_times, site),
        _kinds,
        partial(_where, site),
        _counts,
        _personal,
    ]


def demo_staff() -> tuple[str, ...]:
    """Return the codes of the people who are at work in a rehearsal."""
    return tuple(x.fields["staff"] for x in demo_roster())


def _training(site: Site, s: Scenario) -> Iterator[Fault]:
    if s.training is not None and s.training not in site.training_by_code:
        why = "会場設定の研修の項目にありません"
        yield Fault(("training",), why, f"{one_of(site.training_by_code)}にしてください")


def _day(site: Site, s: Scenario) -> Iterator[Fault]:
    info = Calendar(site).day_info(s.day)
    if not info.open:
        why = f"{s.day} は開場日ではありません（{info.reason}）"
        yield Fault(("day",), why, "開場日を書いてください（floorctl calendar）")
    elif _has_span(s) and not _has_play(site, s):
        why = f"{hm(s.starts)}〜{hm(s.ends)} に受付をする業務がありません"
        yield Fault(("starts",), why, "受付の時間にかかる starts と ends を書いてください（floorctl calendar）")


def _messages(site: Site, s: Scenario) -> Iterator[Fault]:
    timed = _has_play(site, s)
    for n, m in enumerate(s.messages):
        if timed and m.at is not None and not s.starts <= m.at <= s.ends:
            yield Fault(("messages", n, "at"), f"{hm(m.at)} は演習の時間（{_span(s)}）の外で、伝えられません", _IN_PLAY)
        for word in _unknown(m.text):
            if word != WAITING:
                do = f"人数を入れるときは {WAITING} と書いてください"
                yield Fault(("messages", n, "text"), _NOT_KNOWN, do)


def _keys(s: Scenario) -> Iterator[Fault]:
    for n, task in enumerate(s.tasks or ()):
        if any(_unknown(task)):
            yield Fault(("tasks", n), _NOT_KNOWN, "キーは {操作の名} と書いてください（floorctl settings keys）")


def _unknown(text: str | None) -> Iterator[str]:
    """Yield what stands in braces in a text and is not the name of an action, whose key is told in its place."""
    return (word for word in re.findall(r"\{[^{}]*\}?", text or "") if word[1:-1] not in BY_ID)


def _has_span(s: Scenario) -> bool:
    return known(s.starts, s.ends) and s.starts < s.ends


def _has_play(site: Site, s: Scenario) -> bool:
    """Return whether the times of the play are right themselves, so that others can be held against them."""
    if not _has_span(s) or s.day is None:
        return _has_span(s)
    info = Calendar(site).day_info(s.day)
    return not info.open or any(opens < s.ends and s.starts < closes for opens, closes in info.services.values())


def _span(s: Scenario) -> str:
    return f"{hm(s.starts)}〜{hm(s.ends)}"


def _mishaps(site: Site, s: Scenario) -> Iterator[Fault]:
    timed = _has_play(site, s)
    for n, m in enumerate(s.mishaps):
        for key, held in (("services", site.service_by_code), ("terminals", site.terminal_by_code)):
            for i, code in enumerate(getattr(m, key) or ()):
                if code is not None and code not in held:
                    yield Fault(("mishaps", n, key, i), f"{code} が会場設定にありません", instead(code, held))
        if timed and known(m.at, m.until) and (m.until <= s.starts or m.at >= s.ends):
            why = f"演習の時間（{_span(s)}）にかからず、受講者には起きません"
            yield Fault(("mishaps", n, "at"), why, _IN_PLAY)
        if known(m.at, m.until) and (before := _overlapped(s.mishaps[:n], m)) is not None:
            why = f"{before + 1}番目 と時間が重なり、先に終わるほうで両方が終わります"
            yield Fault(("mishaps", n, "at"), why, "時刻をずらすか、1つにまとめてください")


def _overlapped(earlier: Sequence[MishapPlan], m: MishapPlan) -> int | None:
    """Return the index of an earlier mishap of the same kind, time and target, or None.

    The end of one would end both. ``slow`` is exempt: longer service times add up.
    """
    for n, x in enumerate(earlier):
        at_once = known(x.at, x.until) and x.kind == m.kind != "slow" and x.at < m.until and m.at < x.until
        apart = (x.services or x.terminals) and not ({*x.services, *x.terminals} & {*m.services, *m.terminals})
        if at_once and not apart:
            return n
    return None


def _times(site: Site, s: Scenario) -> Iterator[Fault]:
    """Yield expectations that begin outside the play, or whose time is not over at its end."""
    timed = _has_play(site, s)
    for n, e in enumerate(s.expectations):
        if e.at is None or not timed:
            continue
        if not s.starts <= e.at < s.ends:
            why = f"{hm(e.at)} は演習の時間（{_span(s)}）の外で、見届けられません"
            yield Fault(("expectations", n, "at"), why, _IN_PLAY)
        elif e.within is not None and e.within > (left := _minutes_between(e.at, s.ends)):
            why = f"期限（{hm(e.at)}から{e.within}分）が演習の終わり（{hm(s.ends)}）より後で、見届けられません"
            yield Fault(("expectations", n, "within"), why, f"{left} 以下にするか、ends を遅くしてください")


def _minutes_between(start: time, end: time) -> int:
    return (day_seconds(end) - day_seconds(start)) // 60


def _kinds(s: Scenario) -> Iterator[Fault]:
    for n, e in enumerate(s.expectations):
        at: Place = ("expectations", n)
        for key, more in (("kinds", (HAND_OFF,)), ("after", ())):
            for i, kind in enumerate(getattr(e, key) or ()):
                if kind is not None and kind not in KINDS and kind not in more:
                    do = instead(kind, [*KINDS, *more], "docs/additions.md")
                    yield Fault((*at, key, i), "知らない記録の種類です", do)
        if HAND_OFF in (e.kinds or ()) and (len(e.kinds) > 1 or e.where or e.after or e.never or e.count != 1):
            why = f"{HAND_OFF} は、ほかの種類・where・after・count・never と一緒に使えません"
            yield Fault((*at, "kinds"), why, "別の期待に分けてください")


def _of_facts(s: Scenario) -> Iterator[tuple[Place, Expectation]]:
    """Yield the expectations of facts (not ``HAND_OFF``), with their place, whose kinds and conditions can be asked."""
    for n, e in enumerate(s.expectations):
        if known(e.kinds, e.where) and {*e.kinds} <= KINDS.keys():
            yield ("expectations", n), e


def _where(site: Site, s: Scenario) -> Iterator[Fault]:
    """Yield each condition that no fact of the kinds meets."""
    people = demo_staff()
    for at, e in _of_facts(s):
        for key in e.where:
            allowed = _allowed(e.kinds, key, site, people)
            if allowed == ():
                fields = dict.fromkeys(f for kind in e.kinds for f in _fields(kind))
                yield Fault((*at, "where", key), "その記録にない項目です", instead(key, fields))
            if e.where[key] == ():
                yield Fault((*at, "where", key), "空の並びで、当てはまる記録がありません", "値を書くか、消してください")
            for value in e.wanted(key):
                if value not in (None, "*") and (why := _unmet(value, key, e.kinds, allowed)):
                    yield Fault((*at, "where", key), *why)


def _unmet(value: str, key: str, kinds: Iterable[str], allowed: Sequence[str] | None) -> tuple[str, str] | None:
    """Return reason and remedy where a field of the kinds never has a value; None where it can have it."""
    if allowed is not None:
        if not allowed or value in allowed:
            return None
        why = f"{value} という値はありません" if _CODE.fullmatch(value) else "ありえない値です"
        return why, instead(value, allowed)
    bases = {shapes(KINDS[kind])[key].base for kind in kinds if key in KINDS[kind].names()}
    if bases == {int} and not re.fullmatch(r"-?(0|[1-9][0-9]*)", value):
        return "人数・件数・分などの数の項目です", '数字だけを "20" のように書いてください'
    if bases and bases <= {datetime, dict}:
        return "時刻や表の項目は、値では比べられません", '"*"（何か書いてあればよい）にしてください'
    return None


def _counts(s: Scenario) -> Iterator[Fault]:
    for at, e in _of_facts(s):
        if e.never and e.count is not None and e.count > 1:
            yield Fault((*at, "count"), "never = true では 1 です", "count を消してください")
        elif e.count is not None and e.count > (most := _most_targets(e)):
            why = f"where の値では、違うものが{most}つまでしかなく、{e.count}回にはなりません"
            yield Fault((*at, "count"), why, f"{most} 以下にするか、where を広げてください")


def _fields(kind: str) -> Iterator[str]:
    """Yield what ``where`` can ask of a kind: its fields, and the category of an incident's facts."""
    yield from (name for name in KINDS[kind].names() if name not in ("id", "at"))
    if kind.startswith("incident."):
        yield "category"


def _allowed(kinds: Iterable[str], key: str, site: Site, people: Sequence[str]) -> tuple[str, ...] | None:
    """Return the values that a field of the kinds can have: () if none has it, None if any text will do."""
    found: dict[str, None] = {}
    for kind in kinds:
        if key == "kind":
            found |= dict.fromkeys(kinds)
        elif key == "category" and kind.startswith("incident."):
            found |= dict.fromkeys(INCIDENT_POLICIES)
        elif key in _fields(kind):
            values = _values(shapes(KINDS[kind])[key], key, site, people)
            if values is None:
                return None
            found |= dict.fromkeys(values)
    return tuple(found)


def _values(shape: Shape, key: str, site: Site, people: Sequence[str]) -> Iterable[str] | None:
    codes = shape.mark(CodeOf)
    if codes is not None:
        table: dict[str, Any] = getattr(site, codes.table)
        return table
    if key in ("staff", "post"):
        return people if key == "staff" else site.post_by_code
    if shape.base is Literal:
        return [str(x) for x in shape.inner]
    if shape.base is bool:
        return ("True", "False")
    return _values(shape.inner[0], key, site, people) if shape.base is tuple else None


def _most_targets(e: Expectation) -> int:
    """Return how many facts with different targets the conditions admit, at most."""
    most = 0
    for kind in e.kinds:
        names = KINDS[kind].names()
        wanted = e.wanted(next((t for t in TARGETS if t in names), ""))
        if not wanted or "*" in wanted or "unit" in names:
            return 99
        most += len({*wanted})
    return most


def texts(s: Scenario) -> Iterator[tuple[Place, str]]:
    """Yield all free texts with their place; they are copied into memos and into the training record."""
    yield from (((key,), getattr(s, key)) for key in ("title", "summary", "purpose"))
    yield from ((("tasks", n), text) for n, text in enumerate(s.tasks or ()))
    for n, m in enumerate(s.messages or ()):
        yield from ((("messages", n, key), getattr(m, key)) for key in ("who", "text"))
    yield from ((("mishaps", n, "fault"), m.fault) for n, m in enumerate(s.mishaps or ()))
    for n, e in enumerate(s.expectations or ()):
        yield from ((("expectations", n, key), getattr(e, key)) for key in ("text", "clause"))


def _personal(s: Scenario) -> Iterator[Fault]:
    for place, text in texts(s):
        if text is not None and (reason := find(text)):
            yield Fault(place, f"個人情報に見える文字があります（{FOUND[reason]}）", "除いてください（仕様書 12）")


def out_of_order(s: Scenario) -> Iterator[str]:
    """Yield a note for each message that stands below a later one: it is told in its time all the same."""
    for n in range(1, len(s.messages)):
        if s.messages[n].at < s.messages[n - 1].at:
            at, before = hm(s.messages[n].at), hm(s.messages[n - 1].at)
            yield f"想定ファイルの messages {n + 1}番目（{at}）が、その上（{before}）より前の時刻です。時刻の順に伝えます。"

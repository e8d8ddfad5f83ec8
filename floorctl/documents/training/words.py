"""Sentences and rows of a rehearsal's review, for the training record and the terminal. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date

from floorctl.advice.expectations import HandOff, Met
from floorctl.advice.review import REPORTED, Report, Review
from floorctl.common.lengths import minutes, minutes_word
from floorctl.common.words import COURSES, INCIDENT_SHORT, MET, hm, md_hm
from floorctl.documents.layout.plain import cells
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site
from floorctl.simulation.replay import Figures

ACTS_CELLS = 72  # of a line of acts, which are not broken in the middle
CHANGE_S = 30  # a smaller change of a mean wait is none
ERROR = 0.1  # of a computed course's mean wait against the hall itself (docs/rehearsal.md)


def waits_rows(review: Review, site: Site) -> list[list[str]]:
    """Return rows of mean and longest wait, of all and of each lane, of the people compared, then who left.

    A column a course; without waits where a computed one did not call all of them.
    """
    courses = [review.courses[name] for name in COURSES]
    people = courses[0].all.n
    every = [c.all if c.all.n == people else Figures() for c in courses]
    rows = [
        ["全体 平均", *(minutes(f.mean_s) for f in every)],
        ["全体 最長", *(minutes(f.max_s) for f in every)],
    ]
    for lane in site.lanes:
        own = [c.lanes[lane.code] if c.all.n == people else Figures() for c in courses]
        if any(f.n for f in own):
            rows.append([f"{lane.name} 平均", *(minutes(f.mean_s) for f in own)])
            rows.append([f"{lane.name} 最長", *(minutes(f.max_s) for f in own)])
    rows.append(["比べた同じ人", *(f"{c.all.n}人" for c in courses)])
    rows.append(["呼び出した人", *(f"{c.called}人" for c in courses)])
    rows.append(["待たずに帰った人", *(f"{c.left}人" for c in courses)])
    rows.append(["受付を断った人", *("--" if c.turned_away is None else f"{c.turned_away}人" for c in courses)])
    return rows


def verdict(review: Review, site: Site) -> str:
    """Return the waits of the same people in sentences: against nobody acting, lane by lane, and against the advice."""
    played, none = review.courses["played"], review.courses["no_action"]
    same = f"来てから呼ばれるまでを同じ{played.all.n}人で比べると、"
    change, rest, mean = review.against_none_s, review.to_advice_s, none.all.mean_s
    if change is None or mean is None:
        waited = max(c.called + c.left + (c.turned_away or 0) for c in (played, none))
        told = [
            "どちらでも呼ばれた人がいないので、待ち時間は比べられません。"
            if waited
            else "この時間に待った人はいません。"
        ]
    elif not review.acts:
        told = ["操作の記録がないので、待ち時間は「何もしない」と同じです。"]
    elif abs(change) < CHANGE_S:
        told = [f"{same}平均待ちは、何もしないときとほぼ同じです。", *_by_lane(review, site, change)]
    else:
        word = "短く" if change < 0 else "長く"
        told = [f"{same}平均待ちは、何もしないときより{minutes(abs(change))}{word}なりました。"]
        told += _by_lane(review, site, change)
    if rest is not None and mean is not None:
        told.append(_to_advice(rest, mean))
    gone = played.left - none.left
    away = (played.turned_away or 0) - (none.turned_away or 0)
    never = (
        none.called - played.called - gone - away - played.sent_off_uncalled
    )  # a day closed by the trainee: who waited, and who came later
    kinds = (("待たずに帰った人", gone), ("受付を断った人", away), ("ほかに呼ばれなかった人", never))
    more = [f"{word}が{n}人" for word, n in kinds if n > 0]
    if more:
        but = "また" if change is not None and change >= CHANGE_S else "ただし"
        told.append(f"{but}、{'、'.join(more)}多くなりました。")
    if played.sent_off:
        told.append(
            f"停電の間に応対を終えたと記録した人が{played.sent_off}人います（端末が止まっていて、用件は済んでいません）。"
        )
    if played.unheld:
        told.append(
            f"持つ人のいない番号を{played.unheld}枚出しました（呼んでも来ないので、ほかの人の待ちが延びます）。"
        )
    return "".join(told)


def _by_lane(review: Review, site: Site, change: int) -> list[str]:
    """Return a sentence on the lanes whose mean wait went another way than that of all."""
    changed: dict[str, list[str]] = {"長く": [], "短く": []}
    for lane in site.lanes:
        played, none = (review.courses[name].lanes.get(lane.code) for name in ("played", "no_action"))
        before, after = (None if x is None else x.mean_s for x in (none, played))
        if before is None or after is None or abs(after - before) < CHANGE_S:
            continue
        if abs(change) < CHANGE_S or (after > before) != (change > 0):
            changed["長く" if after > before else "短く"].append(
                f"{lane.name}は{minutes(before)}から{minutes(after)}に"
            )
    told = "、".join(f"{'、'.join(lanes)}{word}" for word, lanes in changed.items() if lanes)
    return [f"列ごとの平均では、{told}なりました。"] if told else []


def _to_advice(rest: int, mean: float) -> str:
    """Return the difference to the advice, which is computed: within a tenth of the wait it says nothing."""
    if abs(rest) < max(30.0, ERROR * mean):
        return "提案どおりの計算との差は、計算の誤差（1割ほど）の内です。"
    return f"提案どおりの計算より{minutes(abs(rest))}{'長い' if rest > 0 else '短い'}待ちです。"


def hand_offs_text(cases: list[HandOff], site: Site) -> str:
    """Return number, mean and longest of the hand-offs taken, those still untaken, then those that were late."""
    if not cases:
        return "この時間に生じた案件は0件です"
    taken = [c.seconds for c in cases if c.taken_at is not None]
    late = [c for c in cases if c.late]
    limit = site.thresholds.escalation_red_s // 60
    parts = [f"{len(cases)}件"]
    if taken:
        mean, longest = f"平均 {minutes(sum(taken) / len(taken))}", f"最長 {minutes(max(taken))}"
        some = len(taken) < len(cases)  # the figures are not of the others
        parts += [f"対応 {len(taken)}件（{mean}、{longest}）"] if some else [mean, longest]
    for outcome, n in sorted(Counter(c.outcome for c in cases if c.taken_at is None).items()):
        parts.append(f"{site.decision_word(outcome) or '終わりに対応待ち'} {n}件")
    lines = ["  ".join([*parts, f"{limit}分を超えたもの {len(late)}件"])]
    lines += [f"{hm(c.raised_at)}  {c.escalation} {_matter(c, site)}  {_taken(c, site)}" for c in late]
    return "\n".join(lines)


def _matter(c: HandOff, site: Site) -> str:
    return site.matter_by_code[c.matter].short if c.matter else "-"


def _taken(c: HandOff, site: Site) -> str:
    if c.outcome:
        return f"{minutes(c.seconds)}後に{site.decision_word(c.outcome)}"
    return f"{minutes(c.seconds)}後に対応" if c.taken_at is not None else f"{minutes(c.seconds)}たっても未対応"


def met_word(met: list[Met]) -> str:
    """Return how many expectations were met in time."""
    judged = [m for m in met if m.state != "none"]
    rest = f"、対象なし {len(met) - len(judged)}件" if len(judged) < len(met) else ""
    if not judged:
        return f"判断できるもの 0件{rest}"
    return f"{len(judged)}件のうち、時間内にできた {sum(m.state == 'met' for m in judged)}件{rest}"


def met_rows(met: list[Met]) -> list[list[str]]:
    """Return a row each expectation: result, since when, time taken, time allowed, text, clause."""
    return [
        [MET[m.state], hm(m.since), _took(m), f"{m.expectation.within}分", m.expectation.text, m.expectation.clause]
        for m in met
    ]


def _took(m: Met) -> str:
    """Return the minutes taken, or how far it got; of hand-offs the longest."""
    if m.note and m.seconds is not None:
        return f"{m.note}、最長 {minutes(m.seconds)}"  # as in the section of the hand-offs
    return m.note if m.seconds is None and m.note else minutes_word(m.seconds)


def duties(review: Review) -> list[str]:
    """Return how many incidents were recorded and reported to the city, each one, then the alerts open at the end."""
    found = review.reports
    reported, late = sum(x.reported_at is not None for x in found), len(review.late_reports)
    if found:
        lines = [f"対象の事案 {len(found)}件: 市へ報告した事案 {reported}件、期限に遅れた事案 {late}件"]
    elif review.reports_wanted:
        lines = ["市への報告が要る想定ですが、報告の記録がありません（事案の記録 0件）"]
    else:
        lines = ["対象の事案 0件、報告 0件（記録された事案がないので、遅れの有無は分かりません）"]
    lines += [_report(x, review.scenario.day) for x in found if x.late or x.reported_at is None]
    missing = [c for c in review.reports_wanted if c and c not in {x.category for x in found}] if found else []
    lines += [f"{INCIDENT_SHORT[c]}: 市への報告が要る想定ですが、事案の記録がありません" for c in missing]
    # Who records an incident late has its time begin late.
    asked = [m.state for m in review.met if REPORTED in m.expectation.kinds and m.state in ("late", "missed")]
    if found and asked:
        parts = [f"{MET[state]} {asked.count(state)}件" for state in ("late", "missed") if state in asked]
        lines.append(f"事案の期限は記録した発見の時刻からです。想定が求めた報告は{'、'.join(parts)}")
    lines.append(f"終わりに盤面に残っていた重大な注意 {len(review.left_open)}件")
    return lines + [f"終わりに: {text}" for text in review.left_open]


def _report(x: Report, day: date) -> str:
    """Return a report that is late, missing, or not yet made; ``day``: of the play, whose date is not repeated."""
    due = hm(x.due) if x.due.date() == day else md_hm(x.due)
    done = f"{hm(x.reported_at)} に報告" if x.reported_at else "報告の記録がありません"
    late = "期限に遅れました" if x.late else "期限は演習の終わりの後"
    return f"{x.incident} {INCIDENT_SHORT[x.category]}: {x.word}（期限 {due}）。{done}。{late}"


def no_record(review: Review) -> str:
    """Return why a play makes no training record, or '': it must be the whole scenario."""
    before, after = review.outside
    begins = review.scenario.starts
    if review.since.time() > begins and not before:
        return f"想定の始まり（{hm(begins)}）より後の{hm(review.since)}から始めました"
    parts = [
        f"{word} {n}件" for word, n in (("始まる前", before), ("終わりの後か、判断の前に終わったもの", after)) if n
    ]
    return f"想定の出来事が演習の時間に収まっていません（{'、'.join(parts)}）" if parts else ""


# Acts whose word in the journal names the city's staff: here they are what the trainee recorded.
_DONE = {"escalation.taken": "引継ぎの対応開始", "escalation.settled": "引継ぎの結果"}


def acts_text(review: Review, site: Site) -> str:
    """Return the moves one by one and the number of other acts by kind."""
    if not review.acts:
        return "操作の記録は0件です" + ("" if review.by_hand else "（盤面を開かず、誰も操作していません）")
    names = {x.code: x.name for x in site.lanes}
    others: list[str] = []
    lines = [f"{hm(m.at)}  {m.terminal} {names[m.origin]}から{names[m.to]}へ" for m in review.moves]
    for kind, n in sorted(review.acts.items()):
        if kind == "terminal.assigned":
            continue
        item = f"{_DONE.get(kind, KINDS[kind].word)} {n}件"
        if others and cells(others[-1] + item) <= ACTS_CELLS:
            others[-1] += f"、{item}"
        else:
            others.append(item)
    return "\n".join([*lines, *others])

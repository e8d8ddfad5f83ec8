"""Sentences and rows of a rehearsal's review, for the training record and the terminal. Pure."""

from __future__ import annotations

from floorctl.advice.review import HandOff, Met, Review
from floorctl.common.words import COURSES, INCIDENT_SHORT, MET, hm, minutes, minutes_word
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site


def waits_rows(review: Review, site: Site) -> list[list[str]]:
    """Return rows of mean and longest wait, of all and of each lane with visitors, then who left; a column a course."""
    courses = [review.courses[name] for name in COURSES]
    rows = [
        ["全体 平均", *(minutes(c.all.mean_s) for c in courses)],
        ["全体 最長", *(minutes(c.all.max_s) for c in courses)],
    ]
    for lane in site.lanes:
        own = [c.lanes[lane.code] for c in courses]
        if any(f.n for f in own):
            rows.append([f"{lane.name} 平均", *(minutes(f.mean_s) for f in own)])
            rows.append([f"{lane.name} 最長", *(minutes(f.max_s) for f in own)])
    rows.append(["呼び出した人", *(f"{c.all.n}人" for c in courses)])
    rows.append(["待たずに帰った人", *(f"{c.left}人" for c in courses)])
    rows.append(["受付を断った人", *("--" if c.turned_away is None else f"{c.turned_away}人" for c in courses)])
    return rows


def verdict(review: Review) -> str:
    """Return the waits as one or two sentences: against nobody acting, and against the advice."""
    change, rest = review.against_none_s, review.to_advice_s
    if change is None or rest is None:
        return "この時間に待った人はいません。"
    if abs(change) < 30:
        first = "平均待ちは、何もしないときとほぼ同じです。"
    else:
        first = f"平均待ちは、何もしないときより{minutes(abs(change))}{'短く' if change < 0 else '長く'}なりました。"
    second = (
        f"提案どおりなら、あと{minutes(rest)}短くできました。"
        if rest >= 30
        else "提案どおりと同じか、それより短い待ちです。"
    )
    played, none = review.courses["played"], review.courses["no_action"]
    gone = played.left - none.left
    away = (played.turned_away or 0) - (none.turned_away or 0)
    more = [f"{word}が{n}人" for word, n in (("待たずに帰った人", gone), ("受付を断った人", away)) if n > 0]
    return f"{first}{second}" + (f"ただし、{'、'.join(more)}多くなりました。" if more else "")


def hand_offs_text(cases: list[HandOff], site: Site) -> str:
    """Return number, mean and longest of the hand-offs, then those that were late."""
    if not cases:
        return "引継ぎはありませんでした"
    mean, longest = sum(c.seconds for c in cases) / len(cases), max(c.seconds for c in cases)
    late = [c for c in cases if c.late]
    limit = site.thresholds.escalation_red_s // 60
    lines = [f"{len(cases)}件  平均 {minutes(mean)}  最長 {minutes(longest)}  {limit}分を超えたもの {len(late)}件"]
    lines += [f"{hm(c.raised_at)}  {c.escalation} {_matter(c, site)}  {_taken(c)}" for c in late]
    return "\n".join(lines)


def _matter(c: HandOff, site: Site) -> str:
    return site.matter_by_code[c.matter].short if c.matter else "-"


def _taken(c: HandOff) -> str:
    return f"{minutes(c.seconds)}後に対応" if c.taken_at is not None else f"{minutes(c.seconds)}たっても未対応"


def met_word(met: list[Met]) -> str:
    """Return how many expectations were met in time."""
    if not met:
        return "この時間にはありません"
    return f"{len(met)}件のうち、時間内にできた {sum(m.state == 'met' for m in met)}件"


def met_rows(met: list[Met]) -> list[list[str]]:
    """Return a row each expectation: result, since when, time taken, time allowed, text, clause."""
    return [
        [MET[m.state], hm(m.since), _took(m), f"{m.expectation.within}分", m.expectation.text, m.expectation.clause]
        for m in met
    ]


def _took(m: Met) -> str:
    """Return the minutes taken, or how far it got; of hand-offs the longest."""
    took = minutes_word(m.seconds) if m.seconds is not None else ""
    if m.note and took:
        return f"{m.note}、最長 {took}"
    return took or m.note or "-"


def duties(review: Review) -> list[str]:
    """Return late or missing reports to the city, and the alerts open at the end."""
    lines = []
    for x in review.late_reports:
        done = f"{hm(x.reported_at)} に報告" if x.reported_at else "報告の記録がありません"
        lines.append(f"{x.incident} {INCIDENT_SHORT[x.category]}: {x.word}（期限 {hm(x.due)}） {done}")
    return lines + [f"終わりに: {text}" for text in review.left_open]


def acts_text(review: Review, site: Site) -> str:
    """Return the moves one by one and the number of other acts by kind."""
    if not review.acts:
        return "操作はありませんでした"
    names = {x.code: x.name for x in site.lanes}
    lines = [f"{hm(m.at)}  {m.terminal} {names[m.origin]}から{names[m.to]}へ" for m in review.moves]
    rest = [f"{KINDS[kind].word} {n}" for kind, n in sorted(review.acts.items()) if kind != "terminal.assigned"]
    return "\n".join([*lines, "、".join(rest)] if rest else lines)

"""Drafts of 改善提案, each with figures of the last days and none without evidence (仕様書 7(4)※, 16(1)). Pure.

Limits are the site's (target wait, chairs, hand-over limits); those marked [J] are judgements of this module.
"""

from __future__ import annotations

from collections.abc import Iterator

from floorctl.advice.other_proposals import SlotCut
from floorctl.common.lengths import length, mean_s
from floorctl.common.words import INCIDENT_SHORT, day_ja
from floorctl.documents.period.evidence import Evidence, HourFlow, LaneEvidence
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.site.hall import Service
from floorctl.models.site.site import Site

IDLE_MINUTES = 30  # minutes a day; less is the slack that any counter needs [J]
BACKLOG = 2.0  # persons a day that an hour leaves to the next [J]
FEWER_TERMINALS = 0.8  # terminals fewer at noon than beside [J]
LUNCH = (11, 12, 13)
LOST_SHARE = 0.03  # share of tickets: no-shows and people who left [J]
ASKED = 1.0  # times a day, of one topic [J]
OVER_SHARE = 0.1  # share of hand-overs taken later than the red limit [J]


def proposals(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the proposals that rest on the last days (``Evidence``) as sentences, the weightiest first."""
    e = record.evidence
    if not e.n:
        return
    idle = dict(_fewer_slots(record, site))
    yield from idle.values()
    for lane in site.movable_lanes:
        if lane not in idle:  # a lane with idle terminals needs no more of them
            yield from _earlier_opening(record, site, lane)
        yield from _break_order(record, site, lane)
    yield from _guidance(record, site)


def of_period(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the proposals that rest on the whole period."""
    yield from _officials(record, site)
    yield from _notices(record)


def basis_of_days(record: PeriodRecord) -> str:
    """Return the sentence that names the last days, on which the figures of ``proposals`` rest."""
    days, left_out = record.evidence.days, record.evidence.left_out
    if not days:
        return "記録のある開場日がないため、提案の根拠となる数値はありません。"
    if len(days) == 1:
        return f"次の数値は、番号札のある{day_ja(days[0])}の1日の実績による。"
    but = f"、障害・計画停止のあった{left_out}日を除く" if left_out else ""
    return (
        f"次の数値は、番号札のある直近の{len(days)}日（{day_ja(days[0])}から{day_ja(days[-1])}まで{but}）の実績による。"
    )


def basis_of_period(record: PeriodRecord) -> str:
    """Return the sentence that names the days behind ``of_period``."""
    return f"次の数値は、期間中の記録のある{len(record.days)}日の実績による。"


def _booked(site: Site, lane: str) -> Service | None:
    return next((s for s in site.services if s.lane == lane and s.appointment), None)


def slot_cuts(e: Evidence, site: Site) -> Iterator[SlotCut]:
    """Yield lanes that should have fewer appointments: their terminals are free while others wait (仕様書 7(4)※)."""
    for lane in site.movable_lanes if e.n else ():
        service = _booked(site, lane)
        if service is None:
            continue
        for other, idle_s in e.lanes[lane].idle_s.items():
            theirs, minutes = e.lanes[other], idle_s / 60 / e.n
            p90_s, target_s = theirs.waits.p90_s or 0, site.wait_target_s(other)
            if minutes < IDLE_MINUTES or p90_s < target_s:
                continue
            yield SlotCut(
                lane=lane,
                other=other,
                days=e.n,
                slots=max(1, int(minutes // service.first_minutes)),
                slot_minutes=service.first_minutes,
                idle_s=idle_s / e.n,
                served=theirs.waits.n / e.n,
                more=minutes * 60 / theirs.service_s if theirs.service_s else None,
                p90_s=p90_s,
                target_s=target_s,
            )


def _fewer_slots(record: PeriodRecord, site: Site) -> Iterator[tuple[str, str]]:
    """Yield (lane, proposal of fewer appointments)."""
    for cut in slot_cuts(record.evidence, site):
        theirs = record.evidence.lanes[cut.other]
        one, two = site.lane_by_code[cut.lane].name, site.lane_by_code[cut.other].name
        text = (
            f"{one}の予約枠の縮小: {two}に待つ人がいる間に{one}の端末が空いていた時間が1日平均{cut.idle_s / 60:.0f}分"
            f"（端末の合計。20分を超える空きは休憩とみて除く）。同じ期間の{two}の待ちは平均{length(theirs.waits.mean_s)}、"
            f"90％値{length(cut.p90_s)}で目標の{length(cut.target_s)}を超えた。"
            f"{one}の予約枠を1日{cut.slots}枠（1枠{cut.slot_minutes}分）縮小し、その時間を{two}に充てることを提案する。"
        )
        if cut.more is not None:
            mean = length(theirs.service_s)
            text += f"{two}は1人平均{mean}のため、1日およそ{cut.more:.0f}人分に当たる。"
        own, target_s = record.evidence.lanes[cut.lane].waits.p90_s or 0, site.wait_target_s(cut.lane)
        if own > target_s:
            text += f"ただし、{one}の待ちも90％値{length(own)}で、目標の{length(target_s)}を超えている。"
        yield cut.lane, text


def _earlier_opening(record: PeriodRecord, site: Site, lane: str) -> Iterator[str]:
    """Propose one terminal more from the first hour that leaves people to the next, if waits then exceed the target."""
    e, own = record.evidence, record.evidence.lanes[lane]
    if not own.service_s:
        return
    worst = max((h for h in own.hours if h.wait_mean_s is not None), key=lambda h: h.wait_mean_s or 0, default=None)
    if worst is None or (worst.wait_mean_s or 0) < site.wait_target_s(lane):
        return
    first = next((h for h in own.hours if h.hour <= worst.hour and (h.issued - h.called) / e.n >= BACKLOG), None)
    if first is None:
        return
    name = site.lane_by_code[lane].name
    came, called = round(first.issued / e.n, 1), round(first.called / e.n, 1)
    yield (
        f"{name}の端末を{first.hour}時台から1台多く開ける: {first.hour}時台は1日平均で受付{came:.1f}人に対し"
        f"呼出し{called:.1f}人（稼働{first.terminals / e.n:.1f}台）で、{came - called:.1f}人が次の時間帯に残る。"
        f"待ちの最も長いのは{worst.hour}時台の平均{length(worst.wait_mean_s)}（目標{length(site.wait_target_s(lane))}）である。"
        f"1人平均{length(own.service_s)}のため、1台で毎時およそ{3600 / own.service_s:.1f}人を応対できる。"
    )


def _break_order(record: PeriodRecord, site: Site, lane: str) -> Iterator[str]:
    """Propose to spread breaks if fewer terminals work at noon and waits are longer then (仕様書 7(4)※)."""
    e, own = record.evidence, record.evidence.lanes[lane]
    beside = _terminals(own, [h for h in own.hours if h.hour in (10, 14)], e.n)
    mean = own.waits.mean_s or 0
    for h in own.hours:
        if h.hour not in LUNCH or beside is None or h.wait_mean_s is None:
            continue
        here = h.terminals / e.n
        if beside - here >= FEWER_TERMINALS and h.wait_mean_s >= max(300, 1.25 * mean):
            name = site.lane_by_code[lane].name
            yield (
                f"{name}の休憩の順の見直し: {h.hour}時台の稼働は平均{here:.1f}台で、10時台・14時台の{beside:.1f}台より少なく、"
                f"待ちは平均{length(h.wait_mean_s)}（全日の平均{length(mean)}）。休憩を11時台から14時台までに分け、"
                f"{h.hour}時台に重ねて取る人を1人減らすことを提案する。"
            )
            return


def _terminals(own: LaneEvidence, hours: list[HourFlow], days: int) -> float | None:
    """Return the mean number of terminals at work in these hours; None without hours."""
    return sum(h.terminals for h in hours) / len(hours) / days if hours else None


def _guidance(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Propose more 会場案内 if people miss their call or leave, or if the hall overflows (仕様書 7(1)ア)."""
    e = record.evidence
    issued = sum(x.issued for x in e.lanes.values())
    no_show, left = sum(x.no_show for x in e.lanes.values()), sum(x.left for x in e.lanes.values())
    reasons = []
    if issued and (no_show + left) / issued >= LOST_SHARE:
        reasons.append(
            f"呼出しに不在の人が{no_show}人、待たずに帰った人が{left}人で、受付{issued:,}人の{100 * (no_show + left) / issued:.1f}％に当たる"
        )
    if e.crowded:
        day, most = max(e.crowded, key=lambda x: x[1])
        reasons.append(
            f"同時に待つ人が椅子{site.seats.capacity}脚を超えた日が{len(e.crowded)}日あり、最大は{day_ja(day)}の{most}人"
        )
    if reasons:
        yield f"会場案内の増員: {'。また、'.join(reasons)}。呼出しの見通しの声かけと入場整理に1人を加えることを提案する。"


def _officials(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Raise late hand-overs with the city, which directs its own staff."""
    red = site.thresholds.escalation_red_s
    waits = record.taken_s
    over = sum(s > red for s in waits)
    if waits and over / len(waits) >= OVER_SHARE:
        yield (
            f"市職員への引継ぎの待ち: 対応開始まで{length(red)}を超えた引継ぎが{len(waits)}件のうち{over}件"
            f"（平均{length(mean_s(sum(waits), len(waits)))}、最大{length(max(waits))}）。"
            "引継ぎの多い時間帯の常駐のあり方について協議したい（仕様書7(2)）。"
        )


def _notices(record: PeriodRecord) -> Iterator[str]:
    """Propose notices for daily questions."""
    days = len(record.days)
    troubles = set(INCIDENT_SHORT.values())  # 苦情 is no question that a notice answers
    frequent = [(t, n) for t, n in record.inquiries.items() if days and n / days >= ASKED and t not in troubles]
    if frequent:
        listed = "、".join(f"{topic} {n}件（1日{n / days:.1f}件）" for topic, n in frequent[:3])
        yield f"掲示・案内文の追加: 問い合わせの多かった事項は{listed}。会場入口の掲示と案内文に加えることを提案する。"

"""Plain text of a study: its policies by waits, by person-minutes, by orders and by lane, with what the words mean."""

from __future__ import annotations

from collections.abc import Sequence

from floorctl.advice.net_lengths import MANY, Lengths
from floorctl.advice.person_minutes import WORTH_MIN
from floorctl.advice.study import PolicyFigures, Study
from floorctl.cli.text import WIDTH, columns, folded
from floorctl.common.lengths import minutes
from floorctl.common.words import POLICIES, more_word
from floorctl.models.site.site import Site
from floorctl.simulation.replay import UNSERVED_S, Figures

_NOTES = (
    "待ちの合計は、全員の待ち時間の和（人分）。途中で帰った人は帰るまでを数え、応対を受けずに終わった人には"
    f"1人{UNSERVED_S // 60}人分を加えています。",
    f"差の縮小は、実際の配分と全台共用との差を縮めた割合。差が1日{WORTH_MIN}人分に満たなければ示しません（--）。"
    f"全台共用比も、全台共用の待ちの合計が1日{WORTH_MIN}人分に満たなければ示しません。",
    f"増えた日は、待ちの合計が実際の配分より{WORTH_MIN}人分を超えて増えた日。指示は配分変更と応援の計で、"
    "応援から戻るのは指示に数えず、窓口の移りに数えます。",
    "全台共用は、端末を窓口で分けずに来た順に応対した場合です。下限ではありません。一日の来庁を先に知っていれば、"
    "8回の配分変更でこれより短くできることがあります。",
)


def study_text(found: Study, site: Site, lengths: Lengths) -> str:
    """Return a study as tables with a row a policy, and the meaning of their words."""
    more = more_word(len(found.days) - 6, "日")
    days = "、".join(d.isoformat() for d in found.days[:6]) + more
    listed = "\n  ".join(folded(f"{len(found.days)}日（{days}）", WIDTH - 2))
    tables = [_waits(found), _person_minutes(found), _orders(found), _lanes(found, site)]
    notes = ["\n  ".join(folded(note, WIDTH - 2)) for note in (*_lengths_notes(lengths), *_NOTES)]
    return "\n\n".join([listed, *map(columns, tables), "\n".join(notes)])


def _waits(found: Study) -> list[list[str]]:
    best = found.policies["pooled"]
    pooled = best.all.mean_s if best.total.person_s >= 60 * WORTH_MIN * best.days else None  # of next to nothing
    rows = [["配分", "平均待ち", "90％値", "最長", "最多待ち", "平均待ちの全台共用比"]]
    for name, f in found.policies.items():
        ratio = f"{f.all.mean_s / pooled:.2f}" if pooled and f.all.mean_s is not None else "--"
        waits = (minutes(f.all.mean_s), minutes(f.all.p90_s), minutes(f.all.max_s))
        rows.append([POLICIES[name], *waits, f"{f.waiting_max}人", ratio])
    return rows


def _person_minutes(found: Study) -> list[list[str]]:
    rows = [["待ちの合計", "人分", "1日平均", "差の縮小", "増えた日", "最も増えた日"]]
    for name, f in found.policies.items():
        closed, worse, worst = found.gap_closed(name), found.days_worse(name), found.worst_day_min(name)
        rows.append(
            [
                POLICIES[name],
                f"{f.total.person_min:,}",
                f"{f.total.person_min // f.days:,}" if f.days else "--",
                "--" if closed is None else f"{round(100 * closed)}％",
                f"{worse}日",
                f"+{worst:,}人分" if worst else "なし",
            ]
        )
    return rows


def _orders(found: Study) -> list[list[str]]:
    rows = [["1日の指示", "配分変更／日", "応援／日", "指示／日", "窓口の移り／日"]]
    for name, f in found.policies.items():
        t = f.total
        rows.append([POLICIES[name], *(_a_day(n, f) for n in (t.moves, t.loans, t.orders, t.lane_changes))])
    return rows


def _a_day(number: int, f: PolicyFigures) -> str:
    return f"{number / f.days:.1f}" if f.days else "--"


def _lanes(found: Study, site: Site) -> list[list[str]]:
    rows = [["列ごとの 平均／90％値", *(x.name for x in site.lanes)]]
    return rows + [[POLICIES[name], *map(_lane, f.lanes.values())] for name, f in found.policies.items()]


def _lane(f: Figures) -> str:
    return f"{minutes(f.mean_s)}／{minutes(f.p90_s)}" if f.n else "--"


def _lengths_notes(lengths: Lengths) -> Sequence[str]:
    """Return what is told of the lengths of cases, where many of them hold idle time or it was taken out."""
    share = f"{100 * lengths.share:.0f}％"
    if lengths.net:
        return (
            f"応対時間から、端末が空いていたとみられる時間を除いた値です（応対の{share}）。--net を外すと記録のままの値です。",
        )
    if lengths.share < MANY:
        return ()
    return (
        f"応対の{share}は、待つ人のないまま次の呼出しか発券機の時間切れで終わっており、端末が空いていた時間を含むとみられます。"
        "除いて比べるには --net を付けてください。",
    )

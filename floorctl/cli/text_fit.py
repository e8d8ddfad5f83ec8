"""Plain text of fitted constants: their figures beside those of the shipped ones, a verdict, and the lines to paste."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from floorctl.advice.fit import SHIPPED, Trial, closed, differing, lane_changes, orders, person_min, worse, worst_min
from floorctl.advice.fit_days import Fit
from floorctl.cli.text import WIDTH, columns, folded
from floorctl.common.words import month_day

_NOTE = (
    "「この会場」は、1日ずつ外し、残りの日で決めた定数でその日を再現した値です。差の縮小・増えた日・指示の意味は "
    "floorctl study と同じです。"
)


def verdict(found: Fit) -> str:
    """Return in one sentence whether to use the fitted constants."""
    if found.better and found.chosen == SHIPPED:
        return "備え付けの定数のほうが良い結果です。会場設定の [advice.lending] と [advice.moves] を消してください。"
    if found.better:
        return "この会場の定数のほうが、決めるのに使わなかった日でも良い結果です。使うには、次の行を会場設定に貼ってください。"
    if closed(found.shipped) is None:
        return "このままで良いです。これらの日は待ちの差が小さく、定数では変わりません。"
    return "このままで良いです。決めるのに使わなかった日では、この会場の定数のほうが良いとは言えません。"


def fit_text(found: Fit, left_out: Sequence[tuple[date, str]]) -> str:
    """Return the comparison, the verdict, and where it is worth it the lines for the site file."""
    rows = [["定数", "待ちの合計", "差の縮小", "増えた日", "最も増えた日", "指示／日", "窓口の移り／日"]]
    rows.append(_row("備え付け", found.shipped))
    if found.present is not None:
        rows.append(_row("いまの会場設定", found.present))
    rows.append(_row("この会場", found.left_out))
    days = f"{len(found.days)}日（{found.days[0]}〜{found.days[-1]}）"
    parts = [days, columns(rows), "\n  ".join(folded(_NOTE, WIDTH - 2)), "\n".join(folded(verdict(found), WIDTH))]
    if left_out:
        words = "、".join(f"{month_day(day)} {why}" for day, why in left_out[:5]) + (" など" if left_out[5:] else "")
        parts.insert(1, "\n  ".join(folded(f"使わなかった日{len(left_out)}日（{words}）", WIDTH - 2)))
    if found.better and found.chosen != SHIPPED:
        parts.append(lines_to_paste(found))
    return "\n\n".join(parts)


def _row(name: str, days: Sequence[Trial]) -> list[str]:
    share, lost = closed(days), worst_min(days)
    return [
        name,
        f"{person_min(days):,}人分",
        "--" if share is None else f"{100 * share:.0f}％",
        f"{worse(days)}日",
        f"+{lost:,}人分" if lost else "なし",
        f"{orders(days):.1f}",
        f"{lane_changes(days):.1f}",
    ]


def lines_to_paste(found: Fit) -> str:
    """Return the lines of the site file for the constants that differ from the shipped ones."""
    lines: list[str] = []
    for table in ("lending", "moves"):
        own = [f"{choice.key} = {value:g}" for choice, value in differing(found.chosen) if choice.table == table]
        if own:
            lines += [f"[advice.{table}]", *own, ""]
    return "\n".join(lines).rstrip()

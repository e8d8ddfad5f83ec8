"""The printed study: what a manager reads of person-minutes, orders, and lengths with idle time."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len

from floorctl.advice.net_lengths import Lengths
from floorctl.advice.person_minutes import Measured
from floorctl.advice.study import PolicyFigures, Study
from floorctl.cli.text import WIDTH
from floorctl.cli.text_study import study_text
from floorctl.common.words import POLICIES
from floorctl.simulation.replay import Figures
from tests.story import kumagaya

HOUR = 3600


def printed(*days: dict[str, float], idle: int = 0, net: bool = False) -> str:
    """A study of days with the hours that all waited under each policy; ``idle`` of a hundred cases."""
    ways = {}
    for name in POLICIES:
        by_day = tuple(Measured(int(d[name] * HOUR), 3, 1, 5 if name == "advice" else 0) for d in days)
        ways[name] = PolicyFigures(Figures(10, 60.0, 90, 120), {"certificate": Figures(10, 60.0, 90, 120)}, 4, by_day)
    lengths = Lengths(net=net)
    lengths.cases, lengths.idle = 100, idle
    return study_text(Study(tuple(date(2026, 9, 14 + n) for n in range(len(days))), ways), kumagaya(), lengths)


def day(advice: float = 7, pooled: float = 4) -> dict[str, float]:
    return {"as_was": 10, "static_2_6": 12, "static_3_5": 10, "advice": advice, "pooled": pooled}


def row(text: str, head: str, name: str) -> list[str]:
    """The cells of a policy in the table that begins with ``head``."""
    table = text[text.index(f"\n{head} ") :].split("\n\n")[0].splitlines()
    (found,) = [line.split() for line in table if line.startswith(name)]
    return found[1:]


def test_person_minutes_orders_and_days_made_worse() -> None:
    text = printed(day(), day(advice=12))
    assert row(text, "待ちの合計", "提案どおり") == ["1,140", "570", "8％", "1日", "+120人分"]
    assert row(text, "待ちの合計", "実際の配分") == ["1,200", "600", "0％", "0日", "なし"]
    assert row(text, "待ちの合計", "全台共用") == ["480", "240", "100％", "0日", "なし"]
    assert row(text, "1日の指示", "提案どおり") == ["3.0", "1.0", "4.0", "5.0"]


def test_a_share_that_means_nothing_is_not_told() -> None:
    assert row(printed(day(pooled=9.5)), "待ちの合計", "提案どおり")[2] == "--"


def test_a_share_is_no_minus_of_nothing() -> None:
    """A loss of less than half a percent of the gap."""
    assert row(printed(day(advice=10.02)), "待ちの合計", "提案どおり")[2:] == ["0％", "0日", "+1人分"]


def test_a_ratio_to_next_to_no_wait_is_not_told() -> None:
    """Against 59 person-minutes a day of all terminals together any wait is many times as long."""
    assert row(printed(day(pooled=1)), "配分", "提案どおり")[-1] == "1.00"
    assert row(printed(day(pooled=0.98)), "配分", "提案どおり")[-1] == "--"


def test_no_word_calls_pooled_a_bound() -> None:
    text = printed(day())
    assert text.replace("下限ではありません", "").count("下限") == 0
    assert "下限ではありません" in text


def test_idle_time_in_lengths_is_told_with_its_option() -> None:
    """From a fifth of the cases on; with the option, that it was taken out."""
    assert "--net" not in printed(day(), idle=19)
    assert "応対の20％は、待つ人のないまま" in printed(day(), idle=20)
    assert "除いた値です（応対の20％）" in printed(day(), idle=20, net=True).replace("\n  ", "")


def test_every_line_fits() -> None:
    lines = printed(*[day(advice=5000, pooled=3)] * 9, idle=45).splitlines()
    assert max(map(cell_len, lines)) <= WIDTH

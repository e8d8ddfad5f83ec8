"""floorctl backtest: days predicted as they went, from the facts up to each instant, against what came of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floorctl.cli.text import backtest_text
from floorctl.common.errors import FloorctlError
from floorctl.usecases.backtest import (
    DayResult,
    Prediction,
    TrueWait,
    backtest,
    read_day,
    read_truth,
    summary,
    truth_of,
)
from tests.story import MONDAY, a_day, busy_day, feed_of, instant, kumagaya


def written(path: Path, lines: list[dict[str, object]] | None = None) -> Path:
    path.write_bytes(feed_of(busy_day() if lines is None else lines))
    return path


def test_the_truth_of_a_feed_is_when_the_last_of_the_waiting_was_called(tmp_path: Path) -> None:
    story = a_day().opens("08:30").issues("B001", at="09:01").issues("B002", at="09:03").calls("B001", "T3", "09:06")
    story.calls("B002", "T3", "09:12").issues("B003", at="09:14").leaves("B003", "09:40")
    path = tmp_path / "day.jsonl"
    path.write_bytes(story.feed())
    found = truth_of(read_day(path, kumagaya()), kumagaya())
    assert [(f"{a.at:%H:%M}", a.lane, a.waiting, a.wait_s) for a in found] == [
        ("09:05", "certificate", 2, 420),
        ("09:10", "certificate", 1, 120),
    ], "who left told nothing"


def test_nothing_is_known_of_what_comes_later(tmp_path: Path) -> None:
    """The same day up to an instant, and a wholly different one after it: the answers up to then are the same."""
    lines = busy_day()
    noon = instant("12:00").isoformat()
    morning = [x for x in lines if x["at"] <= noon]
    slow = morning + [x for x in lines if x["at"] > noon and x["kind"] == "ticket.issued"]
    table = "\n".join(
        [
            "at,lane,waiting,desks,wait_s",
            *(f"{instant(f'{h}:{m:02d}').isoformat()},certificate,3,5,600" for h in (9, 10, 11) for m in (5, 35)),
        ]
    )
    answers = []
    for name, told in (("whole", lines), ("slow", slow)):
        path = written(tmp_path / f"{name}.jsonl", told)
        (tmp_path / f"{name}.truth.csv").write_text(table, encoding="utf-8")
        answers.append([(t.true.at, t.p50_s, t.p90_s) for t in backtest(path, kumagaya()).predictions])
    assert len(answers[0]) >= 4
    assert answers[0] == answers[1]


def test_figures(tmp_path: Path) -> None:
    def told(waiting: int, wait_s: int, p50: int, p90: int) -> Prediction:
        return Prediction(TrueWait(instant("10:00"), "certificate", waiting, 2, wait_s), p50, p90, 600.0)

    result = DayResult(
        "day", MONDAY, [told(2, 700, 650, 900), told(4, 1500, 1400, 1450), told(1, 100, 200, 300)], 1, [True, False]
    )
    assert summary([result]) == {
        "n": 3, "unsaid": 1, "plain_s": 80, "p50_s": 100, "ratio": 1.25, "own_mean_ratio": 2.5, "covered": 0.667,
        "under_p50": 0.333, "told_short": {"n": 2, "covered": 1.0, "under_p50": 0.5},
        "told_long": {"n": 1, "covered": 0.0, "under_p50": 0.0}, "arrivals_within": 0.5,
    }  # fmt: skip
    empty = summary([DayResult("none", MONDAY)])
    assert empty == {"n": 0, "unsaid": 0}
    text = backtest_text(
        {"days": [{"feed": "day", "day": "2026-09-14", **summary([result])}, {"feed": "none", **empty}], "all": empty}
    )
    assert "1.25" in text and "66.7%" in text
    assert text.splitlines()[1].split()[-4:] == ["33%", "50%", "0%", "50%"], "all, told short, told long, arrivals"
    assert [line.split()[0] for line in text.splitlines()] == ["日", "day", "none", "全体"]


def test_truth_beside_the_feed_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path / "day.jsonl")
    (tmp_path / "day.truth.csv").write_text(
        f"at,lane,waiting,desks,wait_s\n{instant('11:00').isoformat()},certificate,3,5,600\n{instant('11:05').isoformat()},certificate,3,5,\n{instant('11:10').isoformat()},nowhere,3,5,60\n",
        encoding="utf-8",
    )
    found = backtest(path, kumagaya())
    assert len(found.predictions) + found.unpredicted == 1, (
        "what is not known is not asked, nor of a lane that is not the site's"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"not json\n",
        feed_of([*busy_day(tickets=3), {**busy_day(tickets=3)[0], "id": "x", "at": "2026-09-15T09:00:00+09:00"}]),
    ],
)
def test_a_feed_that_is_none_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(FloorctlError, match=r"bad\.jsonl"):
        backtest(path, kumagaya())


def test_a_table_that_is_none_says_so(tmp_path: Path) -> None:
    for text in ("a,b\n1,2\n", "at,lane,waiting,desks,wait_s\nnoon,certificate,1,1,60\n"):
        path = tmp_path / "x.truth.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FloorctlError, match="表ではありません"):
            read_truth(path, kumagaya())


def test_json_is_plain(tmp_path: Path) -> None:
    result = backtest(written(tmp_path / "day.jsonl"), kumagaya())
    assert json.loads(json.dumps(summary([result])))["n"] == len(result.predictions) > 30

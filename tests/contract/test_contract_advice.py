"""`advise` and `study` (contract 1, 4), through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract_cli import DAY, at, run
from contract_facts import fact, opened
from contract_steps import feed, fields
from contract_words import LANES

POLICIES = ["as_was", "static_2_6", "static_3_5", "advice", "pooled"]


@pytest.fixture
def crowded(db: Path) -> Path:
    """Three terminals stand free for cards while thirty wait for certificates."""
    split = {f"T{n}": "issuance" if n < 4 else "certificate" for n in range(1, 9)}
    lines = [opened(allocation=split)]
    lines += [fact("08:30", "terminal.staffed", terminal=f"T{n}", staff=f"S{n}") for n in range(1, 9)]
    lines += [
        fact(f"10:0{n // 10}:{n % 10 * 5:02d}", "ticket.issued", ticket=f"B{n:03d}", service="cert_renewal")
        for n in range(35)
    ]
    lines += [fact("10:05", "ticket.called", ticket=f"B{n - 4:03d}", terminal=f"T{n}") for n in range(4, 9)]
    feed(db, *lines)
    return db


def test_advise(crowded: Path) -> None:
    """«{"now","basis":{…},"keep":bool,"moves":[{"terminal","from","to"}],"effect":{lane:{"before_s","after_s"}},"text","took_ms"}»"""
    found = run("advise", "--json", db=crowded, now="10:06").json
    fields(found, "now", "basis", "keep", "moves", "effect", "text", "took_ms")
    assert found["now"] == at("10:06")
    assert found["keep"] is False
    (move,) = found["moves"]
    assert (move["from"], move["to"]) == ("issuance", "certificate")
    assert move["terminal"] in ("T1", "T2", "T3")
    assert set(found["effect"]) == set(LANES[:2])
    for effect in found["effect"].values():
        assert all(isinstance(effect[k], int) and effect[k] >= 0 for k in ("before_s", "after_s"))
    assert found["effect"]["certificate"]["after_s"] < found["effect"]["certificate"]["before_s"]
    assert found["text"].startswith(f"{move['terminal']} を電子証明書の応援に"), (
        "three stand free: a loan, no lasting move"
    )
    assert move["lend"] is True
    (lend,) = found["lends"]
    assert (lend["terminal"], lend["home"], lend["to"], lend["when"]) == (
        move["terminal"],
        "issuance",
        "certificate",
        "now",
    )
    assert found["returns"] == []
    assert found["took_ms"] > 0
    printed = run("advise", db=crowded, now="10:06")
    assert printed.out.splitlines()[0] == found["text"]
    assert len([x for x in run("advise", "--why", db=crowded, now="10:06").out.splitlines() if x]) >= 9


@pytest.mark.parametrize("now", ["08:00", "23:30"])
def test_advise_with_nothing_to_advise(tmp_path: Path, now: str) -> None:
    """«Reading commands on a file that does not exist behave as on an empty one and create nothing»"""
    db = tmp_path / "none.db"
    found = run("advise", "--json", db=db, now=now).json
    assert (found["keep"], found["moves"]) == (True, [])
    assert found["text"].startswith("このままで良い")
    assert not db.exists()


def test_taken_and_declined(crowded: Path) -> None:
    """Both are facts; what is declined does not come back unless things change."""
    (move,) = run("advise", "--json", db=crowded, now="10:06").json["moves"]
    pairs = [f"terminal={move['terminal']}", f"lane={move['to']}"]
    declined = run("do", "advice.declined", *pairs, "reason=予約に備える", "gain_s=90000", db=crowded, now="10:06").json
    assert [x["kind"] for x in declined] == ["advice.declined"]
    assert run("advise", "--json", db=crowded, now="10:07").json["keep"] is True
    taken = run("do", "advice.taken", *pairs, "text=待ちが長い", db=crowded, now="10:08").json
    assert [x["kind"] for x in taken] == ["terminal.assigned", "advice.taken"]
    again = run("do", "advice.taken", *pairs, db=crowded, now="10:09")
    assert again.status == 1
    assert "提案は適用できません" in again.err


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "day.jsonl"
    assert run("simulate", "--date", DAY, "--seed", "3", "--volume", "low", "-o", path).status == 0
    return path


def test_study(day: Path) -> None:
    """«{"days":[…],"policies":{NAME:{"mean_s","p90_s","max_s","waiting_max","moves_per_day","lanes":{lane:{"n","mean_s","p90_s","max_s"}}}}}»"""
    found = run("study", day, "--json").json
    fields(found, "days", "policies")
    assert found["days"] == [DAY]
    assert list(found["policies"]) == POLICIES
    numbers = set()
    for name, policy in found["policies"].items():
        fields(policy, "mean_s", "p90_s", "max_s", "waiting_max", "moves_per_day", "lanes")
        assert list(policy["lanes"]) == LANES
        for lane in policy["lanes"].values():
            fields(lane, "n", "mean_s", "p90_s", "max_s")
            assert all(lane[k] is None or isinstance(lane[k], int) for k in lane)
            assert (lane["n"] == 0) == (lane["mean_s"] is None)
        numbers.add(sum(lane["n"] for lane in policy["lanes"].values()))
        assert policy["mean_s"] <= policy["max_s"]
        assert policy["moves_per_day"] >= 0
        if name.startswith("static") or name == "pooled":
            assert policy["moves_per_day"] == 0
    assert max(numbers) - min(numbers) <= 3, "the same tickets under every policy, but for those who leave"
    for policy in found["policies"].values():  # contract 6: the measure, and per day the same
        fields(policy, "person_min", "gap_closed", "orders_per_day", "lane_changes_per_day", "by_day")
        assert policy["orders_per_day"] >= policy["moves_per_day"]
        (own,) = policy["by_day"]
        assert own == {"day": DAY} | {k: policy[k] for k in own if k != "day"}, "the sum of one day is the day"
        fields(own, "person_min", "gap_closed", "orders_per_day", "lane_changes_per_day")
    assert "lengths" not in found
    table = run("study", day)
    assert table.status == 0
    assert all(
        word in table.out
        for word in ("提案どおり", "全台共用", "待ちの合計", "差の縮小", "配分変更／日", "応援／日", DAY)
    )


def test_study_with_net_service_times(day: Path) -> None:
    """docs/additions.md: the same form; where the ends are told they are the same figures."""
    found = run("study", day, "--json").json
    net = run("study", day, "--net", "--json").json
    assert net.pop("lengths") == "net"
    assert {k: list(p) for k, p in net["policies"].items()} == {k: list(p) for k, p in found["policies"].items()}
    was, now = (x["policies"]["as_was"]["person_min"] for x in (found, net))
    assert now == pytest.approx(was, rel=0.02)
    assert "--net を外すと" in run("study", day, "--net").out


def test_study_of_the_own_file(db: Path, day: Path) -> None:
    """Without a feed: the days of the file, as the feed would give them."""
    run("ingest", day, db=db)
    own = run("study", "--json", db=db).json
    assert own == run("study", day, "--json").json
    assert run("study", day, "--own", "--json", db=db).json["days"] == [DAY, DAY]


def test_study_of_the_own_file_as_it_was_then(db: Path, day: Path) -> None:
    """«--now TIME … everything is seen as it was then: facts with at <= TIME»: nobody of the afternoon, and no later day."""
    run("ingest", day, db=db)
    whole = run("study", "--json", db=db, now=at("18:00")).json["policies"]["as_was"]["lanes"]
    noon = run("study", "--json", db=db, now=at("12:00")).json["policies"]["as_was"]["lanes"]
    assert 0 < sum(x["n"] for x in noon.values()) < sum(x["n"] for x in whole.values())
    before = run("study", "--json", db=db, now=at("08:00"))
    assert before.status == 1
    assert "比べる日がありません" in before.err


def test_study_says_what_is_missing(tmp_path: Path) -> None:
    gone = run("study", tmp_path / "none.jsonl")
    assert gone.status == 1
    assert "none.jsonl" in gone.err
    nothing = run("study", db=tmp_path / "none.db")
    assert nothing.status == 1
    assert "比べる日がありません" in nothing.err
    assert not (tmp_path / "none.db").exists()
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id":"1","at":"2026-09-14T09:00:00+09:00","kind":"memo.written","text":"秘密"}\n')
    refused = run("study", broken)
    assert refused.status == 1
    assert "1行目" in refused.err
    assert "秘密" not in refused.err


def test_what_advise_says_beside(crowded: Path) -> None:
    """docs/additions.md: `staffing`, `idle` and `others` beside the contract's keys; the terminals' choice at staffing,
    idle ones, and what else can be done, each with its effect and the acts that take it."""
    lines = [
        fact("10:05:30", "terminal.paused", terminal="T8", reason="用紙の補充"),
        fact("10:05:40", "terminal.staffed", terminal="T3", staff=None),
    ]
    feed(crowded, *lines, fact("10:05:20", "ticket.finished", ticket="B004", terminal="T8"))
    found = run("advise", "--json", db=crowded, now="10:06").json
    fields(found, "now", "basis", "keep", "moves", "effect", "text", "took_ms")
    (choice,) = found["staffing"]
    assert (choice["terminal"], choice["lane"], choice["present"]) == ("T3", "certificate", "issuance")
    assert set(choice["effect"]) == set(LANES[:2])
    (paused,) = [x for x in found["others"] if x["kind"] == "resume"]
    assert paused["terminal"] == "T8"
    assert paused["effect"]["of"] == "longest_wait_s" and paused["effect"]["after"] < paused["effect"]["before"]
    assert paused["acts"] == [{"kind": "terminal.resumed", "terminal": "T8"}]
    assert [(x["kind"], x["lane"], x["acts"][0]["kind"]) for x in found["idle"]] == [
        ("lend", "certificate", "terminal.lent")
    ]
    printed = run("advise", db=crowded, now="10:06").out
    assert printed.startswith(f"まず  {paused['text']}"), "what costs nothing comes before a move"
    assert found["first"] == paused and found["text"] == paused["text"] and printed.count(paused["text"]) == 1
    assert choice["text"] in printed
    (act,) = paused["acts"]
    done = run("do", act["kind"], f"terminal={act['terminal']}", db=crowded, now="10:07").json
    assert [x["kind"] for x in done] == ["terminal.resumed"]


def test_advise_tells_loans_and_the_returns_that_are_due(crowded: Path) -> None:
    """docs/additions.md: `lends` [{"terminal","home","to","when"}], `returns` [{"terminal","home","from","why"}]; without a
    console nobody else says that a lent terminal is needed at home, nor that one may go without asking."""
    run("do", "lending.permitted", 'terminals=["T2"]', db=crowded, now="10:06")
    permitted = run("advise", "--json", db=crowded, now="10:06:30").json
    assert permitted["lends"] == [{"terminal": "T2", "home": "issuance", "to": "certificate", "when": "now"}]
    assert "許可あり  T2 を電子証明書の応援に" in run("advise", db=crowded, now="10:06:30").out
    run("do", "terminal.lent", "terminal=T2", "lane=certificate", db=crowded, now="10:07")
    lines = [fact(f"10:08:{n:02d}", "ticket.issued", ticket=f"A{n:03d}", service="card_issuance") for n in range(40)]
    lines += [fact("10:09", "ticket.called", ticket=f"A{n:03d}", terminal=f"T{3 - 2 * n}") for n in range(2)]
    feed(crowded, *lines)
    due = run("advise", "--json", db=crowded, now="10:10").json
    assert due["returns"] == [{"terminal": "T2", "home": "issuance", "from": "certificate", "why": "home_waits"}]
    assert "応援から戻す  T2 を交付へ（交付の列に38人）" in run("advise", db=crowded, now="10:10").out

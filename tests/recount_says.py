"""What records, tables, board and derived rows must say of a day, from its recount (recount.py); nothing of floorctl."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from tests.recount import EFFECT, TOKYO, Json, Recount, Ticket, facts_in, recount, seconds, written


def incident_json(i: Json) -> Json:
    """As ``incident list --json`` has it."""
    state = "closed" if i["closed"] else "reported" if i["reported"] else "open"
    times = {f"{name}_at": written(i[name]) for name in ("occurred", "found", "reported")}
    return {
        "incident": i["code"],
        "category": i["category"],
        "summary": i["summary"],
        **times,
        "state": state,
        "services": i["services"],
        "terminals": i["terminals"],
    }


def incident_details(i: Json) -> Json:
    """What ``incident show --json`` and ``records_D.json`` add to it."""
    return {
        "reported_to": i["to"], "followed_up_at": written(i["again"]), "closed_at": written(i["closed"]),
        "restored_at": written(i["restored"]), "measures": i["measures"], "prevention": i["prevention"],
        "police_at": written(i["police"]), "damage": i["damage"], "serious": i["serious"], "cause": i["cause"],
        "handed_over_at": written(i["handed"]), "handed_over_to": i["handed_to"], "untold_because": i["because"],
        "notes": [{"at": written(at), "text": text} for at, text in i["notes"]],
    }  # fmt: skip


def incident_cells(i: Json) -> Json:
    """What ``incidents.csv`` adds to the derived row."""
    notes = "　".join(f"{written(at)} {text}" for at, text in i["notes"])
    names = {"handed_over_at": written(i["handed"]), "handed_over_to": i["handed_to"], "notes": notes}
    return {"measures": i["measures"], "prevention": i["prevention"], **names}


def records(path: Path, day: date, now: datetime | None = None) -> Json:
    """What ``records_D.json`` must say of the day (5)."""
    r = recount(path, day, now)
    # «head: the last fact in the file whose day is D»
    last = max(facts_in(path, "WHERE day = ?", str(day)), key=lambda f: f["seq"], default=None)
    return {
        "day": str(day),
        "revision": r.revision,
        "counts": r.counts(),
        "work": r.work(),
        "waits": r.waits(),
        "targets": r.targets(),
        "moves": [{**m, "at": written(m["at"])} for m in r.moves],
        "lends": lends(r),
        "escalations": [
            {
                "escalation": e["escalation"],
                "matter": e["matter"],
                **{f"{n}_at": written(e[n]) for n in ("raised", "taken", "settled")},
                "outcome": e["outcome"],
            }
            for e in r.escalations()
        ],
        "incidents": [incident_json(i) | incident_details(i) for i in r.incidents()],
        "inquiries": dict(r.topics),
        "staff": [{**s, "at": written(s["at"])} for s in r.staff],
        "head": {"seq": last["seq"], "hash": last["hash"]} if last else {"seq": 0, "hash": ""},
    }


def lends(r: Recount) -> list[Json]:
    """Loans as the records and the CSV have them."""
    times = ("at", "went", "back")
    return [{k: written(v) if k in times else v for k, v in x.items() if k != "ended"} for x in r.loans]


def ticket_rows(r: Recount) -> Iterator[Json]:
    """What ``tickets.csv`` must say, in its order: as they were first seen."""
    never = datetime.max.replace(tzinfo=TOKYO)
    came = lambda t: (None if t.unarrived else t.issued) or t.called or t.finished or never  # noqa: E731
    for t in sorted(r.everyone, key=lambda t: (came(t), t.number, t.nth)):
        yield {
            "ticket": t.number, "service": t.service, "lane": r.final_lane(t), "cards": t.cards, "appointment": t.appointment,
            "assist": t.assist, "issued_at": None if t.unarrived else written(t.issued), "called_at": written(t.called), "terminal": t.terminal,
            "finished_at": written(t.finished), "outcome": t.outcome, "state": t.state,
            "nth": t.nth, "recalls": t.recalls, "carried_from": None,
        }  # fmt: skip


def derived_rows(r: Recount, head: Json) -> dict[str, list[Json]]:
    """Rows of the derived tables that follow from the facts alone, by table; a row has the columns that are recounted."""
    fates = Counter(t.fate for t in r.everyone)
    done = [t for t in r.everyone if t.fate == "done"]
    day = {
        "revision": r.revision, "opened_at": written(r.opened), "closed_at": written(r.closed),
        "report_closed_at": written(r.report_closed), "issued": len(r.everyone), "served": fates["done"],
        "incomplete": fates["incomplete"], "desk3": fates["desk3"], "no_show": fates["no_show"],
        "left_waiting": fates["left"], "unfinished": fates["open"], "counted_out": fates["counted_out"], "cards": sum(t.cards for t in done),
        "assist": sum(t.assist for t in r.everyone), "officials_max": max((n for _, n in r.officials), default=0),
        "officials_absent_s": r.officials_absent_s(), "uncovered_s": sum(r.uncovered_s()),
        "absent": sum(p["absent"] for p in r.staff_days()), "late": sum(p["late"] for p in r.staff_days()), "moves": len(r.moves),
        "escalations": len(r.cases), "incidents": len(r.incidents()), "inquiries": sum(r.topics.values()),
        "anomalies": r.anomalies, "head_seq": head["seq"], "head_hash": head["hash"],
    }  # fmt: skip
    end = r.rules.reception(r.day)[1]

    def effect(m: Json) -> Json:
        later = max(m["at"], min(m["at"] + EFFECT, end))
        known = r.until is not None and later <= r.until
        pair = [("from", r.queues[m["from"]]), ("to", r.queues[m["to"]])]
        return {f"{w}_before": q.at(m["at"]) for w, q in pair} | {
            f"{w}_after": q.at(later) if known else None for w, q in pair
        }

    work, totals = r.work(), r.totals
    return {
        "days": [day],
        "tickets": [
            {**row, "assist": int(row["assist"]), "fate": t.fate, "wait_s": t.wait, "service_s": _service_s(t)}
            for row in ticket_rows(r) for t in r.everyone if (t.number, t.nth) == (row["ticket"], row["nth"])
        ],
        "lane_days": [
            {"lane": lane, "called": w["n"], "wait_mean_s": w["mean_s"], "wait_p90_s": w["p90_s"], "wait_max_s": w["max_s"], "waiting_max": r.peak(lane)[0], "waiting_max_at": r.peak(lane)[1]}
            for lane, w in r.waits().items()
        ],
        "work": [
            {"item": c, "count": n, "by_hand": r.tallies[c], "read": totals[c]["count"] if read else None, "note": totals[c]["note"] if read else ""}
            for c, n in work.items() for read in [c in totals and "ledger" in r.rules.items[c]] if n or r.tallies[c] or read
        ],
        "moves": [
            {"n": n, "at": written(m["at"]), "terminal": m["terminal"], "from_lane": m["from"], "to_lane": m["to"], "reason": m["reason"], **effect(m)}
            for n, m in enumerate(r.moves, 1)
        ],
        "lends": [
            {"n": n, "to_lane": x["to"], **{k: x[k] for k in ("terminal", "home", "reason", "ended")}, **{k: written(x[k]) for k in ("at", "went", "back")},
             "helped_s": seconds(x["went"], x["back"] or r.until) if x["went"] else None}
            for n, x in enumerate(r.loans, 1)
        ],
        "escalations": [
            {**{k: e[k] for k in ("escalation", "matter", "terminal", "ticket", "outcome", "official")}, **{f"{k}_at": written(e[k]) for k in ("raised", "taken", "settled")}}
            for e in r.escalations()
        ],
        "incidents": [{**incident_json(i), "services": " ".join(i["services"]), "terminals": " ".join(i["terminals"])} for i in r.incidents()],
        "staff_days": r.staff_days(),
        "inquiries": [{"topic": topic, "count": n} for topic, n in r.topics.items()],
        "stops": [{"n": n, "sort": s[0], "code": s[1], "since": s[2], "until": s[3], "seconds": s[4]} for n, s in enumerate(r.stops(), 1)],
        "outages": [{"n": n, "incident": o[0], "service": o[1], "minutes": o[2], "cause": o[3]} for n, o in enumerate(r.outages(), 1)],
        "vacancies": [
            {"n": n, "staff": v["staff"], "opened_at": written(v["opened"]), "closed_at": written(v["closed"]), "substitute": v["substitute"], "reason": v["reason"], "uncovered_s": s}
            for n, (v, s) in enumerate(zip(r.vacancies, r.uncovered_s(), strict=True), 1)
        ],
        "report_lines": [
            {"head": head, "n": n, "text": text}
            for head, f in sorted(r.report.items()) for n, text in enumerate(f["lines"] or ["特になし"], 1)
        ],
    }  # fmt: skip


def _service_s(t: Ticket) -> int | None:
    """From the last call to the finish; None where no finish was seen."""
    if t.state != "finished" or t.guessed or t.unknown_length or t.bound or t.serving is None or t.ended is None:
        return None
    return seconds(t.serving, t.ended)


def held_rows(path: Path, table: str, day: date, columns: Iterable[str]) -> list[Json]:
    """Rows of a derived table as they stand in the file."""
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as conn:
        names = list(columns)
        listed = ", ".join(names)
        rows = conn.execute(f"SELECT {listed} FROM {table} WHERE day = ?", (str(day),)).fetchall()
    conn.close()
    return [dict(zip(names, row, strict=True)) for row in rows]

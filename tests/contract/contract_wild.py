"""Days that no office ever had: any fact of 2 at any time, most of which do not fit."""

from __future__ import annotations

import random

from contract_facts import Fact, fact
from contract_words import LANES, SERVICES

WEIGHTS = {
    "ticket.issued": 12,
    "ticket.called": 14,
    "ticket.finished": 10,
    "ticket.no_show": 4,
    "ticket.left": 3,
    "ticket.requeued": 4,
    "ticket.transferred": 3,
    "queue.counted": 3,
    "terminal.assigned": 3,
    "terminal.lent": 4,
    "terminal.returned": 2,
    "lending.permitted": 0.5,
    "terminal.staffed": 2,
    "terminal.paused": 1,
    "terminal.resumed": 1,
    "terminal.failed": 1,
    "terminal.repaired": 1,
    "escalation.raised": 1,
    "escalation.taken": 1,
    "escalation.settled": 1,
    "reception.stopped": 1,
    "reception.resumed": 1,
    "officials.changed": 1,
    "staff.changed": 1,
    "visitors.counted": 1,
    "work.counted": 1,
    "day.opened": 1,
    "day.closed": 0.2,
}


def wild_facts(seed: int, number: int) -> list[Fact]:
    """Few tickets and terminals and whole half minutes, so that much happens at one instant."""
    dice = random.Random(seed)
    kinds = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=number)
    return [_wild_fact(dice, kind, f"wild-{seed}-{n}") for n, kind in enumerate(kinds)]


def untold_facts(seed: int, number: int) -> list[Fact]:
    """The same of machines that leave out desks, ends and issues, recall, and begin their numbers again; nobody counts heads."""
    dice, found = random.Random(seed), []
    for f in wild_facts(seed, number):
        if f["kind"] == "queue.counted":
            continue
        if f["kind"] in ("ticket.called", "ticket.finished") and dice.random() < 0.3:
            f["terminal"] = None
        if f["kind"] == "ticket.called":
            f["ends"] = dice.choice(["", "next_call", "next_call", "call"])
        elif f["kind"] == "ticket.issued":
            f |= {"wraps": dice.random() < 0.4, "no_arrival": dice.random() < 0.4}
        elif f["kind"] in ("ticket.left", "ticket.transferred") and dice.random() < 0.7:
            f = fact(f["at"][11:19], "ticket.recalled", id=f["id"], ticket=f["ticket"])
            if dice.random() < 0.5:
                f["terminal"] = dice.choice(["T1", "T3", "T4"])
        found.append(f)
    return found


def _wild_fact(dice: random.Random, kind: str, identity: str) -> Fact:
    ticket = {"ticket": f"B{dice.randint(1, 8):03}"}
    terminal = {"terminal": dice.choice(["T1", "T2", "T3", "T4", "A1"])}
    service = {"service": dice.choice(SERVICES)[0]}
    lane = {"lane": dice.choice(LANES)}
    escalation = {"escalation": f"X{dice.randint(1, 3)}"}
    some = {
        "ticket.issued": {**ticket, **service, "appointment": dice.choice([None, "09:20"])},
        "ticket.called": {**ticket, **terminal},
        "ticket.finished": {**ticket, **terminal, "outcome": dice.choice(["done", "incomplete", "desk3"])},
        "ticket.transferred": {**ticket, **service},
        "queue.counted": {**lane, "waiting": dice.randint(0, 5)},
        "terminal.assigned": {**terminal, **lane},
        "terminal.lent": {**terminal, **lane},
        "lending.permitted": {"terminals": [terminal["terminal"]]},
        "terminal.staffed": {**terminal, "staff": dice.choice([None, "S1", "S2"])},
        "escalation.raised": {**escalation, "matter": "fee"},
        "escalation.taken": escalation,
        "escalation.settled": {**escalation, "outcome": "withdrawn"},
        "reception.stopped": service,
        "reception.resumed": service,
        "officials.changed": {"present": dice.randint(0, 4)},
        "staff.changed": {"staff": "S1", "status": dice.choice(["late", "present", "gone"])},
        "visitors.counted": {"persons": dice.randint(0, 30)},
        "work.counted": {"item": "photo", "count": dice.randint(-2, 4)},
        "day.opened": {"allocation": {"T1": dice.choice(LANES[:2])}, "officials": dice.randint(0, 3)},
        "day.closed": {},
    }
    own = some.get(kind, terminal if kind.startswith("terminal.") else ticket)
    return fact(f"09:{dice.randint(0, 40):02}:{dice.choice(['00', '00', '30'])}", kind, id=identity, **own)

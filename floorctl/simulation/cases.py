"""Draw what a visitor needs at the terminal: service time, work items, outcome, referral to the city.

Start values of SPEC 2.2 [J], in minutes: renewal lognormal mean 12 sd 5, with PIN +6, furigana +3; issuance 15, 5 per
further card; PIN 10; application support 20; the city's part of an escalation 3 to 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from floorctl.models.site.site import Site
from floorctl.simulation.draws import lognormal_s, pick
from floorctl.simulation.service_kinds import meaning

Outcome = Literal["done", "incomplete", "desk3"]
Decision = Literal["approved", "declined", "desk3", "withdrawn"]

ESCALATION_SHARE = 0.09  # of services [J]
INCOMPLETE_SHARE = 0.04
DESK3_SHARE = 0.01
ASSIST_S = 240  # additional time of 合理的配慮 [J]

# Mean and sd in minutes, by a service's meaning.
MINUTES: dict[str, tuple[float, float]] = {
    "card_issuance": (15, 5),
    "cert_issue": (13, 5),
    "cert_renewal": (12, 5),
    "pin_reset": (10, 4),
    "reissue_application": (6, 3),
    "application_support": (20, 6),
    "registration_support": (12, 5),
    "other": (6, 4),
}
CARD_MINUTES = 5
PIN_MINUTES, PIN_SHARE = 6, 0.1
FURIGANA_MINUTES, FURIGANA_SHARE = 3, 0.1

_CERTIFICATE_MATTERS = (
    ("cert_decision", 0.30),
    ("pin_entry", 0.32),
    ("proxy", 0.16),
    ("identity", 0.10),
    ("fee", 0.06),
    ("inquiry", 0.06),
)
MATTERS: dict[str, tuple[tuple[str, float], ...]] = {
    "card_issuance": (("identity", 0.40), ("proxy", 0.30), ("pin_entry", 0.17), ("fee", 0.08), ("inquiry", 0.05)),
    "reissue_application": (("fee", 0.40), ("identity", 0.35), ("proxy", 0.15), ("inquiry", 0.10)),
    "application_support": (("identity", 0.50), ("proxy", 0.30), ("inquiry", 0.20)),
    "registration_support": (("inquiry", 0.70), ("identity", 0.30)),
    "other": (("inquiry", 0.70), ("fee", 0.30)),
}
NOTES = {"proxy": "委任状の確認", "pin_entry": "設定依頼書あり", "identity": "確認書類が1点のみ"}


@dataclass(frozen=True)
class Trouble:
    """Matter that arises at ``fraction`` of a service; an official comes in ``fetch_s`` and decides in ``handle_s``."""

    matter: str
    fraction: float
    fetch_s: int
    handle_s: int
    decision: Decision
    note: str = ""


@dataclass(frozen=True)
class Case:
    """One service at a terminal: its time without the city's part, the work items it counts as, its outcome."""

    service_s: int
    gap_s: int  # from the end of the case to the terminal's next call
    work: tuple[tuple[str, int], ...] = ()
    work_if_incomplete: tuple[tuple[str, int], ...] = ()
    outcome: Outcome = "done"
    trouble: Trouble | None = None


def draw_cards(rng: Random) -> int:
    """Draw the number of cards that a visitor fetches: mostly one, families up to four."""
    return pick(rng, ((1, 0.84), (2, 0.10), (3, 0.04), (4, 0.02)))


def _renewal(rng: Random) -> tuple[int, dict[str, int]]:
    """Draw a renewal: additional seconds, and its work items."""
    more, work = 0, {"cert_signature_renewal": 1, "cert_user_auth_renewal": 1}
    if rng.random() < 0.08:  # under 15: no signature certificate
        del work["cert_signature_renewal"]
    if rng.random() < PIN_SHARE:
        more += PIN_MINUTES
        work["pin_reset"] = 1
    if rng.random() < FURIGANA_SHARE:
        more += FURIGANA_MINUTES
        work["furigana_print"] = 1
    if rng.random() < 0.03:
        work["cert_copy"] = 1
    return more * 60, work


def _work(rng: Random, service: str, cards: int) -> tuple[int, dict[str, int], dict[str, int]]:
    """Draw additional seconds, work items if done, work items if incomplete."""
    if service == "card_issuance":
        sort = pick(rng, (("issuance_renewal", 0.62), ("issuance_new", 0.28), ("issuance_reissue", 0.10)))
        return (cards - 1) * CARD_MINUTES * 60, {sort: cards}, {}
    if service == "cert_renewal":
        more, work = _renewal(rng)
        return more, work, {}
    if service == "cert_issue":
        if rng.random() < 0.15:
            return 0, {"cert_signature_revoked": 1, "cert_user_auth_revoked": 1, "revocation_receipt": 1}, {}
        return 0, {"cert_signature_new": 1, "cert_user_auth_new": 1}, {}
    if service == "pin_reset":
        return 0, {"pin_reset" if rng.random() < 0.65 else "pin_change": 1}, {}
    if service == "reissue_application":
        return 0, {"form_reissue": 1}, {}
    if service == "application_support":
        work = {"support_received": 1, "support_completed": 1}
        if rng.random() < 0.8:
            work["photo"] = 1
        if rng.random() < 0.3:
            work["pickup_guidance"] = 1
        return 0, work, {"support_received": 1, "support_cancelled": 1}
    if service == "registration_support":
        u = rng.random()
        work = {"insurance_signup": 1} if u < 0.75 else {}
        if u >= 0.5:
            work["benefit_account"] = 1
        return 0, work, {}
    return 0, ({"other_desk_referral": 1} if rng.random() < 0.4 else {}), {}


def _trouble(rng: Random, site: Site, service: str, *, desk3: bool) -> Trouble | None:
    """Draw a matter for the city: when it arises and how it is decided."""
    usual = MATTERS.get(meaning(site, service), _CERTIFICATE_MATTERS)
    known = site.matter_by_meaning
    # If none of the site's matters has these meanings, any of its own.
    matters = [(known[m], w) for m, w in usual if m in known] or [(m.code, 1.0) for m in site.matters]
    matter = pick(rng, matters)
    decision: Decision = pick(
        rng, (("approved", 0.83), ("declined", 0.08), ("desk3", 0.05 if desk3 else 0.0), ("withdrawn", 0.04))
    )
    return Trouble(
        matter=matter,
        fraction=rng.uniform(0.15, 0.7),
        fetch_s=rng.randint(20, 120),
        handle_s=max(60, lognormal_s(rng, 4.5, 2.5)),
        decision=decision,
        note=next((text for m, text in NOTES.items() if known.get(m) == matter), "") if rng.random() < 0.5 else "",
    )


def draw_case(
    rng: Random, site: Site, service: str, cards: int = 1, *, assist: bool = False, desk3: bool = True
) -> Case:
    """Draw a case of ``service``. ``desk3``: whether desk 3 of the main building is open for referrals (finding 2)."""
    usual = float(site.service_by_code[service].typical_minutes)
    mean, sd = MINUTES.get(meaning(site, service), (usual, 0.4 * usual))
    seconds = lognormal_s(rng, mean, sd)
    more, work, otherwise = _work(rng, meaning(site, service), cards)
    u = rng.random()
    outcome: Outcome = "done"
    if u < INCOMPLETE_SHARE:
        outcome = "incomplete"
    elif u < INCOMPLETE_SHARE + DESK3_SHARE and desk3:
        outcome = "desk3"
    counted = site.item_by_meaning
    if assist and "accommodation" in counted:
        work = {**work, "accommodation": 1}
    return Case(
        service_s=seconds + more + (ASSIST_S if assist else 0),
        gap_s=rng.randint(10, 35),
        work=tuple((counted[k], n) for k, n in work.items() if k in counted),
        work_if_incomplete=tuple((counted[k], n) for k, n in otherwise.items() if k in counted),
        outcome=outcome,
        trouble=_trouble(rng, site, service, desk3=desk3) if rng.random() < ESCALATION_SHARE else None,
    )

"""Classify a site's services for the simulation, independently of their codes: cards, walk-ins, support.

A service is classified by ``like`` or by its code (models/site/hall.py). Without either, its lane and appointment
decide: with an appointment it issues cards; at shared terminals it is one of the frequent, else one of the rare.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from floorctl.models.site.site import Site

# Shares of the certificate lane's services [J]; `DayLoad.certificates` is their sum.
CERTIFICATE_MIX: Mapping[str, float] = {
    "cert_renewal": 0.70,
    "cert_issue": 0.08,
    "pin_reset": 0.14,
    "reissue_application": 0.04,
    "other": 0.04,
}
UNKNOWN_SHARE = 0.25  # weight of an unclassified service among those of the certificate lane

Mix = tuple[tuple[str, float], ...]  # codes of services with their weights


@dataclass(frozen=True)
class Groups:
    """Services of a site by how their visitors arrive; each mix in the order of the meanings, then of the site."""

    cards: tuple[str, ...]
    certificates: Mix
    applications: Mix
    registrations: Mix


def groups(site: Site) -> Groups:
    """Assign every service of the site to exactly one group."""
    means = site.service_meanings
    by_lane = set(site.movable_lanes)
    cards = [code for code in site.card_services if means[code] in ("", "card_issuance")]
    certificates = [
        (code, share / len(own))
        for meaning, share in CERTIFICATE_MIX.items()
        if (own := site.services_like(meaning))
        for code in own
    ]
    applications = [(code, 1.0) for code in site.services_like("application_support")]
    registrations = [(code, 1.0) for code in site.services_like("registration_support")]
    for s in site.services:
        if means[s.code] or s.code in cards:
            continue
        if s.lane in by_lane or not by_lane:
            certificates.append((s.code, UNKNOWN_SHARE))
        else:
            applications.append((s.code, 1.0))
    return Groups(tuple(cards), tuple(certificates), tuple(applications), tuple(registrations))


def meaning(site: Site, service: str) -> str:
    """Return the meaning of a service ("card_issuance" by appointment); "" if unknown."""
    return site.service_meanings[service] or ("card_issuance" if service in site.card_services else "")

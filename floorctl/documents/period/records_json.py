"""Write ``records_….json`` of a longer period for programs (contract 5, docs/additions.md)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from floorctl.common.lengths import mean_s
from floorctl.documents.day.record import json_bytes
from floorctl.documents.day.revisions import Edition
from floorctl.documents.period.drafts import BY_CONTRACTOR, DRAFTS, sentences
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sums import MatterSum
from floorctl.documents.period.troubles import outage_doubt
from floorctl.models.board.target_kept import together
from floorctl.models.register.demand_forecast import DEMANDS, MonthForecast
from floorctl.models.site.site import Site


def period_json(record: PeriodRecord, site: Site) -> bytes:
    """Return ``records_….json``; equal records give equal bytes."""
    return json_bytes(to_json(record, site))


def to_json(record: PeriodRecord, site: Site) -> dict[str, Any]:
    """Return the record as in docs/additions.md: lengths in whole seconds, every code of the site present."""
    return {
        "period": {"key": record.key, "from": record.first.isoformat(), "to": record.last.isoformat()},
        "revision": record.revision,
        "revisions": [_edition(e) for e in record.editions],
        "days": [
            {
                "day": d.day.isoformat(),
                "revision": d.revision,
                "closed": d.reported,
                "issued": d.issued,
                "served": d.done,
                "waits": {lane: w.mean_s for lane, w in d.waits.items()},
                "moves": d.moves,
                "attended": d.attended,
            }
            for d in record.days
        ],
        "open_days": len(record.open_days),
        "missing": [d.isoformat() for d in record.missing],
        "issued": record.issued,
        "counts": record.counts,
        "work": {code: w.total for code, w in record.work.items()},
        "waits": {lane: asdict(w) for lane, w in record.waits.items()},
        "targets": _targets(record, site),
        "moves": sum(m.n for m in record.moves),
        "escalations": {m.matter or "": _matter(m) for m in record.matters},
        "incidents": [i.to_json() | i.details() for i in record.incidents],
        "outages": [
            {"incident": o.incident or None, "service": o.service, "minutes": o.minutes, "cause": o.cause}
            for o in record.outages
        ],
        "outage_doubt": outage_doubt(record),
        "inquiries": record.inquiries,
        "staff": {
            "person_days": record.staffing.person_days,
            "absences": len(record.staffing.absences),
            "lates": len(record.staffing.lates),
            "break_short_s": sum(s for _, _, s in record.staffing.short),
            "vacancies": len(record.staffing.vacancies),
            "charge_vacant_s": record.staffing.charge_vacant_s,
            "officials_absent_s": record.staffing.officials_absent_s,
        },
        "duties": [d.to_json() | {"late": d.late} for d in record.duties],
        "forecast": {
            "method": record.forecast.method,
            "reading": record.forecast.reading,
            "months": [
                {"month": c.month, "expected": _expected(c.forecast), "actual": dict(c.actual) if c.actual else None}
                for c in record.compared
            ],
        },
        **({"study": record.study.to_json()} if record.study is not None else {}),
        "texts": {
            head: [{"text": s.text, "draft": s.by != BY_CONTRACTOR} for s in sentences(record, site, head)]
            for head in DRAFTS[record.sort]
        },
        "head": {"seq": record.seq, "hash": record.hash},
    }


def _targets(record: PeriodRecord, site: Site) -> dict[str, Any]:
    """Return by lane how many people kept the target, and by the hour in which their waits began."""
    found = {}
    for lane in (x.code for x in site.lanes):
        own = [c for c in record.kept if c.lane == lane]
        hours = sorted({c.hour for c in own})
        found[lane] = {
            **together(c.kept for c in own).to_json(site.wait_target_s(lane)),
            "hours": {f"{h:02d}": together(c.kept for c in own if c.hour == h).counts() for h in hours},
        }
    return found


def _edition(e: Edition) -> dict[str, Any]:
    return {
        "revision": e.number,
        "day": e.reissue.day.isoformat(),
        "day_revision": e.reissue.revision,
        "on": e.reissue.on.isoformat(),
        "reason": e.reissue.why,
        "changed": [asdict(c) for c in e.changed],
    }


def _matter(m: MatterSum) -> dict[str, Any]:
    return {
        "n": m.n,
        "outcomes": {code or "": n for code, n in sorted(m.outcomes.items(), key=lambda x: x[0] or "")},
        "taken_mean_s": mean_s(sum(m.taken_s), len(m.taken_s)),
        "settled_mean_s": mean_s(sum(m.settled_s), len(m.settled_s)),
    }


def _expected(month: MonthForecast | None) -> dict[str, Any] | None:
    return None if month is None else {name: getattr(month, name) for name in DEMANDS} | {"imported": month.imported}

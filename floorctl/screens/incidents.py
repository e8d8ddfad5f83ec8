"""F5 事案: incidents of all days, open ones first; Enter reports, notes or closes."""

from __future__ import annotations

from floorctl.models.incident import Incident
from floorctl.screens.asking import choose, send
from floorctl.screens.table import Column, Row, TableView
from floorctl.state import ConsoleState
from floorctl.words import INCIDENT_SHORT, INCIDENT_STATES


class IncidentView(TableView):
    heading = "事案"
    foot = ("incident",)
    columns = (
        Column("番号", 6),
        Column("状態", 7),
        Column("分類", 13),
        Column("発生", 12),
        Column("市へ報告", 12),
        Column("概要", 0),
    )
    empty = "事案はありません。i で記録します（分類を数字で、1行）"

    def rows(self, state: ConsoleState) -> list[Row]:
        assert state.register is not None
        incidents = state.register.incidents.values()
        ordered = sorted(incidents, key=lambda i: (i.closed_at is not None, -i.found_at.timestamp()))
        return [self._row(i) for i in ordered]

    @staticmethod
    def _row(i: Incident) -> Row:
        return Row(
            i.code,
            (
                (i.code, "strong"),
                (INCIDENT_STATES[i.state], "warn" if i.state == "open" else "dim"),
                (INCIDENT_SHORT[i.category], "text"),
                (f"{i.occurred_at:%m/%d %H:%M}", "dim"),
                (f"{i.reported_at:%m/%d %H:%M}" if i.reported_at else "-", "dim"),
                (i.summary, "text"),
            ),
        )

    def opened(self, key: str) -> None:
        app, register = self.app, self.state.register
        assert register is not None
        incident = register.incidents[key]
        options = [("noted", "追記する")]
        if incident.closed_at is None:
            options = [("reported", "市へ報告した"), *options, ("closed", "終結する")]
        notes = "  ".join(f"{at:%H:%M} {text}" for at, text in incident.notes[-3:])

        def chosen(answer: str) -> None:
            if answer == "reported":
                app.ask_text(
                    f"{key} 誰に報告しましたか",
                    "役職で（監督員、市民課 など）。氏名は書きません",
                    lambda to: send(app, f"{key} 市へ報告", "incident.reported", {"incident": key, "to": to}),
                )
            elif answer == "noted":
                app.ask_text(
                    f"{key} 追記",
                    "",
                    lambda text: send(app, f"{key} 追記", "incident.noted", {"incident": key, "text": text}),
                )
            else:
                send(app, f"{key} 終結", "incident.closed", {"incident": key})

        choose(app, f"{key} {INCIDENT_SHORT[incident.category]}", options, chosen, f"{incident.summary}  {notes}")

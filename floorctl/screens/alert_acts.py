"""Answer an alert: by its act, at the terminal or for the person, number, lane or memo that it is about."""

from __future__ import annotations

from floorctl.models.board.alert import Alert
from floorctl.screens.asking import Ask, may_write
from floorctl.screens.people.acts import change_person
from floorctl.screens.people.memo_acts import answer_memo
from floorctl.screens.tickets.reception_acts import answer_stop
from floorctl.screens.tickets.remark_acts import show_number

# What is recorded of a person only by a choice of what they do: for the alert alone it would be a guess.
_ASKED = {"people": "is_present", "is_gone": "is_gone"}
# What answers an alert about one memo, lane or number: by the action that its key runs for all of them.
_OF_ONE = {"brief": answer_memo, "reception": answer_stop, "queue": show_number}


async def answer_alert(ask: Ask, alert: Alert) -> None:
    """Run what answers an alert. Of several people ask whom; where it is not sure what they do, the likeliest is first."""
    app, state = ask.app, ask.state
    if alert.terminal:
        state.chosen.panel, state.chosen.terminal = "lanes", alert.terminal
    if alert.people:
        await _of_people(ask, alert)
    elif alert.about and alert.answer in _OF_ONE and may_write(app):
        await _OF_ONE[alert.answer](ask, alert.about)
    elif alert.answer and alert.answer != "choose":
        app.perform(alert.answer)
    else:
        state.line.say(alert.text, figures=True)


async def _of_people(ask: Ask, alert: Alert) -> None:
    state, code = ask.state, alert.people[0]
    if len(alert.people) > 1:
        code = await ask.choice(alert.text, [(x, state.day.named(x)) for x in alert.people])
    state.chosen.person = code
    if alert.answer in _ASKED:
        await change_person(ask, code, first=_ASKED[alert.answer])
    else:
        ask.app.perform(alert.answer)

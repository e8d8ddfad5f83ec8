"""What names an illness, and what only sounds like it."""

from __future__ import annotations

import pytest

from floorctl.common.illness_words import names_illness
from tests.story import Desk


@pytest.mark.parametrize(
    "text", ["発熱のため", "ｺﾛﾅ陽性", "持病の通院", "花粉症", "肺炎で入院", "障害者手帳の更新に", "がんの治療"]
)
def test_a_word_for_an_illness_is_found(text: str) -> None:
    assert names_illness(text)


@pytest.mark.parametrize(
    "text",
    [
        "家庭の事情",
        "病院から電話",
        "急病の報告",
        "感染症対策の掲示",
        "コロナ対策の掲示",
        "端末の障害",
        "がんばる",
        "私用",
        "研修",
        "炊き出し",
    ],
)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert not names_illness(text)


def test_a_reason_about_a_person_is_recorded_with_a_warning(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01")
    desk.does("absence.planned", staff="S01", date="2026-09-15", reason="入院のため")
    assert desk.session.warnings == ["理由に病気らしい語があります。病名や体の具合は書かないでください。"]
    desk.does(
        "incident.opened", category="injury", summary="来庁者が発熱", occurred_at=desk.clock.at, found_at=desk.clock.at
    )
    assert not any("病気らしい" in x for x in desk.session.warnings)

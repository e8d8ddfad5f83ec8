"""The hall of a site: hours, lanes, services, terminals, seats, equipment, work items and checklists."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import time
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.common.typed import BETWEEN_WORDS, NOTHING
from floorctl.common.words import OTHER_DESK, WEEKDAYS
from floorctl.models.site.part import SEEN, Code, Fault, Part, Pieces, SomeSeconds, Words, known, one_of, repeated

# Meanings that floorctl has rules for: a part has the meaning that its code or its ``like`` names.
ServiceMeaning = Literal[
    "card_issuance",
    "cert_issue",
    "cert_renewal",
    "pin_reset",
    "reissue_application",
    "application_support",
    "registration_support",
    "other",
]
ItemMeaning = Literal[
    "issuance_new",
    "issuance_renewal",
    "issuance_reissue",
    "cert_signature_new",
    "cert_signature_renewal",
    "cert_signature_revoked",
    "cert_user_auth_new",
    "cert_user_auth_renewal",
    "cert_user_auth_revoked",
    "cert_copy",
    "revocation_receipt",
    "furigana_print",
    "pin_change",
    "pin_reset",
    "form_reissue",
    "support_received",
    "support_completed",
    "support_cancelled",
    "photo",
    "pickup_guidance",
    "insurance_signup",
    "benefit_account",
    "other_desk_referral",
    "accommodation",
]
LaneMeaning = Literal["issuance", "certificate", "application", "registration"]
LANE_OF = {
    "card_issuance": "issuance",
    "cert_issue": "certificate",
    "cert_renewal": "certificate",
    "pin_reset": "certificate",
    "reissue_application": "certificate",
    "application_support": "application",
    "registration_support": "registration",
}
MatterMeaning = Literal["identity", "cert_decision", "pin_entry", "proxy", "fee", "inquiry"]

# On a screen in every language: a number, a letter, a colour.
Sign = Annotated[str, Chars(SEEN, least=1, most=8)]


@record
class Lane(Part):
    """Queue that terminals serve. ``letter`` begins the ticket numbers given by hand."""

    code: Code
    name: Words
    title: Words
    letter: Annotated[str, Chars(r"^[A-Z]$")]
    wait_target_s: SomeSeconds | None = None
    like: LaneMeaning | None = None


@record
class Service(Part):
    """Service with the lane that serves it and its reception window (仕様書 7(4))."""

    code: Code
    name: Words
    short: Words
    lane: Code
    opens: time
    closes: time
    appointment: bool = False
    first_minutes: Annotated[int, Between(1, 240)] = 10
    further_card_minutes: Annotated[int, Between(0, 60)] = 0
    typical_minutes: Annotated[int, Between(1, 240)] = 12
    hint: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=80)] = ""
    like: ServiceMeaning | None = None
    weekday_hours: dict[Literal["月", "火", "水", "木", "金", "土", "日"], tuple[time, time]] = field(
        default_factory=dict
    )

    def check(self) -> Iterator[Fault]:
        for weekday, hours in self.weekday_hours.items():
            if hours is not None and known(*hours) and hours[1] < hours[0]:
                yield Fault(
                    ("weekday_hours", weekday), "終わりが始まりより前です", "[始まり, 終わり] の順に書いてください"
                )
        if known(self.opens, self.closes) and self.opens == self.closes and not self.weekday_hours:
            yield Fault(("closes",), "始まりと同じ時刻で、誰も受け付けられません", "opens より後の時刻にしてください")


@record
class Terminal(Part):
    """Terminal, the lanes it may serve, and its ``lane`` at an opening without an allocation.

    ``authority``: needs a person with the operator's authority and a vein registration (仕様書 7(2)). ``place``: what the
    sign at its desk says to visitors.
    """

    code: Code
    name: Words
    lanes: Annotated[tuple[Code, ...], Between(1)]
    lane: Code
    authority: bool = True
    place: Sign | None = None

    @property
    def sign(self) -> str:
        """Return the sign that visitors find its desk by: ``place``, else its code."""
        return self.place or self.code

    def check(self) -> Iterator[Fault]:
        yield from repeated("lanes", self.lanes)
        if known(self.lane, *self.lanes) and self.lane not in self.lanes:
            yield Fault(("lane",), f"{self.lane} がこの端末の lanes にありません", "lanes の1つにしてください")


@record
class Band(Part):
    """Usual number of terminals of a lane; a move outside it needs a reason (仕様書 15(4)※)."""

    lane: Code
    low: Pieces
    high: Pieces


@record
class Matter(Part):
    """Matter for city staff. ``reserved``: 公権力の行使, only the city decides (仕様書 7(2))."""

    code: Code
    name: Words
    short: Words
    reserved: bool
    like: MatterMeaning | None = None


@record
class WorkItem(Part):
    """Work counted for the daily documents (仕様書 7(3)), typed in the grid of its lane."""

    code: Code
    name: Words
    short: Words
    lane: Code
    # Source of the total that the day's records are compared with at the close, e.g. 統合端末; "" if there is none.
    ledger: Words | Literal[""] = ""
    like: ItemMeaning | None = None


@record
class Post(Part):
    """Post of 会場案内, away from the terminals (仕様書 7(1)ア)."""

    code: Code
    name: Words


@record
class Remark(Part):
    """Remark on a ticket, chosen by its code; ``until``: it has a time. Of ``assist`` a ticket machine may tell itself."""

    code: Code
    name: Words
    until: bool = False


@record
class Skill(Part):
    """Something that a person can do: the lanes that it lets them serve; ``posts``: 会場案内. ``short``: in a narrow column."""

    code: Code
    name: Words
    lanes: tuple[Code, ...] = ()
    posts: bool = False
    short: Words | None = None

    @property
    def mark(self) -> str:
        """Return the word of a narrow column: ``short``, else the first character of the name."""
        return self.short or self.name[0]

    def check(self) -> Iterator[Fault]:
        yield from repeated("lanes", self.lanes)
        if known(self.lanes, self.posts) and not self.lanes and not self.posts:
            do = "lanes に窓口を書くか、会場案内の技能なら posts = true と書いてください"
            yield Fault(("lanes",), "立てる窓口がありません", do)
        if self.name is not None and (self.name in NOTHING or BETWEEN_WORDS.search(self.name)):
            why = "名簿の欄で、区切りか「なし」と読まれます"
            yield Fault(("name",), why, "・や空白のない1語にしてください")


@record
class BookingCode(Part):
    """Service of a procedure as the city's list of bookings names it; ``name`` "*": every other; no ``service``: none."""

    name: Words
    service: Code | None = None


@record
class ShiftCode(Part):
    """Shift as the roster of a month abbreviates it: 早, 遅, with its hours, or 休, 有, 研 (``off``: not in the hall).

    ``also``: other words that a table may have for it (有: 有休, 年休).
    """

    code: Annotated[str, Chars(SEEN, least=1, most=16)]
    name: Words
    starts: time | None = None
    ends: time | None = None
    off: bool = False
    break_minutes: Annotated[int, Between(0, 240)] | None = None
    also: tuple[Words, ...] = ()

    def check(self) -> Iterator[Fault]:
        hours = [key for key in ("starts", "ends") if getattr(self, key) is not None]
        if self.off and hours:
            yield Fault((hours[0],), "休みの記号（off = true）に時刻があります", "どちらかを消してください")
        elif not self.off and len(hours) < 2:
            yield Fault(
                (),
                "始まりと終わりの時刻がありません",
                "starts と ends を書くか、休みなら off = true と書いてください",
            )


@record
class CityHours(Part):
    """Number of the city's staff that is usually in the hall from a time of day on, until the next (仕様書 7(2)).

    ``weekdays``: 月 to 日 on which it holds; none: every day that no other entry names.
    """

    starts: time
    present: Pieces
    weekdays: tuple[Words, ...] = ()

    def check(self) -> Iterator[Fault]:
        for n, day in enumerate(self.weekdays or ()):
            if day is not None and day not in WEEKDAYS:
                yield Fault(("weekdays", n), "曜日ではありません", f"{one_of(WEEKDAYS)}にしてください")
        yield from repeated("weekdays", self.weekdays)


@record
class ChecklistItem(Part):
    """Item of the opening or closing checklist (仕様書 5(3)③⑧, 6).

    ``shown_by``: derived from the facts; else the manager ticks it.
    """

    code: Code
    list: Literal["opening", "closing"]
    name: Words
    shown_by: Literal["", "terminals", "officials", "roll_call", "permits", "queue", "cases", "incidents", "cards"] = ""


@record
class TrainingItem(Part):
    """Part of the training before the work begins (仕様書 8)."""

    code: Code
    name: Words


@record
class Equipment(Part):
    """Equipment that the city provides, between ``low`` and ``high`` pieces (仕様書 15(4)).

    ``watched``: states are recorded per piece, and an alert shows if none works (its words: ``all_down``).
    """

    code: Code
    name: Words
    low: Pieces
    high: Pieces
    watched: bool = False
    serves: tuple[Code, ...] = ()  # lanes
    all_down: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=80)] = ""


@record
class Seats(Part):
    """Chairs of the hall (仕様書 15(4)). ``capacity``: threshold of the overflow alert, in persons."""

    low: Annotated[int, Between(0, 9_999)]
    high: Annotated[int, Between(1, 9_999)]
    capacity: Annotated[int, Between(1, 9_999)]
    # Upper bound of a lane's head count, seats and standing room: a larger one is a typing slip (contract 6).
    most_in_lane: Annotated[int, Between(1, 9_999)] = 300

    def check(self) -> Iterator[Fault]:
        if known(self.capacity, self.high) and self.capacity > self.high:
            why = f"椅子（high の{self.high}脚）より多い人数まで「満席」になりません"
            yield Fault(("capacity",), why, "high 以下にしてください")


def by_meaning(parts: Sequence[WorkItem | Matter], known: Iterable[str]) -> dict[str, str]:
    """Return the code of the first part of each known meaning."""
    found: dict[str, str] = {}
    for x in parts:
        meaning = x.like or x.code
        if meaning in known:
            found.setdefault(meaning, x.code)
    return found


@record
class Hall(Part):
    """Opening hours of the main building (仕様書 6)."""

    opens: time
    closes: time

    def check(self) -> Iterator[Fault]:
        if known(self.opens, self.closes) and self.opens == self.closes:
            yield Fault(("closes",), "始まりと同じ時刻です", "opens より後の時刻にしてください")


@record
class OtherDesk(Part):
    """The city's own desk, which takes the visitors that the hall cannot serve (outcome ``desk3``, 仕様書 7(4))."""

    name: Words = OTHER_DESK
    short: Words = OTHER_DESK

"""Facts of the contractor's people: presence, posts, charges, vacancies on a day, and the roster (仕様書 5)."""

from typing import Annotated

from floorctl.common.words import CHARGES, ROLES, STAFF_STATUSES, hm
from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import (
    Charge,
    Code,
    Day,
    HourMinute,
    OnlyIfSet,
    PersonCode,
    Reason,
    Role,
    SkillCode,
    StaffStatus,
)


@fact("staff.changed", "職員の状況", by=FEED_OR_COMMAND)
class StaffChanged(Fact):
    """Presence of a person: comes, goes, late, absent, away, on a break; ``until``: expected return."""

    staff: PersonCode
    status: StaffStatus
    reason: Reason = ""
    until: HourMinute | None = None

    def sentence(self, site: Names) -> str:
        until = f" 〜{hm(self.until)}" if self.until else ""
        return with_more(f"{STAFF_STATUSES[self.status]}{until}", self.reason)


@fact("staff.posted", "持ち場", prepares=True)
class StaffPosted(Fact):
    """Post of a person who guides visitors (会場案内), away from the terminals; null: none."""

    staff: PersonCode
    post: Code | None
    # Reason to leave a lane alone (7(4)), or to post a person who has not pledged (10).
    reason: Annotated[Reason, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        post = site.post_by_code.get(self.post) if self.post else None
        return f"{self.word} {post.name}" if post else "持ち場なし"


@fact("charge.taken", "責任者の引継ぎ", prepares=True)
class ChargeTaken(Fact):
    """Holder of the charge of 現場責任者 (or acting 統括責任者) from now on; null: nobody."""

    charge: Charge = "site_manager"
    staff: PersonCode | None
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        return with_more(CHARGES[self.charge] if self.staff else f"{CHARGES[self.charge]} なし", self.reason)


@fact("vacancy.opened", "欠員", prepares=True)
class VacancyOpened(Fact):
    """Sudden vacancy: the missing person."""

    staff: PersonCode
    reason: Reason = ""


@fact("vacancy.filled", "欠員の補充", prepares=True)
class VacancyFilled(Fact):
    """End of a vacancy: the substitute, or null if the person came."""

    staff: PersonCode
    substitute: PersonCode | None = None
    # Reason to take a substitute who has not pledged (10).
    reason: Annotated[Reason, OnlyIfSet()] = ""

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.substitute}" if self.substitute else f"{self.word} 本人"


@fact("staff.registered", "名簿", lasts=True)
class StaffRegistered(Fact):
    """Line of the roster by code: role, eligibility, authority, shift, skills. Names are not stored in facts.

    ``skills``: codes of the site's ``skills``; None where they are not recorded, and everything is allowed. ``newcomer``:
    counts as present, but does not stand alone in a lane without a word.
    """

    staff: PersonCode
    role: Role = "worker"
    deputy: bool = False
    authority_on: Day | None = None
    vein_on: Day | None = None
    pledge_on: Day | None = None
    shift_from: HourMinute | None = None
    shift_to: HourMinute | None = None
    left_on: Day | None = None
    direct_employee: bool | None = None
    experience: bool | None = None
    skills: Annotated[tuple[SkillCode, ...] | None, OnlyIfSet()] = None
    newcomer: Annotated[bool, OnlyIfSet()] = False

    def sentence(self, site: Names) -> str:
        return f"{self.word} {ROLES[self.role]}"

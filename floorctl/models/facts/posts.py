"""Facts of the plan of places for the day: who stands where from which time on (仕様書 10 要員配置)."""

from typing import Annotated

from floorctl.common.constraints import Between
from floorctl.common.frozen import Record, record
from floorctl.common.words import hm
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import Code, HourMinute, PersonCode

_NAMED = 3  # so many are named in a sentence, the others counted


@record
class PlannedPlace(Record):
    """Place of a person: code of a terminal or of a post; null: none, free for the other work."""

    staff: PersonCode
    place: Code | None = None


@fact("posts.planned", "配置の予定", prepares=True)
class PostsPlanned(Fact):
    """Step of the day's plan: who changes place at ``starts``; a later fact of the same time replaces it, empty removes it."""

    starts: HourMinute
    places: Annotated[tuple[PlannedPlace, ...], Between(most=999)] = ()

    def sentence(self, site: Names) -> str:
        posts = site.post_by_code
        said = [f"{p.staff} {posts[p.place].name if p.place in posts else p.place}" for p in self.places if p.place]
        said += [f"{p.staff} 持ち場なし" for p in self.places if not p.place]
        more = f"ほか{len(said) - _NAMED}名" if len(said) > _NAMED else ""
        return with_more(f"{self.word} {hm(self.starts)}から", f"{'・'.join(said[:_NAMED])}{more}" or "変更なし")

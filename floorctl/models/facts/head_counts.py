"""Head counts of a lane (contract 2)."""

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact
from floorctl.models.facts.fields import Count, LaneCode


@fact("queue.counted", "待ち人数", by=FEED_OR_COMMAND)
class QueueCounted(Fact):
    """Number of persons waiting for a lane, counted by eye."""

    lane: LaneCode
    waiting: Count

    def sentence(self, site: Names) -> str:
        return f"{self.word} {site.lane_by_code[self.lane].name} {self.waiting}人"

"""Settings of a site: thresholds of the board, feeds, look and sound, the layout of documents."""

from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Part, Seconds


@record
class Thresholds(Part):
    """When the board says that something is off. Seconds, but for ``overtaken`` (tickets)."""

    escalation_amber_s: Seconds
    escalation_red_s: Seconds
    wait_target_s: Seconds
    no_show_s: Seconds
    stale_feed_s: Seconds
    long_service_s: Seconds
    overtaken: Annotated[int, Between(1, 999)]
    switch_s: Seconds
    appointment_late_s: Seconds = 300
    last_call_s: Seconds = 1200
    break_due_s: Seconds = 18_000
    clock_skew_s: Seconds = 60


@record
class FeedSource(Part):
    """A feed that the console follows by itself."""

    path: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=4096)]
    source: Annotated[str, Chars(r"^[A-Za-z0-9._:-]{1,64}$")] = "feed"


@record
class BoardSettings(Part):
    """How the console looks and sounds by default."""

    bell: bool = True
    theme: Literal["dark", "light", "mono"] = "dark"


@record
class DocumentSettings(Part):
    """Which file lays the documents out: a path from the folder of the site file; "": as shipped (data/documents.toml)."""

    template: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=4096)] = ""

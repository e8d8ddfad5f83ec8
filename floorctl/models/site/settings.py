"""Settings of a site: thresholds of the board, feeds, look and sound, the layout of documents."""

from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Part, Seconds


@record
class Thresholds(Part):
    """Thresholds of the board's alerts, in seconds; ``overtaken`` in tickets."""

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
    """Feed that the console follows."""

    path: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=4096)]
    source: Annotated[str, Chars(r"^[A-Za-z0-9._:-]{1,64}$")] = "feed"


@record
class BoardSettings(Part):
    """Default look and sound of the console."""

    bell: bool = True
    theme: Literal["dark", "light", "mono"] = "dark"


@record
class DocumentSettings(Part):
    """Layout file of the documents: path from the folder of the site file; "": the shipped data/documents.toml."""

    template: Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*$", most=4096)] = ""

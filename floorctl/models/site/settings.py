"""Settings of a site: thresholds of the board, feeds, look and sound, the layout of documents."""

from collections.abc import Iterator
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Fault, Part, Seconds, SomeSeconds, known


@record
class Thresholds(Part):
    """Thresholds of the board's alerts, in seconds; ``overtaken`` and ``passed_over`` in tickets."""

    escalation_amber_s: Seconds
    escalation_red_s: SomeSeconds
    wait_target_s: SomeSeconds
    no_show_s: SomeSeconds
    stale_feed_s: SomeSeconds
    long_service_s: SomeSeconds
    overtaken: Annotated[int, Between(1, 999)]
    switch_s: Seconds
    passed_over: Annotated[int, Between(1, 999)] = 10
    memo_ahead_s: Seconds = 300
    appointment_late_s: Seconds = 300
    last_call_s: Seconds = 1200
    break_due_s: SomeSeconds = 18_000
    break_over_s: Seconds = 180
    clock_skew_s: Seconds = 60

    def check(self) -> Iterator[Fault]:
        amber, red = self.escalation_amber_s, self.escalation_red_s
        if known(amber, red) and amber > red:
            why = f"注意（{amber}秒）が超過（escalation_red_s の{red}秒）より後になります"
            yield Fault(("escalation_amber_s",), why, "escalation_red_s 以下にしてください")
        if self.break_due_s is not None and self.break_due_s > LEGAL_WORK_S:
            why = "6時間を超えて働くまで休憩の知らせが出ず、労働基準法34条を守れません"
            yield Fault(("break_due_s",), why, f"{LEGAL_WORK_S} 以下にしてください")


LEGAL_WORK_S = 21_600  # 6 hours without a break (労働基準法34条)


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

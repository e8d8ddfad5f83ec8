"""Halls that ask for something else than a move: too few terminals, idle ones, too many people before the closing."""

from __future__ import annotations

from datetime import timedelta

from tests.story import Story, a_day, instant


def opened(*, issuance: int = 2, certificate: int = 6, staffed: int = 8) -> Story:
    """Terminals with their lanes, the first ``staffed`` of them with a person from half past eight on."""
    lanes = ["issuance"] * issuance + ["certificate"] * certificate
    story = a_day().opens("08:25", **{f"T{n}": lane for n, lane in enumerate(lanes, 1)})
    for n in range(1, staffed + 1):
        story.tells("staff.changed", "08:20", staff=f"S{n:02d}", status="present").staffs(f"T{n}", f"S{n:02d}", "08:30")
    return story


def queue(story: Story, letter: str, people: int, at: str, every_s: int = 5) -> Story:
    """So many take a number one after the other."""
    service = "cert_renewal" if letter == "B" else "card_issuance"
    start, first = instant(at), sum(x["kind"] == "ticket.issued" and x["ticket"][0] == letter for x in story.lines)
    for n in range(people):
        story.issues(f"{letter}{first + n + 1:03d}", service, start + timedelta(seconds=every_s * n))  # type: ignore[arg-type]
    return story


def work(story: Story, letter: str, terminals: list[int], at: str, minutes: int, cases: int, first: int = 1) -> Story:
    """Terminals call and finish: so many cases each of so many minutes, and then begin with one more."""
    number = first
    for n in range(cases + 1):
        begin = instant(at) + timedelta(minutes=minutes * n)
        for t in terminals:
            ticket = f"{letter}{number:03d}"
            story.calls(ticket, f"T{t}", begin + timedelta(seconds=20 + t))  # type: ignore[arg-type]
            if n < cases:
                story.finishes(ticket, f"T{t}", begin + timedelta(minutes=minutes))  # type: ignore[arg-type]
            number += 1
    return story


def short_of_terminals() -> Story:
    """Both lanes full at half past eleven: T7 is paused, S08 long on a break, S09 here and at no terminal, T8 empty."""
    story = opened(staffed=8)
    queue(story, "A", 22, "10:00")
    queue(story, "B", 64, "10:05")
    work(story, "A", [1, 2], "10:10", 13, 3)
    work(story, "B", [3, 4, 5, 6], "10:10", 12, 3)
    story.tells("terminal.paused", "10:12", terminal="T7", reason="用紙の補充")
    story.tells("staff.changed", "09:50", staff="S08", status="on_break").staffs("T8", None, "09:50")
    story.tells("staff.changed", "10:30", staff="S09", status="present")
    return story


def at_the_doors(people: int = 16) -> Story:
    """Half past eight: many for certificates, nobody yet for cards; T1 to T3 stand idle until nine."""
    story = opened(issuance=3, certificate=5)
    queue(story, "B", people, "08:30", 2)
    for n, t in enumerate(range(4, 9), 1):
        story.calls(f"B{n:03d}", f"T{t}", f"08:31:{10 + n}")
    return story


def after_the_cards(people: int = 40) -> Story:
    """Half past four: the cards are done, many still wait for certificates."""
    story = opened()
    queue(story, "B", people, "16:00")
    return work(story, "B", [3, 4, 5, 6, 7, 8], "16:05", 12, 2)


def too_many_before_the_end() -> Story:
    """Four o'clock: far more wait for certificates, and for cards, than can be served until a quarter past five."""
    story = opened()
    queue(story, "A", 30, "15:00", 20)
    queue(story, "B", 90, "15:00", 20)
    work(story, "A", [1, 2], "15:02", 14, 3)
    return work(story, "B", [3, 4, 5, 6, 7, 8], "15:03", 13, 3)


def lost() -> Story:
    """Three numbers of the morning were never called; fifteen after them were."""
    story = queue(opened(), "B", 3, "08:40")
    for n in range(15):
        story.issues(f"B1{n:02d}", "cert_renewal", f"10:{n:02d}").calls(
            f"B1{n:02d}", f"T{n % 6 + 3}", f"10:{n + 1:02d}"
        )
        story.finishes(f"B1{n:02d}", f"T{n % 6 + 3}", f"10:{n + 6:02d}")
    return story.issues("B200", "cert_renewal", "10:35").issues("B201", "cert_renewal", "10:36")

"""What the facts of the day mean for what comes next: pure, never asks the time, no I/O.

`service_times` how long cases take, learned today and before; `demand` who is still to come, by half hour; `waits` how
long each person will wait, as p50 and p90, and how far that has been right today; `plan` which terminal to move,
`advise` the advice of a moment whole, `explain` its words; `study` what other ways of working would have done, with
`policies` and `follow` (who takes every advice). Method and sources: docs/advice.md.
"""

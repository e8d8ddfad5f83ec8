"""What the facts of the day mean for what comes next, and what to do about it: pure, never asks the time, no I/O.

`service_times` how long cases take, learned today; `demand` who is still to come, by half hour; `ahead` desks and
appointments known to come; `waits` how long each person will wait; `watch` how right that has been today, and so how far
to trust it; `closing` whether all can be served; `forecast` all of it for one day. `plan` which terminal to move; `advise`
the advice of a moment whole, `explain` its words; `study` what other ways of working would have done, with `policies` and
`follow` (who takes every advice). Method and sources: docs/advice.md.
"""

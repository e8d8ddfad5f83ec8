"""Forecasts and advice from the facts of one day. Pure: no I/O, no clock.

Forecasts: `service_times` estimates service times, `arrivals` the arrivals per half hour, `known_ahead` lists terminals
and appointments that are scheduled, `lane_scene` is one lane at an instant, `run_forward` simulates it, `waits` gives
predicted waits as p50 and p90, `calibration` measures their error during the day, `last_call` the capacity left until
closing, `forecast` is all of it for one day. `windows_needed` has the windows that each half hour needs, by `window_runs`,
`windows_there` those that were at work, `day_needs` what a day ahead needs, people included.

Advice: `hall_view` is the hall as the planner's input (with `hall_changes`), `best_move` chooses a move, `lending` a loan,
`futures` has their effect on drawn futures, `standing` keeps the move that is advised, `advise` makes the document and
`explain` its words; `loans`, `staffing`, `unattended` and `other_proposals` propose anything else (`proposal`).

Comparisons: `policies` and `obedient_manager` are policies for a replay, `net_lengths` the lengths of its cases without
idle time, `person_minutes` the measure; `study`, `month_study` and `played_waits` report what they come to; `review` is
that of a rehearsal, with what was expected of the trainee (`expectations`). Methods and sources: docs/advice.md.
"""

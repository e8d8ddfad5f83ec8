"""Simulate the hall by discrete events, and replay recorded days. Pure and seeded: no I/O, no clock.

A simulated day: `live.simulate_day` returns it as feed lines, `live.LiveHall` advances it step by step and follows the
manager. `monthly_demand` gives the expected visitors of a day, `visitors` draws them, `cases` what each needs,
`service_kinds` what a site's services mean; `hall` has queues and terminals, `rota` and `crew` the contractor's staff,
`officials` the city's, `routine` the fixed points of a day, `mishaps` what goes wrong, `stand_in_manager` moves
terminals if nobody manages, `reactions` apply the manager's facts; `draws` and `hours` are helpers.

A replay: `recorded_day` reads a day's facts, `replay` runs it under another allocation.
"""

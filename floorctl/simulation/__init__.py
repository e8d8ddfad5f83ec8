"""The hall as a discrete-event model: pure, seeded, without I/O or clock. Used by `simulate`, by `demo` and by tests.

`day.simulate_day` gives a whole day as feed lines; `live.LiveHall` is the same hall, advanced step by step, that
follows what the manager does. Inside: `demand` how many come, `visitors` who comes when, `cases` what each needs,
`rota` who stands where and breaks when, `hall` queues and terminals, `officials` the city's desk, `crew` breaks and
failures, `mishaps` what a rehearsal lets go wrong, `mover` a stand-in for the manager, `reactions` what the real
manager did.
"""

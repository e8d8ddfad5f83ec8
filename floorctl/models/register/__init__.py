"""State that outlives a day: incidents, duties, equipment, outages, appointments, the roster."""

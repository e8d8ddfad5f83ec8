"""People (職員, F4): presence, breaks, the charge, assignments, the handover brief."""

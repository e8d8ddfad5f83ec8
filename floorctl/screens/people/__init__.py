"""People (職員, F4): presence, breaks, the charge, who stands where, the handover brief."""

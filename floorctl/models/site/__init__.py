"""The site: terminals, lanes, services, hours, calendar; the scenarios of rehearsals."""

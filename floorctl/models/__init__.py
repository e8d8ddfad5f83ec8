"""The pure middle: facts, the Floor that they fold into, the site, the calendar. No I/O, no clock."""

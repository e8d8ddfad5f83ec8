"""The kinds of facts, of the day and of the register, and what their fields may hold."""

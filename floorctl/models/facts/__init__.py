"""Kinds of facts, of the day and of the register, and the types of their fields."""

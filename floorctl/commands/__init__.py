"""The decide half: pure functions from the Floor and a wish to new facts, or to a refusal with its reason.

``decide.decide`` is the one way in, for the console's keys and for ``floorctl do`` alike.
"""

"""The deciders: by subject, for each kind of fact, the rule that decides a wish and the step that evolves the state.

``decide.decide`` is the one way from a wish to facts, ``fold`` the one way from facts to a Floor and to the Register.
"""

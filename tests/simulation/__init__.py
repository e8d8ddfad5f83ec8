"""The simulated hall."""

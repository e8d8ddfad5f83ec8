"""Training on a temporary file: the demo and the scenarios, played by a simulated hall."""

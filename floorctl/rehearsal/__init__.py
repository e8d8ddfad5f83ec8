"""Training: the demo and the scenarios, a simulated hall that plays into a temporary file."""

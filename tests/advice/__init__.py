"""Advice: demand, service times, predicted waits, best moves, other proposals and the study, on days worked out by hand."""

"""Tests of the project as a whole: layers, packaging, personal data, input that harms, growth, recounts."""

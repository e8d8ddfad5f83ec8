"""What concerns the whole house: layers, packaging, personal data, input that harms, growth, recounts."""

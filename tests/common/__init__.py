"""What every room uses: the guard against personal data, values as people type them."""

"""What good data is."""

"""Real-world events: how texts mention them, and which mentions are the same event."""

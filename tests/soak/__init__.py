"""Long runs under load and faults; only `make soak` runs them."""

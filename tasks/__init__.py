"""How a step runs: retries, timeouts, concurrency. Bindings, no logic."""

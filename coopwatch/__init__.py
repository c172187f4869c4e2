"""What a step does: the core, which knows nothing of Prefect."""

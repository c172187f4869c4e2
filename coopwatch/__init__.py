"""What a step does: the core, which knows nothing of Prefect."""

__version__ = "0.1.0"  # here, since the code also runs where it is not installed

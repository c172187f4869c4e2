"""`python -m flows.cli` is `coopwatch`."""

from flows.cli import main

main()

"""A sample newsroom on loopback: made-up outlets, to see the whole pipeline work without the world."""

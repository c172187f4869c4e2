"""What a delivery is recognised by."""

import hashlib

_REFERENCE_CHARS = 8


def make_reference(key: str) -> str:
    """Return the short form of an alert's key, by which a person recognises a repeated delivery."""
    return hashlib.sha256(key.encode()).hexdigest()[:_REFERENCE_CHARS]

"""What can be wrong with a kept body."""

from coopwatch.errors import CoopwatchError


class CaptureError(CoopwatchError):
    """A captured body cannot be kept or given back."""


class CaptureMissingError(CaptureError):
    """No body is kept under this hash."""


class CaptureDamagedError(CaptureError):
    """What is kept under this hash is not the body that it names."""

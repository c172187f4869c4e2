"""Asking for a document only if it has changed, and finding out who lies about that.

Some servers answer "not modified" for ever. So every tenth poll in a row that finds nothing modified asks
without conditions; a document that has changed meanwhile, though its server still calls it not modified,
raises a suspicion, which new entries confirm. From then on the source is polled without conditions.
"""

from schemas.records import Capture, PollState

CANARY_EVERY = 10

_MAX_VALIDATOR_CHARS = 1000  # of an ETag or Last-Modified that is sent back


def conditional_headers(state: PollState | None) -> dict[str, str]:
    """Return the headers that ask for the source only if it has changed; none if all of it is asked for."""
    if state is None or not state.is_conditional or is_canary(state):
        return {}
    return validators_of(state)


def is_canary(state: PollState) -> bool:
    """Say whether it is time to find out if "not modified" is still true."""
    return state.not_modified_polls >= CANARY_EVERY - 1


def validators_of(state: PollState) -> dict[str, str]:
    """Return the headers that make a request conditional on the document that is known (RFC 9110 13.1)."""
    headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


def read_validator(capture: Capture, name: str) -> str | None:
    """Return an ETag or Last-Modified that can be sent back; what a server sends need not be fit for that."""
    value = capture.header(name)
    usable = value and len(value) <= _MAX_VALIDATOR_CHARS and value.isascii() and value.isprintable()
    return value if usable else None


def suspect(state: PollState) -> PollState:
    """Return a state in which "not modified" is suspected to have hidden what is new."""
    return state.model_copy(update={"is_conditional": False, "not_modified_polls": 1})


def settle_suspicion(state: PollState, new_entries: int) -> PollState:
    """Return a state in which a suspicion, if there was one, is confirmed or dropped.

    A document without new entries has changed in its head only, such as the time at which it was made.
    """
    if state.is_conditional or not state.not_modified_polls:
        return state
    return state.model_copy(update={"is_conditional": not new_entries, "not_modified_polls": 0})

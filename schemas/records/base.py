"""What all records share: their base, and the vocabulary of more than one stage."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Stage = Literal["poll", "fetch", "triage", "extract", "judge", "group", "link", "check", "load", "alert"]
EntryOutcome = Literal["pending", "loaded", "irrelevant", "quarantined", "failed"]
FailureKind = Literal[
    "dns",  # the name does not resolve
    "dns_temporary",  # the resolver could not answer now
    "private_address",  # the name leads to an address that is not public
    "refused",  # nobody listens
    "reset",  # the connection broke
    "timeout",  # idle for too long, or the total deadline passed
    "tls",  # the certificate or the handshake is wrong
    "http_status",  # an answer with an error status
    "rate_limited",  # 429, or 503 with Retry-After
    "redirects",  # too many, or to something that is not HTTP
    "too_large",  # more bytes than allowed, after decompression
    "encoding",  # the content encoding cannot be undone
    "robots",  # robots.txt forbids it
    "not_in_archive",  # a replay has no answer for this URL
    "not_a_feed",  # what came is not what the source promises
    "bad_url",  # not an absolute http(s) URL
    "too_complex",  # more elements than an article has
    "too_slow",  # extraction exceeded its time and was given up
    "no_text",  # no article text in the page
    "crashed",  # the extraction worker died
    "internal",  # an error of ours
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Record(BaseModel):
    """Base of everything that travels: frozen, and strict about unknown fields.

    A record is built when it is first used: a run with nothing new uses few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Failure(Record):
    """Why one source, page or row got no further. `detail` is one line for a person."""

    stage: Stage
    kind: FailureKind
    detail: str
    is_transient: bool = False
    http_status: int | None = None
    retry_after_seconds: float | None = None

    @property
    def reason(self) -> str:
        """The one line that is stored and shown."""
        return f"{self.kind}: {self.detail}"


class Evidence(Record):
    """One reason for a decision: a label, what was found, and the words it was found in."""

    label: str
    value: str
    quote: str | None = None

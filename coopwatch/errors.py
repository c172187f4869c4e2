"""The exceptions that coopwatch raises.

CoopwatchError
├── ConfigError          a setting or a configuration file is wrong: names the file and the key
├── WarehouseError       the warehouse cannot be opened or is not at the expected migration
│   └── NoWarehouseError nothing has made one there yet
├── FetchError           a URL could not be fetched: carries the URL and the kind of failure
├── ParseError           fetched bytes are not what they should be: carries the URL
├── ExtractError         a page yields no article: carries the URL and the kind of failure
├── ReplayError          an archive cannot be read: names the file
└── ExportError          files cannot be written: names the file

Inside a run, failures of one source, page or row do not travel as exceptions:
the stage that meets one turns it into a `schemas.records.Failure`.
"""

from schemas.records import FailureKind


class CoopwatchError(Exception):
    """Base of all errors that coopwatch raises on purpose; its text is one line for a person."""


class ConfigError(CoopwatchError):
    """A setting or configuration file is wrong."""


class WarehouseError(CoopwatchError):
    """The warehouse cannot be opened, or its schema is not the one this version needs."""


class NoWarehouseError(WarehouseError):
    """There is no warehouse at the address yet, and what was asked for makes none."""


class ReplayError(CoopwatchError):
    """An archive given for replay cannot be read."""


class ExportError(CoopwatchError):
    """Files cannot be written, or what writes them is not installed."""


class UrlError(CoopwatchError):
    """Something about one URL failed.

    Args:
        url: the URL that was asked for.
        kind: the class of failure, by which policies (retry, back-off) are chosen.
        detail: one line for a person, without the URL.
    """

    def __init__(self, url: str, kind: FailureKind, detail: str) -> None:
        super().__init__(f"{url}: {detail}")
        self.url = url
        self.kind = kind
        self.detail = detail


class FetchError(UrlError):
    """The URL could not be fetched.

    Args:
        retry_after_seconds: what the server asked for, if it did.
        http_status: the status, if an answer came.
    """

    def __init__(
        self,
        url: str,
        kind: FailureKind,
        detail: str,
        *,
        http_status: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(url, kind, detail)
        self.http_status = http_status
        self.retry_after_seconds = retry_after_seconds


class ParseError(UrlError):
    """The body that came for the URL could not be read as what it should be."""


class ExtractError(UrlError):
    """The page yields no article."""

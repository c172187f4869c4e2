"""The sockets under `requests`: where they lead, and how long they may take.

Two things that urllib3 does not offer are put in at the lowest level, where nothing passes them by. A
connection is opened to exactly the address that was checked, so a second DNS answer cannot differ. Every
single read waits no longer than what is left of the time for the whole URL, so a server that sends one
byte a second, in its headers or in its body, is cut off.
"""

import logging
import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from coopwatch.errors import ConfigError, FetchError
from coopwatch.fetch.addresses import Resolve, permit_addresses
from coopwatch.fetch.faults import ConnectError


@dataclass(frozen=True)
class Budget:
    """The time that one URL, with all its redirects, may take.

    Attributes:
        url: the URL, for the errors.
        total_seconds: from the first look-up to the last byte.
        idle_seconds: for each connection, handshake, and wait between two bytes.
        deadline: when the total is used up, in `time.monotonic` seconds.
    """

    url: str
    total_seconds: float
    idle_seconds: float
    deadline: float

    @classmethod
    def start(cls, url: str, total_seconds: float, idle_seconds: float) -> "Budget":
        """Return a budget that runs from now on."""
        return cls(url, total_seconds, idle_seconds, time.monotonic() + total_seconds)

    def next_wait(self) -> float:
        """Return how many seconds the next wait may take.

        Raises:
            FetchError: timeout, when none are left.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.exceeded()
        return min(left, self.idle_seconds)

    def exceeded(self) -> FetchError:
        """Return the error for a wait that was too long."""
        if time.monotonic() >= self.deadline:
            return FetchError(self.url, "timeout", f"not finished after {self.total_seconds:g} s")
        return FetchError(self.url, "timeout", f"nothing came for {self.idle_seconds:g} s")


current_budget: ContextVar[Budget] = ContextVar("current_budget")
"""The budget of the URL that this thread is fetching; pooled connections outlive it."""


@dataclass(frozen=True)
class Gate:
    """Finds and opens the connections that are permitted.

    Attributes:
        allowed: hosts that may be private, as in `Settings.allow_private_hosts`.
        resolve: turns names into addresses.
    """

    allowed: frozenset[str]
    resolve: Resolve

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a socket connected to one of the permitted addresses of the host.

        Raises:
            ConnectError: dns, dns_temporary, refused or timeout.
            FetchError: bad_url, private_address, or timeout of the URL as a whole.
        """
        budget = current_budget.get()
        answers = self._look_up(host, budget)
        fault: OSError | None = None
        for address in permit_addresses(budget.url, host, port, answers, self.allowed):
            connection = _Socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(budget.next_wait())
                connection.connect((address, port))
            except BaseException as error:
                connection.close()
                if not isinstance(error, OSError):
                    raise
                fault = error
            else:
                return connection
        raise _describe_connect_fault(budget, host, port, fault)

    def _look_up(self, host: str, budget: Budget) -> Sequence[str]:
        try:
            return (str(ip_address(host)),)
        except ValueError:
            pass
        # the system's resolver cannot be interrupted; a thread of its own can be left behind
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            answer = answers.get(timeout=budget.next_wait())
        except Empty:
            raise ConnectError(
                budget.url, "dns_temporary", f"the resolver did not answer for {host}"
            ) from None
        if isinstance(answer, OSError):
            is_temporary = answer.errno == socket.EAI_AGAIN
            detail = f"{host} does not resolve: {answer.strerror}"
            raise ConnectError(budget.url, "dns_temporary" if is_temporary else "dns", detail) from answer
        if isinstance(answer, UnicodeError):
            raise FetchError(budget.url, "bad_url", f"{host} is no host name") from answer
        return answer


_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")

# Connections beyond those that are kept are meant to be closed; nobody can act on being told of each.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class GuardedAdapter(HTTPAdapter):
    """A `requests` adapter of which every connection goes through a gate and is verified.

    Args:
        gate: opens the connections.
        pools: for how many hosts connections are kept open.
        connections: how many are kept open for each.

    Raises:
        ConfigError: the file of certificate authorities named by the environment cannot be read.
    """

    def __init__(self, gate: Gate, *, pools: int, connections: int) -> None:
        self._gate = gate
        # reading the authorities takes longer than some sources, and not every run asks for https
        self._tls = cache(_make_tls_context)
        if any(map(os.environ.get, _AUTHORITIES)):
            self._tls()  # so that a mistake ends the run before anything is fetched
        super().__init__(pool_connections=pools, pool_maxsize=connections)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:
        """Make the pools; called by the base class."""
        self.poolmanager = _GatedPoolManager(
            self._gate, self._tls, num_pools=connections, maxsize=maxsize, block=block
        )

    def cert_verify(self, conn: Any, *_: Any, **__: Any) -> None:
        """Always verify, by the authorities that are in the context already; called by the base class."""
        conn.cert_reqs = "CERT_REQUIRED"


def _make_tls_context() -> ssl.SSLContext:
    """Trust the authorities that the environment names, as `requests` would, else those it brings."""
    for variable in _AUTHORITIES:
        if named := os.environ.get(variable):
            break
    else:
        variable, named = "certifi", DEFAULT_CA_BUNDLE_PATH
    is_directory = Path(named).is_dir()  # of hashed certificates: REQUESTS_CA_BUNDLE may be one, too
    try:
        context = ssl.create_default_context(
            capath=named if is_directory else None, cafile=None if is_directory else named
        )
    except OSError as error:
        raise ConfigError(f"{variable}={named}: cannot read certificate authorities: {error}") from None
    context.sslsocket_class = _TLSSocket
    return context


def _describe_connect_fault(budget: Budget, host: str, port: int, fault: OSError | None) -> ConnectError:
    if fault is None:
        return ConnectError(budget.url, "dns", f"{host} has no address")
    if isinstance(fault, TimeoutError):
        exceeded = budget.exceeded()
        return ConnectError(exceeded.url, exceeded.kind, exceeded.detail)
    if isinstance(fault, ConnectionRefusedError):
        return ConnectError(budget.url, "refused", f"nobody listens at {host}:{port}")
    return ConnectError(budget.url, "refused", f"cannot connect to {host}:{port}: {fault.strerror}")


@contextmanager
def _in_time(connection: socket.socket) -> Iterator[None]:
    budget = current_budget.get()
    connection.settimeout(budget.next_wait())
    try:
        yield
    except TimeoutError:
        raise budget.exceeded() from None


class _Socket(socket.socket):
    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        with _in_time(self):
            return super().recv_into(buffer, nbytes, flags)


class _TLSSocket(ssl.SSLSocket):
    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        with _in_time(self):
            return super().recv_into(buffer, nbytes, flags)


class _GatedConnection(HTTPConnection):
    def __init__(self, *args: Any, gate: Gate, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._gate = gate

    def _new_conn(self) -> socket.socket:
        return self._gate.connect(self.host, self.port)


class _GatedTLSConnection(HTTPSConnection):
    def __init__(self, *args: Any, gate: Gate, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._gate = gate

    def _new_conn(self) -> socket.socket:
        return self._gate.connect(self.host, self.port)


class _GatedPool(HTTPConnectionPool):
    ConnectionCls = _GatedConnection


class _GatedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _GatedTLSConnection


class _GatedPoolManager(PoolManager):
    def __init__(self, gate: Gate, tls: Callable[[], ssl.SSLContext], **keywords: Any) -> None:
        super().__init__(**keywords)
        self._gate = gate
        self._tls = tls
        self.pool_classes_by_scheme = {"http": _GatedPool, "https": _GatedTLSPool}

    def _new_pool(self, scheme: str, *args: Any, **keywords: Any) -> HTTPConnectionPool:
        # called by the base class, which holds its lock meanwhile: by one thread at a time
        pool = super()._new_pool(scheme, *args, **keywords)
        pool.conn_kw["gate"] = self._gate
        if scheme == "https":
            pool.conn_kw["ssl_context"] = self._tls()
        return pool

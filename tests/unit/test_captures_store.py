"""Bodies under their hash: kept whole or not at all, given back as they were or not at all."""

import hashlib
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec  # type: ignore[import-untyped]
import pytest
import zstandard
from fsspec.implementations.memory import MemoryFileSystem  # type: ignore[import-untyped]

from coopwatch.captures import CaptureError, CaptureStore
from coopwatch.captures.errors import CaptureDamagedError, CaptureMissingError
from coopwatch.captures.places import hide_credentials
from coopwatch.errors import ConfigError

UNKNOWN = "0" * 64
HOUR = timedelta(hours=1)
BODIES = {
    "nothing": b"",
    "short": b"<p>short</p>",
    "text": b"The academies agreed on a laboratory. " * 50_000,
    "noise": random.Random(1).randbytes(1_500_000),
}


@pytest.fixture(params=["folder", "file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    match request.param:
        case "folder":
            yield str(tmp_path / "kept here" / "captures")
        case "file":
            yield (tmp_path / "kept here" / "captures").as_uri()
        case "memory":
            root = f"memory://{uuid.uuid4().hex}/captures"
            yield root
            fsspec.filesystem("memory").store.clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "captures"


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def path_of(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:4] / f"{sha256}.zst"


def make_old(path: Path) -> None:
    os.utime(path, (time.time() - 7200,) * 2)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - HOUR


# --- keeping and giving back


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_kept_comes_back(url: str, body: bytes) -> None:
    sha256 = CaptureStore(url).write(body)
    assert sha256 == hashlib.sha256(body).hexdigest()
    assert CaptureStore(url).read(sha256) == body
    assert CaptureStore(url).read(sha256, max_bytes=len(body)) == body


def test_a_body_lies_compressed_under_its_hash(folder: Path) -> None:
    sha256 = CaptureStore(str(folder)).write(BODIES["text"])
    assert files_in(folder) == [f"{sha256[:2]}/{sha256[2:4]}/{sha256}.zst"]
    assert zstandard.decompress(path_of(folder, sha256).read_bytes()) == BODIES["text"]
    assert path_of(folder, sha256).stat().st_size < len(BODIES["text"]) / 10


def test_a_higher_level_compresses_more(tmp_path: Path) -> None:
    words = random.Random(2).choices(["laboratory", "academy", "accord", "minister", "reactor"], k=50_000)
    body = " ".join(words).encode()
    sizes = []
    for level in (1, 19):
        store = CaptureStore(str(tmp_path / str(level)), level)
        sizes.append(path_of(tmp_path / str(level), store.write(body)).stat().st_size)
    assert sizes[1] < sizes[0]


def test_opening_a_store_creates_nothing(folder: Path) -> None:
    store = CaptureStore(str(folder))
    assert store.written_at(UNKNOWN) is None
    assert store.sweep(frozenset(), written_before=datetime.now(UTC)) == 0
    assert not folder.exists()


def test_the_same_body_is_kept_once_and_its_time_renewed(folder: Path) -> None:
    store = CaptureStore(str(folder))
    sha256 = store.write(b"again")
    make_old(path_of(folder, sha256))
    before = store.written_at(sha256)
    assert store.write(b"again") == sha256
    after = store.written_at(sha256)
    assert before is not None
    assert after is not None
    assert after - before > HOUR
    assert len(files_in(folder)) == 1


def test_the_time_of_writing_is_known_everywhere(url: str) -> None:
    store = CaptureStore(url)
    written_at = store.written_at(store.write(b"now"))
    assert written_at is not None
    assert abs(written_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("sha256", [UNKNOWN, "", "../../../etc/passwd", UNKNOWN.upper() + "G", "a" * 63])
def test_an_unknown_hash_is_an_error_of_its_own(url: str, sha256: str) -> None:
    store = CaptureStore(url)
    store.write(b"something else")
    with pytest.raises(CaptureMissingError):
        store.read(sha256)


def test_threads_and_stores_share_a_folder(url: str) -> None:
    bodies = [f"body {number} ".encode() * 2000 for number in range(12)]
    hashes = [hashlib.sha256(body).hexdigest() for body in bodies]
    wrong: list[str] = []

    def work(seed: int) -> None:
        store = CaptureStore(url)
        for number in random.Random(seed).choices(range(len(bodies)), k=40):
            try:
                if (
                    store.write(bodies[number]) != hashes[number]
                    or store.read(hashes[number]) != bodies[number]
                ):
                    wrong.append(hashes[number])
            except CaptureError as error:
                wrong.append(str(error))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    store = CaptureStore(url)
    assert all(store.read(sha256) == body for sha256, body in zip(hashes, bodies, strict=True))
    assert store.sweep(frozenset(), written_before=datetime.now(UTC) + HOUR) == len(
        bodies
    )  # and nothing else


# --- damage


def spoil(change: str, blob: bytes) -> bytes:
    match change:
        case "cut":
            return blob[: len(blob) // 2]
        case "empty":
            return b""
        case "one byte":
            return blob[:40] + bytes([blob[40] ^ 1]) + blob[41:]
        case "not compressed":
            return BODIES["text"][:1000]
        case "another body":
            return zstandard.compress(b"another body")
        case _:
            return zstandard.compress(bytes(200_000_000))


@pytest.mark.parametrize("change", ["cut", "empty", "one byte", "not compressed", "another body", "bomb"])
def test_a_damaged_body_is_never_given_back(folder: Path, change: str) -> None:
    store = CaptureStore(str(folder))
    sha256 = store.write(BODIES["noise"])
    path = path_of(folder, sha256)
    path.write_bytes(spoil(change, path.read_bytes()))
    with pytest.raises(CaptureDamagedError) as caught:
        store.read(sha256)
    assert sha256 in str(caught.value)
    assert "\n" not in str(caught.value)
    store.write(BODIES["noise"])
    assert store.read(sha256) == BODIES["noise"]


def test_no_more_is_read_than_the_body_may_have(folder: Path) -> None:
    store = CaptureStore(str(folder))
    sha256 = store.write(BODIES["text"])
    with pytest.raises(CaptureDamagedError, match="more than 1,000 bytes"):
        store.read(sha256, max_bytes=1000)


# --- deleting


def test_deleting(url: str) -> None:
    store = CaptureStore(url)
    first, second, third = (store.write(body) for body in (b"1", b"2", b"3"))
    assert store.delete([first, third]) == 2
    assert store.read(second) == b"2"
    assert store.written_at(first) is None
    assert store.delete([second], written_before=an_hour_ago()) == 0
    assert store.delete([second], written_before=datetime.now(UTC) + HOUR) == 1


def test_deleting_what_is_not_there_is_no_error(folder: Path) -> None:
    store = CaptureStore(str(folder))
    assert store.delete([UNKNOWN]) == 0
    assert store.delete([UNKNOWN], written_before=datetime.now(UTC)) == 0


def test_sweeping_takes_what_nobody_knows_and_nothing_that_is_new_or_not_ours(folder: Path) -> None:
    store = CaptureStore(str(folder))
    known, orphan, new = (store.write(body) for body in (b"known", b"orphan", b"new"))
    killed = path_of(folder, known)
    killed = killed.with_name(f"{killed.name}.{uuid.uuid4().hex}.tmp")
    foreign = [folder / "aa" / "bb" / "notes.txt", folder / "readme", folder / "aa" / f"{UNKNOWN}.zst"]
    for path in [killed, *foreign]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for path in [path_of(folder, known), path_of(folder, orphan), killed, *foreign]:
        make_old(path)
    assert store.sweep({known}, written_before=an_hour_ago()) == 2
    assert store.read(known) == b"known"
    assert store.read(new) == b"new"
    assert store.written_at(orphan) is None
    assert not killed.exists()
    assert all(path.exists() for path in foreign)


def test_sweeping_everywhere(url: str) -> None:
    store = CaptureStore(url)
    known, orphan = store.write(b"known"), store.write(b"orphan")
    assert store.sweep({known}, written_before=an_hour_ago()) == 0
    assert store.sweep({known}, written_before=datetime.now(UTC) + HOUR) == 1
    assert store.read(known) == b"known"
    assert store.written_at(orphan) is None


# --- what cannot work


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3://key:secret@bucket/captures?token=secret", "s3fs"),
        ("gs://bucket/captures", "gcsfs"),
        ("nosuch://key:secret@host/x", "Protocol not known: nosuch"),
    ],
)
def test_a_place_that_cannot_be_opened_is_a_mistake_in_the_settings(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        CaptureStore(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    file = tmp_path / "captures"
    file.write_text("x")
    with pytest.raises(ConfigError, match="not a folder"):
        CaptureStore(str(file))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("var/captures", "var/captures"),
        ("s3://bucket/a/b", "s3://bucket/a/b"),
        ("sftp://user:pass@host:22/a?x=y", "sftp://host:22/a"),
        ("s3://key:sec/ret@bucket/a", "s3://bucket/a"),
    ],
)
def test_credentials_are_not_shown(url: str, shown: str) -> None:
    assert hide_credentials(url) == shown


class BrokenFiles(MemoryFileSystem):  # type: ignore[misc]
    """A file system whose package raises what it likes."""

    protocol = "broken"

    def _refuse(self, *args: object, **kwargs: object) -> None:
        raise LookupError("no such tenant\nask support")

    pipe_file = cat_file = modified = ls = rm_file = _refuse


def test_a_place_that_fails_is_an_error_on_one_line(tmp_path: Path) -> None:
    fsspec.register_implementation("broken", BrokenFiles, clobber=True)
    (tmp_path / "file").write_text("x")
    for url in ("broken://tenant/x", str(tmp_path / "file" / "captures")):
        store = CaptureStore(url)
        attempts: list[tuple[Callable[..., object], object]] = [
            (store.write, b"x"),
            (store.read, UNKNOWN),
            (store.written_at, UNKNOWN),
            (store.delete, [UNKNOWN]),
        ]
        for attempt, argument in attempts:
            with pytest.raises(CaptureError) as caught:
                attempt(argument)
            assert "\n" not in str(caught.value)
    with pytest.raises(CaptureError, match="LookupError: no such tenant ask support"):
        CaptureStore("broken://tenant/x").sweep(frozenset(), written_before=datetime.now(UTC))

"""Uploads: capped, hashed, continued, and never taken for whole when they are not."""

import hashlib
import random
from pathlib import Path

import pytest

from records.screening import LineCut, StreamingIntake, TooLarge, WrongHash

CONTENT = random.Random(7).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def test_whole_upload_is_accepted_with_its_hash(tmp_path: Path) -> None:
    with StreamingIntake(tmp_path / "a", max_bytes=len(CONTENT)) as intake:
        for at in range(0, len(CONTENT), 7_777):
            intake.write(CONTENT[at : at + 7_777])

        assert intake.finish(declared_size=len(CONTENT), client_sha256=SHA256.upper()) == SHA256

    assert (tmp_path / "a").read_bytes() == CONTENT


def test_line_cut_is_noticed_and_what_came_is_kept(tmp_path: Path) -> None:
    intake = StreamingIntake(tmp_path / "a", max_bytes=10**6)
    intake.write(CONTENT[:90_000])

    with pytest.raises(LineCut) as caught:
        intake.finish(declared_size=len(CONTENT), client_sha256=SHA256)

    assert (caught.value.code, caught.value.received, caught.value.declared, caught.value.percent_kept) == ("line_cut", 90_000, 300_000, 30)
    assert (tmp_path / "a").read_bytes() == CONTENT[:90_000]


def test_upload_cut_twenty_times_arrives_with_the_same_hash(tmp_path: Path) -> None:
    cuts = sorted(random.Random(3).sample(range(1, len(CONTENT)), 20))
    for start, end in zip([0, *cuts], [*cuts, len(CONTENT)], strict=True):
        with StreamingIntake(tmp_path / "a", max_bytes=10**6) as intake:
            assert intake.received == start
            intake.write(CONTENT[start:end])

    intake = StreamingIntake(tmp_path / "a", max_bytes=10**6)

    assert intake.finish(declared_size=len(CONTENT), client_sha256=SHA256) == SHA256


def test_bytes_beyond_the_recorded_progress_are_written_anew(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT[:1_000] + b"torn")

    intake = StreamingIntake(tmp_path / "a", max_bytes=10**6, offset=1_000)
    intake.write(CONTENT[1_000:])

    assert intake.finish(declared_size=len(CONTENT), client_sha256=SHA256) == SHA256


def test_recorded_progress_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")

    with pytest.raises(ValueError, match="beyond the 5 bytes kept"):
        StreamingIntake(tmp_path / "a", max_bytes=10**6, offset=6)

    assert (tmp_path / "a").read_bytes() == b"12345"


def test_other_bytes_than_the_sender_hashed_are_dropped(tmp_path: Path) -> None:
    intake = StreamingIntake(tmp_path / "a", max_bytes=10**6)
    intake.write(CONTENT[:-1] + b"?")

    with pytest.raises(WrongHash):
        intake.finish(declared_size=len(CONTENT), client_sha256=SHA256)

    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("sha256", ["", "e3b0", "名"])
def test_hash_that_is_none_is_refused(sha256: str, tmp_path: Path) -> None:
    intake = StreamingIntake(tmp_path / "a", max_bytes=10)
    intake.write(b"abc")

    with pytest.raises(WrongHash):
        intake.finish(declared_size=3, client_sha256=sha256)


def test_upload_above_the_cap_is_dropped_before_it_is_written(tmp_path: Path) -> None:
    intake = StreamingIntake(tmp_path / "a", max_bytes=10)
    intake.write(bytes(10))

    with pytest.raises(TooLarge) as caught:
        intake.write(b"1")

    assert caught.value.limit == 10
    assert not (tmp_path / "a").exists()


def test_upload_longer_than_declared_is_dropped(tmp_path: Path) -> None:
    intake = StreamingIntake(tmp_path / "a", max_bytes=10)
    intake.write(bytes(5))

    with pytest.raises(TooLarge):
        intake.finish(declared_size=4, client_sha256=hashlib.sha256(bytes(5)).hexdigest())

    assert not (tmp_path / "a").exists()

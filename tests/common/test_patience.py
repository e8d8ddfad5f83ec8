"""Refusals of Windows pass: how long they are waited for, which of them, and what is done once elsewhere."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from floorctl.common import durable, patience


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A Windows, and the pauses made on it."""
    made: list[float] = []
    monkeypatch.setattr("floorctl.common.patience.on_windows", lambda: True)
    monkeypatch.setattr("time.sleep", made.append)
    return made


def refused(winerror: int | None = None) -> PermissionError:
    error = PermissionError(errno.EACCES, "in use")
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


def failing(times: float, error: Exception) -> Callable[[], str]:
    done = 0

    def act() -> str:
        nonlocal done
        done += 1
        if done <= times:
            raise error
        return f"after {done}"

    return act


def test_pauses_double_up_to_half_a_second(pauses: list[float]) -> None:
    assert patience.patiently(failing(9, refused())) == "after 10"
    assert pauses == [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5, 0.5]


def test_it_ends_after_its_seconds(pauses: list[float]) -> None:
    with pytest.raises(PermissionError):
        patience.patiently(failing(1e9, refused()))
    assert sum(pauses) == pytest.approx(5)
    pauses.clear()
    with pytest.raises(PermissionError):
        patience.patiently(failing(1e9, refused()), 0.05)
    assert pauses == pytest.approx([0.01, 0.02, 0.02])


def test_elsewhere_it_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("a pause"))
    with pytest.raises(PermissionError):
        patience.patiently(failing(1, refused()))


@pytest.mark.parametrize("error", [refused(5), refused(32), refused(33), refused()])
def test_what_passes(pauses: list[float], error: Exception) -> None:
    assert patience.patiently(failing(1, error)) == "after 2"


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "x"),
        OSError(errno.ENOSPC, "x"),
        PermissionError(errno.EPERM, "x"),
        refused(1314),
        ValueError(),
    ],
)
def test_what_does_not(pauses: list[float], error: Exception) -> None:
    with pytest.raises(type(error)):
        patience.patiently(failing(1, error))
    assert pauses == []


def test_one_patience_for_a_piece_of_work(pauses: list[float]) -> None:
    """What is open for long is waited for once; what passes in time takes nothing from the others."""
    with patience.together():
        for _ in range(3):
            assert patience.patiently(failing(8, refused())) == "after 9"  # 1.63 seconds each
        assert sum(pauses) == pytest.approx(4.89)
        pauses.clear()
        with pytest.raises(PermissionError):
            patience.patiently(failing(1e9, refused()))
        assert sum(pauses) == pytest.approx(5)
        pauses.clear()
        for _ in range(20):
            with pytest.raises(PermissionError), patience.together():
                patience.patiently(failing(1e9, refused()))
        assert sum(pauses) == pytest.approx(2)
    pauses.clear()
    patience.patiently(failing(8, refused()))  # another piece of work
    assert len(pauses) == 8


def test_what_is_held_at_one_time_is_waited_for_once(pauses: list[float]) -> None:
    """Of twenty, each refused three times, one for ever: 5 seconds in all, and nothing is done twice."""
    acts = [failing(3, refused()) for _ in range(19)]
    found = patience.each([*acts, failing(1e9, refused(32))])
    assert found[:-1] == ["after 4"] * 19
    assert isinstance(found[-1], PermissionError)
    assert sum(pauses) == pytest.approx(5)
    with pytest.raises(FileNotFoundError):
        patience.each([failing(1, FileNotFoundError(2, "x"))])
    pauses.clear()
    act = failing(2, refused())
    assert patience.each([lambda: patience.patiently(act)]) == ["after 3"]
    assert pauses == [0.01, 0.02]  # an act does not wait alone
    assert patience.each([]) == []


def test_each_way(tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each act reaches the system by the function of that name, as it is at the call."""
    for name in ("replace", "rename", "link", "unlink", "rmdir"):
        real, times = getattr(os, name), [refused(), refused()]

        def held(
            *given: object, real: Callable[..., None] = real, times: list[Exception] = times, **more: object
        ) -> None:
            if times:
                raise times.pop()
            real(*given, **more)

        monkeypatch.setattr(f"os.{name}", held)
    a, b, c = (tmp_path / x for x in "abc")
    a.write_bytes(b"a")
    b.write_bytes(b"b")
    patience.replace(a, b)
    patience.rename(b, c)
    patience.link(c, a)
    patience.unlink(a)
    assert (c.read_bytes(), a.exists(), b.exists()) == (b"a", False, False)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "e").write_bytes(b"")
    patience.remove_tree(tmp_path / "d")
    assert not (tmp_path / "d").exists()
    assert pauses == [0.01, 0.02] * 5
    patience.unlink(a, missing_ok=True)
    patience.remove_tree(a)
    with pytest.raises(FileNotFoundError):
        patience.unlink(a)


def test_a_read_only_file_is_not_waited_for(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows replaces and removes none; waiting would not help."""
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"a")
    b.write_bytes(b"b")
    b.chmod(0o444)
    monkeypatch.setattr("os.replace", lambda *_: failing(1, refused())())
    monkeypatch.setattr("os.unlink", lambda *_: failing(1, refused())())
    for act in (lambda: patience.replace(a, b), lambda: patience.unlink(b)):
        with pytest.raises(PermissionError):
            act()
    assert pauses == []
    assert patience.is_read_only(b) and not patience.is_read_only(a) and not patience.is_read_only(tmp_path / "c")


def test_the_system_is_asked_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not patience.on_windows()
    monkeypatch.setattr("sys.platform", "win32")
    assert patience.on_windows()


def test_a_glance_takes_no_patience(pauses: list[float]) -> None:
    """What may fail, since there is another way, leaves the patience for that."""
    with patience.together():
        for seconds in (0, patience.BRIEF_S):
            with pytest.raises(PermissionError):
                patience.patiently(failing(1e9, refused()), seconds)
        assert patience.patiently(failing(9, refused())) == "after 10"


def answer_lost(act: Callable[..., None]) -> Callable[..., None]:
    """Return an act that is done, and then said to have been refused, as over a connection that breaks."""

    def done(*args: object, **named: object) -> None:
        act(*args, **named)
        error = OSError(errno.EINVAL, "gone")
        error.winerror = 64  # type: ignore[attr-defined,unused-ignore]
        raise error

    return done


@pytest.mark.parametrize("name", ["replace", "rename", "link", "unlink"])
def test_what_was_done_is_not_refused(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(b"new")
    monkeypatch.setattr(os, name, answer_lost(getattr(os, name)))
    if name == "unlink":
        patience.unlink(source)
        assert not source.exists()
    else:
        getattr(patience, name)(source, target)
        assert target.read_bytes() == b"new" and source.exists() == (name == "link")
    assert pauses == []


def test_what_was_not_done_is_refused(tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    for path in (source, target):
        path.write_bytes(b"")
    for name in ("replace", "rename", "link", "unlink"):
        monkeypatch.setattr(os, name, answer_lost(lambda *_, **__: None))
    for act in (patience.replace, patience.rename):
        with pytest.raises(OSError):
            act(source, target)
    with pytest.raises(OSError):
        patience.link(source, target)
    with pytest.raises(OSError):
        patience.unlink(source)


def test_a_new_name_is_tried_again_for_a_moment(
    tmp_path: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of what is being removed; but a folder without permission is told of soon."""
    make, refusals = os.mkdir, iter([refused(5)])

    def mkdir(*args: object, **named: object) -> None:
        for refusal in refusals:
            raise refusal
        make(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "mkdir", mkdir)
    patience.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir() and pauses == [0.01]
    pauses.clear()
    monkeypatch.setattr(os, "open", lambda *_, **__: failing(1e9, refused())())
    with pytest.raises(PermissionError):
        durable.make_empty(tmp_path / "new")
    assert sum(pauses) == pytest.approx(patience.NEW_S)

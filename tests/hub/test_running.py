"""Running what is due: once, whoever runs it, whatever fails, whatever the clock says."""

import errno
import hashlib
import multiprocessing
import os
import threading
from contextlib import contextmanager
from pathlib import Path

import attrs
import pendulum
import pytest

import partnerhub as ph
from partnerhub.domain.errors import DeliveryFailed, InvalidValue, StoreFull
from partnerhub.domain.report_runs import RunQuery, RunState
from partnerhub.domain.report_specs import ReportRequest
from partnerhub.domain.schedules import Daily, RetryPolicy
from partnerhub.hub.reports import rendering
from partnerhub.hub.schedules import leases, running
from partnerhub.reports import publishing as files
from tests.hub import publishing

ADDED = pendulum.datetime(2026, 11, 20)
AT = pendulum.datetime(2026, 11, 22, 7)
REQUEST = ReportRequest(template="subscription-details", region="US")


@pytest.fixture
def hub(tmp_path):
    with ph.connect(f"sqlite:///{tmp_path / 'hub.db'}") as opened:
        publishing.fill(opened)
        yield opened


def add(hub, folder, request=REQUEST, name="s", **told):
    return hub.schedules.add(
        name, request, Daily(), time="06:00", to=folder, at=ADDED, **told
    )


def visible(folder):
    return sorted(f.name for f in folder.iterdir() if not f.name.startswith("."))


def hidden(folder):
    return sorted(f.name for f in folder.iterdir() if f.name.startswith("."))


# once


def test_a_due_run_is_published_with_its_facts(hub, tmp_path):
    add(hub, tmp_path / "out")
    (run,) = hub.schedules.run_due(at=AT)
    file = Path(run.path)
    assert run.state is RunState.PUBLISHED
    assert (run.schedule, run.region) == ("s", "US")
    assert run.slot == pendulum.datetime(2026, 11, 22, 6)
    assert run.request.at.isoformat() == "2026-11-22"
    assert run.file.size == file.stat().st_size
    assert run.file.checksum == hashlib.sha256(file.read_bytes()).hexdigest()
    assert run.file.rows == len(file.read_bytes().splitlines()) - 1 == 10
    assert run.who == "local owner"
    assert run.duration_ms >= 0
    assert run.lease_until is None
    assert visible(tmp_path / "out") == [file.name]
    assert hidden(tmp_path / "out") == []
    assert hub.runs.list() == (run,)
    assert hub.schedules.run_due(at=AT) == ()


def test_missed_runs_are_caught_up_once_or_all(hub, tmp_path):
    add(hub, tmp_path / "a")
    add(hub, tmp_path / "b", name="t", missed="all")
    days = {"s": [], "t": []}
    for run in hub.schedules.run_due(at=AT):
        days[run.schedule].append(run.slot.day)
    assert days == {"s": [22], "t": [20, 21, 22]}


def test_each_region_has_its_file_and_an_empty_one_says_so(hub, tmp_path):
    request = attrs.evolve(REQUEST, region=None, per_region=True)
    add(hub, tmp_path / "out", request)
    add(hub, tmp_path / "ca", attrs.evolve(REQUEST, region="CA"), name="t")
    runs = hub.schedules.run_due(at=AT)
    assert [(run.schedule, run.region) for run in runs if run.schedule == "t"] == [
        ("t", "CA")
    ]
    assert sorted(r.region for r in runs if r.schedule == "s") == ["EU", "US"]
    assert runs[-1].file.rows == 0
    assert "CA" in runs[-1].file.warning
    assert len(visible(tmp_path / "ca")) == 1


def test_a_region_that_comes_later_is_in_later_slots_only(hub, tmp_path):
    request = attrs.evolve(REQUEST, region=None, per_region=True)
    add(hub, tmp_path / "out", request, missed="all")
    assert len(hub.schedules.run_due(at=AT)) == 6
    uuid = "c8b0e0d2-0000-4000-8000-0000000000ff"
    organization = ph.domain.Organization(id=uuid, name="New", region="CA")
    hub.put(ph.domain.Customer(organization=organization), at="2026-11-22")
    assert hub.schedules.run_due(at=AT) == ()
    assert [r.region for r in hub.schedules.run_due(at=AT.add(days=1))].count("CA") == 1


def test_a_clock_that_goes_back_publishes_nothing_again(hub, tmp_path):
    add(hub, tmp_path / "out", missed="all")
    hub.schedules.run_due(at=AT)
    before = visible(tmp_path / "out")
    for days in (-2, -1, 0):
        assert hub.schedules.run_due(at=AT.add(days=days)) == ()
    assert visible(tmp_path / "out") == before
    assert [run.slot.day for run in hub.schedules.run_due(at=AT.add(days=1))] == [23]


def test_a_clock_that_was_far_ahead_stops_nothing(hub, tmp_path):
    add(hub, tmp_path / "out")
    (tmp_path / "in the way").write_text("")
    add(hub, tmp_path / "in the way", name="t")
    ahead = hub.schedules.run_due(at=AT.add(years=70))
    assert [run.state for run in ahead] == [RunState.PUBLISHED, RunState.FAILED]
    (tmp_path / "in the way").unlink()
    days = [(run.schedule, run.slot.day) for run in hub.schedules.run_due(at=AT)]
    assert days == [("s", 22), ("t", 22)]
    assert len(hub.schedules.run_due(at=AT.add(days=1))) == 2


def test_a_schedule_paused_while_it_catches_up_stops_there(hub, tmp_path):
    add(hub, tmp_path / "out", missed="all")
    runs = hub.schedules.run_due(at=AT, progress=lambda _: hub.schedules.pause("s"))
    assert len(runs) == 1
    hub.schedules.resume("s", at=AT)
    assert len(hub.schedules.run_due(at=AT)) == 2


def test_two_processes_share_what_is_due(tmp_path):
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    for name in ("out", "delivered"):
        (tmp_path / name).mkdir()
    watcher = publishing.Watcher(tmp_path / "out")
    context = multiprocessing.get_context("forkserver")
    with ph.connect(url) as hub:
        publishing.fill(hub)
        publishing.add(hub, 0, tmp_path, slots=4)
        ours, theirs = context.Pipe()
        workers = [
            context.Process(target=publishing.work, args=(url, str(tmp_path), theirs))
            for _ in range(2)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0
        assert watcher.wrong(hub, 1, slots=4) == {}
        assert len({run.worker for run in hub.runs.list()}) in {1, 2}
    ours.close()


# leases


def dying(monkeypatch, where):
    """Lets the next run die at a step, without a word to the store."""

    def die(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, where, die)


@pytest.mark.parametrize("where", ["render", "fingerprint", "publish"])
def test_a_run_that_died_is_run_again_when_its_lease_is_over(
    hub, tmp_path, monkeypatch, where
):
    add(hub, tmp_path / "out")
    (tmp_path / "out").mkdir()
    with monkeypatch.context() as patched:
        dying(patched, where)
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(at=AT, lease_s=100)
    assert visible(tmp_path / "out") == []
    assert hub.schedules.run_due(at=AT.add(seconds=90)) == ()
    (run,) = hub.schedules.run_due(at=AT.add(seconds=101))
    assert (run.state, run.fence) == (RunState.PUBLISHED, 2)
    assert visible(tmp_path / "out") == [Path(run.path).name]
    assert hidden(tmp_path / "out") == []


@pytest.mark.parametrize("where", ["render", "publish"])
def test_a_run_that_kills_its_process_is_given_up_with_the_reason(
    hub, tmp_path, monkeypatch, where
):
    add(hub, tmp_path / "out", retries=RetryPolicy(most_tries=3))
    add(hub, tmp_path / "fine", name="t")
    at = AT
    with monkeypatch.context() as patched:
        dying(patched, where)
        for tries in range(3):
            with pytest.raises(KeyboardInterrupt):
                hub.schedules.run_due("s", at=at, lease_s=100)
            assert hub.schedules.get("s").last.tries == tries
            at = at.add(seconds=101)
        (run,) = hub.schedules.run_due("s", at=at, lease_s=100)
    assert (run.state, run.tries, run.fence) == (RunState.GIVEN_UP, 3, 4)
    worker = hub.runs.list(schedule="s")[0].worker.rpartition(":")[0]
    assert f"try 3 ended without a word: {worker}" in run.error
    assert hub.schedules.get("s").error == run.error
    assert list((tmp_path / "out").iterdir()) == []
    assert hub.schedules.run_due("s", at=at.add(hours=2)) == ()
    (other,) = hub.schedules.run_due(at=at)
    assert (other.schedule, other.state) == ("t", RunState.PUBLISHED)
    (next_day,) = hub.schedules.run_due("s", at=AT.add(days=1))
    assert (next_day.state, next_day.error) == (RunState.PUBLISHED, "")


def test_failures_and_deaths_count_together(hub, tmp_path, monkeypatch):
    (tmp_path / "out").write_text("a file where the folder should be")
    add(hub, tmp_path / "out", retries=RetryPolicy(most_tries=2, first_wait_s=60))
    (run,) = hub.schedules.run_due(at=AT)
    assert (run.state, run.tries) == (RunState.FAILED, 1)
    (tmp_path / "out").unlink()
    with monkeypatch.context() as patched:
        dying(patched, "render")
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(at=AT.add(seconds=61), lease_s=100)
    (run,) = hub.schedules.run_due(at=AT.add(seconds=170))
    assert (run.state, run.tries) == (RunState.GIVEN_UP, 2)


def test_what_the_last_of_the_dead_published_is_published(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out", retries=RetryPolicy(most_tries=1))
    with monkeypatch.context() as patched:

        def die(*args, **options):
            files.publish(*args, **options)
            raise KeyboardInterrupt

        patched.setattr(running, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(at=AT, lease_s=100)
    (run,) = hub.schedules.run_due(at=AT.add(seconds=101))
    assert (run.state, run.tries, run.error) == (RunState.PUBLISHED, 0, "")


def test_a_delivery_that_kills_its_process_is_given_up_and_the_file_stays(
    hub, tmp_path
):
    add(
        hub,
        tmp_path / "out",
        deliveries=["mail"],
        retries=RetryPolicy(most_tries=2),
    )

    def die(*_, **__):
        raise KeyboardInterrupt

    for seconds in (0, 101):
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(
                at=AT.add(seconds=seconds), lease_s=100, deliveries={"mail": die}
            )
    at = AT.add(seconds=202)
    (run,) = hub.schedules.run_due(at=at, deliveries={"mail": die})
    assert (run.state, run.pending, run.open) == (RunState.PUBLISHED, (), False)
    assert "try 2 ended without a word" in run.error
    assert visible(tmp_path / "out") == [Path(run.path).name]
    assert hub.schedules.run_due(at=at.add(hours=1), deliveries={"mail": die}) == ()


def test_who_dies_after_publishing_has_published(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out")
    with monkeypatch.context() as patched:

        def die(*args, **options):
            files.publish(*args, **options)
            raise KeyboardInterrupt

        patched.setattr(running, "publish", die)
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(at=AT, lease_s=100)
    (name,) = visible(tmp_path / "out")
    file = tmp_path / "out" / name
    inode = file.stat().st_ino
    # Something that would make the file another one.
    organization = ph.domain.Organization(
        id="c8b0e0d2-0000-4000-8000-0000000000ff", name="New", region="US"
    )
    held = ph.domain.Subscription(id="New", customer=organization)
    hub.put(held, at="2026-11-22")
    (run,) = hub.schedules.run_due(at=AT.add(seconds=101))
    assert file.stat().st_ino == inode
    assert run.file.checksum == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (run.file.rows, run.file.imported) == (10, 1)


def test_who_lost_his_lease_while_writing_publishes_nothing(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out")
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    plain, writing, go_on = running.render, threading.Event(), threading.Event()

    def slow(context, request, file, *, name):
        if not writing.is_set():
            writing.set()
            assert go_on.wait(20)
        return plain(context, request, file, name=name)

    monkeypatch.setattr(running, "render", slow)
    # Nobody renews it: the process is as good as dead, and then it is not.
    monkeypatch.setattr(leases.Lease, "_renew", lambda _: None)
    first = []

    def run_first():
        with ph.connect(url) as own:
            first.extend(own.schedules.run_due(at=AT, lease_s=1))

    thread = threading.Thread(target=run_first)
    thread.start()
    assert writing.wait(20)
    (run,) = hub.schedules.run_due(at=AT.add(seconds=2))
    file = Path(run.path)
    published = file.stat().st_ino, file.read_bytes()
    go_on.set()
    thread.join()
    assert first == []
    assert (file.stat().st_ino, file.read_bytes()) == published
    assert (hub.runs.get(run.key), run.fence) == (run, 2)
    assert hidden(tmp_path / "out") == []


def test_a_lease_is_renewed_while_a_report_is_long(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out")
    plain = running.render
    renewed = threading.Event()
    change = leases.Lease.change

    def noted(self, step):
        found = change(self, step)
        if threading.current_thread() is not threading.main_thread():
            renewed.set()
        return found

    monkeypatch.setattr(leases.Lease, "change", noted)

    def slow(context, request, file, *, name):
        assert renewed.wait(20)
        return plain(context, request, file, name=name)

    monkeypatch.setattr(running, "render", slow)
    (run,) = hub.schedules.run_due(at=AT, lease_s=0.3)
    assert (run.state, run.fence) == (RunState.PUBLISHED, 1)


@pytest.mark.parametrize("length_s", [0, -1, float("nan"), float("inf")])
def test_a_lease_has_a_length(hub, length_s):
    with pytest.raises(InvalidValue):
        hub.schedules.run_due(lease_s=length_s)


def test_a_renewal_that_is_not_committed_loses_nothing(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out")
    store = hub._context.store
    plain, fails = store.writing, [True]

    @contextmanager
    def writing():
        with plain() as writer:
            yield writer
            if fails.pop():
                raise StoreFull(store.name, "no space")

    def render(context, request, file, *, name):
        # As the thread does that renews.
        lease = held[0]
        with monkeypatch.context() as patched:
            patched.setattr(type(store), "writing", lambda _: writing())
            with pytest.raises(StoreFull):
                lease.change(lambda run: run.renewed(at=AT, until=AT.add(hours=1)))
        return rendering.render(context, request, file, name=name)

    held, enter = [], leases.Lease.__enter__
    monkeypatch.setattr(
        leases.Lease, "__enter__", lambda self: held.append(self) or enter(self)
    )
    monkeypatch.setattr(running, "render", render)
    (run,) = hub.schedules.run_due(at=AT)
    assert run.state is RunState.PUBLISHED


# failures


def test_a_full_disk_is_seen_and_tried_again(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out", retries=RetryPolicy(most_tries=2, first_wait_s=60))
    with monkeypatch.context() as patched:

        def full(_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patched.setattr(os, "fsync", full)
        (run,) = hub.schedules.run_due(at=AT)
    assert (run.state, run.tries) == (RunState.FAILED, 1)
    assert "no space is left" in run.error
    assert visible(tmp_path / "out") == hidden(tmp_path / "out") == []
    (state,) = hub.schedules.list(at=AT)
    assert (state.error, state.open) == (run.error, 1)
    assert hub.schedules.run_due(at=AT.add(seconds=50)) == ()
    (again,) = hub.schedules.run_due(at=AT.add(seconds=62))
    assert (again.state, again.tries, again.error) == (RunState.PUBLISHED, 0, "")


def test_what_fails_for_ever_is_given_up_and_does_not_sink_others(hub, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    add(hub, tmp_path / "out", retries=RetryPolicy(most_tries=2, first_wait_s=60))
    add(hub, tmp_path / "fine", name="t")
    states = [run.state for run in hub.schedules.run_due(at=AT)]
    assert states == [RunState.FAILED, RunState.PUBLISHED]
    (run,) = hub.schedules.run_due(at=AT.add(minutes=2))
    assert run.state is RunState.GIVEN_UP
    assert "is a file, not a folder" in run.error
    assert hub.schedules.run_due(at=AT.add(hours=2)) == ()
    (tmp_path / "out").unlink()
    assert hub.schedules.get("s").error == run.error
    (next_day,) = hub.schedules.run_due("s", at=AT.add(days=1))
    assert next_day.state is RunState.PUBLISHED


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.EACCES, "permission denied"), (errno.EROFS, "the disk is read-only")],
)
def test_a_folder_that_may_not_be_written_is_a_failure(
    hub, tmp_path, monkeypatch, number, says
):
    add(hub, tmp_path / "out")

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refuse)
        (run,) = hub.schedules.run_due(at=AT)
    assert says in run.error
    assert visible(tmp_path / "out") == hidden(tmp_path / "out") == []


def test_regions_that_appear_make_a_schedule_fail_in_plain_sight(tmp_path):
    with ph.connect("memory:") as hub:
        add(hub, tmp_path / "out", attrs.evolve(REQUEST, region=None))
        publishing.fill(hub)
        (run,) = hub.schedules.run_due(at=AT)
        assert run.state is RunState.FAILED
        assert "several regions" in run.error
        assert hub.schedules.get("s").last == run


def test_errors_hold_neither_addresses_nor_texts_of_others():
    address = InvalidValue("person", "ana@partner.example", "no such person")
    assert "ana@" not in running.told(address)
    assert running.told(ValueError("Bearer abc")) == "ValueError"
    assert running.told(TimeoutError(110, "timed out")) == "TimeoutError: timed out"


def test_errors_are_one_line_of_bounded_length():
    raised = DeliveryFailed("a\nb\x00\x1b[2J\udc80" + "c" * 5000)
    error = running.told(raised)
    assert error.isprintable()
    assert len(error) == 1000


@pytest.mark.parametrize("what", ["link", "dangling link", "folder"])
def test_what_is_no_file_is_not_taken_for_the_report(hub, tmp_path, what):
    add(hub, tmp_path / "out")
    (run,) = hub.schedules.run_due(at=AT)
    file, secret = Path(run.path), tmp_path / "secret"
    file.unlink()
    if what == "folder":
        file.mkdir()
    else:
        file.symlink_to(secret)
    if what == "link":
        secret.write_text("secret")
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with ph.connect(url) as other:
        publishing.fill(other)
        add(other, tmp_path / "out", deliveries=["mail"])
        mailed = []
        (failed,) = other.schedules.run_due(
            at=AT, deliveries={"mail": lambda *told, key: mailed.append((told, key))}
        )
    assert (failed.state, failed.path, mailed) == (RunState.FAILED, "", [])
    assert "something else of that name" in failed.error


def test_it_stops_between_two_runs(hub, tmp_path):
    add(hub, tmp_path / "out", missed="all")
    done = []
    runs = hub.schedules.run_due(
        at=AT, stopped=lambda: len(done) == 1, progress=done.append
    )
    assert list(runs) == done
    assert len(done) == 1
    assert len(hub.schedules.run_due(at=AT)) == 2


# deliveries


def test_a_delivery_is_called_with_the_facts_and_the_key(hub, tmp_path):
    add(hub, tmp_path / "out", deliveries=["mail", "disk"])
    calls = []

    def take(file, facts, /, *, key):
        calls.append((file.read_bytes(), facts["rows"], facts["sha256"], key))

    (run,) = hub.schedules.run_due(at=AT, deliveries={"mail": take, "disk": take})
    assert len(calls) == 2
    assert calls[0] == calls[1]
    assert calls[0][3] == run.key
    assert hashlib.sha256(calls[0][0]).hexdigest() == calls[0][2]
    assert (run.pending, run.open, run.lease_until) == ((), False, None)


def test_a_delivery_that_fails_is_seen_and_tried_again(hub, tmp_path):
    add(hub, tmp_path / "out", deliveries=["mail", "disk"])
    called = []

    def broken(*_, **__):
        raise ConnectionError("password=secret refused")

    def fine(_file, _facts, /, *, key):
        called.append(key)

    (run,) = hub.schedules.run_due(at=AT, deliveries={"mail": broken, "disk": fine})
    assert (run.state, run.tries) == (RunState.PUBLISHED, 1)
    assert run.error == "delivery 'mail': ConnectionError"
    assert run.pending == ("mail", "disk")
    path = Path(run.path)
    inode = path.stat().st_ino
    (again,) = hub.schedules.run_due(
        at=AT.add(minutes=2), deliveries={"mail": fine, "disk": fine}
    )
    assert (again.pending, again.error) == ((), "")
    assert called == [run.key, run.key]
    assert path.stat().st_ino == inode


def test_a_delivery_of_another_process_waits_for_it(hub, tmp_path):
    add(hub, tmp_path / "out", deliveries=["mail"])
    (run,) = hub.schedules.run_due(at=AT)
    assert (run.pending, run.lease_until) == (("mail",), None)
    assert hub.schedules.run_due(at=AT) == ()
    called = []
    (done,) = hub.schedules.run_due(
        at=AT, deliveries={"mail": lambda *_, key: called.append(key)}
    )
    assert called == [done.key]


def test_a_delivery_is_given_up_and_the_file_stays(hub, tmp_path):
    add(hub, tmp_path / "out", deliveries=["mail"], retries=RetryPolicy(most_tries=1))

    def broken(*_, **__):
        raise ConnectionError

    (run,) = hub.schedules.run_due(at=AT, deliveries={"mail": broken})
    assert (run.state, run.open) == (RunState.PUBLISHED, False)
    assert "mail" in run.error
    assert Path(run.path).exists()


# retention


def test_old_files_are_removed_and_no_others(hub, tmp_path):
    add(hub, tmp_path / "out", missed="all", keep=2)
    (tmp_path / "out").mkdir()
    mine = tmp_path / "out" / "Subscription Details_mine_2020-01-01.csv"
    mine.write_text("mine")
    runs = hub.schedules.run_due(at=AT)
    kept = [Path(run.path).name for run in runs if run.slot.day > 20]
    assert visible(tmp_path / "out") == sorted([*kept, mine.name])
    gone = [run for run in hub.runs.list() if run.removed is not None]
    assert [run.slot.day for run in gone] == [20]
    # One that somebody has changed is his.
    newest = next(run for run in runs if run.slot.day == 21)
    Path(newest.path).write_text("changed")
    hub.schedules.run_due(at=AT.add(days=1))
    assert Path(newest.path).read_text() == "changed"
    assert "left alone" in hub.runs.get(newest.key).error
    last = Path(hub.runs.get(runs[-1].key).path)
    last.unlink()
    last.symlink_to(mine)
    hub.schedules.run_due(at=AT.add(days=2))
    assert last.is_symlink()
    assert "replaced" in hub.runs.get(runs[-1].key).error


def test_files_are_kept_for_some_days(hub, tmp_path):
    add(hub, tmp_path / "out", missed="all", keep_days=1)
    hub.schedules.run_due(at=AT)
    filed = hub._context.store.runs(RunQuery(schedule="s", filed=True))
    assert [run.slot.day for run in filed] == [22]
    hub.schedules.run_due(at=AT.add(days=5), stopped=lambda: False)
    assert len(visible(tmp_path / "out")) == 1

"""Schedules kept in a store: added, listed, paused, removed; and the history of runs."""

import zipfile
from pathlib import Path

import attrs
import pendulum
import pytest

import partnerhub as ph
from partnerhub.adapters.store.runs import RunWriting
from partnerhub.domain.errors import (
    FileNotWritten,
    FilterError,
    IllegalStep,
    InvalidValue,
    NotFound,
    RegionRequired,
    StoreFull,
)
from partnerhub.domain.report_runs import RunState
from partnerhub.domain.report_specs import ReportRequest, ReportTemplate
from partnerhub.domain.schedules import Daily, Monthly, Schedule, Weekly
from partnerhub.hub.schedules import running
from tests.hub import publishing

AT = pendulum.datetime(2026, 11, 22, 7)
REQUEST = ReportRequest(template="subscription-details", region="US")
RULES = (Daily(), Daily(every=2), Weekly(weekdays=["mon"]), Monthly(day=31))


@pytest.fixture
def hub(tmp_path):
    with ph.connect(f"sqlite:///{tmp_path / 'hub.db'}") as opened:
        publishing.fill(opened)
        yield opened


def add(hub, folder, request=REQUEST, name="s", rule=RULES[0], **told):
    return hub.schedules.add(name, request, rule, time="06:00", to=folder, **told)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_schedule_is_kept_as_it_was_added(hub, tmp_path, rule):
    made = add(
        hub,
        tmp_path,
        rule=rule,
        zone="Europe/Paris",
        start="2026-01-31",
        missed="all",
        keep=3,
        keep_days=9,
        deliveries=("mail",),
        at=AT,
    )
    assert isinstance(made, Schedule)
    (state,) = hub.schedules.list(at=AT)
    assert state == hub.schedules.get(" s ", at=AT)
    assert state.schedule == made
    assert (state.last, state.open, state.error) == (None, 0, "")
    assert state.next == hub.schedules.next_runs("s", 1, at=AT)[0]
    assert made.folder == str(tmp_path)
    assert made.since == AT


def test_a_relative_folder_is_made_absolute(hub, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert add(hub, "out").folder == str(tmp_path / "out")


def test_next_runs_are_listed_in_the_zone_of_the_schedule(hub, tmp_path):
    add(hub, tmp_path, zone="Europe/Paris", start="2026-01-01")
    found = hub.schedules.next_runs("s", 3, at="2026-03-28T05:00:00+00:00")
    assert [slot.isoformat() for slot in found] == [
        "2026-03-29T06:00:00+02:00",
        "2026-03-30T06:00:00+02:00",
        "2026-03-31T06:00:00+02:00",
    ]
    assert hub.schedules.cron("s").expression == "0 6 * * *"


def test_the_first_day_is_today_where_the_schedule_is(hub, tmp_path):
    # It is Monday in UTC and still Sunday evening in New York.
    made = add(hub, tmp_path, zone="America/New_York", at="2026-11-23T02:00:00+00:00")
    assert made.start.isoformat() == "2026-11-22"


def test_what_cannot_run_is_not_added(hub, tmp_path):
    add(hub, tmp_path)
    for error, told in (
        (IllegalStep, {}),
        (InvalidValue, {"name": ""}),
        (NotFound, {"name": "a", "request": attrs.evolve(REQUEST, template="devixes")}),
        (NotFound, {"name": "a", "request": attrs.evolve(REQUEST, region="XX")}),
        (
            RegionRequired,
            {"name": "a", "request": attrs.evolve(REQUEST, region=None)},
        ),
        (
            InvalidValue,
            {"name": "a", "request": attrs.evolve(REQUEST, window="last-week")},
        ),
    ):
        with pytest.raises(error):
            add(hub, tmp_path, **told)
    assert [state.schedule.key for state in hub.schedules.list()] == ["s"]


def test_a_filter_that_is_not_saved_is_refused_when_it_is_named(hub, tmp_path):
    hub.customers.filters.save("mine", "name:c1")
    hub.reports.templates.save(
        ReportTemplate(name="T", base="devices", columns=("mac",), filter="saved:mine")
    )
    add(hub, tmp_path / "out", attrs.evolve(REQUEST, filter="saved:mine"))
    wrong = attrs.evolve(REQUEST, filter="tag:a saved:nope")
    for call in (
        lambda: add(hub, tmp_path / "out", wrong, name="t"),
        lambda: hub.reports.make(wrong, to=tmp_path / "out"),
        lambda: hub.reports.table("devices", region="US", filter="saved:nope"),
    ):
        with pytest.raises(FilterError, match="no saved filter 'nope': there are mine"):
            call()
    hub.customers.filters.remove("mine")
    with pytest.raises(FilterError, match="no saved filter 'mine': there are none"):
        add(hub, tmp_path, attrs.evolve(REQUEST, template="T"), name="t")
    assert [state.schedule.key for state in hub.schedules.list()] == ["s"]
    assert hub.runs.list() == ()
    assert not (tmp_path / "out").exists()


def test_an_unknown_name_is_told_with_the_nearest(hub, tmp_path):
    add(hub, tmp_path, name="weekly")
    for call in (
        hub.schedules.get,
        hub.schedules.pause,
        hub.schedules.resume,
        hub.schedules.remove,
        hub.schedules.next_runs,
        hub.schedules.cron,
        hub.schedules.run_due,
    ):
        with pytest.raises(NotFound, match="did you mean 'weekly'"):
            call("weekli")


def test_a_paused_schedule_does_not_run_nor_does_it_catch_up(hub, tmp_path):
    add(hub, tmp_path / "out", at=AT.subtract(days=2), missed="all")
    assert hub.schedules.pause("s").paused
    assert hub.schedules.run_due(at=AT) == ()
    assert hub.schedules.get("s", at=AT).next is None
    assert hub.schedules.resume("s", at=AT).since == AT
    assert hub.schedules.resume("s", at=AT.add(days=1)).since == AT
    assert hub.schedules.run_due(at=AT) == ()
    assert len(hub.schedules.run_due(at=AT.add(days=1))) == 1


def test_a_schedule_that_is_removed_leaves_its_files_and_history(hub, tmp_path):
    add(hub, tmp_path / "out", at=AT.subtract(days=1), deliveries=["mail"])
    (run,) = hub.schedules.run_due(at=AT)
    (tmp_path / "blocked").write_text("")
    add(hub, tmp_path / "blocked" / "out", name="t", at=AT.subtract(days=1))
    hub.schedules.run_due(at=AT)
    hub.schedules.remove("s")
    hub.schedules.remove("t")
    assert hub.schedules.list() == ()
    assert Path(run.path).exists()
    states = {run.schedule: run.state for run in hub.runs.list()}
    assert states == {"s": RunState.PUBLISHED, "t": RunState.GIVEN_UP}
    (failed,) = hub.runs.list(schedule="t")
    assert "removed" in failed.error


def test_a_removed_schedule_leaves_no_hidden_file(hub, tmp_path, monkeypatch):
    add(hub, tmp_path / "out", at=AT.subtract(days=1))
    with monkeypatch.context() as patched:

        def die(*_, **__):
            raise KeyboardInterrupt

        patched.setattr(running, "fingerprint", die)
        with pytest.raises(KeyboardInterrupt):
            hub.schedules.run_due(at=AT)
    assert [file.suffix for file in (tmp_path / "out").iterdir()] == [".part"]
    hub.schedules.remove("s")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_is_found_however_it_is_spelled(hub, tmp_path):
    add(hub, tmp_path, name=" \u00e9t\u00e9  2026 ")
    assert (
        hub.schedules.get("e\u0301te\u0301 2026").schedule.key == "\u00e9t\u00e9 2026"
    )


def test_numbers_of_runs_are_not_negative(hub, tmp_path):
    add(hub, tmp_path)
    assert hub.schedules.next_runs("s", 0) == hub.runs.list(limit=0) == ()
    for call in (
        lambda: hub.schedules.next_runs("s", -1),
        lambda: hub.runs.list(limit=-1),
    ):
        with pytest.raises(InvalidValue, match="0 or more"):
            call()


# history


def test_what_a_person_writes_is_in_the_history(hub, tmp_path):
    written = hub.reports.write(
        "subscription-details", to=tmp_path, region="US", at="2026-11-22", locale="fr"
    )
    (run,) = hub.runs.list(schedule="")
    assert run.path == str(written.path)
    assert (run.file.rows, run.file.size) == (
        written.rows,
        written.path.stat().st_size,
    )
    assert (run.request.region, run.request.locale) == ("US", "fr")
    assert run.request.at.isoformat() == "2026-11-22"
    assert (run.who, run.state, run.slot) == ("local owner", RunState.PUBLISHED, None)
    assert hub.runs.get(run.key[:8]) == run
    assert hub.runs.list(template="devices") == ()
    for key in ("", "nothing"):
        with pytest.raises(NotFound):
            hub.runs.get(key)


def test_a_run_repeated_gives_the_same_bytes_or_names_the_imports(hub, tmp_path):
    add(hub, tmp_path / "out", at=AT.subtract(days=1))
    (run,) = hub.schedules.run_due(at=AT)
    again = hub.runs.repeat(run.key, to=tmp_path / "again")
    assert (again.same, again.imports) == (True, ())
    assert Path(again.run.path).read_bytes() == Path(run.path).read_bytes()
    organization = ph.domain.Organization(
        id="c8b0e0d2-0000-4000-8000-0000000000ff", name="New", region="US"
    )
    hub.put(ph.domain.Subscription(id="New", customer=organization), at="2026-11-20")
    before = Path(run.path).read_bytes()
    other = hub.runs.repeat(run.key, to=Path(run.path).parent)
    assert Path(run.path).read_bytes() == before
    assert not other.same
    assert [note.file for note in other.imports] == ["objects"]
    assert other.to_dict()["imports"][0]["number"] == 2
    assert hub.runs.imports(after=1) == other.imports


def test_files_that_were_taken_in_are_named(hub, tmp_path, sample_files):
    hub.ingest(sample_files[0].path, region=sample_files[0].region)
    note = hub.runs.imports()[-1]
    assert note.file == sample_files[0].path.name
    assert note.rows >= note.taken > 0


def test_a_file_that_cannot_be_noted_is_not_taken_in(hub, sample_files, monkeypatch):
    known = hub.customers.find(region="*").ids

    def fail(*_):
        raise StoreFull("hub.db", "no space")

    monkeypatch.setattr(RunWriting, "note_import", fail)
    for file in sample_files:
        with pytest.raises(StoreFull):
            hub.ingest(file.path, region=file.region)
    assert hub.customers.find(region="*").ids == known


def test_a_report_that_fails_is_in_the_history_with_the_reason(hub, tmp_path):
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(FileNotWritten):
        hub.reports.write("devices", to=tmp_path / "out", region="US", at=AT)
    (run,) = hub.runs.list()
    assert (run.state, run.file, run.open) == (RunState.GIVEN_UP, None, False)
    assert "is a file, not a folder" in run.error
    assert (run.who, run.request.template) == ("local owner", "devices")
    assert Path(run.path).parent == tmp_path / "out"
    with pytest.raises(IllegalStep, match="never published"):
        hub.runs.repeat(run.key, to=tmp_path)


def test_what_a_failing_store_cannot_note_does_not_hide_why(hub, tmp_path, monkeypatch):
    def fail(*_):
        raise StoreFull("hub.db", "no space")

    monkeypatch.setattr(RunWriting, "put_run", fail)
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(FileNotWritten):
        hub.reports.write("devices", to=tmp_path / "out", region="US", at=AT)


def test_edits_that_can_make_a_report_another_one_are_named(hub, tmp_path):
    who = "c8b0e0d2-0000-4000-8000-000000000001"
    template = ReportTemplate(name="T", base="devices", columns=("mac",))
    written = hub.reports.write("customers", to=tmp_path, region="US", at=AT)
    edits = (
        ("tags", lambda: hub.tags.add([who], "x")),
        ("tags", lambda: hub.tags.assign(who, ["y"])),
        ("saved filters", lambda: hub.customers.filters.save("Mine", "tag:x")),
        ("saved filters", lambda: hub.customers.filters.remove("mine")),
        ("report templates", lambda: hub.reports.templates.save(template)),
        ("report templates", lambda: hub.reports.templates.remove("t")),
        ("administrators", lambda: hub.administrators.add_user("ana@partner.example")),
        (
            "customer groups",
            lambda: hub.administrators.save_group("N", customers=[who], members=[]),
        ),
        ("regions of customers", lambda: hub.customers.set_region(who, "EU")),
    )
    for named, edit in edits:
        newest = hub._context.store.newest_import()
        edit()
        (note,) = hub.runs.imports(after=newest)
        assert (note.file, note.rows, note.taken) == (named, 1, 1)
    again = hub.runs.repeat(written.run, to=tmp_path)
    assert [note.file for note in again.imports] == [named for named, _ in edits]
    newest = hub._context.store.newest_import()
    hub.tags.add([who], "y")
    hub.reports.templates.save(template)
    hub.reports.templates.save(template)
    assert [note.file for note in hub.runs.imports(after=newest)] == [
        "report templates"
    ]


@pytest.mark.parametrize("region", ["US", None])
def test_the_file_in_a_zip_has_the_name_of_the_zip(hub, tmp_path, region):
    request = attrs.evolve(
        REQUEST, region=region, per_region=region is None, compression="zip"
    )
    add(hub, tmp_path / "out", request, at=AT.subtract(days=1))
    made = [Path(run.path) for run in hub.schedules.run_due(at=AT)]
    made += [written.path for written in hub.reports.make(request, to=tmp_path)]
    again = hub.runs.repeat(hub.runs.list(schedule="s")[0].key, to=tmp_path)
    assert (again.same, again.run.path in map(str, made)) == (True, False)
    for file in made:
        with zipfile.ZipFile(file) as archive:
            assert archive.namelist() == [f"{file.stem}.csv"]


def test_what_was_never_published_is_not_repeated(hub, tmp_path):
    (tmp_path / "blocked").write_text("")
    add(hub, tmp_path / "blocked" / "out", at=AT.subtract(days=1))
    (run,) = hub.schedules.run_due(at=AT)
    with pytest.raises(IllegalStep, match="never published"):
        hub.runs.repeat(run.key, to=tmp_path)

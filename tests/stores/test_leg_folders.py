"""Call legs in a folder of Parquet files beside a store."""

import shutil
from itertools import count

import attrs
import pytest
import sqlalchemy as sa

import partnerhub as ph
from partnerhub.adapters.copying.copier import copy_store
from partnerhub.adapters.opening import open_store, open_stores
from partnerhub.adapters.parquet import folders
from partnerhub.adapters.parquet.manifest import read_manifest
from partnerhub.domain.errors import StoreCorrupt, StoreError
from partnerhub.ports import Store
from partnerhub.testing import StoreContract
from tests.calling_files import cdr, media
from tests.hub.test_calling import AT, details
from tests.kpis.calling_legs import ACME, BOLT, FORTY
from tests.kpis.test_calling_usage_details import EXPECTED

pytest.importorskip("polars")

DAY = FORTY[0].start.date()


class TestLegFolder(StoreContract):
    examples = 4
    sees_own_legs = False

    @pytest.fixture(autouse=True)
    def place(self, tmp_path):
        self._folders = (tmp_path / str(n) for n in count())

    def make(self) -> Store:
        return open_store("memory:", legs=next(self._folders))


@pytest.fixture
def files(tmp_path):
    for name, content in (("cdr.csv", cdr(FORTY)), ("media.csv", media(FORTY))):
        (tmp_path / name).write_text(content, "utf-8")
    return [tmp_path / "cdr.csv", tmp_path / "media.csv"]


@pytest.mark.parametrize("step", [1, -1])
def test_a_hub_over_a_folder_of_legs(tmp_path, files, step):
    url, legs = f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "legs"
    for again in (False, True):
        with ph.connect(url, legs=legs) as hub:
            for outcome in hub.ingest(*files[::step], region="US"):
                assert (outcome.taken == 0) == again
            assert details(hub) == EXPECTED
            assert len(hub.calling.usage(at=AT)) == 2
    # Files that belong to no published list are gone.
    with ph.connect(url, legs=legs) as hub:
        listed = hub._context.store._dataset.rows
        assert listed == 40


def test_a_file_that_fails_leaves_nothing(tmp_path, files):
    legs = tmp_path / "legs"
    with open_store("memory:", legs=legs) as store, ph.Hub(store) as hub:
        hub.ingest(files[0], region="US")
        before = sorted(legs.rglob("*.parquet"))
        with pytest.raises(ZeroDivisionError), store.writing() as writer:
            from tests.adapters.test_parquet import records

            writer.put_legs(records(FORTY[:5], minute=9))
            raise ZeroDivisionError
        assert sorted(legs.rglob("*.parquet")) == before
        assert store.legs_elsewhere == 40


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.parametrize("done", [0, 1])
def test_a_death_around_the_publishing_of_files_shows_nothing_of_them(
    tmp_path, files, monkeypatch, point, done
):
    """Neither to who reads the store then, nor to a new process, nor twice later."""
    url, legs = f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "legs"
    other = attrs.evolve(FORTY[0], duration_s=6000)
    (tmp_path / "more.csv").write_text(cdr([other] * 7, minute=9, first=100), "utf-8")
    with ph.connect(url, legs=legs) as hub:
        hub.ingest(*files[:done], region="US")

    class Killed(BaseException):
        """What ends a process without anything being tidied."""

    def killed(backend, listed):
        if point == "after":
            told(backend, listed)
        raise Killed

    told = folders._tell
    with ph.connect(url, legs=legs) as hub, monkeypatch.context() as patch:
        patch.setattr(folders._FolderWriter, "discard", lambda _: None)
        if done:
            patch.setattr(folders, "_tell", killed)
        else:  # whose first word is of a folder without a list
            patch.setattr(
                folders, "_tell", lambda b, m: (killed if m.number else told)(b, m)
            )
        with pytest.raises(Killed):
            hub.ingest(tmp_path / "more.csv", region="US")
        assert len([*legs.glob("parts-*.json")]) == done + 1
        assert hub._context.store.legs_elsewhere == 40 * done
    with ph.connect(url, legs=legs) as hub:
        assert hub._context.store.legs_elsewhere == 40 * done
        shown = sum(map(len, hub._context.store.legs(DAY, DAY)))
        assert shown == sum(leg.start.date() == DAY for leg in FORTY) * done
        (outcome,) = hub.ingest(tmp_path / "more.csv", region="US")
        assert (outcome.taken, outcome.unchanged) == (7, 0)
        assert hub._context.store.legs_elsewhere == 40 * done + 7
    named = {part.path for part in read_manifest(legs).parts}
    there = {path.relative_to(legs).as_posix() for path in legs.rglob("*.parquet")}
    assert there == named


def test_a_store_whose_list_is_gone_says_so(tmp_path, files):
    url, legs = f"sqlite:///{tmp_path / 'hub.db'}", tmp_path / "legs"
    with ph.connect(url, legs=legs) as hub:
        hub.ingest(*files, region="US")
    shutil.rmtree(legs)
    with ph.connect(url, legs=legs) as hub, pytest.raises(StoreCorrupt, match="list 2"):
        hub.calling.usage(at=AT)


def test_a_store_that_has_its_legs_itself_takes_no_folder(tmp_path, files):
    """Which would hide them, and count them twice when they are taken again."""
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with ph.connect(url) as hub:
        hub.ingest(*files, region="US")
        with open_store("memory:", legs=tmp_path / "copy") as target:
            with pytest.raises(StoreError, match="in the store"):
                copy_store(hub._context.store, target)
    with ph.connect(url, legs=tmp_path / "legs") as hub:
        with pytest.raises(StoreError, match="open it without"):
            hub.calling.usage(at=AT)
        with pytest.raises(StoreError, match="open it without"):
            hub.ingest(*files, region="US")
    with ph.connect(url) as hub:
        assert details(hub) == EXPECTED


def test_a_store_that_has_not_told_of_its_folder_reads_the_newest_list(tmp_path, files):
    """As stores of before did not, and a new one beside an old folder."""
    with ph.connect("memory:", legs=tmp_path / "legs") as hub:
        hub.ingest(*files, region="US")
    with ph.connect("memory:", legs=tmp_path / "legs") as hub:
        assert hub._context.store.legs_elsewhere == 40
        hub.ingest(*files, region="US")
        assert details(hub) == EXPECTED
        assert hub._context.store.legs_elsewhere == 40


def test_a_host_that_undoes_its_transaction_undoes_the_legs_too(tmp_path, files):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    legs = tmp_path / "legs"
    open_store(engine, migrate=True).close()
    for kept in (True, False, True):
        with engine.connect() as connection:
            with ph.Hub(open_store(connection, legs=legs)) as hub:
                hub.ingest(*files[: 1 + (not kept)], region="US")
            if kept:
                connection.commit()
            else:
                connection.rollback()
        with open_store(engine, legs=legs) as store, ph.Hub(store) as hub:
            found = details(hub)
            assert found.keys() == EXPECTED.keys()
            assert found != EXPECTED  # there is no quality
            assert store.legs_elsewhere == 40


def test_each_region_has_a_folder_of_its_own(tmp_path):
    urls = {"US": "memory:", "EU": "memory:"}
    with open_stores(urls, legs=tmp_path / "legs") as store, ph.Hub(store) as hub:
        for region, who in (("US", ACME), ("EU", BOLT)):
            path = tmp_path / f"{region}.csv"
            path.write_text(cdr([leg for leg in FORTY if leg.organization == who]))
            hub.ingest(path, region=region)
        assert details(hub, region="*").keys() == EXPECTED.keys()
        assert {file.name for file in (tmp_path / "legs").iterdir()} == {"US", "EU"}


def test_legs_lie_where_their_customer_does(tmp_path, files):
    with ph.connect("memory:", legs=tmp_path / "legs") as hub:
        for region in (None, "US", "US"):
            outcomes = hub.ingest(*files, region=region)
            assert [each.taken > 0 for each in outcomes] == [region is None] * 2
        hub.customers.set_region(ACME, "EU", why="told wrongly")
        assert {who for who, _ in details(hub, region="EU")} == {ACME}
        assert {who for who, _ in details(hub, region="US")} == {BOLT}
        assert details(hub, region="*") == EXPECTED
        assert hub._context.store.legs_elsewhere == 40


def test_a_copy_needs_a_copy_of_the_folder(tmp_path, files):
    legs = tmp_path / "legs"
    with open_store("memory:", legs=legs) as store, ph.Hub(store) as hub:
        hub.ingest(*files, region="US")
        with open_store("memory:") as target, pytest.raises(StoreError, match="folder"):
            copy_store(store, target)
        shutil.copytree(legs, tmp_path / "copy")
        with open_store("memory:", legs=tmp_path / "copy") as target:
            assert copy_store(store, target).customers == 2
            with ph.Hub(target) as copy:
                assert details(copy) == EXPECTED

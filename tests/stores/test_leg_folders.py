"""Call legs in a folder of Parquet files beside a store."""

import shutil
from itertools import count

import pytest

import partnerhub as ph
from partnerhub.adapters.copying.copier import copy_store
from partnerhub.adapters.opening import open_store, open_stores
from partnerhub.domain.errors import StoreError
from partnerhub.ports import Store
from partnerhub.testing import StoreContract
from tests.calling_files import cdr, media
from tests.hub.test_calling import AT, details
from tests.kpis.calling_legs import ACME, BOLT, FORTY
from tests.kpis.test_calling_usage_details import EXPECTED

pytest.importorskip("polars")


class TestLegFolder(StoreContract):
    examples = 4

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

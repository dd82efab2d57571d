"""Several processes on one store: no edit is lost, and readers do not wait."""

import datetime as dt
import multiprocessing
import os
import random

import attrs
import pytest

from partnerhub.adapters.opening import open_store
from partnerhub.domain.errors import ConflictError
from partnerhub.ports import OrganizationFacts

DAY = dt.date(2026, 11, 22)
UUIDS = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in range(4))
PROCESSES = 8
EDITS = int(os.environ.get("PARTNERHUB_EDITS", "25"))


def edit(url: str, schema: str | None, name: int, edits: int, told) -> None:
    """Adds to the tags of random customers; tells each edit that was acknowledged."""
    chance = random.Random(name)
    with open_store(url, schema=schema) as store:
        for number in range(edits):
            uuid = chance.choice(UUIDS)
            while True:
                read = store.profile(uuid)
                assert read is not None
                tags = (*read.tags[-4:], f"{name}.{number}")
                try:
                    with store.writing() as writer:
                        version = writer.set_tags(
                            uuid, tags, day=DAY, version=read.version
                        )
                except ConflictError:
                    continue
                break
            told.put((uuid, version, tags))
    told.put(None)


@attrs.frozen(kw_only=True)
class Edited:
    """What processes were told of their edits, and what is there in the end.

    Attributes:
        first: Customer -> its version before any of them.
        edits: Customer, version and tags of each edit that was acknowledged.
        tags: Customer -> its tags in the end.
    """

    first: dict[str, int]
    edits: list[tuple[str, int, tuple[str, ...]]]
    tags: dict[str, tuple[str, ...]]

    def in_serial(self):
        """The same edits, made one after the other in the order of their versions.

        Each on what the one before it left, and each a version more.
        """
        versions, tags = dict(self.first), dict.fromkeys(self.first, ())
        edits = []
        for uuid, _, told in sorted(self.edits):
            versions[uuid] += 1
            tags[uuid] = (*tags[uuid][-4:], told[-1])
            edits.append((uuid, versions[uuid], tags[uuid]))
        return Edited(first=self.first, edits=edits, tags=tags)


def edited(url: str, schema: str | None = None) -> Edited:
    """Edits from all processes at once."""
    with open_store(url, schema=schema, migrate=True) as store:
        with store.writing() as writer:
            writer.put_organizations(
                OrganizationFacts(id=uuid, name="a", day=DAY) for uuid in UUIDS
            )
        start = {uuid: store.profile(uuid).version for uuid in UUIDS}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.stores.crashing", "psycopg", "sqlalchemy"])
    told = context.Queue()
    workers = [
        context.Process(target=edit, args=(url, schema, name, EDITS, told))
        for name in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    edits, running = [], PROCESSES
    while running:
        one = told.get(timeout=600)
        if one is None:
            running -= 1
        else:
            edits.append(one)
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    with open_store(url, schema=schema) as store:
        tags = {uuid: store.profile(uuid).tags for uuid in UUIDS}
    return Edited(first=start, edits=sorted(edits), tags=tags)


@pytest.mark.slow
def test_eight_processes_edit_one_sqlite_file(tmp_path):
    found = edited(f"sqlite:///{tmp_path / 'hub.db'}")
    assert len(found.edits) == PROCESSES * EDITS
    assert found == found.in_serial()


@pytest.mark.slow
@pytest.mark.postgres
def test_eight_processes_edit_one_postgres(postgres, new_schema):
    found = edited(postgres.url(), new_schema())
    assert len(found.edits) == PROCESSES * EDITS
    assert found == found.in_serial()


def test_a_long_import_does_not_hold_up_readers(tmp_path):
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with open_store(url) as writing, open_store(url) as reading:
        with writing.writing() as writer:
            facts = OrganizationFacts(id=UUIDS[0], name="a", day=DAY)
            writer.put_organizations([facts])
            assert reading.profile(UUIDS[0]) is None
        assert reading.profile(UUIDS[0]) is not None

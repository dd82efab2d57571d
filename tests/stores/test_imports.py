"""Real files into real stores: the order of reading does not matter, nor does repeating."""

import csv
import datetime as dt
import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerhub.adapters.importing import import_file
from partnerhub.adapters.opening import open_store
from partnerhub.domain.layouts import SUBSCRIPTION_DETAILS
from partnerhub.testing.comparing import snapshot

FIRST = dt.date(2026, 11, 1)
DAYS = [FIRST + dt.timedelta(n) for n in range(-1, 7)]
UUIDS = tuple(f"00000000-0000-4000-8000-00000000000{n}" for n in range(1, 4))

counts = st.sampled_from(("", "0", "3", "7"))
# A blank license cell says nothing, not even to later days, so it is no part of a
# picture: only files that tell their licenses are the same in any order.
licenses = st.sampled_from(("0", "3", "7"))
KEYS = [column.key for column in SUBSCRIPTION_DETAILS.columns]


@st.composite
def pictures(draw):
    """Full pictures of some customers, no customer twice on a day."""
    told = draw(
        st.dictionaries(
            st.tuples(st.integers(0, 5), st.sampled_from(UUIDS)),
            st.dictionaries(
                st.sampled_from(("Sub1", "Sub2", "Sub3")),
                st.fixed_dictionaries(
                    {
                        "customer_name": st.sampled_from(("Acme", "Café ü")),
                        "status": st.sampled_from(("Active", "Expired", "Suspended")),
                        "subscription_type": st.sampled_from(("Enterprise", "Trial")),
                        "users_total": counts,
                        "auto_renew": st.sampled_from(("TRUE", "FALSE", "")),
                        "expiration_or_renewal_date": st.sampled_from(
                            ("", "2026-12-01", "2027-01-31")
                        ),
                        "meetings_total": licenses,
                        "meetings_assigned": licenses,
                        "calling_standard_total": licenses,
                        "calling_standard_used": licenses,
                    }
                ),
                min_size=1,
            ),
            min_size=2,
            max_size=6,
        )
    )
    days: dict[int, list[dict[str, str]]] = {}
    for (offset, uuid), held in told.items():
        day = (FIRST + dt.timedelta(offset)).isoformat()
        # The name is the customer's, not the subscription's.
        name = next(iter(held.values()))["customer_name"]
        for identity, row in held.items():
            known = {
                "calculation_date": day,
                "org_id": uuid,
                "subscription_id": identity,
            }
            days.setdefault(offset, []).append(row | known | {"customer_name": name})
    return [rows for _, rows in sorted(days.items())]


def write(folder: Path, pictures) -> list[Path]:
    files = []
    headings = [column.heading for column in SUBSCRIPTION_DETAILS.columns]
    for number, rows in enumerate(pictures):
        file = folder / f"Subscription Details {number}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow(headings)
            writer.writerows([[row.get(key, "") for key in KEYS] for row in rows])
        files.append(file)
    return files


def taken(store, file) -> int:
    (outcome,) = import_file(store, file)
    assert not outcome.problems
    return outcome.taken


def history(store):
    return [snapshot(store, day) for day in DAYS]


@given(pictures(), st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_files_in_any_order_give_the_same_store_and_a_second_time_nothing(
    pictures, random
):
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder), pictures)
        shuffled = random.sample(files, len(files))
        url = f"sqlite:///{folder}/hub.db"
        with open_store("memory:") as in_order, open_store(url) as in_any:
            for file in files:
                assert taken(in_order, file) > 0
            for file in shuffled:
                assert taken(in_any, file) > 0
            expected = history(in_order)
            assert history(in_any) == expected
            for file in random.sample(files, len(files)):
                assert taken(in_order, file) == taken(in_any, file) == 0
            assert history(in_order) == history(in_any) == expected


@pytest.mark.postgres
def test_every_order_of_three_files_on_postgres(postgres, new_schema, tmp_path):
    def row(day, uuid, identity, users, **more):
        return {
            "calculation_date": day,
            "org_id": uuid,
            "customer_name": "Acme",
            "status": "Active",
            "subscription_id": identity,
            "users_total": users,
            "meetings_total": users,
            **more,
        }

    a, b, _ = UUIDS
    files = write(
        tmp_path,
        [
            [row("2026-11-01", a, "Sub1", "1"), row("2026-11-01", a, "Sub2", "1")],
            [row("2026-11-03", a, "Sub1", "2"), row("2026-11-03", b, "Sub1", "5")],
            [row("2026-11-05", a, "Sub2", "2"), row("2026-11-05", a, "Sub1", "2")],
        ],
    )
    with open_store("memory:") as model:
        for file in files:
            assert taken(model, file) == 2
        expected = history(model)
    for order in itertools.permutations(files):
        with open_store(postgres.url(), schema=new_schema(), migrate=True) as store:
            for file in (*order, *files):
                taken(store, file)
            assert history(store) == expected

import shlex


def test_from_start_to_end_and_again(run, tmp_path):
    folder = tmp_path / "the demo"
    first = run("demo", "--dir", folder, "--customers", 30)
    assert (first.exit_code, first.stderr) == (0, "")
    shown = first.stdout
    for part in (
        "in US, EU, CA",
        "2 problems",
        ":Org ID: ",
        "Customers that need attention on 2026-11-22",
        "Suspended",
        "not paid",
        "EU      Meetings",
        "Worse beyond chance",
        "Where everything is",
    ):
        assert part in shown
    assert len(list((folder / "reports").glob("Subscription Details_*.csv"))) == 3

    again = run("demo", "--dir", folder, "--customers", 30)
    assert again.exit_code == 0
    assert ": 0 taken" in again.stdout.splitlines()[2]

    commands = [line for line in shown.splitlines() if " --store " in line]
    assert len(commands) == 7
    for line in commands:
        words = shlex.split(line)
        tried = run(*words[words.index("--store") :])
        expected = 1 if "ingest" in words else 0
        assert tried.exit_code == expected, (line, tried.stderr)


def test_other_sizes_do_not_mix(run, tmp_path):
    for customers in (1, 2):
        done = run("demo", "--dir", tmp_path, "--customers", customers)
        assert done.exit_code == 0, done.stderr
    assert len(list(tmp_path.glob("sample-*.db"))) == 2


def test_a_place_that_cannot_be_written(run, tmp_path):
    file = tmp_path / "file"
    file.touch()
    done = run("demo", "--dir", file / "below")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")

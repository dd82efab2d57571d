import io

from rich.console import Console

from partnerhub.cli import output


def test_nothing_is_cut_and_no_line_broken(capsys):
    name = "Müller & Søn, " * 20 + "\x1b[2J\nend"
    output.print_table(["Customer", "Licenses"], [(name, 3), (None, None)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith("[2J end" + "  " + "       3")
    assert len(lines) == 4
    assert "\x1b" not in "".join(lines)


def test_one_long_cell_does_not_widen_the_rows_of_all_others():
    long = "x" * 81
    rows = [("Acme", "US", 1), (long, "EU", 20), ("y" * 80, "CA", 3)]
    lines = list(output.aligned(["Customer", "Region", "N"], rows))
    assert lines[2] == "Acme" + " " * 76 + "  US       1"
    assert lines[3] == long + "  EU      20"
    assert len(lines[4]) == len(lines[2]) == len(lines[0])


def test_a_table_without_rows_says_so(capsys):
    output.print_table(["Customer"], [])
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "nothing to show\n")


def test_numbers_that_are_texts_are_set_flush_right(capsys):
    output.print_table(["N", "Name"], [("1", "a"), ("1000", "b")], numbers=[0])
    assert capsys.readouterr().out.splitlines()[2] == "   1  a"


def test_wide_and_combining_characters_are_aligned():
    _, _, *rows = output.aligned(["Name", "N"], [("東京", 1), ("Ame\u0301lie", 2)])
    assert rows == ["東京    1", "Ame\u0301lie  2"]


def test_a_terminal_gets_a_drawn_table_without_markup(monkeypatch):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=40)
    monkeypatch.setattr(output, "_console", lambda _: console)
    output.print_table(["Customer", "N"], [("[red]Acme[/red] " + "x" * 60, 12)])
    drawn = stream.getvalue()
    assert "\x1b[1m" in drawn
    assert "[red]Acme[/red]" in drawn
    assert drawn.count("x") == 60


def test_no_column_is_squeezed_out_of_a_narrow_terminal(monkeypatch):
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=60)
    monkeypatch.setattr(output, "_console", lambda _: console)
    headings = ["Customer", *(f"A long heading of number {n}" for n in range(4))]
    rows = [("Acme Corp", "10 (50.0 %)", "1", "2", "3"), ("Bolt", "5", "1", "2", "3")]
    output.print_table(headings, rows, numbers=range(1, 5))
    drawn = stream.getvalue()
    assert "Acme Corp  " in drawn
    assert "  10 (50.0 %)" in drawn
    assert drawn.count("heading") == 4


def test_progress_is_for_terminals(monkeypatch, capsys):
    with output.progress() as show:
        show("reading")
    assert capsys.readouterr().err == ""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True)
    monkeypatch.setattr(output, "_console", lambda _: console)
    with output.progress() as show:
        show("reading [bold]a[/bold].csv")
    assert "reading [bold]a[/bold].csv" in stream.getvalue()

"""`partnerhub copy`, `partnerhub backup` and `partnerhub migrate`."""

from __future__ import annotations

from pathlib import Path

import click

from partnerhub.cli import options
from partnerhub.cli.errors import NotUnderstood
from partnerhub.cli.output import print_json, print_line, progress, say
from partnerhub.cli.stores import (
    LEGS_VARIABLE,
    existing_store,
    existing_url,
    legs_folder,
    urls_of,
)


@click.command(
    short_help="Copy a whole store into another, of any kind.",
    epilog=options.examples(
        "partnerhub copy sqlite:///hub.db postgresql://user@host/database",
        "partnerhub copy sqlite:///hub.db sqlite:///copy.db",
    ),
)
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@options.as_json
def copy(source: str, target: str, *, as_json: bool) -> None:
    """Copy all that the store SOURCE holds into the store TARGET.

    Both are URLs, as for --store. TARGET is made where it is not there, and is empty
    or the beginning of the same copy: one that was interrupted goes on where it was.
    Every part is read back and compared with what was read. SOURCE may be in use.
    Call legs in a folder of Parquet files are not in it: copy the folder too.
    """
    import attrs

    from partnerhub.adapters.copying.copier import copy_store
    from partnerhub.adapters.opening import open_store

    if source == target:
        raise NotUnderstood("SOURCE and TARGET are the same store")
    with (
        existing_store(source) as source_store,
        open_store(target, migrate=True) as target_store,
        progress() as show,
    ):
        report = copy_store(
            source_store,
            target_store,
            progress=lambda done, all_: show(f"{done:,} of {all_:,} customers"),
        )
    _tell_of_folder()
    if as_json:
        print_json(attrs.asdict(report))
        return
    print_line(f"{report.customers:,} customers, {report.rows:,} rows, all compared")
    if report.skipped:
        say(f"{report.skipped:,} of the customers were there already")
    say(f"checksum {report.checksum}")


@click.command(
    short_help="Write a copy of a live SQLite store to a file.",
    epilog=options.examples("partnerhub backup sqlite:///hub.db hub-2026-11-22.db"),
)
@click.argument("source", metavar="SOURCE")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(source: str, file: Path) -> None:
    """Write the SQLite store SOURCE, a URL, to a new FILE.

    SOURCE may be read and written meanwhile; the file holds one state of it, is
    checked, and appears whole or not at all. It is a store itself: sqlite:///FILE.
    Call legs in a folder of Parquet files are not in it: copy the folder too.
    """
    from partnerhub.adapters.backups import backup_store

    # Not opened: it may be of another version, and this is before its migration.
    backup_store(existing_url(source), file)
    print_line(f"{file}: {file.stat().st_size:,} bytes")
    _tell_of_folder()


@click.command(
    short_help="Make the tables of a store, or bring them up to date.",
    epilog=options.examples(
        "partnerhub --store postgresql://user@host/database migrate",
    ),
)
@options.store
@click.pass_context
def migrate(context: click.Context, /) -> None:
    """Make the tables of the store, or bring those of an older version up to date.

    All of it is done, or nothing. SQLite files are made and brought up to date by
    whatever command opens them; take a backup first.
    """
    from partnerhub.adapters.opening import open_store
    from partnerhub.adapters.sql.schema import VERSION

    urls = urls_of(context.obj)
    for url in [urls] if isinstance(urls, str) else urls.values():
        with open_store(url, migrate=True) as store:
            print_line(f"{store.name}: schema version {VERSION}")


def _tell_of_folder() -> None:
    folder = legs_folder()
    if folder is not None:
        say(
            f"call legs lie in the folder {folder} ({LEGS_VARIABLE}) and are not in "
            "it: copy that too"
        )

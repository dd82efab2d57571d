"""Written files in a real spreadsheet: the same values, and no formula that runs.

LibreOffice opens the file without a window and saves the sheet as its own flat XML,
in which a formula is told from a text, and as CSV, for the values.
"""

import csv
import datetime as dt
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

from partnerhub.columns.table import Table
from partnerhub.domain.cells import CellSafety
from partnerhub.domain.layouts import CellType, Column
from partnerhub.domain.report_specs import FileFormat
from partnerhub.reports.writing import write_tables
from tests.support import require

pytestmark = pytest.mark.slow

DAY = dt.date(2026, 11, 22)
NASTY = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1;2)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    '=HYPERLINK("https://evil.example","x")',
    '"=1+1"',
    "  =1+1",
    "https://partner.example",
    "Müller, Söhne & Co",
]
COLUMNS = (
    Column(key="text", heading="Text", french="Texte"),
    Column(key="phone", heading="Phone", french="Téléphone", cell=CellType.PHONE),
    Column(key="count", heading="Count", french="Nombre", cell=CellType.COUNT),
    Column(key="share", heading="Share", french="Part", cell=CellType.RATIO),
    Column(key="day", heading="Day", french="Jour", cell=CellType.DAY),
    Column(key="flag", heading="Flag", french="Oui", cell=CellType.FLAG),
)
TABLE = Table.from_rows(
    COLUMNS,
    [
        (text, "+33140506070", place, place / 10, DAY, place % 2 == 0)
        for place, text in enumerate(NASTY)
    ],
)
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXTS = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def written(folder, file_format, safety=CellSafety.SAFE):
    path = folder / f"report.{file_format}"
    with path.open("wb") as file:
        write_tables(
            [TABLE], file, format=file_format, safety=safety, locale="fr", day=DAY
        )
    return path


def opened(path, folder):
    """The cells of the sheet that LibreOffice makes of a file: (formula, type, text)."""
    office = shutil.which("soffice")
    require(office, "LibreOffice opens the written files (libreoffice-calc-nogui)")
    command = [
        *(office, f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
        *("--headless", "--convert-to", "fods", "--outdir", str(folder)),
        # Commas, double quotes, UTF-8, and cells detected as a person's would be.
        "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true"
        if path.suffix == ".csv"
        else "--infilter=Calc MS Excel 2007 XML",
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    root = ET.parse(folder / f"{path.stem}.fods").getroot()
    rows = []
    for row in root.iter(f"{{{TABLES}}}table-row"):
        cells = []
        for cell in row.iter(f"{{{TABLES}}}table-cell"):
            text = "\n".join(
                "".join(paragraph.itertext())
                for paragraph in cell.iter(f"{{{TEXTS}}}p")
            )
            told = cell.get(f"{{{OFFICE}}}value-type")
            repeated = int(cell.get(f"{{{TABLES}}}number-columns-repeated", "1"))
            value = cell.get(f"{{{OFFICE}}}date-value") or cell.get(
                f"{{{OFFICE}}}value"
            )
            formula = cell.get(f"{{{TABLES}}}formula")
            cells += [(formula, told, value or text)] * min(repeated, len(COLUMNS))
        rows.append(cells[: len(COLUMNS)])
    return rows[: len(NASTY) + 1]


def test_a_csv_file_has_the_same_values_and_no_formula(tmp_path):
    path = written(tmp_path, FileFormat.CSV)
    heading, *rows = opened(path, tmp_path)
    assert [cell[2] for cell in heading] == [column.french for column in COLUMNS]
    assert not [cell for row in rows for cell in row if cell[0]]
    with path.open(encoding="utf-8", newline="") as file:
        expected = [line[0] for line in list(csv.reader(file))[1:]]
    shown = [row[0][2] for row in rows]
    assert [_plain(text) for text in shown] == [_plain(text) for text in expected]
    assert [row[0][1] for row in rows] == ["string"] * len(NASTY)
    assert [float(row[2][2]) for row in rows] == list(range(len(NASTY)))
    assert {row[4][2] for row in rows} == {"2026-11-22"}


def test_an_unguarded_csv_file_would_run(tmp_path):
    """The control: what the guard prevents does happen without it."""
    path = written(tmp_path, FileFormat.CSV, CellSafety.RAW)
    _, *rows = opened(path, tmp_path)
    assert "of:=1+1" in [row[0][0] for row in rows]


def test_a_workbook_has_typed_values_and_no_formula_or_link(tmp_path):
    _, *rows = opened(written(tmp_path, FileFormat.XLSX), tmp_path)
    # LibreOffice keeps TRUE and FALSE of a workbook as the functions of that name.
    formulas = {cell[0] for row in rows for cell in row}
    assert formulas == {None, "of:=TRUE()", "of:=FALSE()"}
    assert {row[0][0] for row in rows} == {None}
    assert [_plain(row[0][2]) for row in rows] == [_plain(text) for text in NASTY]
    assert [row[0][1] for row in rows] == ["string"] * len(NASTY)
    assert [float(row[3][2]) for row in rows] == [n / 10 for n in range(len(NASTY))]
    assert {row[4][1:] for row in rows} == {("date", "2026-11-22")}
    body = (tmp_path / "report.fods").read_text("utf-8").partition("<office:body")[2]
    assert "xlink" not in body


def _plain(text):
    """Without white space, which the flat XML spells with elements of its own."""
    return "".join(text.split())

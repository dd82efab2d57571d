"""The partner's own report templates: kept, checked, and carried from hub to hub."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_origin

import attrs
import cattrs
from cattrs.v import format_exception

from partnerhub.domain.capabilities import Capability
from partnerhub.domain.errors import (
    ConflictError,
    FileRefused,
    InvalidValue,
    NotFound,
    PartnerHubError,
    there_are,
)
from partnerhub.domain.layouts import Locale
from partnerhub.domain.report_specs import ReportTemplate, template_key
from partnerhub.hub.context import Context
from partnerhub.hub.customers.querying import filter_of
from partnerhub.hub.permissions import edits, reads
from partnerhub.hub.reports.data import DATA_SETS, DataSet, data_set
from partnerhub.hub.reports.plans import templates_of
from partnerhub.reports.files import whole_file

FORMAT: Final = 1
"""Version of the files that templates are exported to."""

_KIND: Final = "partnerhub report templates"
_TWICE: Final = "another one of the file has it, but for letter case"


class ReportTemplates:
    """Templates of one's own: some columns of a data set, in an order.

    Names are told apart whatever their letter case, and none is the name of a report
    that there is anyway.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    @reads(Capability.REPORT_TEMPLATES)
    def list(self) -> tuple[ReportTemplate, ...]:
        """All of them, by name."""
        return templates_of(self._context).all()

    @reads(Capability.REPORT_TEMPLATES)
    def bases(self) -> tuple[DataSet, ...]:
        """The data sets that templates can be made of, each with its columns."""
        return tuple(DATA_SETS.values())

    @reads(Capability.REPORT_TEMPLATES)
    def get(self, name: str, /) -> ReportTemplate:
        """The template with that name, in any letter case.

        Raises:
            NotFound: There is none; it names the nearest.
        """
        found = templates_of(self._context).get(template_key(name))
        if found is None:
            choices = [each.name for each in self.list()]
            raise NotFound("report template", name, there_are(choices), choices=choices)
        return found

    @edits(Capability.REPORT_TEMPLATES)
    def save(self, template: ReportTemplate, /) -> ReportTemplate:
        """Keeps a template, over an older one of that name.

        Args:
            template: The template. With a version it is an edit of that version, and
                refused where somebody else has changed it since; with version 0 it
                replaces whatever is there.

        Returns:
            The same with its new version; unchanged where it says nothing new.

        Raises:
            NotFound: There is no such data set or column; it names the nearest.
            InvalidValue: The name is that of a report.
            FilterError: The query cannot be understood.
            ConflictError: The template is of another version by now.
        """
        self._check(template)

        def step(kept: ReportTemplate | None) -> ReportTemplate:
            found = 0 if kept is None else kept.version
            if template.version not in {0, found}:
                what = f"report template {template.name!r}"
                raise ConflictError(what, expected=template.version, found=found)
            new = attrs.evolve(template, version=found)
            return new if new == kept else attrs.evolve(new, version=found + 1)

        return templates_of(self._context).change(template.key, step)

    @edits(Capability.REPORT_TEMPLATES)
    def remove(self, name: str, /) -> None:
        """Removes a template.

        Raises:
            NotFound: There is none; it names the nearest.
            ConflictError: Somebody has just changed it.
        """
        templates_of(self._context).remove(self.get(name).key)

    @reads(Capability.REPORT_TEMPLATES)
    def export_file(self, path: str | Path, /, *names: str) -> Path:
        """Writes templates as a JSON file, for another hub to import.

        Args:
            path: The file.
            *names: Which ones; all where none is named.

        Raises:
            NotFound: There is no template of that name.
            FileNotWritten: No permission, no space, or no such place.
        """
        chosen = [self.get(name) for name in names] if names else self.list()
        kept = templates_of(self._context)
        bodies = [_without_version(kept.body(template)) for template in chosen]
        document = {"kind": _KIND, "format": FORMAT, "templates": bodies}
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        with whole_file(path) as file:
            file.write(text.encode())
        return Path(path)

    @edits(Capability.REPORT_TEMPLATES)
    def import_file(self, path: str | Path, /) -> tuple[ReportTemplate, ...]:
        """Keeps the templates of an exported file, over older ones of their names.

        All of them are checked before any is kept.

        Raises:
            FileRefused: It is no such file, or a template in it cannot be used; it
                says which and why.
            FileNotFoundError: There is no such file.
        """
        templates = _read(Path(path))
        seen: set[str] = set()
        for template in templates:
            try:
                self._check(template)
                if template.key in seen:
                    raise InvalidValue("name of a template", template.name, _TWICE)
            except (NotFound, ValueError) as error:
                why = f"template {template.name!r}: {error}"
                raise FileRefused(Path(path).name, why) from error
            seen.add(template.key)
        return tuple(map(self.save, templates))

    def _check(self, template: ReportTemplate) -> None:
        for known in DATA_SETS.values():
            names = {template_key(name) for name in (known.name, known.french)}
            if template.key in {known.key, *names}:
                why = f"it is the name of the report {known.key}"
                raise InvalidValue("name of a template", template.name, why)
        base = data_set(template.base)
        keys = [column.key for column in base.columns]
        for key in (*template.columns, *(each.column for each in template.sort)):
            if key not in keys:
                why = f"{base.key} has {', '.join(keys)}"
                raise NotFound(f"column of {base.name}", key, why, choices=keys)
        filter_of(self._context, template.filter)


def _without_version(body: Any) -> Any:
    return {key: value for key, value in body.items() if key != "version"}


def _read(path: Path) -> list[ReportTemplate]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:  # numbers can be too long as well
        raise FileRefused(path.name, "it is no JSON") from error
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise FileRefused(path.name, "it holds no report templates")
    if document.get("format") != FORMAT:
        why = f"its format is {document.get('format')!r}, and {FORMAT} can be read"
        raise FileRefused(path.name, why)
    bodies = document.get("templates")
    if not isinstance(bodies, list):
        raise FileRefused(path.name, "it has no list of templates")
    return [_structured(path, place, body) for place, body in enumerate(bodies, 1)]


def _structured(path: Path, place: int, body: Any) -> ReportTemplate:
    if not isinstance(body, dict):
        raise FileRefused(path.name, f"template {place}: it is no object")
    try:
        made = _converter().structure(body, ReportTemplate)
    except cattrs.BaseValidationError as error:
        told = "; ".join(cattrs.transform_error(error, format_exception=_why))
        why = f"template {body.get('name') or place!r}: {told}"
        raise FileRefused(path.name, why) from error
    return attrs.evolve(made, version=0)  # another hub has counted it


def _why(error: BaseException, kind: type | None) -> str:
    """What is wrong with a template: our own errors tell it, cattrs the others."""
    ours = isinstance(error, PartnerHubError)
    return str(error) if ours else format_exception(error, kind)


@cache
def _converter() -> cattrs.Converter:
    """For files that people may have written: null is no text, and no text is a list."""
    made = cattrs.Converter(forbid_extra_keys=True)
    for plain in (str, bool, int):
        made.register_structure_hook(plain, _exactly)
    # The template itself refuses languages, and names those that there are.
    made.register_structure_hook_func(
        lambda kind: kind == Locale, lambda given, _: _exactly(given, str)
    )

    def of_list(given: Any, kind: Any) -> Any:
        every: Any = list[get_args(kind)[0]]  # type: ignore[misc]
        return made.structure(_exactly(given, list), every)

    made.register_structure_hook_func(_is_tuple, of_list)
    return made


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _exactly(given: Any, kind: type) -> Any:
    if type(given) is not kind:
        raise TypeError
    return given

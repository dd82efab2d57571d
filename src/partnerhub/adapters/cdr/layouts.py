"""The columns of media quality and of service statistics, as their exports have them.

None of these files carries an organization or a day. The service publishes the
headings of the statistics; those of media quality are read under any name that its
description suggests. Times are `H:MM:SS`, or numbers in the unit of the heading:
minutes where it says so, else seconds.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts import CellType, Column, Layout

_C, _T, _D, _R = CellType.COUNT, CellType.TEXT, CellType.DECIMAL, CellType.RATIO


def worded(heading: str, /) -> str:
    """A heading with its percent sign as a word, since signs are not compared.

    Examples:
        >>> worded("% Answered Calls")
        'Percent Answered Calls'
    """
    return heading.replace("% ", "Percent ").replace("%", "percent")


_Row = tuple[str, str, CellType, tuple[str, ...]]


def _layout(key: str, name: str, required: tuple[str, ...], *rows: _Row) -> Layout:
    return Layout(
        key=key,
        name=name,
        french=name,
        ranged=True,
        columns=tuple(
            Column(
                key=column,
                heading=worded(heading),
                french=worded(heading),
                cell=cell,
                aliases=tuple(map(worded, aliases)),
                required=column in required,
                blank="The file does not tell it." if column not in required else "",
            )
            for column, heading, cell, aliases in rows
        ),
    )


CALL_QUEUE_STATS: Final = _layout(
    "call-queue-stats",
    "Call Queue Stats",
    ("name", "calls"),
    ("name", "Call Queue", _T, ("Queue", "Call queue name")),
    ("location", "Location", _T, ("Location name",)),
    ("phone", "Phone NO.", _T, ("Phone number", "Phone")),
    ("extension", "Extension", _T, ()),
    ("hold_s", "Total Hold Time", _D, ()),
    ("mean_hold_s", "Avg Hold Time", _D, ()),
    ("talk_s", "Total Talk Time", _D, ()),
    ("mean_talk_s", "Avg Talk Time", _D, ()),
    ("handle_s", "Total Handle Time", _D, ()),
    ("mean_handle_s", "Avg Handle Time", _D, ()),
    ("wait_s", "Total Wait Time", _D, ()),
    ("mean_wait_s", "Avg Wait Time", _D, ()),
    ("answered", "Answered Calls", _C, ("Calls Answered",)),
    ("answered_pct", "% Answered Calls", _R, ()),
    ("abandoned", "Abandoned Calls", _C, ("Calls Abandoned",)),
    ("abandoned_pct", "% Abandoned Calls", _R, ()),
    ("mean_abandoned_wait_s", "Avg Abandoned Time", _D, ()),
    ("abandoned_wait_s", "Total Abandoned Time", _D, ()),
    ("calls", "Total Calls", _C, ()),
    ("overflowed", "Calls Overflowed", _C, ()),
    ("timed_out", "Calls Timed Out", _C, ()),
    ("transferred", "Calls Transferred", _C, ()),
    ("mean_agents", "Avg No. of Agents Assigned", _R, ()),
    ("mean_agents_busy", "Avg No. of Agents Handling Calls", _R, ()),
)

HUNT_GROUP_STATS: Final = _layout(
    "hunt-group-stats",
    "Hunt Group Stats",
    ("name", "answered"),
    ("name", "Hunt Group", _T, ("Hunt group name",)),
    ("location", "Location", _T, ("Location name",)),
    ("phone", "Phone No", _T, ("Phone number", "Phone NO.")),
    ("extension", "Extension", _T, ()),
    ("talk_s", "Total Talk Mins", _D, ()),
    ("mean_talk_s", "Avg Talk Mins", _D, ()),
    ("handle_s", "Total Handle Mins", _D, ()),
    ("mean_handle_s", "Avg Handle Mins", _D, ()),
    ("wait_s", "Total Wait Mins", _D, ()),
    ("mean_wait_s", "Avg Wait Mins", _D, ()),
    ("abandoned_wait_s", "Total Abandoned Mins", _D, ()),
    ("mean_abandoned_wait_s", "Avg Abandoned Mins", _D, ()),
    ("answered", "Calls Answered", _C, ("Answered Calls",)),
    ("answered_pct", "% Calls Answered", _R, ()),
    ("abandoned", "Calls Abandoned", _C, ("Abandoned Calls",)),
    ("abandoned_pct", "% Calls Abandoned", _R, ()),
    ("mean_agents_busy", "Avg No. of Agents Handling Calls", _R, ()),
)

AUTO_ATTENDANT_STATS: Final = _layout(
    "auto-attendant-stats",
    "Auto Attendant Stats Summary",
    ("name", "calls"),
    ("name", "Auto Attendant", _T, ("Auto attendant name",)),
    ("phone", "Ph.No./Extn.", _T, ("Phone number",)),
    ("location", "Location", _T, ("Location name",)),
    ("calls", "Total Calls", _C, ()),
    ("answered", "Answered", _C, ()),
    ("unanswered", "Unanswered", _C, ()),
    ("busy", "Busy", _C, ()),
    ("others", "Others", _C, ()),
    ("answered_pct", "% Answered", _R, ()),
    ("duration_s", "Total Duration", _D, ()),
    ("talk_s", "Total AA Talktime", _D, ()),
)

SERVICE_LAYOUTS: Final = (CALL_QUEUE_STATS, HUNT_GROUP_STATS, AUTO_ATTENDANT_STATS)

MEDIA_QUALITY: Final = _layout(
    "media-quality",
    "Calling Media Quality",
    ("call_id",),
    ("call_id", "Call ID", _T, ("SIP Call ID",)),
    ("caller", "Caller", _T, ("Is caller", "Caller flag")),
    ("video_s", "Video duration", _D, ("Video duration (s)", "Video duration (sec)")),
    *(
        (
            f"{stream}_{kind}",
            f"{stream.capitalize()} {word}",
            _R,
            tuple(f"{stream} {each}" for each in others),
        )
        for stream in ("audio", "video")
        for kind, word, others in (
            ("jitter_ms", "jitter", ("jitter (ms)",)),
            ("latency_ms", "latency", ("latency (ms)", "round trip (ms)")),
            (
                "loss_pct",
                "packet loss",
                ("packet loss (%)", "packet loss percent", "loss", "loss (%)"),
            ),
        )
    ),
)

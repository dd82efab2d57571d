"""Calling Usage Details: one row a location, sums over a range (33 columns).

The specification's French headings were translated by machine: "jambes", "à pied"
and "étincelles" are call legs, call legs again, and Spark. They are aliases here.
"""

from __future__ import annotations

from typing import Final

from partnerhub.domain.layouts.columns import CellType, Column, Layout
from partnerhub.domain.layouts.shared import REGION, customer_name, org_id

_UNKNOWN: Final = "The number is not known."
_UNMEASURED: Final = "No leg of the row has the measure."
_NO_STATISTICS: Final = "No queue statistics were read for the range."


def _count(
    key: str,
    heading: str,
    french: str,
    meaning: str,
    *aliases: str,
    required: bool = False,
    blank: str = _UNKNOWN,
) -> Column:
    return Column(
        key=key,
        heading=heading,
        french=french,
        cell=CellType.COUNT,
        aliases=aliases,
        required=required,
        blank=blank,
        meaning=meaning,
    )


_TOTALS: Final = (
    _count(
        "total_calls",
        "Total calls",
        "Total des appels",
        "Calls that users made.",
    ),
    _count(
        "total_call_legs",
        "Total call legs",
        "Total des segments d'appel",
        "Call legs that users made and received.",
        "Total des segments d'appels",
        required=True,
    ),
    _count(
        "total_poor_call_quality",
        "Total poor call quality",
        "Total des segments d'appel de mauvaise qualité",
        "Call legs of poor quality.",
        "Qualité d'appel totalement médiocre",
        "Total poor quality call legs",
        blank=_UNMEASURED,
    ),
    _count(
        "call_minutes",
        "Call minutes",
        "Minutes d'appel",
        "Minutes that users were in calls.",
        "Total call minutes",
    ),
    _count(
        "call_minutes_video",
        "Call minutes - Video",
        "Minutes d'appel - Vidéo",
        "Minutes that users were in calls with video on.",
        blank=_UNMEASURED,
    ),
)

_LEGS: Final = (
    _count(
        "call_legs_audio",
        "Call legs - Audio",
        "Segments d'appel - Audio",
        "Call legs that used audio.",
        "Jambes d'appel - Audio",
        blank=_UNMEASURED,
    ),
    _count(
        "call_legs_video",
        "Call legs - Video",
        "Segments d'appel - Vidéo",
        "Call legs that used video.",
        "Appeler les jambes - Vidéo",
        blank=_UNMEASURED,
    ),
    _count(
        "call_legs_desk_phone",
        "Call legs - Desk phone",
        "Segments d'appel - Téléphone de bureau",
        "Call legs on Cisco desk phones.",
        "Appels à pied - Téléphone de bureau",
        "Call legs - Desk phones",
    ),
    _count(
        "call_legs_room_device",
        "Call legs - Room device",
        "Segments d'appel - Appareil de salle",
        "Call legs on Cisco Room Series devices.",
        "Appelez les jambes - Dispositif de chambre",
        "Call legs - Room devices",
    ),
    _count(
        "call_legs_other_devices",
        "Call legs - Other devices",
        "Segments d'appel - Autres appareils",
        "Call legs on third-party devices.",
        "Jambes d'appel - Autres appareils",
        "Call legs - Other device",
    ),
)

_ROUTED: Final = (
    _count(
        "calls_hunt_group",
        "Calls - Hunt group calls",
        "Appels - Appels de groupe de recherche",
        "Incoming calls routed to hunt groups.",
        "Appels - Appels de groupe de chasse",
        "Calls - Hunt group",
    ),
    _count(
        "calls_auto_attendant",
        "Calls - Auto attendant calls",
        "Appels - Appels de standard automatique",
        "Incoming calls routed to auto attendants.",
        "Appels - Appels du standard automatique",
        "Calls - Auto attendant",
    ),
    _count(
        "call_queue_total_calls",
        "Call queue - Total calls",
        "File d'attente d'appels - Total des appels",
        "Incoming calls routed to call queues.",
        "File d'attente d'appels - Nombre total d'appels",
    ),
    _count(
        "call_queue_timed_out_calls",
        "Call queue - Timed out calls",
        "File d'attente d'appels - Appels expirés",
        "Calls that overflowed because they waited too long.",
        "Call queue - Expired calls",
        blank=_NO_STATISTICS,
    ),
    _count(
        "call_queue_overflowed_calls",
        "Call queue - Overflowed calls",
        "File d'attente d'appels - Appels débordés",
        "Calls that overflowed because the queue was full.",
        "File d'attente d'appels - Appels saturés",
        "Call queue - Saturated calls",
        blank=_NO_STATISTICS,
    ),
    _count(
        "call_queue_transferred_calls",
        "Call queue - Transferred calls",
        "File d'attente d'appels - Appels transférés",
        "Calls transferred out of the queue.",
        blank=_NO_STATISTICS,
    ),
    _count(
        "call_queue_abandoned_calls",
        "Call queue - Abandoned calls",
        "File d'attente d'appels - Appels abandonnés",
        "Calls whose caller hung up or left a message before an agent was free.",
        blank=_NO_STATISTICS,
    ),
)

_BY_TYPE: Final = (
    _count(
        "total_internal_calls",
        "Total internal calls",
        "Total des appels internes",
        "Calls within or between sites of one organization.",
        "Appels internes totaux",
    ),
    _count(
        "total_toll_free_calls",
        "Total toll-free calls",
        "Total des appels gratuits",
        "Calls that were free for the caller.",
        "Appels entièrement gratuits",
    ),
    _count(
        "total_premium_calls",
        "Total premium calls",
        "Total des appels surtaxés",
        "Calls at a premium or special rate.",
        "Appels au tarif premium total",
    ),
    _count(
        "total_integrated_audio_calls",
        "Total integrated audio calls",
        "Total des appels audio intégrés",
        "Calls into, or called back from, a Webex meeting.",
        "Appels audio totalement intégrés",
    ),
    _count(
        "total_national_calls",
        "Total national calls",
        "Total des appels nationaux",
        "Outgoing calls inside the user's region.",
        "Appels nationaux totaux",
    ),
    _count(
        "total_inbound_calls",
        "Total inbound calls",
        "Total des appels entrants",
        "Incoming calls from the PSTN or another outside line.",
        "Nombre total d'appels entrants",
        "Total incoming calls",
    ),
    _count(
        "total_operator_calls",
        "Total operator calls",
        "Total des appels par opérateur",
        "Calls that an operator assisted.",
        "Appels de service opérateur totaux",
    ),
    _count(
        "total_spark_calls",
        "Total Spark calls",
        "Total des appels Spark",
        "Calls that users made and received over Webex itself.",
        "Appels d'étincelles totaux",
        blank="The numbers come from call records, which do not mark these calls.",
    ),
    _count(
        "total_short_code_calls",
        "Total short code calls",
        "Total des appels à numéro court",
        "Calls to short codes for features and services.",
        "Appels en numéros courts au total",
    ),
    _count(
        "total_international_calls",
        "Total international calls",
        "Total des appels internationaux",
        "Outgoing calls to another region than the user's.",
        "Appels internationaux totaux",
    ),
    _count(
        "total_mobile_calls",
        "Total mobile calls",
        "Total des appels mobiles",
        "Calls made or received with the user's mobile number.",
        "Appels mobiles totaux",
    ),
    _count(
        "total_emergency_calls",
        "Total emergency calls",
        "Total des appels d'urgence",
        "Emergency calls, such as 911.",
        "Appels d'urgence totaux",
    ),
    _count(
        "total_unknown_calls",
        "Total unknown calls",
        "Total des appels inconnus",
        "Calls whose type could not be determined.",
        "Appels inconnus au total",
    ),
)

CALLING_USAGE_DETAILS: Final = Layout(
    key="calling-usage-details",
    name="Calling Usage Details",
    french="Détails de l'utilisation des appels",
    also=(REGION,),
    ranged=True,
    note="Calls of new customers can take up to 24 hours to appear.",
    french_note="Les appels des nouveaux clients peuvent mettre jusqu'à 24 heures à "
    "apparaître.",
    columns=(
        customer_name("Customer name", "Nom du client"),
        org_id("Organization ID", "ID de l'organisation"),
        Column(
            key="location",
            heading="Location",
            french="Emplacement",
            aliases=("Location name", "Nom de l'emplacement", "Site"),
            required=True,
            blank="The calls belong to no location.",
            meaning="Location in the customer organization.",
        ),
        *_TOTALS,
        *_LEGS,
        *_ROUTED,
        *_BY_TYPE,
    ),
)

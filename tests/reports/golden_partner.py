"""A partner small enough to check by hand, in which every rule of the reports shows.

Files are taken in as Partner Hub writes them, so each golden file is what a reader of
these lines would write by hand: sorted by customer, blank where nothing is known.
"""

from __future__ import annotations

from pathlib import Path

import pendulum

import partnerhub as ph
from partnerhub.hub import Hub

DAY = pendulum.date(2026, 11, 22)
FIRST, LAST = pendulum.date(2026, 11, 15), pendulum.date(2026, 11, 21)

ACME = "c8b0e0d2-0000-4000-8000-000000000001"  # wholesale; its name would run
BOLT = "c8b0e0d2-0000-4000-8000-000000000002"
USER = "d0000000-0000-4000-8000-000000000001"

FILES = {
    "Subscription Details_a1b2c3d4e5f6_2026-11-22.csv": f"""\
Calculation date,Customer name,Org ID,Subscription status,Subscription ID,\
Subscription type,Total users in organization,Total verified users,\
Auto-renew enabled,Expiration/Renewal date,Meeting license (available),\
Meeting license (assigned),Meeting license (used),\
Calling Professional license (available),Calling Professional license (assigned),\
Calling Professional license (used),Calling Standard license (available),\
Calling Standard license (assigned),Calling Standard license (used)
2026-11-22,Bolt Été,{BOLT},Expired,Sub2,Subscription,40,38,FALSE,2026-10-31,25,20,7,,,,0,0,0
2026-11-22,"=Acme ""A"", Ltd",{ACME},Active,Sub1,Subscription,1200,1100,TRUE,2027-03-31,100,90,80,50,60,45,,,
2026-11-22,"=Acme ""A"", Ltd",{ACME},Active,Enterprise Trial,Trial,1200,1100,,2026-12-24,,,,5,1,0,,,
""",
    "Devices_a1b2c3d4e5f6_2026-11-22.csv": f"""\
External ID,Customer,Org ID,Location ID,Location name,Product,MAC,Firmware,\
Phone number,Extension,User ID,User UUID
WH-1,"=Acme ""A"", Ltd",{ACME},loc-1,Paris - Siège,Cisco 8845,AABBCCDDEEFF,12.8.1,\
+33140506070,4070,kim@acme.example,{USER}
,Bolt Été,{BOLT},,,Cisco Room Kit,001122334455,RoomOS 11.5,,,,
""",
    "Telephone Numbers_a1b2c3d4e5f6_2026-11-22.csv": f"""\
External ID,Customer,Org ID,Location ID,Location name,Country,Phone number,\
Extension,PSTN connection,Active,User type,Number type,User ID,User UUID
WH-1,"=Acme ""A"", Ltd",{ACME},loc-1,Paris - Siège,FR,+33140506070,,Cisco PSTN,TRUE,\
People,Primary,kim@acme.example,{USER}
WH-1,"=Acme ""A"", Ltd",{ACME},loc-1,Paris - Siège,FR,,4070,,TRUE,People,,\
kim@acme.example,{USER}
WH-1,"=Acme ""A"", Ltd",{ACME},loc-1,Paris - Siège,FR,+33140506071,,Cisco PSTN,TRUE,\
People,Secondary,kim@acme.example,{USER}
,Bolt Été,{BOLT},loc-9,Lyon,FR,+33478000001,,Premises-based PSTN,FALSE,,,,
""",
    "Webex App Version_a1b2c3d4e5f6_2026-11-22.csv": f"""\
Customer name,Organization ID,Application type,Platform,Version,OS version,\
Number of users
"=Acme ""A"", Ltd",{ACME},Desktop,Windows,45.10.0.33021,Windows 11,640
"=Acme ""A"", Ltd",{ACME},Mobile,iOS,45.9,-18.1,12
""",
    # Older than the 90 days that the report covers, and so not in it.
    "Webex App Version_a1b2c3d4e5f6_2026-08-24.csv": f"""\
Customer name,Organization ID,Application type,Platform,Version,OS version,\
Number of users
Bolt Été,{BOLT},Desktop,Windows,45.6,Windows 10,9
""",
}

USAGE = f"""\
Customer name,Organization ID,Location,Total calls,Total call legs,\
Total poor call quality,Call minutes,Call minutes - Video,Call legs - Audio,\
Call legs - Video,Call legs - Desk phone,Call legs - Room device,\
Call legs - Other devices,Calls - Hunt group calls,Calls - Auto attendant calls,\
Call queue - Total calls,Call queue - Timed out calls,Call queue - Overflowed calls,\
Call queue - Transferred calls,Call queue - Abandoned calls,Total internal calls,\
Total toll-free calls,Total premium calls,Total integrated audio calls,\
Total national calls,Total inbound calls,Total operator calls,Total Spark calls,\
Total short code calls,Total international calls,Total mobile calls,\
Total emergency calls,Total unknown calls
Bolt Été,{BOLT},Lyon,7,15,,31,,,,15,0,0,0,0,0,,,,,3,0,0,0,4,8,0,0,0,0,0,0,0
"=Acme ""A"", Ltd",{ACME},Paris - Siège,120,260,9,1843,77,260,31,140,12,3,5,4,20,1,0,2,3,60,1,0,2,40,138,0,6,1,9,2,1,0
"""


def golden_hub(folder: Path) -> Hub:
    """A hub over these files, in Europe; closed by its user."""
    hub = ph.connect("memory:", region="EU")
    for name, text in sorted(FILES.items(), key=lambda item: item[0][-14:]):
        file = folder / name
        file.write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
        report = hub.ingest(file, region="EU")
        assert report.clean, report.problems
    file = folder / "Calling Usage Details_a1b2c3d4e5f6_2026-11-22.csv"
    file.write_text(USAGE.replace("\n", "\r\n"), encoding="utf-8", newline="")
    report = hub.ingest(file, region="EU", start=FIRST, end=LAST)
    assert report.clean, report.problems
    return hub

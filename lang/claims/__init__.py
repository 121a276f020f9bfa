"""Whether a claim, Chinese or English, agrees with the Chinese quotes it cites.

>>> quote = Source("力争高企3000家、科小4500家")
>>> [d.kind for d in check_claim("The city aims for 4,500 high-tech enterprises.", [quote])]
['subject']
>>> check_claim("The city aims for 3,000 high-tech enterprises.", [quote])
[]
"""

from __future__ import annotations

from lang.claims.compare import Source, check_claim
from lang.claims.people import find_misattributed
from lang.claims.reasons import Disagreement
from lang.claims.status import asked_status, tells_planned, tells_reached

__all__ = [
    "Disagreement",
    "Source",
    "asked_status",
    "check_claim",
    "find_misattributed",
    "tells_planned",
    "tells_reached",
]

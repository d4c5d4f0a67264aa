"""Every kind of official report, by key, in the order in which a page offers them."""

from viche.reports.official.kind import Kind
from viche.reports.official.kinds import participation

KINDS: dict[str, Kind] = {each.key: each for each in (participation.KIND,)}

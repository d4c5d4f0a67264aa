"""Every kind of official report, by key, in the order in which a page offers them."""

from viche.reports.official.kind import Kind
from viche.reports.official.kinds import (
    count_protocol,
    data_annex,
    implementation,
    participation,
    reconciliation,
    results_statement,
    review_summary,
)

KINDS: dict[str, Kind] = {
    each.key: each
    for each in (
        count_protocol.KIND, results_statement.KIND, review_summary.KIND, implementation.KIND, participation.KIND,
        reconciliation.KIND, data_annex.KIND,
    )
}  # fmt: skip

"""What must be equal after a storm, and what must not be there (bench/storm.py, tests/faults/test_storm.py)."""

EQUAL = ("voters", "voters with a receipt", "different receipts", "marks", "claimed numbers", "envelopes",
         "leaves of the journal", "openings")  # fmt: skip
ZERO = (
    "voters told two different receipts", "receipts without an envelope", "envelopes nobody has a receipt of",
    "leaves twice", "leaves without an envelope, or the other way", "openings without a receipt", "holes in the log",
    "roots that differ when computed anew",
)  # fmt: skip


def wrong(found: dict[str, int]) -> list[str]:
    """What the audit found that must not be."""
    differ = [f"{name}: {found[name]}" for name in EQUAL if found[name] != found["voters"]]
    return differ + [f"{name}: {found[name]}" for name in ZERO if found[name]]

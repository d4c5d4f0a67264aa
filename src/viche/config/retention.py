"""Tables of the frameworks that hold no personal data: jobs carry references only."""

IMPERSONAL = (
    "contenttypes.ContentType", "procrastinate.ProcrastinateWorker", "procrastinate.ProcrastinateJob",
    "procrastinate.ProcrastinateEvent", "procrastinate.ProcrastinatePeriodicDefer",
)  # fmt: skip

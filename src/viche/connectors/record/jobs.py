"""Jobs of the record."""

from procrastinate.contrib.django import app

from viche.connectors.record.actions import write_records


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="write_records", lock="write_records")
def write_missing_records(timestamp: int) -> None:
    """Records of contests whose result has just been published."""
    write_records()

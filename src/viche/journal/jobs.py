"""Jobs of the journal."""

from procrastinate.contrib.django import app

from viche.journal.actions import sequence_all, stamp_roots


# seconds stand last: every ten seconds waiting entries get their place in the log
@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="sequence_journal", lock="sequence_journal")
def sequence_journal(timestamp: int) -> None:
    sequence_all()


# every hour, but one stamp a log and day: an authority that was down is asked again
@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="stamp_roots", lock="stamp_roots")
def stamp_journal(timestamp: int) -> None:
    """Where there is a time-stamping authority, it stamps the day's root of each log."""
    stamp_roots()

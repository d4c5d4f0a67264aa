"""Jobs of the journal."""

from procrastinate.contrib.django import app

from viche.journal.actions import sequence_all


# seconds stand last: every ten seconds waiting entries get their place in the log
@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="sequence_journal", lock="sequence_journal")
def sequence_journal(timestamp: int) -> None:
    sequence_all()

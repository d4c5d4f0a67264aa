"""Jobs of the journal."""

from procrastinate.contrib.django import app

from viche.journal.actions import publish_logs, sequence_all, stamp_roots, witness_logs


# seconds stand last: every ten seconds waiting entries get their place in the log, and the log's files grow
@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="sequence_journal", lock="sequence_journal")
def sequence_journal(timestamp: int) -> None:
    sequence_all()
    publish_logs()


# a log that has not grown is looked at too: its files may be lost, or the database restored from a backup
@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="check_journal", lock="sequence_journal")
def check_journal(timestamp: int) -> None:
    """Compare all logs with their files."""
    publish_logs(is_thorough=True)


# by itself: witnesses are other people's servers
@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="witness_journal", lock="witness_journal")
def witness_journal(timestamp: int) -> None:
    """Where there are witnesses, they sign the checkpoints."""
    witness_logs()


# every hour, but one stamp a log and day: an authority that was down is asked again
@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="stamp_roots", lock="stamp_roots")
def stamp_journal(timestamp: int) -> None:
    """Where there is a time-stamping authority, it stamps the day's root of each log."""
    stamp_roots()

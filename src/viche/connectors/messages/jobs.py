"""Jobs of the messages room."""

from procrastinate.contrib.django import app

from viche.connectors.messages.actions import delete_old_notices, make_notices


# seconds stand last: soon after the journal was sequenced
@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="make_notices", lock="make_notices")
def read_journal(timestamp: int) -> None:
    """Entries become notices."""
    make_notices()


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="delete_old_notices", lock="delete_old_notices")
def clear_notices(timestamp: int) -> None:
    """What is kept for a year goes after it."""
    delete_old_notices()

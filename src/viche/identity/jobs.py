"""Jobs of the identity room."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="clear_sessions", lock="clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Expired sessions name people: they go every night."""
    SessionStore.clear_expired()

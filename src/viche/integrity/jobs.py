"""Jobs of the integrity room."""

import logging

from procrastinate.contrib.django import app

from viche.foundation.refused import Refused
from viche.integrity.actions import check_voting
from viche.integrity.queries import watched_contests

logger = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="check_votings", lock="check_votings")
def check_votings(timestamp: int) -> None:
    """The rules look at every voting that runs or has just ended."""
    for contest in watched_contests():
        try:
            check_voting(contest=contest)
        except Refused as refused:  # one contest without its keys leaves the others watched
            logger.warning("the voting of %s is not watched: %s", contest, refused.code)

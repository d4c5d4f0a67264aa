"""viche log: the journal as static files: publish, export, begin anew after a loss (docs/operations.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from rulebook.merkle import CheckpointError
from rulebook.tiles import TileError
from viche.config.management import base
from viche.foundation.actor import SYSTEM
from viche.journal import publishing
from viche.journal.actions import publish_logs, restart_log, sequence_all, witness_logs
from viche.journal.queries import all_logs, log_named


class Command(base.Command):
    help = "The log of each body and year as signed static files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="every log: entries, what is published, its key, what is wrong")
        acts.add_parser("publish", help="write and sign now what the worker writes every ten seconds")
        export = acts.add_parser("export", help="copy the files to a folder that any web server can serve")
        export.add_argument("folder", type=Path)
        export.add_argument("--community", default="", help="КАТОТТГ code: the logs of this body only")
        restart = acts.add_parser(
            "restart", help="published entries are lost for good: go on as a new edition"
        )
        restart.add_argument("log", help="code/year, as in viche log list")
        restart.add_argument("--reason", required=True, help="what happened; everybody reads it in the log")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "list":
            self._list()
        elif act == "publish":
            sequence_all()
            faults = publish_logs(is_thorough=True)
            witness_logs()
            self._list()
            if faults:
                raise CommandError(f"{faults} logs are not signed")
        elif act == "export":
            self._export(options["folder"], options["community"])
        else:
            self._restart(options["log"], options["reason"])

    def _list(self) -> None:
        for log in all_logs():
            key = publishing.key_of_log(log)
            state = f"not signed: {log.fault}" if log.fault else f"{log.published_size} published"
            self.stdout.write(f"{log.name}  {log.size} entries, {state}  {key.text if key else 'no key yet'}")

    def _export(self, folder: Path, community: str) -> None:
        faults = 0
        for log in all_logs():
            if community and log.community != community:
                continue
            target = folder / log.community / log.address
            try:
                size = publishing.export_files(log, target)
            except (publishing.NotSigned, CheckpointError, TileError, OSError) as error:
                faults += 1
                self.stderr.write(f"{log.name}: {error}")
                continue
            if size:
                self.stdout.write(f"{target}: {size} entries")
        if faults:
            raise CommandError(f"{faults} logs were not exported")

    def _restart(self, name: str, reason: str) -> None:
        log = log_named(name)
        if log is None:
            raise CommandError(f"no log {name!r}: see viche log list")
        try:
            log = restart_log(log=log, reason=reason, by=SYSTEM)
        except ValueError as error:
            raise CommandError(str(error)) from None
        sequence_all()
        publish_logs()
        self.stdout.write(self.style.SUCCESS(f"{log.name} goes on as {log.origin}"))

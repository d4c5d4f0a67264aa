"""viche witness: watch other parties' logs and sign that they only grow (docs/operations.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from rulebook.signing import SigningError
from viche.config.management import base
from viche.journal.witness_server import Witness, witness_server


class Command(base.Command):
    help = "Be a witness of logs: needs a folder of its own, and no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="its key, what it has seen, and logs.txt with the keys of logs"
        )
        parser.add_argument("--name", required=True, help="what it signs as, for example ngo.example/witness")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8100)
        parser.add_argument("--show-key", action="store_true", help="print the public key, and no more")

    def handle(self, *args: Any, folder: Path, name: str, **options: Any) -> None:
        try:
            witness = Witness(folder, name)
            known = witness.logs()
        except (OSError, SigningError, ValueError) as error:
            raise CommandError(f"{folder}: {error}") from None
        self.stdout.write(witness.key.text)
        if options["show_key"]:
            return
        try:
            server = witness_server(witness, options["host"], options["port"])
        except OSError as error:
            raise CommandError(f"{options['host']}:{options['port']}: {error.strerror}") from None
        address = f"http://{options['host']}:{server.server_address[1]}/add-checkpoint"
        self.stderr.write(f"watching {len(known)} logs of {folder / 'logs.txt'}; asked at {address}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stderr.write("the witness has stopped")
        finally:
            server.server_close()

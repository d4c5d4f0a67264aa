"""viche simulator terminal --protocol api …: one voter at a terminal, from the question to the slip."""

import sys
from argparse import ArgumentParser
from importlib import import_module

from viche.channels.terminals.simulator import NETWORKS, PROTOCOLS


def main(arguments: list[str] | None = None) -> int:
    """Drive one protocol; the exit status says whether everything went as the protocol says."""
    parser = ArgumentParser(prog="viche simulator terminal", add_help=False)
    parser.add_argument("--protocol", choices=sorted(PROTOCOLS), default="api")
    parser.add_argument("--environment", default="")
    chosen, rest = parser.parse_known_args(arguments)
    if chosen.environment == "production":
        sys.stderr.write("The simulator does not run with production settings.\n")
        return 2
    if PROTOCOLS[chosen.protocol] == NETWORKS:
        rest = ["--protocol", chosen.protocol, *rest]
    return int(import_module(PROTOCOLS[chosen.protocol]).main(rest))


if __name__ == "__main__":
    raise SystemExit(main())

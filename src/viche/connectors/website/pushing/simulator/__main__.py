"""python -m … wordpress|webdav: a simulated site of a body. Never with production settings."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from viche.connectors.website.pushing.simulator.server import PASSWORD, USER, WEBDAV, WORDPRESS, made_server

PORTS = {WORDPRESS: 8085, WEBDAV: 8086}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(prog="viche simulator", description=__doc__)
    parser.add_argument("kind", choices=(WORDPRESS, WEBDAV))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--environment", default="development")
    options = parser.parse_args(arguments)
    if options.environment == "production":
        print("simulators do not run with production settings", file=sys.stderr)
        return 2
    with made_server(options.kind, options.port or PORTS[options.kind]) as server:
        address = server.site.url + ("/dav/" if options.kind == WEBDAV else "")  # type: ignore[attr-defined]
        print(f"{options.kind}: {address} user {USER} password {PASSWORD}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

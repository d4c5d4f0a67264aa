"""Follow a body's journal and verify it: every entry is hashed here, and the root must be the one that is published.

python follow_log.py https://viche.example.gov.ua poltava

Needs no key. The tree is that of RFC 9162: a leaf is SHA-256(0x00 + entry), a node SHA-256(0x01 + left + right).
"""

import hashlib
import sys

from viche_client import Viche


def root_of(hashes: list[bytes]) -> bytes:
    """The root over hashes of leaves: the largest power of two below their number goes to the left."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:])).digest()


def main(address: str, community: str) -> None:
    with Viche(address) as viche:
        for log in viche.logs(community):
            hashes = []
            for entry in viche.entries(community, log["log"]):
                if len(hashes) == log["size"]:
                    break  # it grew meanwhile
                hashes.append(hashlib.sha256(b"\x00" + entry["leaf"].encode()).digest())
                print(entry["index"], entry["at"], entry["kind"])
            if root_of(hashes).hex() != log["root"]:
                sys.exit(f"{log['origin']}: the entries do not make the published root")
            print(f"{log['origin']}: {len(hashes)} entries make the root {log['root']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])

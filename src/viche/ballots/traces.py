"""What is known around a vote, kept with the mark for those who watch over the voting; never with the ballot.

A trace is one AEAD box (ChaCha20-Poly1305, RFC 8439) of a fixed length under a key derived from the contest's key of
marks: a dump shows neither what it says nor which two are alike, and with the contest's keys it dies. An address is
cut to its block (/24 of IPv4, /48 of IPv6) and, like the device, hashed before it is sealed: nobody reads it, blocks
can be told apart only.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from ipaddress import ip_address, ip_network
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from rulebook.canonical import canonical
from viche.ballots.models import Participation
from viche.ballots.tokens import marks_key
from viche.contests.models import Contest

LENGTH = 448
NONCE = 12
# letters of free words (a bank, a polling point) that fit, in bytes
WORDS = 64
V4_BLOCK, V6_BLOCK = 24, 48


@dataclass(frozen=True, repr=False)
class Circumstances:
    """What a channel knows around a vote. It lives in memory only.

    address: the IP address. device: the secret of the browser's own cookie, or the name of a machine. agent: what the
    browser says of itself. operator: id of the official who took the vote; point: where; terminal: by what machine.
    method, issuer: how the voter identified and who vouched. born: the date of birth, where it is proven. grantor: id
    of the official who confirmed the voter's membership, "" where nobody had to. sex: "female", "male", "" where no tax
    number told it; born and sex are counted at the opening (voters.py).
    """

    address: str = ""
    device: str = ""
    agent: str = ""
    operator: str = ""
    point: str = ""
    terminal: str = ""
    method: str = ""
    issuer: str = ""
    born: date | None = None
    grantor: str = ""
    sex: str = ""

    def __repr__(self) -> str:
        return "Circumstances(…)"


UNKNOWN = Circumstances()


@dataclass(frozen=True)
class Trace:
    """A mark with what is known around it. block, device, agent: keyed hashes, 16 hex digits, "" where unknown.

    is_known: False where the mark has no trace that opens: somebody meddled with the table.
    """

    mark: UUID
    at: datetime
    channel: str
    territory: str = ""
    block: str = ""
    device: str = ""
    agent: str = ""
    operator: str = ""
    point: str = ""
    terminal: str = ""
    method: str = ""
    issuer: str = ""
    born: date | None = None
    grantor: str = ""
    sex: str = ""
    is_known: bool = True


# what is sealed, in this order
_SEALED = [each.name for each in fields(Trace)][4:-1]


def trace_key(contest: Contest) -> bytes:
    """The contest's key of traces: derived from its key of marks, and gone with it. Raises keys.KeyMissing."""
    return hmac.digest(marks_key(contest), b"viche/trace/v1", hashlib.sha256)


def block_of(address: str) -> str:
    """The block of an IP address: "203.0.113.0/24", "2001:db8:1::/48"; "" of what is none."""
    try:
        read = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if read.version == 6 and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    return str(ip_network((read, V4_BLOCK if read.version == 4 else V6_BLOCK), strict=False))


def seal_trace(key: bytes, *, contest: str, request: bytes, around: Circumstances) -> bytes:
    """The sealed trace, of the same length for everybody. request: the mark's request_hash; it opens with it only."""
    said = {
        "block": _hashed(key, "block", block_of(around.address)),
        "device": _hashed(key, "device", around.device),
        "agent": _hashed(key, "agent", around.agent),
        "operator": around.operator,
        "point": _cut(around.point),
        "terminal": _cut(around.terminal),
        "method": _cut(around.method),
        "issuer": _cut(around.issuer),
        "born": around.born.isoformat() if around.born else "",
        "grantor": around.grantor,
        "sex": around.sex,
    }
    text = canonical([said[name] for name in _SEALED])
    if len(text) > LENGTH:  # quotes and signs that take two places: words give way, hashes and dates do not
        said |= dict.fromkeys(("point", "terminal", "issuer"), "…")
        text = canonical([said[name] for name in _SEALED])
    nonce = secrets.token_bytes(NONCE)
    box = ChaCha20Poly1305(_sealing_key(key)).encrypt(nonce, text.ljust(LENGTH), contest.encode() + request)
    return nonce + box


def traces_of(contest: Contest, among: Collection[UUID] | None = None) -> Iterator[Trace]:
    """The traces of all marks that count, in the order of their moments. Raises keys.KeyMissing.

    among: of these marks instead, whether they count or not.
    """
    key, name = trace_key(contest), str(contest.id)
    box = ChaCha20Poly1305(_sealing_key(key))
    wanted = {"annulled_at": None} if among is None else {"pk__in": among}
    marks = Participation.objects.filter(contest=contest, **wanted).order_by("cast_at", "pk")
    rows = marks.values_list("pk", "cast_at", "channel", "territory", "request_hash", "trace__sealed")
    for mark, at, channel, territory, request, sealed in rows.iterator(chunk_size=5_000):
        said = _opened(box, bytes(sealed or b""), name.encode() + bytes(request))
        born = said.pop("born", "")
        yield Trace(
            mark, at, channel, territory or "", **said, born=date.fromisoformat(born) if born else None,
            is_known=bool(said),
        )  # fmt: skip


def _opened(box: ChaCha20Poly1305, sealed: bytes, bound: bytes) -> dict[str, str]:
    try:
        text = box.decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except (InvalidTag, ValueError):
        return {}
    # a trace sealed before a word was added has fewer of them
    return dict(zip(_SEALED, json.loads(text), strict=False))


def _hashed(key: bytes, what: str, value: str) -> str:
    return hmac.digest(key, f"{what}|{value}".encode(), hashlib.sha256)[:8].hex() if value else ""


def _sealing_key(key: bytes) -> bytes:
    return hmac.digest(key, b"seal", hashlib.sha256)


def _cut(text: str) -> str:
    return text.encode()[:WORDS].decode(errors="ignore")

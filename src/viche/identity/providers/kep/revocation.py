"""Whether a certificate was revoked: its authority is asked (OCSP, RFC 6960), or its list is read (CRL, RFC 5280).

Only addresses in certificates that a trusted authority has signed are asked, over http or https, within the bounds of
wire.send; where KEP_HOSTS names hosts, only these.
"""

import ipaddress
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit

from asn1crypto import algos, core, crl, ocsp, x509

from viche.identity.providers.errors import ProviderError
from viche.identity.providers.kep.settings import KepSettings
from viche.identity.providers.settings import is_loopback
from viche.identity.providers.wire import send

NAME = "kep"
MOST_ADDRESSES = 2


@dataclass
class Evidence:
    """What authorities said, to be judged by the validation of the chain."""

    answers: list[ocsp.OCSPResponse] = field(default_factory=list)
    lists: list[crl.CertificateList] = field(default_factory=list)


def evidence_for(chain: Sequence[x509.Certificate], settings: KepSettings) -> Evidence:
    """Ask about every certificate of the chain (the signer's first, each after it its issuer) but the last.

    An authority that does not answer, or answers nonsense, leaves no evidence.
    """
    found = Evidence()
    for certificate, issuer in pairwise(chain):
        if not _asked(certificate, issuer, settings, found):
            _listed(certificate, settings, found)
    return found


def _asked(
    certificate: x509.Certificate, issuer: x509.Certificate, settings: KepSettings, found: Evidence
) -> bool:
    question = ocsp.OCSPRequest(
        {
            "tbs_request": {
                "request_list": [
                    {
                        "req_cert": {
                            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
                            "issuer_name_hash": issuer.subject.sha1,
                            "issuer_key_hash": issuer.public_key.sha1,
                            "serial_number": certificate.serial_number,
                        }
                    }
                ],
                "request_extensions": [
                    {"extn_id": "nonce", "critical": False, "extn_value": core.OctetString(os.urandom(16))}
                ],
            }
        }
    )
    for address in _allowed(certificate.ocsp_urls, settings):
        body = _fetched("POST", address, settings, question.dump(), "application/ocsp-request")
        if body is None:
            continue
        try:
            answer = ocsp.OCSPResponse.load(body, strict=True)
            if answer["response_status"].native == "successful":
                _ = answer.response_data.native
                found.answers.append(answer)
                return True
        except (ValueError, TypeError, KeyError):
            continue
    return False


def _listed(certificate: x509.Certificate, settings: KepSettings, found: Evidence) -> None:
    points = [point.url for point in certificate.crl_distribution_points if point.url]
    for address in _allowed(points, settings):
        body = _fetched("GET", address, settings)
        if body is None:
            continue
        try:
            read = crl.CertificateList.load(body, strict=True)
            _ = read.issuer.native
        except (ValueError, TypeError, KeyError):
            continue
        found.lists.append(read)
        return


def _allowed(addresses: Sequence[str], settings: KepSettings) -> Iterator[str]:
    for address in list(addresses)[:MOST_ADDRESSES]:
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            continue
        if parts.scheme not in {"http", "https"} or not host or parts.username:
            continue
        if settings.hosts and host not in settings.hosts:
            continue
        if settings.is_production and not _is_public(host):
            continue
        yield address


def _is_public(host: str) -> bool:
    """Whether a host leads out of this network: a certificate must not make the site ask its neighbours."""
    if is_loopback(host):
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(each[4][0]).is_global for each in found)


def _fetched(
    method: str, address: str, settings: KepSettings, content: bytes | None = None, kind: str = ""
) -> bytes | None:
    headers = {"Content-Type": kind, "Accept": "*/*"} if kind else {"Accept": "*/*"}
    try:
        answer = send(
            method, address, provider=NAME, timeout=settings.timeout, content=content, headers=headers
        )
    except ProviderError:
        return None
    return answer.body if answer.status == 200 else None

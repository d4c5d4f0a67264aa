"""What the settings of every provider share: addresses that are safe to send secrets to, time-outs, files of keys."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_TIMEOUT = 8
MAX_TIMEOUT = 60


class SettingsError(ValueError):
    """The settings cannot be used; ``problems`` lists every reason in words, without any secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def is_loopback(host: str) -> bool:
    """Whether this host name or address can only be this machine (RFC 6761, section 6.3)."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def problems_of_address(
    name: str, address: str, *, example: str, is_production: bool, is_bare: bool = True
) -> list[str]:
    """What is wrong with the address of a provider, in words that name the setting.

    is_bare: it may hold only scheme, host, port and path. In production an address on this machine is refused: it could
    only be a simulator's.
    """
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return [f"{name} is not an address"]
    if parts.scheme not in {"http", "https"} or not host:
        return [f"{name} must be an address such as {example}"]
    problems = []
    if parts.username or parts.password or (is_bare and (parts.query or parts.fragment)):
        problems.append(f"{name} must hold only scheme, host, port and path")
    if parts.scheme == "http" and not is_loopback(host):
        problems.append(f"{name} must begin with https: secrets and personal data travel over it")
    if is_production and is_loopback(host):
        problems.append(f"{name} points to this machine: the simulator cannot serve production")
    return problems


def seconds_of(text: str) -> int:
    """A time-out in whole seconds; what is no whole number becomes 0, for the checks to report with the rest."""
    text = text or str(DEFAULT_TIMEOUT)
    return int(text) if text.isascii() and text.isdigit() else 0


def problems_of_timeout(name: str, seconds: float) -> list[str]:
    if 0 < seconds <= MAX_TIMEOUT:
        return []
    return [f"{name} must be more than 0 and at most {MAX_TIMEOUT} seconds"]


def problems_of_file(name: str, path: str) -> list[str]:
    """What is wrong with a file or folder that a setting names."""
    return [] if Path(path).exists() else [f"{name} names nothing that can be read"]

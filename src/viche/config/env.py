"""Settings from the environment: one place that reads it. ``NAME_FILE`` gives a secret by file."""

import os
from collections.abc import Mapping
from pathlib import Path


class SettingError(Exception):
    """A setting is missing or malformed; the message names it."""


class Environment:
    """Typed reading of an environment mapping.

    ``NAME_FILE`` names a file whose content is the value of NAME (container secrets); it wins over NAME.
    """

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        path = self._values.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingError(f"{name}_FILE: cannot read {path}: {error.strerror}") from error
        return self._values.get(name, default).strip()

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SettingError(f"{name} (or {name}_FILE) must be set")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise SettingError(f"{name}: expected yes or no, got {value!r}")

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise SettingError(f"{name}: expected a whole number, got {value!r}") from None

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        value = self.text(name)
        return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)

    def named(self, *prefixes: str) -> dict[str, str]:
        """Every setting whose name begins with one of the prefixes, files read, empty ones left out."""
        names = {name.removesuffix("_FILE") for name in self._values if name.startswith(prefixes)}
        return {name: value for name in sorted(names) if (value := self.text(name))}

"""What can be wrong with files and passphrases of a ceremony."""


class KeyFault(ValueError):
    """code: a stable word (boxkey.words.FAULTS); params: what its sentence names. Holds no secret."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return self.code

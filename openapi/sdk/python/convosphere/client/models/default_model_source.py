from enum import StrEnum


class DefaultModelSource(StrEnum):
    ADMINISTRATOR = "administrator"
    AUTOMATIC = "automatic"
    BUILT_IN = "built_in"
    CONFIGURATION = "configuration"

    def __str__(self) -> str:
        return str(self.value)

from enum import Enum


class DefaultModelSource(str, Enum):
    """Later versions of the server may send other values; their name is `OTHER`."""

    ADMINISTRATOR = "administrator"
    AUTOMATIC = "automatic"
    BUILT_IN = "built_in"
    CONFIGURATION = "configuration"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "DefaultModelSource | None":
        if not isinstance(value, str):
            return None
        other = str.__new__(cls, value)
        other._name_, other._value_ = "OTHER", value
        return other

from enum import Enum


class Language(str, Enum):
    """Later versions of the server may send other values; their name is `OTHER`."""

    AR = "ar"
    DE = "de"
    EN = "en"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "Language | None":
        if not isinstance(value, str):
            return None
        other = str.__new__(cls, value)
        other._name_, other._value_ = "OTHER", value
        return other

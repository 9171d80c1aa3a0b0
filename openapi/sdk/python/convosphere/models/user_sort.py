from enum import Enum


class UserSort(str, Enum):
    """Later versions of the server may send other values; their name is `OTHER`."""

    CREATED_AT = "created_at"
    LAST_ACTIVE_AT = "last_active_at"
    NAME = "name"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "UserSort | None":
        if not isinstance(value, str):
            return None
        other = str.__new__(cls, value)
        other._name_, other._value_ = "OTHER", value
        return other

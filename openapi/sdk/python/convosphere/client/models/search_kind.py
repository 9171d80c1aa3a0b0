from enum import StrEnum


class SearchKind(StrEnum):
    CONVERSATION = "conversation"
    MESSAGE = "message"

    def __str__(self) -> str:
        return str(self.value)

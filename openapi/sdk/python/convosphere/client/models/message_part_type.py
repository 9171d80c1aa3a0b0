from enum import StrEnum


class MessagePartType(StrEnum):
    REASONING = "reasoning"
    TEXT = "text"

    def __str__(self) -> str:
        return str(self.value)

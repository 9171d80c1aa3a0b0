from enum import StrEnum


class UsageBy(StrEnum):
    ASSISTANT = "assistant"
    DAY = "day"
    MODEL = "model"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)

from enum import StrEnum


class AssistantVisibility(StrEnum):
    EVERYONE = "everyone"
    PRIVATE = "private"

    def __str__(self) -> str:
        return str(self.value)

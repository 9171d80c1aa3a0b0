from enum import StrEnum


class KnowledgeVisibility(StrEnum):
    EVERYONE = "everyone"
    GROUPS = "groups"
    PRIVATE = "private"

    def __str__(self) -> str:
        return str(self.value)

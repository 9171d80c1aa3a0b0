from enum import StrEnum


class AssistantStatus(StrEnum):
    ACTIVE = "active"
    DRAFT = "draft"
    INACTIVE = "inactive"
    MAINTENANCE = "maintenance"

    def __str__(self) -> str:
        return str(self.value)

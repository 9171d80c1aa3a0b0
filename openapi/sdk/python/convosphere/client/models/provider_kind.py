from enum import StrEnum


class ProviderKind(StrEnum):
    OPENAI_COMPATIBLE = "openai_compatible"

    def __str__(self) -> str:
        return str(self.value)

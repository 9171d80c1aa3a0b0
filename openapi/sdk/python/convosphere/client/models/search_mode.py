from enum import StrEnum


class SearchMode(StrEnum):
    HYBRID = "hybrid"
    WORDS = "words"

    def __str__(self) -> str:
        return str(self.value)

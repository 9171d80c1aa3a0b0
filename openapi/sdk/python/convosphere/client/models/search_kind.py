from enum import StrEnum


class SearchKind(StrEnum):
    ASSISTANT = "assistant"
    CONVERSATION = "conversation"
    DOCUMENT = "document"
    MESSAGE = "message"
    PASSAGE = "passage"

    def __str__(self) -> str:
        return str(self.value)

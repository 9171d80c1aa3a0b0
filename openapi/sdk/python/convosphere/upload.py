"""Files to upload."""

from dataclasses import dataclass, field
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Upload:
    """The contents of a file, with its name. By default, the media type follows from the name."""

    name: str
    contents: bytes | BinaryIO = field(repr=False)
    media_type: str | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether the contents can be read a second time."""
        return isinstance(self.contents, bytes) or self.contents.seekable()

    def part(self) -> Any:
        """The part of a form."""
        if not isinstance(self.contents, bytes) and self.contents.seekable():
            self.contents.seek(0)
        part = (self.name, self.contents)
        return part if self.media_type is None else (*part, self.media_type)

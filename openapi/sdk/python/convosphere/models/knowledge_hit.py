from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

if TYPE_CHECKING:
    from ..models.chunk import Chunk


T = TypeVar("T", bound="KnowledgeHit")


@_attrs_define
class KnowledgeHit:
    """A passage that was found.

    Attributes:
        chunk (Chunk): A passage of a document, which searches find and answers cite.
        document_id (UUID):
        document_name (str):
        knowledge_base_id (UUID):
        score (float): Higher is better; comparable only within one result.
    """

    chunk: Chunk
    document_id: UUID
    document_name: str
    knowledge_base_id: UUID
    score: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        chunk = self.chunk.to_dict()

        document_id = str(self.document_id)

        document_name = self.document_name

        knowledge_base_id = str(self.knowledge_base_id)

        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "chunk": chunk,
                "document_id": document_id,
                "document_name": document_name,
                "knowledge_base_id": knowledge_base_id,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.chunk import Chunk

        d = dict(src_dict)
        chunk = Chunk.from_dict(d.pop("chunk"))

        document_id = UUID(d.pop("document_id"))

        document_name = d.pop("document_name")

        knowledge_base_id = UUID(d.pop("knowledge_base_id"))

        score = d.pop("score")

        knowledge_hit = cls(
            chunk=chunk,
            document_id=document_id,
            document_name=document_name,
            knowledge_base_id=knowledge_base_id,
            score=score,
        )

        knowledge_hit.additional_properties = d
        return knowledge_hit

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

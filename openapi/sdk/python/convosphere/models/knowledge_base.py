from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.knowledge_visibility import KnowledgeVisibility

T = TypeVar("T", bound="KnowledgeBase")


@_attrs_define
class KnowledgeBase:
    """A named collection of documents that assistants answer from.

    Attributes:
        assistants (int): Number of the caller's assistants that use it.
        chunk_overlap (int): Number of tokens that a passage shares with the next one.
        chunk_tokens (int): Maximum number of tokens in a passage.
        created_at (datetime.datetime):
        description (str):
        documents (int): Number of documents.
        group_ids (list[UUID]): The groups whose members may read it, if its visibility is `groups`.
        id (UUID):
        name (str):
        owner_id (UUID):
        tags (list[str]):
        updated_at (datetime.datetime):
        version (int):
        visibility (KnowledgeVisibility): Who may read a knowledge base besides its owner.
    """

    assistants: int
    chunk_overlap: int
    chunk_tokens: int
    created_at: datetime.datetime
    description: str
    documents: int
    group_ids: list[UUID]
    id: UUID
    name: str
    owner_id: UUID
    tags: list[str]
    updated_at: datetime.datetime
    version: int
    visibility: KnowledgeVisibility
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistants = self.assistants

        chunk_overlap = self.chunk_overlap

        chunk_tokens = self.chunk_tokens

        created_at = self.created_at.isoformat()

        description = self.description

        documents = self.documents

        group_ids = []
        for group_ids_item_data in self.group_ids:
            group_ids_item = str(group_ids_item_data)
            group_ids.append(group_ids_item)

        id = str(self.id)

        name = self.name

        owner_id = str(self.owner_id)

        tags = self.tags

        updated_at = self.updated_at.isoformat()

        version = self.version

        visibility = self.visibility.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistants": assistants,
                "chunk_overlap": chunk_overlap,
                "chunk_tokens": chunk_tokens,
                "created_at": created_at,
                "description": description,
                "documents": documents,
                "group_ids": group_ids,
                "id": id,
                "name": name,
                "owner_id": owner_id,
                "tags": tags,
                "updated_at": updated_at,
                "version": version,
                "visibility": visibility,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        assistants = d.pop("assistants")

        chunk_overlap = d.pop("chunk_overlap")

        chunk_tokens = d.pop("chunk_tokens")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        description = d.pop("description")

        documents = d.pop("documents")

        group_ids = []
        _group_ids = d.pop("group_ids")
        for group_ids_item_data in _group_ids:
            group_ids_item = UUID(group_ids_item_data)

            group_ids.append(group_ids_item)

        id = UUID(d.pop("id"))

        name = d.pop("name")

        owner_id = UUID(d.pop("owner_id"))

        tags = cast(list[str], d.pop("tags"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        visibility = KnowledgeVisibility(d.pop("visibility"))

        knowledge_base = cls(
            assistants=assistants,
            chunk_overlap=chunk_overlap,
            chunk_tokens=chunk_tokens,
            created_at=created_at,
            description=description,
            documents=documents,
            group_ids=group_ids,
            id=id,
            name=name,
            owner_id=owner_id,
            tags=tags,
            updated_at=updated_at,
            version=version,
            visibility=visibility,
        )

        knowledge_base.additional_properties = d
        return knowledge_base

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

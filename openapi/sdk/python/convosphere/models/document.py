from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.document_status import DocumentStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.document_failure import DocumentFailure
    from ..models.left_out import LeftOut


T = TypeVar("T", bound="Document")


@_attrs_define
class Document:
    """A document of a knowledge base.

    Attributes:
        added_by (UUID):
        attempt (int): How often processing was started.
        characters (int):
        chunks (int):
        created_at (datetime.datetime):
        id (UUID):
        knowledge_base_id (UUID):
        left_out (list[LeftOut]): Parts of the document that its chunks do not contain, such as unreadable pages.
        media_type (str):
        name (str):
        size (int): Size in bytes.
        status (DocumentStatus): Whether a document can be searched.
        updated_at (datetime.datetime):
        version (int):
        embedding_error (None | str | Unset): Why embedding failed, if it did. It is retried; meanwhile, keyword search
            finds the chunks.
        embedding_model (None | str | Unset): The embedding model, once all chunks have a vector of it; null if no model
            is configured.
        error (DocumentFailure | None | Unset): Why processing failed, if it did.
        pages (int | None | Unset): Number of pages, slides or sheets, if the format has them.
    """

    added_by: UUID
    attempt: int
    characters: int
    chunks: int
    created_at: datetime.datetime
    id: UUID
    knowledge_base_id: UUID
    left_out: list[LeftOut]
    media_type: str
    name: str
    size: int
    status: DocumentStatus
    updated_at: datetime.datetime
    version: int
    embedding_error: None | str | Unset = UNSET
    embedding_model: None | str | Unset = UNSET
    error: DocumentFailure | None | Unset = UNSET
    pages: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.document_failure import DocumentFailure

        added_by = str(self.added_by)

        attempt = self.attempt

        characters = self.characters

        chunks = self.chunks

        created_at = self.created_at.isoformat()

        id = str(self.id)

        knowledge_base_id = str(self.knowledge_base_id)

        left_out = []
        for left_out_item_data in self.left_out:
            left_out_item = left_out_item_data.to_dict()
            left_out.append(left_out_item)

        media_type = self.media_type

        name = self.name

        size = self.size

        status = self.status.value

        updated_at = self.updated_at.isoformat()

        version = self.version

        embedding_error: None | str | Unset
        if isinstance(self.embedding_error, Unset):
            embedding_error = UNSET
        else:
            embedding_error = self.embedding_error

        embedding_model: None | str | Unset
        if isinstance(self.embedding_model, Unset):
            embedding_model = UNSET
        else:
            embedding_model = self.embedding_model

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, DocumentFailure):
            error = self.error.to_dict()
        else:
            error = self.error

        pages: int | None | Unset
        if isinstance(self.pages, Unset):
            pages = UNSET
        else:
            pages = self.pages

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "added_by": added_by,
                "attempt": attempt,
                "characters": characters,
                "chunks": chunks,
                "created_at": created_at,
                "id": id,
                "knowledge_base_id": knowledge_base_id,
                "left_out": left_out,
                "media_type": media_type,
                "name": name,
                "size": size,
                "status": status,
                "updated_at": updated_at,
                "version": version,
            }
        )
        if embedding_error is not UNSET:
            field_dict["embedding_error"] = embedding_error
        if embedding_model is not UNSET:
            field_dict["embedding_model"] = embedding_model
        if error is not UNSET:
            field_dict["error"] = error
        if pages is not UNSET:
            field_dict["pages"] = pages

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.document_failure import DocumentFailure
        from ..models.left_out import LeftOut

        d = dict(src_dict)
        added_by = UUID(d.pop("added_by"))

        attempt = d.pop("attempt")

        characters = d.pop("characters")

        chunks = d.pop("chunks")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = UUID(d.pop("id"))

        knowledge_base_id = UUID(d.pop("knowledge_base_id"))

        left_out = []
        _left_out = d.pop("left_out")
        for left_out_item_data in _left_out:
            left_out_item = LeftOut.from_dict(left_out_item_data)

            left_out.append(left_out_item)

        media_type = d.pop("media_type")

        name = d.pop("name")

        size = d.pop("size")

        status = DocumentStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        def _parse_embedding_error(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        embedding_error = _parse_embedding_error(d.pop("embedding_error", UNSET))

        def _parse_embedding_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        embedding_model = _parse_embedding_model(d.pop("embedding_model", UNSET))

        def _parse_error(data: object) -> DocumentFailure | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = DocumentFailure.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DocumentFailure | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_pages(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        pages = _parse_pages(d.pop("pages", UNSET))

        document = cls(
            added_by=added_by,
            attempt=attempt,
            characters=characters,
            chunks=chunks,
            created_at=created_at,
            id=id,
            knowledge_base_id=knowledge_base_id,
            left_out=left_out,
            media_type=media_type,
            name=name,
            size=size,
            status=status,
            updated_at=updated_at,
            version=version,
            embedding_error=embedding_error,
            embedding_model=embedding_model,
            error=error,
            pages=pages,
        )

        document.additional_properties = d
        return document

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

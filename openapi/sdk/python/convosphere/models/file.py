from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="File")


@_attrs_define
class File:
    """An uploaded file.

    Attributes:
        created_at (datetime.datetime):
        id (UUID):
        media_type (str): The type, detected from the content, such as `application/pdf`.
        name (str):
        sha256 (str): SHA-256 of the content, in hex.
        size (int): Size in bytes.
        version (int):
        unread_reason (None | str | Unset): Why its text could not be read for an answer; null if it was read, or not
            needed yet. Always null in lists.
    """

    created_at: datetime.datetime
    id: UUID
    media_type: str
    name: str
    sha256: str
    size: int
    version: int
    unread_reason: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        id = str(self.id)

        media_type = self.media_type

        name = self.name

        sha256 = self.sha256

        size = self.size

        version = self.version

        unread_reason: None | str | Unset
        if isinstance(self.unread_reason, Unset):
            unread_reason = UNSET
        else:
            unread_reason = self.unread_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "id": id,
                "media_type": media_type,
                "name": name,
                "sha256": sha256,
                "size": size,
                "version": version,
            }
        )
        if unread_reason is not UNSET:
            field_dict["unread_reason"] = unread_reason

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = UUID(d.pop("id"))

        media_type = d.pop("media_type")

        name = d.pop("name")

        sha256 = d.pop("sha256")

        size = d.pop("size")

        version = d.pop("version")

        def _parse_unread_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        unread_reason = _parse_unread_reason(d.pop("unread_reason", UNSET))

        file = cls(
            created_at=created_at,
            id=id,
            media_type=media_type,
            name=name,
            sha256=sha256,
            size=size,
            version=version,
            unread_reason=unread_reason,
        )

        file.additional_properties = d
        return file

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

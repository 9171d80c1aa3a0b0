from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="FirstMessage")


@_attrs_define
class FirstMessage:
    """The first message of a new conversation.

    Attributes:
        content (str):
        attachment_ids (list[UUID] | None | Unset): At most 20 files of the caller. If there are any, `content` may be
            empty.
    """

    content: str
    attachment_ids: list[UUID] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content = self.content

        attachment_ids: list[str] | None | Unset
        if isinstance(self.attachment_ids, Unset):
            attachment_ids = UNSET
        elif isinstance(self.attachment_ids, list):
            attachment_ids = []
            for attachment_ids_type_0_item_data in self.attachment_ids:
                attachment_ids_type_0_item = str(attachment_ids_type_0_item_data)
                attachment_ids.append(attachment_ids_type_0_item)

        else:
            attachment_ids = self.attachment_ids

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content": content,
            }
        )
        if attachment_ids is not UNSET:
            field_dict["attachment_ids"] = attachment_ids

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        content = d.pop("content")

        def _parse_attachment_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                attachment_ids_type_0 = []
                _attachment_ids_type_0 = data
                for attachment_ids_type_0_item_data in _attachment_ids_type_0:
                    attachment_ids_type_0_item = UUID(attachment_ids_type_0_item_data)

                    attachment_ids_type_0.append(attachment_ids_type_0_item)

                return attachment_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        attachment_ids = _parse_attachment_ids(d.pop("attachment_ids", UNSET))

        first_message = cls(
            content=content,
            attachment_ids=attachment_ids,
        )

        first_message.additional_properties = d
        return first_message

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="PostMessage")


@_attrs_define
class PostMessage:
    """
    Attributes:
        content (str):
        assistant_id (None | Unset | UUID): The assistant of the conversation by default.
        attachment_ids (list[UUID] | None | Unset): At most 20 files of the caller. If there are any, `content` may be
            empty.
        model (None | str | Unset): By default the model of the conversation, or else of the assistant.
        parent_id (None | Unset | UUID): The parent message; by default the newest message of the path, null for a new
            root.
        respond (bool | None | Unset): Whether to request an answer; true by default.
    """

    content: str
    assistant_id: None | Unset | UUID = UNSET
    attachment_ids: list[UUID] | None | Unset = UNSET
    model: None | str | Unset = UNSET
    parent_id: None | Unset | UUID = UNSET
    respond: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content = self.content

        assistant_id: None | str | Unset
        if isinstance(self.assistant_id, Unset):
            assistant_id = UNSET
        elif isinstance(self.assistant_id, UUID):
            assistant_id = str(self.assistant_id)
        else:
            assistant_id = self.assistant_id

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

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        parent_id: None | str | Unset
        if isinstance(self.parent_id, Unset):
            parent_id = UNSET
        elif isinstance(self.parent_id, UUID):
            parent_id = str(self.parent_id)
        else:
            parent_id = self.parent_id

        respond: bool | None | Unset
        if isinstance(self.respond, Unset):
            respond = UNSET
        else:
            respond = self.respond

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content": content,
            }
        )
        if assistant_id is not UNSET:
            field_dict["assistant_id"] = assistant_id
        if attachment_ids is not UNSET:
            field_dict["attachment_ids"] = attachment_ids
        if model is not UNSET:
            field_dict["model"] = model
        if parent_id is not UNSET:
            field_dict["parent_id"] = parent_id
        if respond is not UNSET:
            field_dict["respond"] = respond

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        content = d.pop("content")

        def _parse_assistant_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                assistant_id_type_0 = UUID(data)

                return assistant_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        assistant_id = _parse_assistant_id(d.pop("assistant_id", UNSET))

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

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_parent_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                parent_id_type_0 = UUID(data)

                return parent_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        parent_id = _parse_parent_id(d.pop("parent_id", UNSET))

        def _parse_respond(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        respond = _parse_respond(d.pop("respond", UNSET))

        post_message = cls(
            content=content,
            assistant_id=assistant_id,
            attachment_ids=attachment_ids,
            model=model,
            parent_id=parent_id,
            respond=respond,
        )

        post_message.additional_properties = d
        return post_message

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

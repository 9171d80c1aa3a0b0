from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.message import Message
    from ..models.response import Response


T = TypeVar("T", bound="StartedConversation")


@_attrs_define
class StartedConversation:
    """A new conversation, with its first message if the request contained one.

    Attributes:
        archived (bool):
        assistant_id (UUID):
        created_at (datetime.datetime):
        hidden (bool): Whether lists, search and counts leave it out.
        id (UUID):
        message_count (int):
        pinned (bool):
        trashed (bool):
        updated_at (datetime.datetime):
        version (int):
        imported_from (None | str | Unset): The product that it was imported from: `convosphere` or `chatgpt`. Null if
            it was started here.
        last_read_message_id (None | Unset | UUID): The last message that the caller has read, in the order in which
            messages were posted.
        leaf_id (None | Unset | UUID): The newest message of the current path.
        message (Message | None | Unset): The first message, if the request contained one.
        model (None | str | Unset): Null for the model of the assistant.
        response (None | Response | Unset): The run that answers the first message.
        title (None | str | Unset): Null until the user names it or the first question does.
    """

    archived: bool
    assistant_id: UUID
    created_at: datetime.datetime
    hidden: bool
    id: UUID
    message_count: int
    pinned: bool
    trashed: bool
    updated_at: datetime.datetime
    version: int
    imported_from: None | str | Unset = UNSET
    last_read_message_id: None | Unset | UUID = UNSET
    leaf_id: None | Unset | UUID = UNSET
    message: Message | None | Unset = UNSET
    model: None | str | Unset = UNSET
    response: None | Response | Unset = UNSET
    title: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.message import Message
        from ..models.response import Response

        archived = self.archived

        assistant_id = str(self.assistant_id)

        created_at = self.created_at.isoformat()

        hidden = self.hidden

        id = str(self.id)

        message_count = self.message_count

        pinned = self.pinned

        trashed = self.trashed

        updated_at = self.updated_at.isoformat()

        version = self.version

        imported_from: None | str | Unset
        if isinstance(self.imported_from, Unset):
            imported_from = UNSET
        else:
            imported_from = self.imported_from

        last_read_message_id: None | str | Unset
        if isinstance(self.last_read_message_id, Unset):
            last_read_message_id = UNSET
        elif isinstance(self.last_read_message_id, UUID):
            last_read_message_id = str(self.last_read_message_id)
        else:
            last_read_message_id = self.last_read_message_id

        leaf_id: None | str | Unset
        if isinstance(self.leaf_id, Unset):
            leaf_id = UNSET
        elif isinstance(self.leaf_id, UUID):
            leaf_id = str(self.leaf_id)
        else:
            leaf_id = self.leaf_id

        message: dict[str, Any] | None | Unset
        if isinstance(self.message, Unset):
            message = UNSET
        elif isinstance(self.message, Message):
            message = self.message.to_dict()
        else:
            message = self.message

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        response: dict[str, Any] | None | Unset
        if isinstance(self.response, Unset):
            response = UNSET
        elif isinstance(self.response, Response):
            response = self.response.to_dict()
        else:
            response = self.response

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "archived": archived,
                "assistant_id": assistant_id,
                "created_at": created_at,
                "hidden": hidden,
                "id": id,
                "message_count": message_count,
                "pinned": pinned,
                "trashed": trashed,
                "updated_at": updated_at,
                "version": version,
            }
        )
        if imported_from is not UNSET:
            field_dict["imported_from"] = imported_from
        if last_read_message_id is not UNSET:
            field_dict["last_read_message_id"] = last_read_message_id
        if leaf_id is not UNSET:
            field_dict["leaf_id"] = leaf_id
        if message is not UNSET:
            field_dict["message"] = message
        if model is not UNSET:
            field_dict["model"] = model
        if response is not UNSET:
            field_dict["response"] = response
        if title is not UNSET:
            field_dict["title"] = title

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.message import Message
        from ..models.response import Response

        d = dict(src_dict)
        archived = d.pop("archived")

        assistant_id = UUID(d.pop("assistant_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        hidden = d.pop("hidden")

        id = UUID(d.pop("id"))

        message_count = d.pop("message_count")

        pinned = d.pop("pinned")

        trashed = d.pop("trashed")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        def _parse_imported_from(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        imported_from = _parse_imported_from(d.pop("imported_from", UNSET))

        def _parse_last_read_message_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_read_message_id_type_0 = UUID(data)

                return last_read_message_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        last_read_message_id = _parse_last_read_message_id(d.pop("last_read_message_id", UNSET))

        def _parse_leaf_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                leaf_id_type_0 = UUID(data)

                return leaf_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        leaf_id = _parse_leaf_id(d.pop("leaf_id", UNSET))

        def _parse_message(data: object) -> Message | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                message_type_0 = Message.from_dict(data)

                return message_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Message | None | Unset, data)

        message = _parse_message(d.pop("message", UNSET))

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_response(data: object) -> None | Response | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_type_0 = Response.from_dict(data)

                return response_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response | Unset, data)

        response = _parse_response(d.pop("response", UNSET))

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        started_conversation = cls(
            archived=archived,
            assistant_id=assistant_id,
            created_at=created_at,
            hidden=hidden,
            id=id,
            message_count=message_count,
            pinned=pinned,
            trashed=trashed,
            updated_at=updated_at,
            version=version,
            imported_from=imported_from,
            last_read_message_id=last_read_message_id,
            leaf_id=leaf_id,
            message=message,
            model=model,
            response=response,
            title=title,
        )

        started_conversation.additional_properties = d
        return started_conversation

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

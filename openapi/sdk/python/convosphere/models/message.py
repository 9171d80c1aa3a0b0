from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.feedback_rating import FeedbackRating
from ..models.message_role import MessageRole
from ..models.message_status import MessageStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.message_citation import MessageCitation
    from ..models.message_part import MessagePart


T = TypeVar("T", bound="Message")


@_attrs_define
class Message:
    """A message of a conversation.

    Attributes:
        attachments (list[UUID]): The ids of the attached files.
        citations (list[MessageCitation]):
        content (str): The text of all text parts.
        conversation_id (UUID):
        created_at (datetime.datetime):
        id (UUID):
        parts (list[MessagePart]):
        role (MessageRole): Who wrote a message.
        sibling_ids (list[UUID]): All messages with the same parent, including this one, the oldest first.
        status (MessageStatus): Whether a message is complete.
        feedback (FeedbackRating | None | Unset): The rating of an answer.
        parent_id (None | Unset | UUID): Null for a root message.
        response_id (None | Unset | UUID): The run that wrote it, if it is an answer.
        user_id (None | Unset | UUID): The author, if a person wrote it.
    """

    attachments: list[UUID]
    citations: list[MessageCitation]
    content: str
    conversation_id: UUID
    created_at: datetime.datetime
    id: UUID
    parts: list[MessagePart]
    role: MessageRole
    sibling_ids: list[UUID]
    status: MessageStatus
    feedback: FeedbackRating | None | Unset = UNSET
    parent_id: None | Unset | UUID = UNSET
    response_id: None | Unset | UUID = UNSET
    user_id: None | Unset | UUID = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attachments = []
        for attachments_item_data in self.attachments:
            attachments_item = str(attachments_item_data)
            attachments.append(attachments_item)

        citations = []
        for citations_item_data in self.citations:
            citations_item = citations_item_data.to_dict()
            citations.append(citations_item)

        content = self.content

        conversation_id = str(self.conversation_id)

        created_at = self.created_at.isoformat()

        id = str(self.id)

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        role = self.role.value

        sibling_ids = []
        for sibling_ids_item_data in self.sibling_ids:
            sibling_ids_item = str(sibling_ids_item_data)
            sibling_ids.append(sibling_ids_item)

        status = self.status.value

        feedback: None | str | Unset
        if isinstance(self.feedback, Unset):
            feedback = UNSET
        elif isinstance(self.feedback, FeedbackRating):
            feedback = self.feedback.value
        else:
            feedback = self.feedback

        parent_id: None | str | Unset
        if isinstance(self.parent_id, Unset):
            parent_id = UNSET
        elif isinstance(self.parent_id, UUID):
            parent_id = str(self.parent_id)
        else:
            parent_id = self.parent_id

        response_id: None | str | Unset
        if isinstance(self.response_id, Unset):
            response_id = UNSET
        elif isinstance(self.response_id, UUID):
            response_id = str(self.response_id)
        else:
            response_id = self.response_id

        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        elif isinstance(self.user_id, UUID):
            user_id = str(self.user_id)
        else:
            user_id = self.user_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attachments": attachments,
                "citations": citations,
                "content": content,
                "conversation_id": conversation_id,
                "created_at": created_at,
                "id": id,
                "parts": parts,
                "role": role,
                "sibling_ids": sibling_ids,
                "status": status,
            }
        )
        if feedback is not UNSET:
            field_dict["feedback"] = feedback
        if parent_id is not UNSET:
            field_dict["parent_id"] = parent_id
        if response_id is not UNSET:
            field_dict["response_id"] = response_id
        if user_id is not UNSET:
            field_dict["user_id"] = user_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.message_citation import MessageCitation
        from ..models.message_part import MessagePart

        d = dict(src_dict)
        attachments = []
        _attachments = d.pop("attachments")
        for attachments_item_data in _attachments:
            attachments_item = UUID(attachments_item_data)

            attachments.append(attachments_item)

        citations = []
        _citations = d.pop("citations")
        for citations_item_data in _citations:
            citations_item = MessageCitation.from_dict(citations_item_data)

            citations.append(citations_item)

        content = d.pop("content")

        conversation_id = UUID(d.pop("conversation_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        id = UUID(d.pop("id"))

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = MessagePart.from_dict(parts_item_data)

            parts.append(parts_item)

        role = MessageRole(d.pop("role"))

        sibling_ids = []
        _sibling_ids = d.pop("sibling_ids")
        for sibling_ids_item_data in _sibling_ids:
            sibling_ids_item = UUID(sibling_ids_item_data)

            sibling_ids.append(sibling_ids_item)

        status = MessageStatus(d.pop("status"))

        def _parse_feedback(data: object) -> FeedbackRating | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                feedback_type_0 = FeedbackRating(data)

                return feedback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FeedbackRating | None | Unset, data)

        feedback = _parse_feedback(d.pop("feedback", UNSET))

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

        def _parse_response_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                response_id_type_0 = UUID(data)

                return response_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        response_id = _parse_response_id(d.pop("response_id", UNSET))

        def _parse_user_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                user_id_type_0 = UUID(data)

                return user_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        message = cls(
            attachments=attachments,
            citations=citations,
            content=content,
            conversation_id=conversation_id,
            created_at=created_at,
            id=id,
            parts=parts,
            role=role,
            sibling_ids=sibling_ids,
            status=status,
            feedback=feedback,
            parent_id=parent_id,
            response_id=response_id,
            user_id=user_id,
        )

        message.additional_properties = d
        return message

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

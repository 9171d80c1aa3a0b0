from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.assistant_status import AssistantStatus
from ..models.assistant_visibility import AssistantVisibility
from ..types import UNSET, Unset

T = TypeVar("T", bound="Assistant")


@_attrs_define
class Assistant:
    """A configuration of a model that answers messages.

    Attributes:
        assistant_version (int): The number of the current configuration; runs refer to it.
        created_at (datetime.datetime):
        description (str):
        id (UUID):
        instructions (str): Empty if the caller may not change the assistant.
        is_default (bool):
        knowledge_base_ids (list[UUID]): The knowledge bases that it uses; empty if the caller may not change the
            assistant. Answers only use those that the person who asks may read.
        name (str):
        status (AssistantStatus): Whether an assistant can be used.
        updated_at (datetime.datetime):
        version (int):
        visibility (AssistantVisibility): Who can see an assistant.
        max_output_tokens (int | None | Unset):
        model (None | str | Unset): Null for the default model of the installation.
        owner_id (None | Unset | UUID): Null for the default assistant.
        temperature (float | None | Unset):
    """

    assistant_version: int
    created_at: datetime.datetime
    description: str
    id: UUID
    instructions: str
    is_default: bool
    knowledge_base_ids: list[UUID]
    name: str
    status: AssistantStatus
    updated_at: datetime.datetime
    version: int
    visibility: AssistantVisibility
    max_output_tokens: int | None | Unset = UNSET
    model: None | str | Unset = UNSET
    owner_id: None | Unset | UUID = UNSET
    temperature: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        assistant_version = self.assistant_version

        created_at = self.created_at.isoformat()

        description = self.description

        id = str(self.id)

        instructions = self.instructions

        is_default = self.is_default

        knowledge_base_ids = []
        for knowledge_base_ids_item_data in self.knowledge_base_ids:
            knowledge_base_ids_item = str(knowledge_base_ids_item_data)
            knowledge_base_ids.append(knowledge_base_ids_item)

        name = self.name

        status = self.status.value

        updated_at = self.updated_at.isoformat()

        version = self.version

        visibility = self.visibility.value

        max_output_tokens: int | None | Unset
        if isinstance(self.max_output_tokens, Unset):
            max_output_tokens = UNSET
        else:
            max_output_tokens = self.max_output_tokens

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        owner_id: None | str | Unset
        if isinstance(self.owner_id, Unset):
            owner_id = UNSET
        elif isinstance(self.owner_id, UUID):
            owner_id = str(self.owner_id)
        else:
            owner_id = self.owner_id

        temperature: float | None | Unset
        if isinstance(self.temperature, Unset):
            temperature = UNSET
        else:
            temperature = self.temperature

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistant_version": assistant_version,
                "created_at": created_at,
                "description": description,
                "id": id,
                "instructions": instructions,
                "is_default": is_default,
                "knowledge_base_ids": knowledge_base_ids,
                "name": name,
                "status": status,
                "updated_at": updated_at,
                "version": version,
                "visibility": visibility,
            }
        )
        if max_output_tokens is not UNSET:
            field_dict["max_output_tokens"] = max_output_tokens
        if model is not UNSET:
            field_dict["model"] = model
        if owner_id is not UNSET:
            field_dict["owner_id"] = owner_id
        if temperature is not UNSET:
            field_dict["temperature"] = temperature

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        assistant_version = d.pop("assistant_version")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        description = d.pop("description")

        id = UUID(d.pop("id"))

        instructions = d.pop("instructions")

        is_default = d.pop("is_default")

        knowledge_base_ids = []
        _knowledge_base_ids = d.pop("knowledge_base_ids")
        for knowledge_base_ids_item_data in _knowledge_base_ids:
            knowledge_base_ids_item = UUID(knowledge_base_ids_item_data)

            knowledge_base_ids.append(knowledge_base_ids_item)

        name = d.pop("name")

        status = AssistantStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        visibility = AssistantVisibility(d.pop("visibility"))

        def _parse_max_output_tokens(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_output_tokens = _parse_max_output_tokens(d.pop("max_output_tokens", UNSET))

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_owner_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                owner_id_type_0 = UUID(data)

                return owner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        owner_id = _parse_owner_id(d.pop("owner_id", UNSET))

        def _parse_temperature(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        temperature = _parse_temperature(d.pop("temperature", UNSET))

        assistant = cls(
            assistant_version=assistant_version,
            created_at=created_at,
            description=description,
            id=id,
            instructions=instructions,
            is_default=is_default,
            knowledge_base_ids=knowledge_base_ids,
            name=name,
            status=status,
            updated_at=updated_at,
            version=version,
            visibility=visibility,
            max_output_tokens=max_output_tokens,
            model=model,
            owner_id=owner_id,
            temperature=temperature,
        )

        assistant.additional_properties = d
        return assistant

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

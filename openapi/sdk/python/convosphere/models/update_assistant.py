from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.assistant_status import AssistantStatus
from ..models.assistant_visibility import AssistantVisibility
from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdateAssistant")


@_attrs_define
class UpdateAssistant:
    """
    Attributes:
        description (None | str | Unset):
        instructions (None | str | Unset):
        knowledge_base_ids (list[UUID] | None | Unset): Replaces the current list.
        max_output_tokens (int | None | Unset): Null resets it to the default of the model at its provider.
        model (None | str | Unset): Null resets it to the default model of the installation.
        name (None | str | Unset):
        status (AssistantStatus | None | Unset):
        temperature (float | None | Unset): 0 to 2; null resets it to the default of the model at its provider.
        visibility (AssistantVisibility | None | Unset):
    """

    description: None | str | Unset = UNSET
    instructions: None | str | Unset = UNSET
    knowledge_base_ids: list[UUID] | None | Unset = UNSET
    max_output_tokens: int | None | Unset = UNSET
    model: None | str | Unset = UNSET
    name: None | str | Unset = UNSET
    status: AssistantStatus | None | Unset = UNSET
    temperature: float | None | Unset = UNSET
    visibility: AssistantVisibility | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        instructions: None | str | Unset
        if isinstance(self.instructions, Unset):
            instructions = UNSET
        else:
            instructions = self.instructions

        knowledge_base_ids: list[str] | None | Unset
        if isinstance(self.knowledge_base_ids, Unset):
            knowledge_base_ids = UNSET
        elif isinstance(self.knowledge_base_ids, list):
            knowledge_base_ids = []
            for knowledge_base_ids_type_0_item_data in self.knowledge_base_ids:
                knowledge_base_ids_type_0_item = str(knowledge_base_ids_type_0_item_data)
                knowledge_base_ids.append(knowledge_base_ids_type_0_item)

        else:
            knowledge_base_ids = self.knowledge_base_ids

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

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, AssistantStatus):
            status = self.status.value
        else:
            status = self.status

        temperature: float | None | Unset
        if isinstance(self.temperature, Unset):
            temperature = UNSET
        else:
            temperature = self.temperature

        visibility: None | str | Unset
        if isinstance(self.visibility, Unset):
            visibility = UNSET
        elif isinstance(self.visibility, AssistantVisibility):
            visibility = self.visibility.value
        else:
            visibility = self.visibility

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if description is not UNSET:
            field_dict["description"] = description
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if knowledge_base_ids is not UNSET:
            field_dict["knowledge_base_ids"] = knowledge_base_ids
        if max_output_tokens is not UNSET:
            field_dict["max_output_tokens"] = max_output_tokens
        if model is not UNSET:
            field_dict["model"] = model
        if name is not UNSET:
            field_dict["name"] = name
        if status is not UNSET:
            field_dict["status"] = status
        if temperature is not UNSET:
            field_dict["temperature"] = temperature
        if visibility is not UNSET:
            field_dict["visibility"] = visibility

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instructions = _parse_instructions(d.pop("instructions", UNSET))

        def _parse_knowledge_base_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                knowledge_base_ids_type_0 = []
                _knowledge_base_ids_type_0 = data
                for knowledge_base_ids_type_0_item_data in _knowledge_base_ids_type_0:
                    knowledge_base_ids_type_0_item = UUID(knowledge_base_ids_type_0_item_data)

                    knowledge_base_ids_type_0.append(knowledge_base_ids_type_0_item)

                return knowledge_base_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        knowledge_base_ids = _parse_knowledge_base_ids(d.pop("knowledge_base_ids", UNSET))

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

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_status(data: object) -> AssistantStatus | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = AssistantStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AssistantStatus | None | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_temperature(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        temperature = _parse_temperature(d.pop("temperature", UNSET))

        def _parse_visibility(data: object) -> AssistantVisibility | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                visibility_type_0 = AssistantVisibility(data)

                return visibility_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AssistantVisibility | None | Unset, data)

        visibility = _parse_visibility(d.pop("visibility", UNSET))

        update_assistant = cls(
            description=description,
            instructions=instructions,
            knowledge_base_ids=knowledge_base_ids,
            max_output_tokens=max_output_tokens,
            model=model,
            name=name,
            status=status,
            temperature=temperature,
            visibility=visibility,
        )

        update_assistant.additional_properties = d
        return update_assistant

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.prompt_message import PromptMessage


T = TypeVar("T", bound="Prompt")


@_attrs_define
class Prompt:
    """The prompt of a run.

    Attributes:
        left_out (bool): Whether earlier messages were left out because of the context window of the model.
        messages (list[PromptMessage]): The messages in the order in which they were sent.
        model (str):
        response_id (UUID):
        max_output_tokens (int | None | Unset):
        temperature (float | None | Unset):
    """

    left_out: bool
    messages: list[PromptMessage]
    model: str
    response_id: UUID
    max_output_tokens: int | None | Unset = UNSET
    temperature: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        left_out = self.left_out

        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        model = self.model

        response_id = str(self.response_id)

        max_output_tokens: int | None | Unset
        if isinstance(self.max_output_tokens, Unset):
            max_output_tokens = UNSET
        else:
            max_output_tokens = self.max_output_tokens

        temperature: float | None | Unset
        if isinstance(self.temperature, Unset):
            temperature = UNSET
        else:
            temperature = self.temperature

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "left_out": left_out,
                "messages": messages,
                "model": model,
                "response_id": response_id,
            }
        )
        if max_output_tokens is not UNSET:
            field_dict["max_output_tokens"] = max_output_tokens
        if temperature is not UNSET:
            field_dict["temperature"] = temperature

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.prompt_message import PromptMessage

        d = dict(src_dict)
        left_out = d.pop("left_out")

        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = PromptMessage.from_dict(messages_item_data)

            messages.append(messages_item)

        model = d.pop("model")

        response_id = UUID(d.pop("response_id"))

        def _parse_max_output_tokens(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_output_tokens = _parse_max_output_tokens(d.pop("max_output_tokens", UNSET))

        def _parse_temperature(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        temperature = _parse_temperature(d.pop("temperature", UNSET))

        prompt = cls(
            left_out=left_out,
            messages=messages,
            model=model,
            response_id=response_id,
            max_output_tokens=max_output_tokens,
            temperature=temperature,
        )

        prompt.additional_properties = d
        return prompt

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

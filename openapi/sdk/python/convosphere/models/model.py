from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="Model")


@_attrs_define
class Model:
    """A model that the caller may use.

    Attributes:
        built_in (bool): Whether it is built into the server and needs no network.
        chat (bool): Whether it can answer, as far as that is known. Models for embedding, speech, images or moderation
            cannot.
        default (bool): Whether it is the default model.
        enabled (bool): Whether it may be used. Only administrators see disabled models, if they request them.
        id (str): `<provider>/<model>`.
        name (str):
        provider (str):
        context_window (int | None | Unset): The context window in tokens, if it is known.
        embedding (bool | None | Unset): Whether it turns texts into vectors and cannot answer; null if that is unknown.
        max_output_tokens (int | None | Unset): The maximum number of output tokens, if it is known.
        reasoning (bool | None | Unset): Whether it reasons before it answers; null if that is unknown.
        vision (bool | None | Unset): Whether it reads images, as its provider reports or as models of its name do; null
            if that is unknown.
    """

    built_in: bool
    chat: bool
    default: bool
    enabled: bool
    id: str
    name: str
    provider: str
    context_window: int | None | Unset = UNSET
    embedding: bool | None | Unset = UNSET
    max_output_tokens: int | None | Unset = UNSET
    reasoning: bool | None | Unset = UNSET
    vision: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        built_in = self.built_in

        chat = self.chat

        default = self.default

        enabled = self.enabled

        id = self.id

        name = self.name

        provider = self.provider

        context_window: int | None | Unset
        if isinstance(self.context_window, Unset):
            context_window = UNSET
        else:
            context_window = self.context_window

        embedding: bool | None | Unset
        if isinstance(self.embedding, Unset):
            embedding = UNSET
        else:
            embedding = self.embedding

        max_output_tokens: int | None | Unset
        if isinstance(self.max_output_tokens, Unset):
            max_output_tokens = UNSET
        else:
            max_output_tokens = self.max_output_tokens

        reasoning: bool | None | Unset
        if isinstance(self.reasoning, Unset):
            reasoning = UNSET
        else:
            reasoning = self.reasoning

        vision: bool | None | Unset
        if isinstance(self.vision, Unset):
            vision = UNSET
        else:
            vision = self.vision

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "built_in": built_in,
                "chat": chat,
                "default": default,
                "enabled": enabled,
                "id": id,
                "name": name,
                "provider": provider,
            }
        )
        if context_window is not UNSET:
            field_dict["context_window"] = context_window
        if embedding is not UNSET:
            field_dict["embedding"] = embedding
        if max_output_tokens is not UNSET:
            field_dict["max_output_tokens"] = max_output_tokens
        if reasoning is not UNSET:
            field_dict["reasoning"] = reasoning
        if vision is not UNSET:
            field_dict["vision"] = vision

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        built_in = d.pop("built_in")

        chat = d.pop("chat")

        default = d.pop("default")

        enabled = d.pop("enabled")

        id = d.pop("id")

        name = d.pop("name")

        provider = d.pop("provider")

        def _parse_context_window(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        context_window = _parse_context_window(d.pop("context_window", UNSET))

        def _parse_embedding(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        embedding = _parse_embedding(d.pop("embedding", UNSET))

        def _parse_max_output_tokens(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_output_tokens = _parse_max_output_tokens(d.pop("max_output_tokens", UNSET))

        def _parse_reasoning(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        reasoning = _parse_reasoning(d.pop("reasoning", UNSET))

        def _parse_vision(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        vision = _parse_vision(d.pop("vision", UNSET))

        model = cls(
            built_in=built_in,
            chat=chat,
            default=default,
            enabled=enabled,
            id=id,
            name=name,
            provider=provider,
            context_window=context_window,
            embedding=embedding,
            max_output_tokens=max_output_tokens,
            reasoning=reasoning,
            vision=vision,
        )

        model.additional_properties = d
        return model

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

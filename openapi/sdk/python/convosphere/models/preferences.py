from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.language import Language
from ..models.theme import Theme
from ..types import UNSET, Unset

T = TypeVar("T", bound="Preferences")


@_attrs_define
class Preferences:
    """The preferences of a user, on every device.

    Attributes:
        favorite_models (list[str]): Models to show first, in this order. They need not exist any more.
        notify_answers (bool): Whether clients may show a notification when an answer is complete and the page is not
            visible.
        send_on_enter (bool): Whether Enter sends a message; otherwise it starts a new line.
        theme (Theme): The colour theme.
        version (int): The version of the account, for If-Match.
        default_model (None | str | Unset): The model of new conversations for which neither an assistant nor a model is
            chosen. Null for the model of the default assistant, and while the chosen model does not exist or is disabled.
        language (Language | None | Unset): Null for the language of the device.
    """

    favorite_models: list[str]
    notify_answers: bool
    send_on_enter: bool
    theme: Theme
    version: int
    default_model: None | str | Unset = UNSET
    language: Language | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        favorite_models = self.favorite_models

        notify_answers = self.notify_answers

        send_on_enter = self.send_on_enter

        theme = self.theme.value

        version = self.version

        default_model: None | str | Unset
        if isinstance(self.default_model, Unset):
            default_model = UNSET
        else:
            default_model = self.default_model

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, Language):
            language = self.language.value
        else:
            language = self.language

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "favorite_models": favorite_models,
                "notify_answers": notify_answers,
                "send_on_enter": send_on_enter,
                "theme": theme,
                "version": version,
            }
        )
        if default_model is not UNSET:
            field_dict["default_model"] = default_model
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        favorite_models = cast(list[str], d.pop("favorite_models"))

        notify_answers = d.pop("notify_answers")

        send_on_enter = d.pop("send_on_enter")

        theme = Theme(d.pop("theme"))

        version = d.pop("version")

        def _parse_default_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        default_model = _parse_default_model(d.pop("default_model", UNSET))

        def _parse_language(data: object) -> Language | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_type_0 = Language(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Language | None | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        preferences = cls(
            favorite_models=favorite_models,
            notify_answers=notify_answers,
            send_on_enter=send_on_enter,
            theme=theme,
            version=version,
            default_model=default_model,
            language=language,
        )

        preferences.additional_properties = d
        return preferences

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

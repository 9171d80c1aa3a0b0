from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.language import Language
from ..models.theme import Theme
from ..types import UNSET, Unset

T = TypeVar("T", bound="UpdatePreferences")


@_attrs_define
class UpdatePreferences:
    """
    Attributes:
        default_model (None | str | Unset): Null resets it to the model of the default assistant.
        favorite_models (list[str] | None | Unset): Replaces the favourite models, at most 100.
        language (Language | None | Unset): Null resets it to the language of the device.
        notify_answers (bool | None | Unset):
        send_on_enter (bool | None | Unset):
        theme (None | Theme | Unset):
    """

    default_model: None | str | Unset = UNSET
    favorite_models: list[str] | None | Unset = UNSET
    language: Language | None | Unset = UNSET
    notify_answers: bool | None | Unset = UNSET
    send_on_enter: bool | None | Unset = UNSET
    theme: None | Theme | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        default_model: None | str | Unset
        if isinstance(self.default_model, Unset):
            default_model = UNSET
        else:
            default_model = self.default_model

        favorite_models: list[str] | None | Unset
        if isinstance(self.favorite_models, Unset):
            favorite_models = UNSET
        elif isinstance(self.favorite_models, list):
            favorite_models = self.favorite_models

        else:
            favorite_models = self.favorite_models

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        elif isinstance(self.language, Language):
            language = self.language.value
        else:
            language = self.language

        notify_answers: bool | None | Unset
        if isinstance(self.notify_answers, Unset):
            notify_answers = UNSET
        else:
            notify_answers = self.notify_answers

        send_on_enter: bool | None | Unset
        if isinstance(self.send_on_enter, Unset):
            send_on_enter = UNSET
        else:
            send_on_enter = self.send_on_enter

        theme: None | str | Unset
        if isinstance(self.theme, Unset):
            theme = UNSET
        elif isinstance(self.theme, Theme):
            theme = self.theme.value
        else:
            theme = self.theme

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if default_model is not UNSET:
            field_dict["default_model"] = default_model
        if favorite_models is not UNSET:
            field_dict["favorite_models"] = favorite_models
        if language is not UNSET:
            field_dict["language"] = language
        if notify_answers is not UNSET:
            field_dict["notify_answers"] = notify_answers
        if send_on_enter is not UNSET:
            field_dict["send_on_enter"] = send_on_enter
        if theme is not UNSET:
            field_dict["theme"] = theme

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_default_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        default_model = _parse_default_model(d.pop("default_model", UNSET))

        def _parse_favorite_models(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                favorite_models_type_0 = cast(list[str], data)

                return favorite_models_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        favorite_models = _parse_favorite_models(d.pop("favorite_models", UNSET))

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

        def _parse_notify_answers(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        notify_answers = _parse_notify_answers(d.pop("notify_answers", UNSET))

        def _parse_send_on_enter(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        send_on_enter = _parse_send_on_enter(d.pop("send_on_enter", UNSET))

        def _parse_theme(data: object) -> None | Theme | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                theme_type_0 = Theme(data)

                return theme_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Theme | Unset, data)

        theme = _parse_theme(d.pop("theme", UNSET))

        update_preferences = cls(
            default_model=default_model,
            favorite_models=favorite_models,
            language=language,
            notify_answers=notify_answers,
            send_on_enter=send_on_enter,
            theme=theme,
        )

        update_preferences.additional_properties = d
        return update_preferences

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.default_model_source import DefaultModelSource

T = TypeVar("T", bound="Settings")


@_attrs_define
class Settings:
    """The settings of the installation.

    Attributes:
        default_model (str): The default model.
        default_model_source (DefaultModelSource): Where the default model comes from.
        version (int):
    """

    default_model: str
    default_model_source: DefaultModelSource
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        default_model = self.default_model

        default_model_source = self.default_model_source.value

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "default_model": default_model,
                "default_model_source": default_model_source,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        default_model = d.pop("default_model")

        default_model_source = DefaultModelSource(d.pop("default_model_source"))

        version = d.pop("version")

        settings = cls(
            default_model=default_model,
            default_model_source=default_model_source,
            version=version,
        )

        settings.additional_properties = d
        return settings

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

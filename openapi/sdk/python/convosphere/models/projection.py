from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

T = TypeVar("T", bound="Projection")


@_attrs_define
class Projection:
    """The state of a read model.

    Attributes:
        lag (int): Number of events that it has not processed yet.
        name (str):
        parked (int): Number of objects whose events it could not apply.
        position (int):
        version (int):
    """

    lag: int
    name: str
    parked: int
    position: int
    version: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lag = self.lag

        name = self.name

        parked = self.parked

        position = self.position

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "lag": lag,
                "name": name,
                "parked": parked,
                "position": position,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        lag = d.pop("lag")

        name = d.pop("name")

        parked = d.pop("parked")

        position = d.pop("position")

        version = d.pop("version")

        projection = cls(
            lag=lag,
            name=name,
            parked=parked,
            position=position,
            version=version,
        )

        projection.additional_properties = d
        return projection

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

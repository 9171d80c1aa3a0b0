from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

if TYPE_CHECKING:
    from ..models.facet_count import FacetCount


T = TypeVar("T", bound="Facets")


@_attrs_define
class Facets:
    """Counts of the hits that the caller may see.

    Attributes:
        kind (list[FacetCount]): Counts of all kinds, whatever `kind` the search is limited to.
        knowledge_base_id (list[FacetCount]):
        role (list[FacetCount]):
    """

    kind: list[FacetCount]
    knowledge_base_id: list[FacetCount]
    role: list[FacetCount]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = []
        for kind_item_data in self.kind:
            kind_item = kind_item_data.to_dict()
            kind.append(kind_item)

        knowledge_base_id = []
        for knowledge_base_id_item_data in self.knowledge_base_id:
            knowledge_base_id_item = knowledge_base_id_item_data.to_dict()
            knowledge_base_id.append(knowledge_base_id_item)

        role = []
        for role_item_data in self.role:
            role_item = role_item_data.to_dict()
            role.append(role_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "knowledge_base_id": knowledge_base_id,
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.facet_count import FacetCount

        d = dict(src_dict)
        kind = []
        _kind = d.pop("kind")
        for kind_item_data in _kind:
            kind_item = FacetCount.from_dict(kind_item_data)

            kind.append(kind_item)

        knowledge_base_id = []
        _knowledge_base_id = d.pop("knowledge_base_id")
        for knowledge_base_id_item_data in _knowledge_base_id:
            knowledge_base_id_item = FacetCount.from_dict(knowledge_base_id_item_data)

            knowledge_base_id.append(knowledge_base_id_item)

        role = []
        _role = d.pop("role")
        for role_item_data in _role:
            role_item = FacetCount.from_dict(role_item_data)

            role.append(role_item)

        facets = cls(
            kind=kind,
            knowledge_base_id=knowledge_base_id,
            role=role,
        )

        facets.additional_properties = d
        return facets

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

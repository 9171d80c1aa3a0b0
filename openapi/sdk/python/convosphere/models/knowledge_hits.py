from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

if TYPE_CHECKING:
    from ..models.knowledge_hit import KnowledgeHit


T = TypeVar("T", bound="KnowledgeHits")


@_attrs_define
class KnowledgeHits:
    """The result of a search in knowledge bases.

    Attributes:
        by_meaning (bool): Whether the search also used the meaning of the question, not only its words.
        items (list[KnowledgeHit]): The best passage comes first.
    """

    by_meaning: bool
    items: list[KnowledgeHit]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        by_meaning = self.by_meaning

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "by_meaning": by_meaning,
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.knowledge_hit import KnowledgeHit

        d = dict(src_dict)
        by_meaning = d.pop("by_meaning")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = KnowledgeHit.from_dict(items_item_data)

            items.append(items_item)

        knowledge_hits = cls(
            by_meaning=by_meaning,
            items=items,
        )

        knowledge_hits.additional_properties = d
        return knowledge_hits

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

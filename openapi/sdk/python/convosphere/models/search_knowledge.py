from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="SearchKnowledge")


@_attrs_define
class SearchKnowledge:
    """
    Attributes:
        query (str): A question or words, 1 to 2,000 characters.
        knowledge_base_ids (list[UUID] | None | Unset): All knowledge bases that the caller may read by default.
        limit (int | None | Unset): 1 to 50; 10 by default.
    """

    query: str
    knowledge_base_ids: list[UUID] | None | Unset = UNSET
    limit: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = self.query

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

        limit: int | None | Unset
        if isinstance(self.limit, Unset):
            limit = UNSET
        else:
            limit = self.limit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
            }
        )
        if knowledge_base_ids is not UNSET:
            field_dict["knowledge_base_ids"] = knowledge_base_ids
        if limit is not UNSET:
            field_dict["limit"] = limit

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        query = d.pop("query")

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

        def _parse_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        limit = _parse_limit(d.pop("limit", UNSET))

        search_knowledge = cls(
            query=query,
            knowledge_base_ids=knowledge_base_ids,
            limit=limit,
        )

        search_knowledge.additional_properties = d
        return search_knowledge

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

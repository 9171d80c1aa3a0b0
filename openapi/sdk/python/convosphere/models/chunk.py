from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="Chunk")


@_attrs_define
class Chunk:
    """A passage of a document, which searches find and answers cite.

    Attributes:
        headings (list[str]): The headings above it, the outermost first.
        id (UUID):
        number (int): Its position in the document, from 0.
        text (str):
        page (int | None | Unset): The page, slide or sheet on which it starts, from 1.
        page_name (None | str | Unset): The name of that page, such as the name of a sheet.
    """

    headings: list[str]
    id: UUID
    number: int
    text: str
    page: int | None | Unset = UNSET
    page_name: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        headings = self.headings

        id = str(self.id)

        number = self.number

        text = self.text

        page: int | None | Unset
        if isinstance(self.page, Unset):
            page = UNSET
        else:
            page = self.page

        page_name: None | str | Unset
        if isinstance(self.page_name, Unset):
            page_name = UNSET
        else:
            page_name = self.page_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "headings": headings,
                "id": id,
                "number": number,
                "text": text,
            }
        )
        if page is not UNSET:
            field_dict["page"] = page
        if page_name is not UNSET:
            field_dict["page_name"] = page_name

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        headings = cast(list[str], d.pop("headings"))

        id = UUID(d.pop("id"))

        number = d.pop("number")

        text = d.pop("text")

        def _parse_page(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        page = _parse_page(d.pop("page", UNSET))

        def _parse_page_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        page_name = _parse_page_name(d.pop("page_name", UNSET))

        chunk = cls(
            headings=headings,
            id=id,
            number=number,
            text=text,
            page=page,
            page_name=page_name,
        )

        chunk.additional_properties = d
        return chunk

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

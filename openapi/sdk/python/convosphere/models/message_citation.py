from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

T = TypeVar("T", bound="MessageCitation")


@_attrs_define
class MessageCitation:
    """A source of an answer.

    Attributes:
        location (str): The path on this server that opens the source.
        number (int): The number by which the text refers to it.
        quote (str): The passage, verbatim.
        title (str):
    """

    location: str
    number: int
    quote: str
    title: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        location = self.location

        number = self.number

        quote = self.quote

        title = self.title

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "location": location,
                "number": number,
                "quote": quote,
                "title": title,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        location = d.pop("location")

        number = d.pop("number")

        quote = d.pop("quote")

        title = d.pop("title")

        message_citation = cls(
            location=location,
            number=number,
            quote=quote,
            title=title,
        )

        message_citation.additional_properties = d
        return message_citation

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

T = TypeVar("T", bound="Backup")


@_attrs_define
class Backup:
    """A backup in the backup folder. Its key ring is stored next to it, under the same name with another extension.

    Attributes:
        bytes_ (int):
        hash_ (str): The hash of that position, in hex.
        made_at (datetime.datetime):
        name (str): The file name in the backup folder.
        position (int): The last position of the log in the backup.
    """

    bytes_: int
    hash_: str
    made_at: datetime.datetime
    name: str
    position: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        hash_ = self.hash_

        made_at = self.made_at.isoformat()

        name = self.name

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "hash": hash_,
                "made_at": made_at,
                "name": name,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        bytes_ = d.pop("bytes")

        hash_ = d.pop("hash")

        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        name = d.pop("name")

        position = d.pop("position")

        backup = cls(
            bytes_=bytes_,
            hash_=hash_,
            made_at=made_at,
            name=name,
            position=position,
        )

        backup.additional_properties = d
        return backup

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

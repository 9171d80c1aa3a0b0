from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

T = TypeVar("T", bound="Event")


@_attrs_define
class Event:
    """An event of the log.

    Attributes:
        aggregate_id (str):
        aggregate_type (str):
        event_id (UUID):
        event_type (str):
        event_version (int):
        hash_ (str): SHA-256 of the chain up to this event, in hex.
        metadata (Any):
        payload (Any): The fields of the event; personal text is encrypted, except in the feed.
        position (int):
        recorded_at (datetime.datetime):
        sequence (int): The number of the event within its object.
    """

    aggregate_id: str
    aggregate_type: str
    event_id: UUID
    event_type: str
    event_version: int
    hash_: str
    metadata: Any
    payload: Any
    position: int
    recorded_at: datetime.datetime
    sequence: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        aggregate_id = self.aggregate_id

        aggregate_type = self.aggregate_type

        event_id = str(self.event_id)

        event_type = self.event_type

        event_version = self.event_version

        hash_ = self.hash_

        metadata = self.metadata

        payload = self.payload

        position = self.position

        recorded_at = self.recorded_at.isoformat()

        sequence = self.sequence

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "aggregate_id": aggregate_id,
                "aggregate_type": aggregate_type,
                "event_id": event_id,
                "event_type": event_type,
                "event_version": event_version,
                "hash": hash_,
                "metadata": metadata,
                "payload": payload,
                "position": position,
                "recorded_at": recorded_at,
                "sequence": sequence,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        aggregate_id = d.pop("aggregate_id")

        aggregate_type = d.pop("aggregate_type")

        event_id = UUID(d.pop("event_id"))

        event_type = d.pop("event_type")

        event_version = d.pop("event_version")

        hash_ = d.pop("hash")

        metadata = d.pop("metadata")

        payload = d.pop("payload")

        position = d.pop("position")

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        sequence = d.pop("sequence")

        event = cls(
            aggregate_id=aggregate_id,
            aggregate_type=aggregate_type,
            event_id=event_id,
            event_type=event_type,
            event_version=event_version,
            hash_=hash_,
            metadata=metadata,
            payload=payload,
            position=position,
            recorded_at=recorded_at,
            sequence=sequence,
        )

        event.additional_properties = d
        return event

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

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

T = TypeVar("T", bound="MachineLoad")


@_attrs_define
class MachineLoad:
    """The load of the machine that this node runs on.

    Attributes:
        cpu_percent (float): Load of all processors, 0 to 100.
        memory_bytes (int): Memory in use.
        memory_total_bytes (int):
        process_memory_bytes (int): Memory used by this server.
    """

    cpu_percent: float
    memory_bytes: int
    memory_total_bytes: int
    process_memory_bytes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cpu_percent = self.cpu_percent

        memory_bytes = self.memory_bytes

        memory_total_bytes = self.memory_total_bytes

        process_memory_bytes = self.process_memory_bytes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cpu_percent": cpu_percent,
                "memory_bytes": memory_bytes,
                "memory_total_bytes": memory_total_bytes,
                "process_memory_bytes": process_memory_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        cpu_percent = d.pop("cpu_percent")

        memory_bytes = d.pop("memory_bytes")

        memory_total_bytes = d.pop("memory_total_bytes")

        process_memory_bytes = d.pop("process_memory_bytes")

        machine_load = cls(
            cpu_percent=cpu_percent,
            memory_bytes=memory_bytes,
            memory_total_bytes=memory_total_bytes,
            process_memory_bytes=process_memory_bytes,
        )

        machine_load.additional_properties = d
        return machine_load

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

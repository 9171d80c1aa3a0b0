from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.machine_load import MachineLoad
    from ..models.response_time import ResponseTime


T = TypeVar("T", bound="Overview")


@_attrs_define
class Overview:
    """
    Attributes:
        active_users (int): Number of people who were active in the last five minutes.
        conversations (int): Number of conversations, including those in the trash.
        messages (int):
        response_time (ResponseTime): Time until the response began, over the requests of the last five minutes; null if
            there were none.
        running_responses (int): Number of answers that are queued or being written.
        uptime_seconds (int): Seconds since the server started.
        users (int): Number of accounts, including suspended ones.
        machine (MachineLoad | None | Unset): Null if the operating system does not provide it.
    """

    active_users: int
    conversations: int
    messages: int
    response_time: ResponseTime
    running_responses: int
    uptime_seconds: int
    users: int
    machine: MachineLoad | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.machine_load import MachineLoad

        active_users = self.active_users

        conversations = self.conversations

        messages = self.messages

        response_time = self.response_time.to_dict()

        running_responses = self.running_responses

        uptime_seconds = self.uptime_seconds

        users = self.users

        machine: dict[str, Any] | None | Unset
        if isinstance(self.machine, Unset):
            machine = UNSET
        elif isinstance(self.machine, MachineLoad):
            machine = self.machine.to_dict()
        else:
            machine = self.machine

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "active_users": active_users,
                "conversations": conversations,
                "messages": messages,
                "response_time": response_time,
                "running_responses": running_responses,
                "uptime_seconds": uptime_seconds,
                "users": users,
            }
        )
        if machine is not UNSET:
            field_dict["machine"] = machine

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.machine_load import MachineLoad
        from ..models.response_time import ResponseTime

        d = dict(src_dict)
        active_users = d.pop("active_users")

        conversations = d.pop("conversations")

        messages = d.pop("messages")

        response_time = ResponseTime.from_dict(d.pop("response_time"))

        running_responses = d.pop("running_responses")

        uptime_seconds = d.pop("uptime_seconds")

        users = d.pop("users")

        def _parse_machine(data: object) -> MachineLoad | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                machine_type_0 = MachineLoad.from_dict(data)

                return machine_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MachineLoad | None | Unset, data)

        machine = _parse_machine(d.pop("machine", UNSET))

        overview = cls(
            active_users=active_users,
            conversations=conversations,
            messages=messages,
            response_time=response_time,
            running_responses=running_responses,
            uptime_seconds=uptime_seconds,
            users=users,
            machine=machine,
        )

        overview.additional_properties = d
        return overview

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.response_status import ResponseStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.model_call import ModelCall
    from ..models.response_failure import ResponseFailure
    from ..models.response_usage import ResponseUsage


T = TypeVar("T", bound="Response")


@_attrs_define
class Response:
    """One run of an assistant.

    Attributes:
        assistant_id (UUID):
        assistant_version (int):
        calls (list[ModelCall]): The calls of models, once the run has ended; the last one gave the answer.
        conversation_id (UUID):
        id (UUID):
        message_id (UUID): The message of the answer, which exists from the start.
        model (str): The model that answers: the requested one, or a fallback.
        prompt_message_id (UUID):
        status (ResponseStatus): How far a run is.
        cost (float | None | Unset): The cost of all calls, in the currency of `models.prices`; null if none of the
            models has a price.
        ended_at (datetime.datetime | None | Unset):
        error (None | ResponseFailure | Unset):
        finish_reason (None | str | Unset): `stop`, `length`, `tool_calls` or `content_filter`.
        started_at (datetime.datetime | None | Unset):
        usage (None | ResponseUsage | Unset):
    """

    assistant_id: UUID
    assistant_version: int
    calls: list[ModelCall]
    conversation_id: UUID
    id: UUID
    message_id: UUID
    model: str
    prompt_message_id: UUID
    status: ResponseStatus
    cost: float | None | Unset = UNSET
    ended_at: datetime.datetime | None | Unset = UNSET
    error: None | ResponseFailure | Unset = UNSET
    finish_reason: None | str | Unset = UNSET
    started_at: datetime.datetime | None | Unset = UNSET
    usage: None | ResponseUsage | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.response_failure import ResponseFailure
        from ..models.response_usage import ResponseUsage

        assistant_id = str(self.assistant_id)

        assistant_version = self.assistant_version

        calls = []
        for calls_item_data in self.calls:
            calls_item = calls_item_data.to_dict()
            calls.append(calls_item)

        conversation_id = str(self.conversation_id)

        id = str(self.id)

        message_id = str(self.message_id)

        model = self.model

        prompt_message_id = str(self.prompt_message_id)

        status = self.status.value

        cost: float | None | Unset
        if isinstance(self.cost, Unset):
            cost = UNSET
        else:
            cost = self.cost

        ended_at: None | str | Unset
        if isinstance(self.ended_at, Unset):
            ended_at = UNSET
        elif isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, ResponseFailure):
            error = self.error.to_dict()
        else:
            error = self.error

        finish_reason: None | str | Unset
        if isinstance(self.finish_reason, Unset):
            finish_reason = UNSET
        else:
            finish_reason = self.finish_reason

        started_at: None | str | Unset
        if isinstance(self.started_at, Unset):
            started_at = UNSET
        elif isinstance(self.started_at, datetime.datetime):
            started_at = self.started_at.isoformat()
        else:
            started_at = self.started_at

        usage: dict[str, Any] | None | Unset
        if isinstance(self.usage, Unset):
            usage = UNSET
        elif isinstance(self.usage, ResponseUsage):
            usage = self.usage.to_dict()
        else:
            usage = self.usage

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "assistant_id": assistant_id,
                "assistant_version": assistant_version,
                "calls": calls,
                "conversation_id": conversation_id,
                "id": id,
                "message_id": message_id,
                "model": model,
                "prompt_message_id": prompt_message_id,
                "status": status,
            }
        )
        if cost is not UNSET:
            field_dict["cost"] = cost
        if ended_at is not UNSET:
            field_dict["ended_at"] = ended_at
        if error is not UNSET:
            field_dict["error"] = error
        if finish_reason is not UNSET:
            field_dict["finish_reason"] = finish_reason
        if started_at is not UNSET:
            field_dict["started_at"] = started_at
        if usage is not UNSET:
            field_dict["usage"] = usage

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.model_call import ModelCall
        from ..models.response_failure import ResponseFailure
        from ..models.response_usage import ResponseUsage

        d = dict(src_dict)
        assistant_id = UUID(d.pop("assistant_id"))

        assistant_version = d.pop("assistant_version")

        calls = []
        _calls = d.pop("calls")
        for calls_item_data in _calls:
            calls_item = ModelCall.from_dict(calls_item_data)

            calls.append(calls_item)

        conversation_id = UUID(d.pop("conversation_id"))

        id = UUID(d.pop("id"))

        message_id = UUID(d.pop("message_id"))

        model = d.pop("model")

        prompt_message_id = UUID(d.pop("prompt_message_id"))

        status = ResponseStatus(d.pop("status"))

        def _parse_cost(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cost = _parse_cost(d.pop("cost", UNSET))

        def _parse_ended_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        ended_at = _parse_ended_at(d.pop("ended_at", UNSET))

        def _parse_error(data: object) -> None | ResponseFailure | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ResponseFailure.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseFailure | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_finish_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        finish_reason = _parse_finish_reason(d.pop("finish_reason", UNSET))

        def _parse_started_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        started_at = _parse_started_at(d.pop("started_at", UNSET))

        def _parse_usage(data: object) -> None | ResponseUsage | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                usage_type_0 = ResponseUsage.from_dict(data)

                return usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseUsage | Unset, data)

        usage = _parse_usage(d.pop("usage", UNSET))

        response = cls(
            assistant_id=assistant_id,
            assistant_version=assistant_version,
            calls=calls,
            conversation_id=conversation_id,
            id=id,
            message_id=message_id,
            model=model,
            prompt_message_id=prompt_message_id,
            status=status,
            cost=cost,
            ended_at=ended_at,
            error=error,
            finish_reason=finish_reason,
            started_at=started_at,
            usage=usage,
        )

        response.additional_properties = d
        return response

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

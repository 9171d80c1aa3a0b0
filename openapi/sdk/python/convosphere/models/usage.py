from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="Usage")


@_attrs_define
class Usage:
    """Usage on one day, or of one model, assistant or user.

    Attributes:
        cancelled (int):
        completed (int):
        failed (int):
        input_tokens (int):
        interrupted (int):
        key (str): The day as YYYY-MM-DD, or the id of the model, assistant or user.
        output_tokens (int):
        rated_down (int): Number of answers with a negative rating.
        rated_up (int): Number of answers with a positive rating.
        responses (int): Number of answers that were requested.
        cost (float | None | Unset): In the currency of `models.prices`; null if none of the models has a price.
        median_seconds (float | None | Unset): Time from the question to the end of a completed answer; null if there is
            none.
        name (None | str | Unset): The name of the assistant or user; null if it was deleted, and for days and models.
        p95_seconds (float | None | Unset):
    """

    cancelled: int
    completed: int
    failed: int
    input_tokens: int
    interrupted: int
    key: str
    output_tokens: int
    rated_down: int
    rated_up: int
    responses: int
    cost: float | None | Unset = UNSET
    median_seconds: float | None | Unset = UNSET
    name: None | str | Unset = UNSET
    p95_seconds: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cancelled = self.cancelled

        completed = self.completed

        failed = self.failed

        input_tokens = self.input_tokens

        interrupted = self.interrupted

        key = self.key

        output_tokens = self.output_tokens

        rated_down = self.rated_down

        rated_up = self.rated_up

        responses = self.responses

        cost: float | None | Unset
        if isinstance(self.cost, Unset):
            cost = UNSET
        else:
            cost = self.cost

        median_seconds: float | None | Unset
        if isinstance(self.median_seconds, Unset):
            median_seconds = UNSET
        else:
            median_seconds = self.median_seconds

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        p95_seconds: float | None | Unset
        if isinstance(self.p95_seconds, Unset):
            p95_seconds = UNSET
        else:
            p95_seconds = self.p95_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cancelled": cancelled,
                "completed": completed,
                "failed": failed,
                "input_tokens": input_tokens,
                "interrupted": interrupted,
                "key": key,
                "output_tokens": output_tokens,
                "rated_down": rated_down,
                "rated_up": rated_up,
                "responses": responses,
            }
        )
        if cost is not UNSET:
            field_dict["cost"] = cost
        if median_seconds is not UNSET:
            field_dict["median_seconds"] = median_seconds
        if name is not UNSET:
            field_dict["name"] = name
        if p95_seconds is not UNSET:
            field_dict["p95_seconds"] = p95_seconds

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        cancelled = d.pop("cancelled")

        completed = d.pop("completed")

        failed = d.pop("failed")

        input_tokens = d.pop("input_tokens")

        interrupted = d.pop("interrupted")

        key = d.pop("key")

        output_tokens = d.pop("output_tokens")

        rated_down = d.pop("rated_down")

        rated_up = d.pop("rated_up")

        responses = d.pop("responses")

        def _parse_cost(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cost = _parse_cost(d.pop("cost", UNSET))

        def _parse_median_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        median_seconds = _parse_median_seconds(d.pop("median_seconds", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_p95_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        p95_seconds = _parse_p95_seconds(d.pop("p95_seconds", UNSET))

        usage = cls(
            cancelled=cancelled,
            completed=completed,
            failed=failed,
            input_tokens=input_tokens,
            interrupted=interrupted,
            key=key,
            output_tokens=output_tokens,
            rated_down=rated_down,
            rated_up=rated_up,
            responses=responses,
            cost=cost,
            median_seconds=median_seconds,
            name=name,
            p95_seconds=p95_seconds,
        )

        usage.additional_properties = d
        return usage

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

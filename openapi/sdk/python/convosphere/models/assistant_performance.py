from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="AssistantPerformance")


@_attrs_define
class AssistantPerformance:
    """Counts and durations of an assistant's answers.

    Attributes:
        cancelled (int):
        completed (int):
        failed (int):
        input_tokens (int):
        interrupted (int):
        output_tokens (int):
        responses (int):
        median_seconds (float | None | Unset): Median duration of completed answers; null if there are none.
    """

    cancelled: int
    completed: int
    failed: int
    input_tokens: int
    interrupted: int
    output_tokens: int
    responses: int
    median_seconds: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cancelled = self.cancelled

        completed = self.completed

        failed = self.failed

        input_tokens = self.input_tokens

        interrupted = self.interrupted

        output_tokens = self.output_tokens

        responses = self.responses

        median_seconds: float | None | Unset
        if isinstance(self.median_seconds, Unset):
            median_seconds = UNSET
        else:
            median_seconds = self.median_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cancelled": cancelled,
                "completed": completed,
                "failed": failed,
                "input_tokens": input_tokens,
                "interrupted": interrupted,
                "output_tokens": output_tokens,
                "responses": responses,
            }
        )
        if median_seconds is not UNSET:
            field_dict["median_seconds"] = median_seconds

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        cancelled = d.pop("cancelled")

        completed = d.pop("completed")

        failed = d.pop("failed")

        input_tokens = d.pop("input_tokens")

        interrupted = d.pop("interrupted")

        output_tokens = d.pop("output_tokens")

        responses = d.pop("responses")

        def _parse_median_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        median_seconds = _parse_median_seconds(d.pop("median_seconds", UNSET))

        assistant_performance = cls(
            cancelled=cancelled,
            completed=completed,
            failed=failed,
            input_tokens=input_tokens,
            interrupted=interrupted,
            output_tokens=output_tokens,
            responses=responses,
            median_seconds=median_seconds,
        )

        assistant_performance.additional_properties = d
        return assistant_performance

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

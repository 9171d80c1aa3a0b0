from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="ModelCall")


@_attrs_define
class ModelCall:
    """A call of a model: the first one, or a fallback because the previous model did not start to answer.

    Attributes:
        input_tokens (int):
        left_out (list[str]): Request fields that were left out because the provider does not accept them.
        model (str):
        output_tokens (int):
        took_ms (int): Milliseconds until the end.
        cost (float | None | Unset): In the currency of `models.prices`; null if the model has no price.
        failure (None | str | Unset): Why the call failed, if it did.
        first_ms (int | None | Unset): Milliseconds until the first token; null if there was none.
    """

    input_tokens: int
    left_out: list[str]
    model: str
    output_tokens: int
    took_ms: int
    cost: float | None | Unset = UNSET
    failure: None | str | Unset = UNSET
    first_ms: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        input_tokens = self.input_tokens

        left_out = self.left_out

        model = self.model

        output_tokens = self.output_tokens

        took_ms = self.took_ms

        cost: float | None | Unset
        if isinstance(self.cost, Unset):
            cost = UNSET
        else:
            cost = self.cost

        failure: None | str | Unset
        if isinstance(self.failure, Unset):
            failure = UNSET
        else:
            failure = self.failure

        first_ms: int | None | Unset
        if isinstance(self.first_ms, Unset):
            first_ms = UNSET
        else:
            first_ms = self.first_ms

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input_tokens": input_tokens,
                "left_out": left_out,
                "model": model,
                "output_tokens": output_tokens,
                "took_ms": took_ms,
            }
        )
        if cost is not UNSET:
            field_dict["cost"] = cost
        if failure is not UNSET:
            field_dict["failure"] = failure
        if first_ms is not UNSET:
            field_dict["first_ms"] = first_ms

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        input_tokens = d.pop("input_tokens")

        left_out = cast(list[str], d.pop("left_out"))

        model = d.pop("model")

        output_tokens = d.pop("output_tokens")

        took_ms = d.pop("took_ms")

        def _parse_cost(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cost = _parse_cost(d.pop("cost", UNSET))

        def _parse_failure(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        failure = _parse_failure(d.pop("failure", UNSET))

        def _parse_first_ms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        first_ms = _parse_first_ms(d.pop("first_ms", UNSET))

        model_call = cls(
            input_tokens=input_tokens,
            left_out=left_out,
            model=model,
            output_tokens=output_tokens,
            took_ms=took_ms,
            cost=cost,
            failure=failure,
            first_ms=first_ms,
        )

        model_call.additional_properties = d
        return model_call

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..models.provider_health import ProviderHealth
from ..models.provider_kind import ProviderKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="Provider")


@_attrs_define
class Provider:
    """A model provider. Its API key is never returned.

    Attributes:
        base_url (str):
        created_at (datetime.datetime):
        disabled_models (list[str]): Models that an administrator has disabled, whether or not the provider lists them.
        has_api_key (bool):
        health (ProviderHealth): The result of the last check of a provider.
        id (UUID):
        kind (ProviderKind): The API type of a provider.
        models (list[str]): Models that an administrator has added, whether or not the provider lists them.
        name (str): The name, which is the first part of the ids of its models.
        updated_at (datetime.datetime):
        version (int):
        checked_at (datetime.datetime | None | Unset):
        fault (None | str | Unset): Why the check failed: `no_connection`, `name_not_found`, `private_address`,
            `unauthorized`, `not_understood` or `timeout`. A healthy provider has `not_understood` if it lists no models and
            an administrator has added some.
    """

    base_url: str
    created_at: datetime.datetime
    disabled_models: list[str]
    has_api_key: bool
    health: ProviderHealth
    id: UUID
    kind: ProviderKind
    models: list[str]
    name: str
    updated_at: datetime.datetime
    version: int
    checked_at: datetime.datetime | None | Unset = UNSET
    fault: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        base_url = self.base_url

        created_at = self.created_at.isoformat()

        disabled_models = self.disabled_models

        has_api_key = self.has_api_key

        health = self.health.value

        id = str(self.id)

        kind = self.kind.value

        models = self.models

        name = self.name

        updated_at = self.updated_at.isoformat()

        version = self.version

        checked_at: None | str | Unset
        if isinstance(self.checked_at, Unset):
            checked_at = UNSET
        elif isinstance(self.checked_at, datetime.datetime):
            checked_at = self.checked_at.isoformat()
        else:
            checked_at = self.checked_at

        fault: None | str | Unset
        if isinstance(self.fault, Unset):
            fault = UNSET
        else:
            fault = self.fault

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "base_url": base_url,
                "created_at": created_at,
                "disabled_models": disabled_models,
                "has_api_key": has_api_key,
                "health": health,
                "id": id,
                "kind": kind,
                "models": models,
                "name": name,
                "updated_at": updated_at,
                "version": version,
            }
        )
        if checked_at is not UNSET:
            field_dict["checked_at"] = checked_at
        if fault is not UNSET:
            field_dict["fault"] = fault

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        base_url = d.pop("base_url")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        disabled_models = cast(list[str], d.pop("disabled_models"))

        has_api_key = d.pop("has_api_key")

        health = ProviderHealth(d.pop("health"))

        id = UUID(d.pop("id"))

        kind = ProviderKind(d.pop("kind"))

        models = cast(list[str], d.pop("models"))

        name = d.pop("name")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        version = d.pop("version")

        def _parse_checked_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                checked_at_type_0 = datetime.datetime.fromisoformat(data)

                return checked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        checked_at = _parse_checked_at(d.pop("checked_at", UNSET))

        def _parse_fault(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        fault = _parse_fault(d.pop("fault", UNSET))

        provider = cls(
            base_url=base_url,
            created_at=created_at,
            disabled_models=disabled_models,
            has_api_key=has_api_key,
            health=health,
            id=id,
            kind=kind,
            models=models,
            name=name,
            updated_at=updated_at,
            version=version,
            checked_at=checked_at,
            fault=fault,
        )

        provider.additional_properties = d
        return provider

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

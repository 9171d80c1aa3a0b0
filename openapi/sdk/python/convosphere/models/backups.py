from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.backup import Backup


T = TypeVar("T", bound="Backups")


@_attrs_define
class Backups:
    """The backups of the installation, and their schedule.

    Attributes:
        items (list[Backup]): The newest backup comes first.
        kept (int): Number of backups that are kept.
        keys_kept_days (int): Days that key rings are kept. Until then, a backup can still reveal text that was erased
            since. The newest key ring is always kept.
        every_hours (int | None | Unset): Hours between automatic backups; null if they are disabled.
        next_at (datetime.datetime | None | Unset): When the next automatic backup is due; null if they are disabled.
        next_cursor (None | str | Unset):
    """

    items: list[Backup]
    kept: int
    keys_kept_days: int
    every_hours: int | None | Unset = UNSET
    next_at: datetime.datetime | None | Unset = UNSET
    next_cursor: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        kept = self.kept

        keys_kept_days = self.keys_kept_days

        every_hours: int | None | Unset
        if isinstance(self.every_hours, Unset):
            every_hours = UNSET
        else:
            every_hours = self.every_hours

        next_at: None | str | Unset
        if isinstance(self.next_at, Unset):
            next_at = UNSET
        elif isinstance(self.next_at, datetime.datetime):
            next_at = self.next_at.isoformat()
        else:
            next_at = self.next_at

        next_cursor: None | str | Unset
        if isinstance(self.next_cursor, Unset):
            next_cursor = UNSET
        else:
            next_cursor = self.next_cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "items": items,
                "kept": kept,
                "keys_kept_days": keys_kept_days,
            }
        )
        if every_hours is not UNSET:
            field_dict["every_hours"] = every_hours
        if next_at is not UNSET:
            field_dict["next_at"] = next_at
        if next_cursor is not UNSET:
            field_dict["next_cursor"] = next_cursor

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.backup import Backup

        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = Backup.from_dict(items_item_data)

            items.append(items_item)

        kept = d.pop("kept")

        keys_kept_days = d.pop("keys_kept_days")

        def _parse_every_hours(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        every_hours = _parse_every_hours(d.pop("every_hours", UNSET))

        def _parse_next_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        next_at = _parse_next_at(d.pop("next_at", UNSET))

        def _parse_next_cursor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_cursor = _parse_next_cursor(d.pop("next_cursor", UNSET))

        backups = cls(
            items=items,
            kept=kept,
            keys_kept_days=keys_kept_days,
            every_hours=every_hours,
            next_at=next_at,
            next_cursor=next_cursor,
        )

        backups.additional_properties = d
        return backups

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

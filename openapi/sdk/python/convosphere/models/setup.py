from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from typing_extensions import Self

from ..types import UNSET, Unset

T = TypeVar("T", bound="Setup")


@_attrs_define
class Setup:
    """
    Attributes:
        display_name (str):
        email (str):
        password (str): At least 8 characters, at most 1024 bytes.
        token (str): The token in the link that the server prints at its start.
        cookie (bool | None | Unset): True sets the refresh token as an `HttpOnly` cookie instead of returning it.
    """

    display_name: str
    email: str
    password: str = _attrs_field(repr=False)
    token: str = _attrs_field(repr=False)
    cookie: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        email = self.email

        password = self.password

        token = self.token

        cookie: bool | None | Unset
        if isinstance(self.cookie, Unset):
            cookie = UNSET
        else:
            cookie = self.cookie

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "display_name": display_name,
                "email": email,
                "password": password,
                "token": token,
            }
        )
        if cookie is not UNSET:
            field_dict["cookie"] = cookie

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        display_name = d.pop("display_name")

        email = d.pop("email")

        password = d.pop("password")

        token = d.pop("token")

        def _parse_cookie(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        cookie = _parse_cookie(d.pop("cookie", UNSET))

        setup = cls(
            display_name=display_name,
            email=email,
            password=password,
            token=token,
            cookie=cookie,
        )

        setup.additional_properties = d
        return setup

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

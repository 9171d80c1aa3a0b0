import { Search, X } from "lucide-react";
import { Input, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Narrows a list by a few letters. */
export function SearchInput({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      className="relative flex w-full max-w-72 flex-col"
    >
      <Search aria-hidden="true" className="absolute start-3 top-2.5 size-4 text-text-3" />
      <Input placeholder={label} className="control ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden" />
      {value !== "" && <IconButton label={t("app.clear")} icon={X} className="absolute end-0.5 top-0.5" />}
    </SearchField>
  );
}

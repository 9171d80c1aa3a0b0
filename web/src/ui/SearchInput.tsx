import { Search, X } from "lucide-react";
import { Input, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { IconButton } from "./IconButton";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** It is what the page is for, and takes the room that there is. */
  isWide?: boolean;
  /** One writes here at once when the page is opened. */
  focuses?: boolean;
}

/** Narrows a list by a few letters. */
export function SearchInput({ label, value, onChange, isWide = false, focuses = false }: Props) {
  const { t } = useTranslation();
  return (
    <SearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      // The page is opened to search.
      // eslint-disable-next-line jsx-a11y/no-autofocus
      autoFocus={focuses}
      className={`relative flex flex-col ${isWide ? "min-w-0 flex-1 basis-72" : "w-full max-w-72"}`}
    >
      <Search aria-hidden="true" className="absolute start-3 top-2.5 size-4 text-text-3" />
      <Input dir="auto" placeholder={label} className="control ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden" />
      {value !== "" && <IconButton label={t("app.clear")} icon={X} className="absolute end-0.5 top-0.5" />}
    </SearchField>
  );
}

import { useTranslation } from "react-i18next";
import { PasswordField } from "../../ui/PasswordField";

interface Props {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
  /** Where keys of the provider are created. */
  keys?: string;
}

/** The key of a provider. */
export function KeyField({ keys, ...props }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-1.5">
      <PasswordField name="api_key" autoComplete="off" {...props} />
      {keys !== undefined && (
        <a
          href={keys}
          target="_blank"
          rel="noreferrer"
          className="self-start text-small text-accent-text hover:underline"
        >
          {t("provider.getKey", { host: new URL(keys).host })}
        </a>
      )}
    </div>
  );
}

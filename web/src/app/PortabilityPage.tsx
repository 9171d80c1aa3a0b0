import { useTranslation } from "react-i18next";
import { ExportAll } from "../features/portability/ExportAll";
import { ImportFile } from "../features/portability/ImportFile";
import { Room } from "../ui/Room";

/** What a person takes along, and what it brings. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Room title={t("portability.portability")}>
      <ExportAll />
      <ImportFile />
    </Room>
  );
}

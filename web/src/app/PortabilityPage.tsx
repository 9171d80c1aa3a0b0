import { useTranslation } from "react-i18next";
import { ExportAll } from "../features/portability/ExportAll";
import { ImportFile } from "../features/portability/ImportFile";
import { Page } from "../ui/Page";

/** What a person takes along, and what it brings. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("portability.portability")}>
      <ExportAll />
      <ImportFile />
    </Page>
  );
}

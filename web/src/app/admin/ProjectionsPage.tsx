import { useTranslation } from "react-i18next";
import { ProjectionList } from "../../features/projection/ProjectionList";
import { Page } from "../../ui/Page";

export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("projection.projections")} description={t("projection.description")}>
      <ProjectionList />
    </Page>
  );
}

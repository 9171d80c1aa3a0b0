import { useTranslation } from "react-i18next";
import { problemOf } from "../api/problem";
import { Failed } from "../ui/Failed";
import { NotFound } from "../ui/NotFound";
import { Page } from "../ui/Page";
import { Skeleton } from "../ui/Skeleton";

interface Props {
  title: string;
  back: { to: string; title: string };
  query: { isError: boolean; error?: unknown; refetch: () => unknown };
}

/** Replaces the page of an object that is loading, could not be read or does not exist. */
export function Pending({ title, back, query: { isError, error, refetch } }: Props) {
  const { t } = useTranslation();
  const problem = isError ? problemOf(error) : undefined;
  // An id that is none at all is refused as malformed.
  if (problem?.status === 404 || problem?.status === 400) {
    return <NotFound title={t("app.objectNotFound")} />;
  }
  return (
    <Page title={title} back={back}>
      {problem === undefined ? <Skeleton /> : <Failed problem={problem} onRetry={refetch} />}
    </Page>
  );
}

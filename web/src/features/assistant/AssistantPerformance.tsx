import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import { Stats } from "../../ui/Stats";
import { useGetAssistantPerformanceQuery } from "./assistantApi";

/** How an assistant has answered so far. */
export function AssistantPerformance({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useGetAssistantPerformanceQuery({ id });
  if (isError) {
    return <Failed problem={problemOf(error)} onRetry={refetch} />;
  }
  return (
    data && (
      <Stats
        label={t("assistant.performance")}
        numbers={[
          [t("assistant.answers"), data.responses],
          [t("assistant.completed"), data.completed],
          [t("assistant.failedAnswers"), data.failed + data.interrupted],
          [t("assistant.medianTime"), data.median_seconds == null ? "–" : `${data.median_seconds.toFixed(1)} s`],
          [t("assistant.tokens"), data.input_tokens + data.output_tokens],
        ]}
      />
    )
  );
}

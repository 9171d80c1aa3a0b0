import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { useFormat } from "../../hooks/useFormat";
import { Failed } from "../../ui/Failed";
import { Stats } from "../../ui/Stats";
import { useGetAssistantPerformanceQuery } from "./assistantApi";

/** How an assistant has answered so far. */
export function AssistantPerformance({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
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
          [
            t("assistant.medianTime"),
            format.duration(data.median_seconds == null ? null : data.median_seconds * 1_000),
          ],
          [t("assistant.tokens"), data.input_tokens + data.output_tokens],
        ]}
      />
    )
  );
}

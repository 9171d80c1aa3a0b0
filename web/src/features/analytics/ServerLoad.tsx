import { useTranslation } from "react-i18next";
import { Stats } from "../../ui/Stats";
import { useOverview } from "./analyticsApi";
import { duration, mebibytes, milliseconds, percent } from "./units";

/** How busy the server is, live. */
export function ServerLoad() {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const { data } = useOverview();
  if (data === undefined) {
    return null;
  }
  const { machine, response_time: time } = data;
  const size = (bytes: number) => mebibytes(bytes, language);
  return (
    <section aria-labelledby="server-load" className="flex flex-col gap-4">
      <h2 id="server-load" className="text-section">
        {t("dashboard.server")}
      </h2>
      <Stats
        label={t("dashboard.server")}
        numbers={[
          [t("dashboard.cpu"), machine == null ? "–" : percent(machine.cpu_percent / 100, language)],
          [
            t("dashboard.memory"),
            machine == null ? "–" : size(machine.memory_bytes),
            machine == null
              ? undefined
              : t("dashboard.memoryHint", {
                  own: size(machine.process_memory_bytes),
                  all: size(machine.memory_total_bytes),
                }),
          ],
          [
            t("dashboard.responseTime"),
            milliseconds(time.median_ms, language),
            t("dashboard.responseTimeHint", { p95: milliseconds(time.p95_ms, language) }),
          ],
          [t("dashboard.uptime"), duration(data.uptime_seconds)],
        ]}
      />
    </section>
  );
}

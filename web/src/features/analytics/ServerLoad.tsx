import { useTranslation } from "react-i18next";
import { useFormat } from "../../hooks/useFormat";
import { Stats } from "../../ui/Stats";
import { useOverview } from "./analyticsApi";
import { memory, uptime } from "./units";

/** How busy the server is, live. */
export function ServerLoad() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useOverview();
  if (data === undefined) {
    return null;
  }
  const { machine, response_time: time } = data;
  const size = (bytes: number) => memory(bytes, format);
  return (
    <section aria-labelledby="server-load" className="flex flex-col gap-4">
      <h2 id="server-load" className="text-section">
        {t("dashboard.server")}
      </h2>
      <Stats
        label={t("dashboard.server")}
        numbers={[
          [t("dashboard.cpu"), machine == null ? "–" : format.percent(machine.cpu_percent / 100)],
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
            format.duration(time.median_ms),
            t("dashboard.responseTimeHint", { p95: format.duration(time.p95_ms) }),
          ],
          [t("dashboard.uptime"), uptime(data.uptime_seconds, format)],
        ]}
      />
    </section>
  );
}

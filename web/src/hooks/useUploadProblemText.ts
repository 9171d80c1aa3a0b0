import { useTranslation } from "react-i18next";
import { limitOf, type Problem } from "../api/problem";
import { useFormat } from "./useFormat";

/** Says why a file was not taken, with the limit where there is one. */
export function useUploadProblemText(): (problem: Problem) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (problem) => {
    const limit = limitOf(problem);
    return limit === undefined
      ? problem.detail || t("app.unreachable")
      : t("app.fileTooLarge", { limit: format.size(limit) });
  };
}

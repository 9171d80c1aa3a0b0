import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { Failed } from "../../ui/Failed";
import type { Path } from "./thread";

interface Props {
  path: Path;
  error: unknown;
  onPath: (through: string | undefined) => void;
  onRetry: () => unknown;
}

/** A path that could not be read. Where only the address names a wrong message, the way leads to the current path. */
export function ThreadFailed({ path, error, onPath, onRetry }: Props) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  const isAstray = problem.status === 422 && (path.through ?? path.leaf) !== undefined;
  const detail =
    problem.status === 404 ? t("conversation.notFound") : isAstray ? t("message.notFound") : problem.detail;
  return (
    <div className="flex-1 p-4">
      <Failed problem={{ ...problem, detail }} onRetry={isAstray ? () => onPath(undefined) : onRetry} />
    </div>
  );
}

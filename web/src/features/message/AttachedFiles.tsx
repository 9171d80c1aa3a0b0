import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { save } from "../../api/download";
import { Button } from "../../ui/Button";
import { useGetFileQuery } from "./messageApi";

/** The files of a message; each can be had again. */
export function AttachedFiles({ ids }: { ids: string[] }) {
  return (
    <ul className="ml-auto flex max-w-[85%] flex-wrap justify-end gap-2">
      {ids.map((id) => (
        <li key={id}>
          <AttachedFile id={id} />
        </li>
      ))}
    </ul>
  );
}

function AttachedFile({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data, isError } = useGetFileQuery({ id });
  const [refused, setRefused] = useState("");
  if (isError) {
    return <span className="text-sm text-text-2">{t("message.fileGone")}</span>;
  }
  const name = data?.name ?? "…";
  const get = () =>
    save(`/api/v1/files/${id}/content`, name).then(
      () => setRefused(""),
      (error: unknown) => setRefused(problemOf(error).detail || t("app.unreachable")),
    );
  return (
    <>
      <Button
        aria-label={t("message.download", { name })}
        isDisabled={data === undefined}
        className="max-w-full"
        onPress={() => void get()}
      >
        <span className="truncate">{name}</span>
      </Button>
      {refused !== "" && (
        <span role="alert" className="text-sm text-bad">
          {refused}
        </span>
      )}
    </>
  );
}

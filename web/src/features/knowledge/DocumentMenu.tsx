import { Download, Ellipsis, FileText, RefreshCw, Trash2, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDispatch } from "react-redux";
import { useNavigate } from "react-router";
import { save } from "../../api/download";
import { wordsOf } from "../../api/problem";
import { upload } from "../../api/upload";
import { readableName } from "../../lib/fileName";
import { Confirm } from "../../ui/Confirm";
import { IconButton } from "../../ui/IconButton";
import { Menu } from "../../ui/Menu";
import { toast } from "../../ui/Toast";
import {
  type Document,
  isMoving,
  knowledgeApi,
  useDeleteDocumentMutation,
  useReprocessDocumentMutation,
} from "./knowledgeApi";

interface Props {
  document: Document;
  mayChange: boolean;
  /** It is the page of the document that is shown: there is nothing to open, and nothing left once it is deleted. */
  isPage?: boolean;
}

/** What can be done with a document. */
export function DocumentMenu({ document, mayChange, isPage = false }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const dispatch = useDispatch();
  const [reprocess] = useReprocessDocumentMutation();
  const [remove] = useDeleteDocumentMutation();
  const [isAsking, setIsAsking] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const { id, knowledge_base_id: base } = document;
  const name = readableName(document.name);
  const content = `/api/v1/documents/${id}/content`;
  const label = t("conversation.actions", { title: name });

  /** Does it, and says how it went. */
  async function run(action: Promise<unknown>, done?: string) {
    try {
      await action;
      if (done !== undefined) {
        toast(done);
      }
    } catch (error) {
      toast(wordsOf(error, t("app.unreachable")));
    }
  }

  async function erase() {
    await remove({ id }).unwrap();
    if (isPage) {
      await navigate(`/knowledge/${base}`);
    }
  }

  async function replace(file: File) {
    await upload("PUT", content, file, () => undefined);
    dispatch(knowledgeApi.util.invalidateTags(["Document", "Knowledge"]));
  }

  const open = {
    id: "open",
    label: t("knowledge.open"),
    icon: FileText,
    onAction: () => void navigate(`/knowledge/${base}/documents/${id}`),
  };
  const changes = [
    { id: "replace", label: t("knowledge.replace"), icon: Upload, onAction: () => picker.current?.click() },
    {
      id: "reprocess",
      label: t("knowledge.readAgain"),
      icon: RefreshCw,
      isDisabled: isMoving(document),
      onAction: () => void run(reprocess({ id }).unwrap(), t("knowledge.reprocessing", { name })),
    },
  ];
  const last = {
    id: "delete",
    label: t("knowledge.delete"),
    icon: Trash2,
    isDanger: true,
    onAction: () => setIsAsking(true),
  };
  const download = {
    id: "download",
    label: t("knowledge.download"),
    icon: Download,
    onAction: () => void run(save(content, name)),
  };
  return (
    <>
      <Menu
        label={label}
        groups={[isPage ? [download] : [open, download], mayChange ? changes : [], mayChange ? [last] : []]}
      >
        <IconButton label={label} icon={Ellipsis} size={isPage ? "medium" : "small"} />
      </Menu>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={t("knowledge.replaceOf", { name })}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file !== undefined) {
            void run(replace(file), t("knowledge.replaced", { name }));
          }
        }}
      />
      <Confirm
        title={t("knowledge.deleteTitle", { name })}
        action={t("knowledge.delete")}
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => void run(erase(), t("app.deleted", { name }))}
      >
        <p className="text-ui text-text-2">{t("knowledge.deleteHint")}</p>
      </Confirm>
    </>
  );
}

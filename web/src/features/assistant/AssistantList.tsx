import { BookOpen, Bot, Cpu, Globe, Lock, MessageSquare } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../api/problem";
import { CardGrid } from "../../ui/CardGrid";
import { CardLink } from "../../ui/CardLink";
import { ButtonLink } from "../../ui/ButtonLink";
import { EmptyState } from "../../ui/EmptyState";
import { PagedList } from "../../ui/PagedList";
import { SearchInput } from "../../ui/SearchInput";
import { type Assistant, chatWith, useAssistantsInfiniteQuery } from "./assistantApi";
import { AssistantStatus } from "./AssistantStatus";

/** All assistants that one may see. */
export function AssistantList({ whenEmpty }: { whenEmpty?: ReactNode }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useAssistantsInfiniteQuery(undefined);
  const fits = ({ name, description }: Assistant) =>
    `${name}\n${description}`.toLowerCase().includes(text.trim().toLowerCase());
  return (
    <PagedList
      query={found}
      problem={found.isError ? problemOf(found.error) : undefined}
      empty={
        <EmptyState icon={Bot} title={t("assistant.none")}>
          {whenEmpty}
        </EmptyState>
      }
    >
      {(assistants) => {
        const fitting = assistants.filter(fits);
        return (
          <>
            <SearchInput label={t("assistant.search")} value={text} onChange={setText} />
            {fitting.length === 0 && <EmptyState icon={Bot} title={t("assistant.noneFound")} />}
            <CardGrid label={t("assistant.assistants")}>
              {fitting.map((assistant) => (
                <AssistantCard key={assistant.id} assistant={assistant} />
              ))}
            </CardGrid>
          </>
        );
      }}
    </PagedList>
  );
}

function AssistantCard({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation();
  const { id, name, description, model, status, visibility, knowledge_base_ids: bases } = assistant;
  const isForAll = visibility === "everyone";
  return (
    <CardLink
      to={`/assistants/${id}`}
      title={name}
      description={description}
      state={status === "active" ? undefined : <AssistantStatus assistant={assistant} />}
      meta={[
        { icon: Cpu, text: model ?? t("assistant.defaultModel") },
        ...(bases.length > 0 ? [{ icon: BookOpen, text: t("assistant.bases", { count: bases.length }) }] : []),
        { icon: isForAll ? Globe : Lock, text: t(isForAll ? "assistant.everyone" : "assistant.private") },
      ]}
      action={
        status === "active" && (
          <ButtonLink look="quiet" to={chatWith(assistant)}>
            <MessageSquare aria-hidden="true" />
            {t("assistant.chat")}
          </ButtonLink>
        )
      }
    />
  );
}

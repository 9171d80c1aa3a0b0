import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fieldErrors, problemOf } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Failed";
import { TextField } from "../../ui/TextField";
import { Form } from "../../ui/Form";
import { placeOf, useSearchKnowledgeMutation } from "./knowledgeApi";

/** Asks a knowledge base, and shows the passages that are about the question. */
export function KnowledgeSearch({ base }: { base: string }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [search, { data, error, isLoading }] = useSearchKnowledgeMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  return (
    <section aria-label={t("knowledge.search")} className="flex flex-col gap-3">
      <Form
        label={t("knowledge.search")}
        errors={problem && fieldErrors(problem)}
        onSubmit={() => void search({ searchKnowledge: { query, knowledge_base_ids: [base], limit: 5 } })}
      >
        {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
        <TextField name="query" label={t("knowledge.question")} value={query} onChange={setQuery} />
        <Button type="submit" className="self-start" isPending={isLoading}>
          {t("knowledge.find")}
        </Button>
      </Form>
      {data?.items.length === 0 && <p role="status">{t("knowledge.nothing")}</p>}
      <ol className="flex flex-col gap-3">
        {data?.items.map(({ chunk, document_id, document_name }) => (
          <li key={chunk.id} className="rounded-lg border border-line p-3 text-sm">
            <Link
              to={`/knowledge/${base}/documents/${document_id}?passage=${chunk.id}`}
              className="font-medium underline"
            >
              {[document_name, placeOf(chunk, (page) => t("knowledge.page", { page }))].filter(Boolean).join(", ")}
            </Link>
            <p className="line-clamp-4 break-words whitespace-pre-line">{chunk.text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

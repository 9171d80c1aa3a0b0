import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fieldErrors, problemOf } from "../../api/problem";
import { readableName } from "../../lib/fileName";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/EmptyState";
import { Failed } from "../../ui/Failed";
import { Form } from "../../ui/Form";
import { TextField } from "../../ui/TextField";
import { placeOf, useSearchKnowledgeMutation } from "./knowledgeApi";

/** Asks a knowledge base, and shows the passages that an answer would be based on. */
export function KnowledgeSearch({ base }: { base: string }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const [search, { data, error, isLoading }] = useSearchKnowledgeMutation();
  const problem = error === undefined ? undefined : problemOf(error);
  return (
    <section aria-label={t("knowledge.search")} className="flex flex-col gap-5">
      <Form
        label={t("knowledge.search")}
        errors={problem && fieldErrors(problem)}
        onSubmit={() => void search({ searchKnowledge: { query, knowledge_base_ids: [base], limit: 5 } })}
      >
        {problem !== undefined && problem.errors.length === 0 && <Failed problem={problem} />}
        <div className="flex flex-wrap items-start gap-2">
          <div className="min-w-0 flex-1 basis-64">
            <TextField name="query" label={t("knowledge.question")} value={query} onChange={setQuery} />
          </div>
          <Button type="submit" look="primary" className="mt-6" isPending={isLoading}>
            <Search aria-hidden="true" />
            {t("knowledge.find")}
          </Button>
        </div>
      </Form>
      {data?.items.length === 0 && (
        <div role="status">
          <EmptyState icon={Search} title={t("knowledge.nothing")} />
        </div>
      )}
      <ol className="flex flex-col gap-3">
        {data?.items.map(({ chunk, document_id, document_name }) => (
          <li key={chunk.id} className="flex flex-col gap-1 rounded-card border border-line p-4">
            <Link
              to={`/knowledge/${base}/documents/${document_id}?passage=${chunk.id}`}
              dir="auto"
              className="font-[560] wrap-anywhere text-accent-text hover:underline"
            >
              {[readableName(document_name), placeOf(chunk, (page) => t("knowledge.page", { page }))]
                .filter(Boolean)
                .join(", ")}
            </Link>
            <p dir="auto" className="line-clamp-4 text-start break-words whitespace-pre-line text-text-2">
              {chunk.text}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useListAssistantsQuery } from "./knowledgeApi";

/** The assistants that answer from a knowledge base, as far as one may see them. */
export function UsedBy({ base }: { base: string }) {
  const { t } = useTranslation();
  const { data } = useListAssistantsQuery({ limit: 200 });
  const users = data?.items.filter(({ knowledge_base_ids }) => knowledge_base_ids.includes(base)) ?? [];
  if (users.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="used-by" className="flex flex-col gap-2">
      <h2 id="used-by" className="text-label">
        {t("knowledge.usedBy")}
      </h2>
      <ul className="flex flex-wrap gap-2">
        {users.map(({ id, name }) => (
          <li key={id}>
            <Link
              to={`/assistants/${id}`}
              dir="auto"
              className="inline-block rounded-button border border-line px-3 py-1.5 hover:bg-hover"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Hits of one chat or one document belong together, in the order of the best of each. */
import { addressOf, type SearchHit } from "./searchApi";

export interface HitGroup {
  id: string;
  kind: "chat" | "document" | "assistant";
  title: string | null;
  address: string;
  /** The newest of its hits. */
  at: string;
  /** Places inside; without the hit that is the whole thing itself. */
  hits: SearchHit[];
}

function ownerOf(hit: SearchHit): Pick<HitGroup, "id" | "kind" | "address"> {
  const { id, kind, conversation_id, document_id, knowledge_base_id } = hit;
  switch (kind) {
    case "message":
      return { id: conversation_id ?? id, kind: "chat", address: `/c/${conversation_id ?? ""}` };
    case "conversation":
      return { id, kind: "chat", address: addressOf(hit) };
    case "passage": {
      const document = document_id ?? id;
      return { id: document, kind: "document", address: `/knowledge/${knowledge_base_id ?? ""}/documents/${document}` };
    }
    case "document":
      return { id, kind: "document", address: addressOf(hit) };
    case "assistant":
      return { id, kind: "assistant", address: addressOf(hit) };
  }
}

export function groupHits(hits: SearchHit[]): HitGroup[] {
  const groups = new Map<string, HitGroup>();
  for (const hit of hits) {
    const owner = ownerOf(hit);
    const group = groups.get(owner.id) ?? { ...owner, title: null, at: hit.created_at, hits: [] };
    groups.set(owner.id, group);
    group.title ??= hit.title ?? null;
    group.at = hit.created_at > group.at ? hit.created_at : group.at;
    if (hit.kind === "message" || hit.kind === "passage") {
      group.hits.push(hit);
    }
  }
  return [...groups.values()];
}

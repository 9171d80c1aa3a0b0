/** What leaves an installation, and what comes in. */
import { generatedApi } from "../../api/generated";

export const { useStartImportMutation, useDeleteFileMutation } = generatedApi;

interface Count {
  new: number;
  known: number;
}

/** The result of an import. */
export interface Imported {
  conversations: Count;
  messages: number;
  files: Count & { missing: number };
  assistants: Count;
  knowledge_bases: Count;
  documents: Count;
  left_out: number;
  refused: number;
  reasons: { what: string; reason: string }[];
}

/** Answers while they are written. Nothing of it is stored anywhere: what lasts is the message that a run ends with. */
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

export interface Run {
  /** Grows with every piece; an older one is no news. */
  seq: number;
  text: string;
  reasoning: string;
  /** When the first piece of reasoning came, where it was seen here. */
  thinkingSince?: number;
  /** How long the model reasoned before it wrote, in milliseconds. */
  thoughtMs?: number;
}

interface Piece {
  response_id: string;
  seq: number;
  kind: string;
  text: string;
}

interface Snapshot {
  response_id: string;
  seq: number;
  text: string;
  reasoning: string;
}

const initialState: Record<string, Run> = {};

const slice = createSlice({
  name: "run",
  initialState,
  reducers: {
    pieceHeard: {
      prepare: (payload: Piece, now: number = Date.now()) => ({ payload, meta: { now } }),
      reducer: (runs, { payload, meta }: PayloadAction<Piece, string, { now: number }>) => {
        const { now } = meta;
        const run = (runs[payload.response_id] ??= { seq: 0, text: "", reasoning: "" });
        if (payload.seq <= run.seq) {
          return;
        }
        run.seq = payload.seq;
        if (payload.kind === "reasoning") {
          run.thinkingSince ??= run.reasoning === "" ? now : undefined;
          run.reasoning += payload.text;
        } else if (payload.kind === "text") {
          if (run.thinkingSince !== undefined) {
            run.thoughtMs ??= now - run.thinkingSince;
          }
          run.text += payload.text;
        }
      },
    },
    snapshotHeard: (runs, { payload }: PayloadAction<Snapshot>) => {
      const { response_id, seq, text, reasoning } = payload;
      if (seq > (runs[response_id]?.seq ?? 0)) {
        runs[response_id] = { ...runs[response_id], seq, text, reasoning };
      }
    },
    runEnded: (runs, { payload }: PayloadAction<string>) => {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a record by id is what this is
      delete runs[payload];
    },
  },
});

export const { pieceHeard, snapshotHeard, runEnded } = slice.actions;
export const runReducer = slice.reducer;

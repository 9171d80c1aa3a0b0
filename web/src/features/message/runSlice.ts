/** Answers while they are written. Nothing of it is stored anywhere: what lasts is the message that a run ends with. */
import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

export interface Run {
  /** Grows with every piece; an older one is no news. */
  seq: number;
  text: string;
  reasoning: string;
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
    pieceHeard: (runs, { payload }: PayloadAction<Piece>) => {
      const run = (runs[payload.response_id] ??= { seq: 0, text: "", reasoning: "" });
      if (payload.seq <= run.seq) {
        return;
      }
      run.seq = payload.seq;
      if (payload.kind === "reasoning") {
        run.reasoning += payload.text;
      } else if (payload.kind === "text") {
        run.text += payload.text;
      }
    },
    snapshotHeard: (runs, { payload }: PayloadAction<Snapshot>) => {
      const { response_id, seq, text, reasoning } = payload;
      if (seq > (runs[response_id]?.seq ?? 0)) {
        runs[response_id] = { seq, text, reasoning };
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

import { createContext } from "react";

interface BlockState {
  source: string;
  /** Whether more of it is still being written. */
  isOpen: boolean;
}

/** The block that contains an element. */
export const BlockContext = createContext<BlockState>({ source: "", isOpen: false });

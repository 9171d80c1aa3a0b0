/** The other end of the live connection, for tests of it. */
import { expect, vi } from "vitest";
import type { Frame } from "../lib/topic";

/** The other end of a connection. */
export class Peer {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  said: Record<string, unknown>[] = [];

  send(text: string) {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.onclose?.();
  }
  tell(frame: Partial<Frame>) {
    this.onmessage?.({ data: JSON.stringify({ data: {}, ...frame }) });
  }
}

export const peers: Peer[] = [];
export function open(): WebSocket {
  const peer = new Peer();
  peers.push(peer);
  return peer as unknown as WebSocket;
}

export async function connected(n: number): Promise<Peer> {
  await vi.waitFor(() => expect(peers).toHaveLength(n));
  const peer = peers[n - 1];
  peer?.onopen?.();
  peer?.tell({ type: "ready" });
  return peer as Peer;
}

/** How often a peer was asked for something. */
export function asked(peer: Peer): number {
  return peer.said.filter(({ type }) => type === "subscribe").length;
}

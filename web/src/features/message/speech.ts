/** Reading messages aloud by the voice of the device, one at a time. */
import { useSyncExternalStore } from "react";

let speaking: string | undefined;
const listeners = new Set<() => void>();

function change(id: string | undefined): void {
  speaking = id;
  listeners.forEach((listener) => listener());
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Not every browser has a voice. */
export function canSpeak(): boolean {
  return "speechSynthesis" in globalThis;
}

export function speak(id: string, text: string): void {
  speechSynthesis.cancel();
  const utterance = new SpeechSynthesisUtterance(text);
  const end = () => {
    if (speaking === id) {
      change(undefined);
    }
  };
  utterance.onend = end;
  utterance.onerror = end;
  change(id);
  speechSynthesis.speak(utterance);
}

export function stopSpeaking(): void {
  if (speaking !== undefined) {
    speechSynthesis.cancel();
    change(undefined);
  }
}

export function useIsSpeaking(id: string): boolean {
  return useSyncExternalStore(listen, () => speaking === id);
}

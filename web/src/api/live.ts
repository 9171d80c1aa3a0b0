/** The tab's one live connection. */
import { Live } from "../lib/socket";
import { forget, freshToken, onForgotten, renew } from "./session";

const url = new URL("/api/v1/ws", globalThis.location.href);
url.protocol = url.protocol.replace("http", "ws");

export const live = new Live({
  url: url.href,
  token: freshToken,
  refused: () => {
    renew().then(
      (pair) => {
        if (pair === undefined) {
          forget("ended");
        }
      },
      () => undefined,
    );
  },
});

onForgotten(() => live.stop());

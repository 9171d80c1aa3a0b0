import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { Provider } from "react-redux";
import { expect, it } from "vitest";
import type { Message } from "../../api/generated";
import { answer, asked } from "../../test/contract";
import { storeOfTests } from "../../test/show";
import { useReadMarker } from "./useReadMarker";

function look(status: string) {
  const store = storeOfTests();
  const wrapper = ({ children }: { children: ReactNode }) => <Provider store={store}>{children}</Provider>;
  const message = { id: "m", status } as unknown as Message;
  return renderHook(() => useReadMarker("c", message, null), { wrapper });
}

it.each(["complete", "failed", "cancelled", "interrupted"])(
  "marks an answer as read that has ended as %s",
  async (status) => {
    answer("moveReadMarker", null);
    look(status);
    await expect
      .poll(() => asked.map(({ operation, body }) => ({ operation, body })))
      .toEqual([{ operation: "moveReadMarker", body: { message_id: "m" } }]);
  },
);

it("marks nothing while an answer is written", async () => {
  answer("moveReadMarker", null);
  look("running");
  look("complete");
  await expect.poll(() => asked.length).toBe(1);
});

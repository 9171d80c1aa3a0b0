/** Shows a part of the page as it stands in the whole: with the store and the router. */
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Provider } from "react-redux";
import { createMemoryRouter, RouterProvider } from "react-router";
import { makeStore } from "../app/store";

export function show(part: ReactNode, path = "/") {
  const store = makeStore();
  const router = createMemoryRouter([{ path: "*", element: part }], { initialEntries: [path] });
  return {
    store,
    router,
    ...render(
      <Provider store={store}>
        <RouterProvider router={router} />
      </Provider>,
    ),
  };
}

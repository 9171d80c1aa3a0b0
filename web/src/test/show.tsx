/** Shows a part of the page as it stands in the whole: with the store and the router. */
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { Provider } from "react-redux";
import { createMemoryRouter, type RouteObject, RouterProvider } from "react-router";
import { makeStore } from "../app/store";

/** A part, or pages by their addresses; `begin` does with the store what came before. */
export function show(
  part: ReactNode | RouteObject[],
  path = "/",
  begin: (store: ReturnType<typeof makeStore>) => unknown = () => undefined,
) {
  const store = makeStore();
  begin(store);
  const routes = isPages(part) ? part : [{ path: "*", element: part }];
  const router = createMemoryRouter(routes, { initialEntries: [path] });
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

function isPages(part: ReactNode | RouteObject[]): part is RouteObject[] {
  return Array.isArray(part);
}

/** A store as the page has it. */
export function storeOfTests() {
  return makeStore();
}

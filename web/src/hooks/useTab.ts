import { useSearchParams } from "react-router";

/** Which part of a page is shown. The address holds it, so that one may come back to it; the first needs no mention. */
export function useTab<Tab extends string>(tabs: readonly [Tab, ...Tab[]]): [Tab, (tab: string) => void] {
  const [address, setAddress] = useSearchParams();
  const selected = tabs.find((tab) => tab === address.get("tab")) ?? tabs[0];

  function select(tab: string) {
    setAddress(
      (before) => {
        before.set("tab", tab);
        if (tab === tabs[0]) {
          before.delete("tab");
        }
        return before;
      },
      { replace: true },
    );
  }

  return [selected, select];
}

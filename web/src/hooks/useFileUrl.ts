import { useEffect, useState } from "react";
import { load } from "../api/download";

/** An address under which the page shows the content of a file; undefined until it has been loaded. */
export function useFileUrl(id: string): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    let address: string | undefined;
    let isGone = false;
    void load(`/api/v1/files/${id}/content`).then(
      (content) => {
        if (!isGone) {
          address = URL.createObjectURL(content);
          setUrl(address);
        }
      },
      () => undefined,
    );
    return () => {
      isGone = true;
      if (address !== undefined) {
        URL.revokeObjectURL(address);
      }
      setUrl(undefined);
    };
  }, [id]);
  return url;
}

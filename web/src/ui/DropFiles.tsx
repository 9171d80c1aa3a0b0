import { DropZone, FileTrigger } from "react-aria-components";
import { Button } from "./Button";

interface Props {
  /** What may be dropped here. */
  label: string;
  /** What the button says that opens the list of files. */
  action: string;
  /** One alone else. */
  allowsMultiple?: boolean;
  acceptedFileTypes?: string[];
  isPending?: boolean;
  onFiles: (files: File[]) => void;
}

/** Where files are dropped or chosen. */
export function DropFiles({ label, action, allowsMultiple, acceptedFileTypes, isPending, onFiles }: Props) {
  return (
    <DropZone
      aria-label={label}
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-dashed border-line p-4 data-drop-target:bg-hover"
      onDrop={({ items }) => {
        const files = items.filter((item) => item.kind === "file").map((item) => item.getFile());
        void Promise.all(allowsMultiple === true ? files : files.slice(0, 1)).then(onFiles);
      }}
    >
      <p className="text-sm text-text-2">{label}</p>
      <FileTrigger
        allowsMultiple={allowsMultiple}
        acceptedFileTypes={acceptedFileTypes}
        onSelect={(files) => onFiles([...(files ?? [])])}
      >
        <Button look="primary" isPending={isPending}>
          {action}
        </Button>
      </FileTrigger>
    </DropZone>
  );
}
